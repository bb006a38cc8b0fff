//! Notes made up for property tests.

use proptest::prelude::*;

/// Lines that markdown and dates are made of.
fn line() -> impl Strategy<Value = String> {
    let lines = [
        "",
        "",
        "text",
        "# 2022",
        "## March",
        "### 14",
        "## 2022-03-14",
        "## 2022-03-15 — b",
        "# A",
        "## Recipes",
        "- 2022-03-14: x",
        "- [ ] 2022-03-15 y",
        "  - nested",
        "* z",
        "```",
        "---",
        "===",
        "> # quoted",
        "1. one",
        "    code",
        "\ttab",
        "[2022-03-14 13:56] j",
        "#tag é",
        "title: a",
        "date: 2022-03-14",
        "## 2022-02-30",
        "<div>",
        "| a | b |",
        "|---|---|",
        "...",
        "* 2022-03-14",
        "** <2022-03-15 Tue> b :tag:",
        "#+title: a",
        "#+begin_src",
        "#+end_src",
        ":PROPERTIES:",
        ":CREATED: [2022-03-14 Mon]",
        ":END:",
        "date:: 2022-03-14",
        "- tags:: a",
        "## 9 mars",
    ];
    prop_oneof![4 => proptest::sample::select(lines.to_vec()).prop_map(str::to_owned), 1 => "\\PC{0,8}"]
}

/// A note of such lines, with each of the line ends.
pub(crate) fn text() -> impl Strategy<Value = String> {
    let ending = proptest::sample::select(&["\n", "\r\n", "\r"][..]);
    proptest::collection::vec((line(), ending), 0..24)
        .prop_map(|lines| lines.into_iter().map(|(line, ending)| line + ending).collect())
}

/// A path, with a date or without.
pub(crate) fn path() -> impl Strategy<Value = String> {
    let paths =
        ["a.md", "2022-03-14.md", "2022.md", "2022/03.md", "2022/03/14.md", "jrnl.txt", "a.org"];
    proptest::sample::select(paths.to_vec()).prop_map(str::to_owned)
}
