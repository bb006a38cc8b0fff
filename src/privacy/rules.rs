//! Which entries may go how far, by their tags and their paths.

use super::Entry;
use crate::{
    logbook::{TAG_LOCAL, TAG_PRIVATE},
    services::Destination,
};

/// How far an entry may go.
#[derive(Clone, Copy, Debug, Default, Eq, Ord, PartialEq, PartialOrd)]
pub enum Level {
    /// To whichever model is set.
    #[default]
    Open,
    /// To a model on this machine only.
    Local,
    /// To no model but those in this process.
    Private,
}

/// Which entries stay on this machine, and which are sent to no model at all.
#[derive(Clone, Debug, Default)]
pub struct Rules {
    /// Tags of entries that stay on this machine.
    pub local_only_tags: Vec<String>,
    /// Paths of notes that stay on this machine.
    pub local_only_paths: Vec<String>,
    /// Tags of entries that are sent to no model.
    pub never_tags: Vec<String>,
    /// Paths of notes that are sent to no model.
    pub never_paths: Vec<String>,
}

impl Rules {
    /// How far an entry may go, and the rule that says so.
    #[must_use]
    pub fn level(&self, entry: Entry<'_>) -> (Level, String) {
        let tagged = |rules: &[String], own: &str| {
            let rule = rules.iter().map(String::as_str).chain([own]).find(|rule| {
                let rule = plain_tag(rule);
                entry.tags.iter().any(|tag| is_tag_below(tag, &rule))
            });
            rule.map(|rule| match rule {
                TAG_LOCAL => "twin: local".to_owned(),
                TAG_PRIVATE => "twin: private".to_owned(),
                tag => format!("tag {}", plain_tag(tag)),
            })
        };
        let placed = |rules: &[String]| {
            let whole = format!("{}/{}", entry.root, entry.path);
            let matches =
                |rule: &&String| is_path_below(entry.path, rule) || is_path_below(&whole, rule);
            rules.iter().find(matches).map(|rule| format!("path {rule}"))
        };
        let private = tagged(&self.never_tags, TAG_PRIVATE).or_else(|| placed(&self.never_paths));
        if let Some(rule) = private {
            return (Level::Private, rule);
        }
        let local =
            tagged(&self.local_only_tags, TAG_LOCAL).or_else(|| placed(&self.local_only_paths));
        local.map_or((Level::Open, String::new()), |rule| (Level::Local, rule))
    }

    /// Why an entry may not go there; none when it may.
    #[must_use]
    pub fn refusal(&self, entry: Entry<'_>, to: Destination<'_>) -> Option<String> {
        let (level, rule) = self.level(entry);
        let reach = match to {
            Destination { host: None, .. } => Level::Private,
            Destination { is_remote: false, .. } => Level::Local,
            Destination { .. } => Level::Open,
        };
        (level > reach).then_some(rule)
    }
}

/// A tag as the notes have it: lowercase, without its `#`.
fn plain_tag(tag: &str) -> String {
    tag.trim().trim_start_matches('#').to_lowercase()
}

