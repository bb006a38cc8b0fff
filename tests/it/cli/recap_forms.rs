//! The forms of a recap that others build on: the published schema, templates, and the README's
//! scripts.

use std::fs;

use insta::assert_snapshot;
use serde_json::{Value, json};

use super::{LOGBOOK, Twin};

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// The published schema, in which nothing may stand that it does not name.
fn schema() -> Value {
    let text = fs::read_to_string(format!("{ROOT}/docs/recap.schema.json")).unwrap();
    let mut schema = serde_json::from_str(&text).unwrap();
    close(&mut schema);
    schema
}

/// Forbids fields that are not named, except in an absence, which has others by its kind.
fn close(schema: &mut Value) {
    match schema {
        Value::Object(fields) => {
            fields.values_mut().for_each(close);
            let is_absence =
                fields.get("properties").is_some_and(|it| it["kind"]["enum"][0] == "empty-logbook");
            if fields.contains_key("properties") && !is_absence {
                fields.insert("additionalProperties".to_owned(), json!(false));
            }
        }
        Value::Array(items) => items.iter_mut().for_each(close),
        _ => {}
    }
}

#[test]
fn what_is_printed_is_as_the_published_schema_says() {
    let twin = Twin::ingested(&LOGBOOK);
    let broken = "llm.url=http://127.0.0.1:9/v1";
    let runs: [&[&str]; 6] = [
        &["recap", "2022"],
        &["recap", "2019"],
        &["recap", "2021..2023 on Sundays", "--about", "garden"],
        &["recap", "2023", "--about", "jardin"],
        &["recap", "--on-this-day"],
        &["--set", "llm.provider=openai", "--set", "llm.model=x", "--set", broken, "recap", "2021"],
    ];
    let validator = jsonschema::validator_for(&schema()).unwrap();
    for arguments in runs {
        let printed = twin.run(&[arguments, &["--format", "json"]].concat());
        let (_, printed) = printed.split_once("── stdout\n").unwrap();
        let json = printed.split("── stderr").next().unwrap();
        let recap: Value = serde_json::from_str(json).unwrap();
        let faults: Vec<String> = validator
            .iter_errors(&recap)
            .map(|fault| format!("{}: {fault}", fault.instance_path()))
            .collect();
        assert!(faults.is_empty(), "{arguments:?}: {faults:#?}");
        assert!(!validator.is_valid(&json!({"schema": "logtwin/recap/1"})));
    }
}

const TEMPLATE: &str = "\
{{ title }}
{% for theme in themes %}- {{ theme.title }}{% for number in theme.citations %} [{{ number }}]{% endfor %}
{% endfor %}{% for citation in citations %}{{ citation.span | days }} {{ citation.path }}
{% endfor %}";

#[test]
fn a_recap_is_filled_into_a_template() {
    let twin = Twin::ingested(&LOGBOOK);
    fs::write(twin.home().join("short.txt.j2"), TEMPLATE).unwrap();
    let arguments = ["recap", "2022", "--template", "short.txt.j2"];
    assert_snapshot!(twin.run(&arguments), @"
    exit 0
    ── stdout
    2022
    - Beans [1]
    - Vélo [2]
    2022-05-14 daily/2022-05-14.md
    2022-09-02 daily/2022-09-02.md
    ");
    assert_snapshot!(twin.run(&[&arguments[..], &["--out", "out"]].concat()), @"
    exit 0
    ── stderr
    2022.txt: written
    ");
}

#[test]
fn ones_own_template_stands_beside_the_settings() {
    let twin = Twin::ingested(&LOGBOOK);
    let usual = twin.run(&["recap", "2022"]);
    let own = twin.home().join("config/logtwin/recap.md.j2");
    fs::create_dir_all(own.parent().unwrap()).unwrap();
    fs::write(&own, "{{ markdown }}").unwrap();
    assert_eq!(twin.run(&["recap", "2022"]), usual);
    fs::write(&own, "Mine: {{ title }}\n").unwrap();
    assert_eq!(twin.run(&["recap", "2022"]), "exit 0\n── stdout\nMine: 2022\n");
    let json = twin.run(&["recap", "2022", "--json"]);
    assert!(json.contains("\"schema\": \"logtwin/recap/1\""), "{json}");
}

#[test]
fn an_error_in_a_template_names_its_line() {
    let twin = Twin::ingested(&LOGBOOK);
    let said = |source: &str| {
        fs::write(twin.home().join("t.md.j2"), source).unwrap();
        twin.run(&["recap", "2022", "--template", "t.md.j2"])
    };
    assert_snapshot!(said("# {{ title }}\n\n{{ tilte }}\n"), @"
    exit 2
    ── stderr
    error: t.md.j2:3: undefined value

    hint: the names are `title`, `markdown` and those of docs/recap.schema.json
    ");
    assert_snapshot!(said("{% for theme in themes %}\n"), @"
    exit 2
    ── stderr
    error: t.md.j2:1: syntax error: unexpected end of input, expected end of block

    hint: templates are written as for Jinja: {{ text }}, {% for theme in themes %} … {% endfor %}
    ");
    assert_snapshot!(said("\n{{ period.start | days }}\n"), @"
    exit 2
    ── stderr
    error: t.md.j2:2: invalid operation: this is no span of days

    hint: templates are written as for Jinja: {{ text }}, {% for theme in themes %} … {% endfor %}
    ");
    assert_snapshot!(twin.run(&["recap", "2022", "--template", "none.j2"]), @"
    exit 2
    ── stderr
    error: can't read the template none.j2: No such file or directory (os error 2)
    ");
}

#[test]
fn what_a_page_of_html_is_filled_with_is_escaped() {
    let twin = Twin::ingested(&[("2022-01-01.md", "# A <b> & c\n\nOne <i>thing</i>.\n")]);
    fs::write(twin.home().join("t.html.j2"), "{{ themes[0].title }}").unwrap();
    let printed = twin.run(&["recap", "2022", "--template", "t.html.j2"]);
    assert_eq!(printed, "exit 0\n── stdout\nA &amp; c\n");
}
