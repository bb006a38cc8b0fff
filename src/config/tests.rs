//! Layers, origins and errors, through the door that the program uses.

use std::{fs, time::Duration};

use jiff::civil::Weekday;
use tempfile::TempDir;

use super::*;
use crate::{
    config::{Color, EmbeddingModel, Origin, Provider},
    error::Exit,
    logbook::Language,
};

/// A user with a settings file, who stands in a folder below a project file.
struct User {
    home: TempDir,
    variables: Vec<(&'static str, String)>,
}

impl User {
    fn new() -> Self {
        let home = TempDir::new().unwrap();
        fs::create_dir_all(home.path().join("twin/config")).unwrap();
        fs::create_dir_all(home.path().join("project/below/here")).unwrap();
        let variables = vec![
            ("TWIN_HOME", home.path().join("twin").display().to_string()),
            ("HOME", home.path().display().to_string()),
        ];
        Self { home, variables }
    }

    fn file(self, path: &str, text: &str) -> Self {
        fs::write(self.home.path().join(path), text).unwrap();
        self
    }

    fn user_file(self, text: &str) -> Self {
        self.file("twin/config/config.toml", text)
    }

    fn project_file(self, text: &str) -> Self {
        self.file("project/twin.toml", text)
    }

    fn variable(mut self, name: &'static str, value: &str) -> Self {
        self.variables.push((name, value.to_owned()));
        self
    }

    fn load(&self, overrides: &[&str]) -> Result<Settings> {
        let environment = self.variables.iter().cloned().collect();
        let overrides: Vec<String> = overrides.iter().map(ToString::to_string).collect();
        Settings::load(environment, &self.home.path().join("project/below/here"), &overrides)
    }