/// Whether a tag is this one, or stands below it: `health/teeth` below `health`.
fn is_tag_below(tag: &str, rule: &str) -> bool {
    !rule.is_empty()
        && tag.strip_prefix(rule).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// Whether a path begins with a rule or matches it where it has a `*` or a `?`; what lies below a
/// folder that matches, matches. Case does not count, since it does not on every file system.
fn is_path_below(path: &str, rule: &str) -> bool {
    let rule = rule.trim().trim_start_matches("./").replace('\\', "/").to_lowercase();
    let path = path.to_lowercase();
    if rule.is_empty() {
        return false;
    }
    if !rule.contains(['*', '?']) {
        return path.starts_with(&rule);
    }
    let rule: Vec<char> = rule.trim_end_matches('/').chars().collect();
    let ends = path.match_indices('/').map(|(end, _)| end).chain([path.len()]);
    ends.into_iter().any(|end| is_glob(&rule, &path[..end].chars().collect::<Vec<_>>()))
}

/// Whether a text matches: `*` is anything within one part of a path, `**` anything at all, `?` one
/// character. The work is bounded by the product of both lengths.
fn is_glob(glob: &[char], text: &[char]) -> bool {
    // `reached[place]`: whether the glob so far matches the text up to there.
    let mut reached = vec![false; text.len() + 1];
    reached[0] = true;
    let mut rest = glob;
    while let Some((first, after)) = rest.split_first() {
        let is_deep = *first == '*' && after.first() == Some(&'*');
        rest = if is_deep { &after[1..] } else { after };
        if is_deep && rest.first() == Some(&'/') && reached[0] {
            // `**/` is no folder, too.
            if is_glob(&rest[1..], text) {
                return true;
            }
        }
        let mut next = vec![false; text.len() + 1];
        for place in 0..=text.len() {
            let came = place.checked_sub(1).map(|before| (before, text[before]));
            next[place] = if *first == '*' {
                let goes_on =
                    came.is_some_and(|(before, sign)| next[before] && (is_deep || sign != '/'));
                reached[place] || goes_on
            } else {
                came.is_some_and(|(before, sign)| {
                    reached[before] && (sign == *first || (*first == '?' && sign != '/'))
                })
            };
        }
        reached = next;
    }
    reached[text.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    const HERE: Destination<'_> = Destination { host: None, is_remote: false };
    const MACHINE: Destination<'_> = Destination { host: Some("localhost"), is_remote: false };
    const REMOTE: Destination<'_> = Destination { host: Some("a.example"), is_remote: true };

    fn rules() -> Rules {
        let texts = |texts: &[&str]| texts.iter().map(ToString::to_string).collect();
        Rules {
            local_only_tags: texts(&["#Health"]),
            local_only_paths: texts(&["family/", "**/letters/*.md"]),
            never_tags: texts(&["therapy"]),
            never_paths: texts(&["diary-20??"]),
        }
    }

    #[track_caller]
    fn check(path: &str, tags: &[&str], level: Level, rule: &str) {
        let tags: Vec<String> = tags.iter().map(ToString::to_string).collect();
        let entry = Entry { root: "notes", path, tags: &tags };
        assert_eq!(rules().level(entry), (level, rule.to_owned()), "{path} {tags:?}");
        let refused = [HERE, MACHINE, REMOTE].map(|to| rules().refusal(entry, to).is_some());
        let expected = match level {
            Level::Open => [false, false, false],
            Level::Local => [false, false, true],
            Level::Private => [false, true, true],
        };
        assert_eq!(refused, expected, "{path} {tags:?}");
    }

    #[test]
    fn tags_and_paths_say_how_far_an_entry_may_go() {
        check("a.md", &[], Level::Open, "");
        check("a.md", &["healthy", "food"], Level::Open, "");
        check("a.md", &["health"], Level::Local, "tag health");
        check("a.md", &["health/teeth"], Level::Local, "tag health");
        check("a.md", &["health", "therapy"], Level::Private, "tag therapy");
        check("a.md", &["twin-local"], Level::Local, "twin: local");
        check("a.md", &["twin-private", "health"], Level::Private, "twin: private");
        check("family/2020.md", &[], Level::Local, "path family/");
        check("Family/2020.md", &[], Level::Local, "path family/");
        check("my/family/2020.md", &[], Level::Open, "");
        check("letters/ann.md", &[], Level::Local, "path **/letters/*.md");
        check("old/1990/letters/ann.md", &[], Level::Local, "path **/letters/*.md");
        check("letters/old/ann.md", &[], Level::Open, "");
        check("diary-2021/03.md", &[], Level::Private, "path diary-20??");
        check("diary-2021.md", &[], Level::Open, "");
    }

    #[test]
    fn a_path_may_begin_with_the_folder_of_the_logbook() {
        let rules = Rules { never_paths: vec!["work/plans".to_owned()], ..Rules::default() };
        let entry = Entry { root: "work", path: "plans/a.md", tags: &[] };
        assert_eq!(rules.level(entry).0, Level::Private);
        assert_eq!(rules.level(Entry { root: "home", ..entry }).0, Level::Open);
    }

    #[test]
    fn an_empty_rule_is_no_rule() {
        let empty = vec![String::new(), " # ".to_owned()];
        let rules =
            Rules { never_paths: vec![" ".to_owned()], never_tags: empty, ..Rules::default() };
        let entry = Entry { root: "n", path: "a.md", tags: &["x".to_owned()] };
        assert_eq!(rules.level(entry).0, Level::Open);
    }

    #[test]
    fn globs_match_as_they_are_written() {
        let check = |glob: &str, text: &str, expected: bool| {
            let chars = |text: &str| text.chars().collect::<Vec<_>>();
            assert_eq!(is_glob(&chars(glob), &chars(text)), expected, "{glob} {text}");
        };
        check("*.md", "a.md", true);
        check("*.md", "a/b.md", false);
        check("**.md", "a/b.md", true);
        check("a/**/b", "a/b", false);
        check("a/**/b", "a/x/y/b", true);
        check("**/b", "b", true);
        check("?", "é", true);
        check("?", "", false);
        check(&"*".repeat(60), &"a".repeat(4_000), true);
        check(&"*a".repeat(60), &"a".repeat(4_000), true);
    }
}