    /// The error of a configuration, with the user's home written as `~`.
    fn refusal(&self, overrides: &[&str]) -> (String, String) {
        let error = self.load(overrides).unwrap_err();
        assert_eq!(error.exit(), Exit::Usage);
        let home = self.home.path().display().to_string();
        (error.to_string().replace(&home, "~"), error.remedy().unwrap_or_default().to_owned())
    }
}

fn origin(settings: &Settings, name: &str) -> Origin {
    settings.settings.iter().find(|setting| setting.name == name).unwrap().origin.clone()
}

#[test]
fn without_a_word_from_anyone_the_defaults_hold() {
    let settings = User::new().load(&[]).unwrap();
    let config = &settings.config;
    assert_eq!(config.embedding.model, EmbeddingModel::UseMultilingual);
    assert_eq!((config.chunk.desired_characters, config.chunk.max_characters), (160, 480));
    assert_eq!((config.llm.provider, config.llm.url.as_deref()), (Provider::Auto, None));
    assert_eq!(config.llm.first_token, Duration::from_mins(5));
    assert_eq!((config.logbook.day_first, config.answer.language), (None, None));
    assert_eq!(config.time.week_start, Weekday::Monday);
    assert!(settings.settings.iter().all(|setting| setting.origin == Origin::Default));
    assert_eq!(settings.files, Vec::<PathBuf>::new());
}

#[test]
fn a_stronger_layer_wins_and_is_named_as_the_origin() {
    let mut user = User::new()
        .user_file("[search]\nlimit = 1\nedge_days = 1\ndense_weight = 1\n")
        .project_file("# of a project\n[search]\nlimit = 2\nedge_days = 2\n");
    user = user.variable("TWIN_SEARCH_LIMIT", "3").variable("TWIN_TIME_WEEK_START", "sunday");
    let settings = user.load(&["search.limit=4"]).unwrap();

    let search = &settings.config.search;
    assert_eq!((search.limit, search.edge_days), (4, 2));
    assert!((search.dense_weight - 1.0).abs() < f32::EPSILON);
    let file =
        |path: &str, line_number| Origin::File { path: user.home.path().join(path), line_number };
    assert_eq!(origin(&settings, "search.limit"), Origin::Flag);
    assert_eq!(
        origin(&settings, "time.week_start"),
        Origin::Variable("TWIN_TIME_WEEK_START".to_owned())
    );
    assert_eq!(origin(&settings, "search.edge_days"), file("project/twin.toml", 4));
    assert_eq!(origin(&settings, "search.dense_weight"), file("twin/config/config.toml", 4));
    assert_eq!(origin(&settings, "qdrant.url"), Origin::Default);
    let files = ["project/twin.toml", "twin/config/config.toml"];
    assert_eq!(settings.files, files.map(|path| user.home.path().join(path)));
}

#[test]
fn files_can_be_left_out() {
    let user = User::new().user_file("[search]\nlimit = 1\n").project_file("not even TOML");
    let environment = user.variables.iter().cloned().collect();
    let settings =
        Settings::load_without_files(environment, user.home.path(), &["search.edge_days=2".into()])
            .unwrap();
    assert_eq!((settings.config.search.limit, settings.config.search.edge_days), (256, 2));
}

#[test]
fn every_setting_is_shown_with_its_origin_in_the_order_of_the_file() {
    let settings = User::new().variable("TWIN_LLM_TEMPERATURE", "auto").load(&[]).unwrap();
    let shown: Vec<String> = settings.settings.iter().map(ToString::to_string).collect();
    assert_eq!(shown[0], "logbook.folders = []  # default");
    assert_eq!(shown[1], "logbook.size_max_mib = 16  # default");
    assert_eq!(shown.last().unwrap(), "output.link = \"auto\"  # default");
    assert!(shown.contains(&"llm.temperature = \"auto\"  # TWIN_LLM_TEMPERATURE".to_owned()));
}

#[test]
fn bare_text_is_read_as_the_setting_needs_it() {
    let settings = User::new()
        .variable("TWIN_LLM_MODEL", "4")
        .variable("TWIN_LOGBOOK_DAY_FIRST", "true")
        .variable("TWIN_ANSWER_LANGUAGE", "fr")
        .load(&[
            "output.color=never",
            "answer.persona=false",
            "llm.temperature=1",
            "time.week_start=dimanche",
            "qdrant.shard_number=3",
            "logbook.front_matter_keys=[\"day\", \"date\"]",
        ])
        .unwrap();
    let config = settings.config;
    assert_eq!(config.llm.model, "4");
    assert_eq!((config.logbook.day_first, config.answer.persona), (Some(true), false));
    assert_eq!(config.answer.language, Some(Language::French));
    assert_eq!((config.output.color, config.llm.temperature), (Color::Never, Some(1.0)));
    assert_eq!((config.time.week_start, config.qdrant.shard_number.get()), (Weekday::Sunday, 3));
    assert_eq!(config.logbook.front_matter_keys, ["day", "date"]);
}

#[test]
fn paths_start_where_they_were_written() {
    let check = |user: User, overrides: &[&str], expected: &[&str]| {
        let folders = user.load(overrides).unwrap().config.logbook.folders;
        let expected: Vec<_> = expected.iter().map(|path| user.home.path().join(path)).collect();
        assert_eq!(folders, expected);
    };
    let in_file = "[logbook]\nfolders = [\"notes\", \"~/diary\", \"~\"]\n";
    check(User::new().project_file(in_file), &[], &["project/notes", "diary", ""]);
    check(User::new().user_file(in_file), &[], &["twin/config/notes", "diary", ""]);
    let variable = |value| User::new().variable("TWIN_LOGBOOK_FOLDERS", value);
    check(variable("notes"), &[], &["project/below/here/notes"]);
    check(variable("[\"a, b\", \"~/c\"]"), &[], &["project/below/here/a, b", "c"]);
    check(variable(""), &[], &[]);
    check(User::new(), &["logbook.folders=~/diary"], &["diary"]);

    let from = User::new().project_file("[embedding]\nmodels_from = \"wheels\"\n");
    let models_from = from.load(&[]).unwrap().config.embedding.models_from;
    assert_eq!(models_from, Some(from.home.path().join("project/wheels")));
}

#[test]
fn an_unknown_setting_is_named_with_its_place_and_the_one_that_was_meant() {
    let check = |user: User, overrides: &[&str], message: &str, hint: &str| {
        assert_eq!(user.refusal(overrides), (message.to_owned(), hint.to_owned()));
    };
    check(
        User::new().project_file("[llm]\nurl = \"\"\nmodle = \"x\"\n"),
        &[],
        "~/project/twin.toml:3: there is no setting `llm.modle`",
        "did you mean `llm.model`?",
    );
    check(
        User::new().user_file("[lmm]\nmodel = \"x\"\n[time]\n"),
        &[],
        "~/twin/config/config.toml:2: there is no setting `lmm.model`",
        "did you mean `llm.model`?",
    );
    check(
        User::new().variable("TWIN_SEARCH_TEMPERATURE", "1"),
        &[],
        "TWIN_SEARCH_TEMPERATURE: there is no setting `search.temperature`",
        "did you mean `llm.temperature`?",
    );
    check(
        User::new(),
        &["qq.zz=1"],
        "flag: there is no setting `qq.zz`",
        "`twin config show` lists the settings",
    );
}

#[test]
fn variables_of_others_are_left_alone() {
    User::new().variable("TWIN_PEAKS_SEASON", "3").variable("TWIN_X", "1").load(&[]).unwrap();
}

#[test]
fn what_is_missing_is_named_with_the_place_that_asks_for_it() {
    let user = User::new().project_file("[embedding]\nmodel = \"http\"\n");
    let (said, _) = user.refusal(&["embedding.url=http://127.0.0.1:1"]);
    assert!(said.ends_with("twin.toml:2: `embedding.name`: model \"http\" has no name"), "{said}");
    let (said, _) = user.refusal(&["embedding.url="]);
    assert!(said.starts_with("flag: `embedding.url`"), "{said}");
}

#[test]
fn a_value_that_can_not_be_is_named_with_its_place() {
    let check = |user: User, overrides: &[&str], expected: &str| {
        let (message, hint) = user.refusal(overrides);
        assert!(message.starts_with(expected), "{message}");
        assert!(!hint.is_empty(), "{message}");
    };
    let project = |text: &str| User::new().project_file(text);
    let file = "~/project/twin.toml";
    check(
        project("[chunk]\nmax_characters = \"big\"\n"),
        &[],
        &format!("{file}:2: `chunk.max_characters`: invalid type: string \"big\", expected usize"),
    );
    check(project("[llm\n"), &[], &format!("{file}:1: "));
    check(project("\nlimit = 3\n"), &[], &format!("{file}:2: `limit` stands in no section"));
    check(
        User::new().variable("TWIN_EMBEDDING_MODEL", "bert"),
        &[],
        "TWIN_EMBEDDING_MODEL: `embedding.model`: expected one of use-multilingual,",
    );
    for (setting, expected) in [
        ("chunk.desired_characters=900", "flag: `chunk.max_characters`: 480 is below"),
        ("llm.local_servers=http://192.0.2.1:11434", "flag: `llm.local_servers`: `http://192.0."),
        ("llm.provider=gemma", "flag: `llm.provider`: unknown variant"),
        ("llm.temperature=3", "flag: `llm.temperature`: a temperature"),
        ("llm.temperature=warm", "flag: `llm.temperature`: invalid type: string \"warm\""),
        ("llm.answer_tokens=16384", "flag: `llm.answer_tokens`: 16384 is not"),
        ("llm.total_seconds=0", "flag: `llm.total_seconds`: expected a number of seconds"),
        ("llm.url=localhost", "flag: `llm.url`: this is no address"),
        ("qdrant.url=https://me:secret@host", "flag: `qdrant.url`: the address holds a user"),
        ("qdrant.collection=../elsewhere", "flag: `qdrant.collection`: `../elsewhere` can't"),
        ("qdrant.shard_number=0", "flag: `qdrant.shard_number`: invalid value"),
        ("embedding.model=http", "flag: `embedding.url`: model \"http\" has no endpoint"),
        ("search.dense_weight=-1", "flag: `search.dense_weight`: -1 is no weight"),
        ("search.limit=0", "flag: `search.limit`: a search brings"),
        ("logbook.day_first=maybe", "flag: `logbook.day_first`: invalid type"),
        ("time.week_start=today", "flag: `time.week_start`: expected the name"),
        ("no equals sign", "`no equals sign` sets nothing"),
        ("limit=3", "`limit=3` sets nothing"),
    ] {
        check(User::new(), &[setting], expected);
    }
}

#[test]
fn a_value_can_not_bring_further_settings_along() {
    let (message, _) = User::new().refusal(&["search.limit=1\nedge_days = 3"]);
    assert!(message.starts_with("flag: `search.limit`: invalid type: string"), "{message}");
}

#[test]
fn keys_are_read_by_name_and_never_shown() {
    let settings = User::new().variable("MINE", " sk-1234\n").load(&[]).unwrap();
    assert_eq!(settings.key("MINE").as_deref(), Some("sk-1234"));
    assert_eq!(settings.key("OTHER"), None);
    assert!(!format!("{settings:?}").contains("sk-1234"));
}
