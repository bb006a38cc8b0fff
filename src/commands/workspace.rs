//! Where the parts are wired together: settings become services.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};

use jiff::{Timestamp, Zoned, civil::Date, tz::TimeZone};
use serde::Serialize;

use super::{
    cli::{AnswerArgs, Common},
    indexes::IndexPlace,
    ingest::{WriterLock, other_index},
    language_model::{self, Wanted},
    notes::Notes,
    privacy, prompts, reranking, wiring,
};
use crate::{
    ask::{Fusion, Rerank, Retriever, Tuning},
    config::{Config, Environment, Hemisphere, Paths, Settings},
    error::{Context as _, Exit, Result},
    index::{Committed, EntryRecord, Identity, State, TermReader, Vocabulary, no_index},
    ingest::{Logbook, Root},
    logbook::{ChunkSize, ReadOptions},
    plan,
    privacy::{Guard, GuardedChat, GuardedEmbedder, Kept, RequestLog},
    services::{Chat, Embedder, Index},
    ui::Terminal,
};

/// The version of the tables, the payload and the vectors.
const SCHEMA: u32 = 7;
/// The setting that `--offline` stands for.
const OFFLINE: &str = "privacy.offline=true";
/// The state's file in the folder of a collection.
const STATE: &str = "state.sqlite";

/// The settings of a run, and what is made of them.
pub(super) struct Workspace {
    pub(super) settings: Settings,
    pub(super) guard: Arc<Guard>,
    pub(super) terminal: Terminal,
    pub(super) json: bool,
    pub(super) today: Date,
}

impl Workspace {
    /// Reads the settings.
    ///
    /// # Errors
    /// When a setting is wrong.
    pub(super) fn new(common: &Common) -> Result<Self> {
        let settings =
            Settings::load(Environment::of_process(), &current_folder()?, &overrides(common))?;
        Ok(Self::with(settings, common))
    }

    /// The settings of the environment and the flags, where those are sound, else the defaults.
    ///
    /// # Errors
    /// When there is no place for logtwin's files.
    pub(super) fn without_files(common: &Common) -> Result<Self> {
        let folder = current_folder()?;
        let load = |environment: Environment, overrides: &[String]| {
            Settings::load_without_files(environment, &folder, overrides)
        };
        // What can't be read may have forbidden connections.
        let offline = [OFFLINE.to_owned()];
        let settings = load(Environment::of_process(), &overrides(common))
            .or_else(|_| load(Environment::of_process().without_settings(), &offline))?;
        Ok(Self::with(settings, common))
    }

    /// The settings of `config.toml` alone, with everything kept below a folder; models stay where
    /// they always are.
    ///
    /// # Errors
    /// When a flag is wrong.
    pub(super) fn apart(common: &Common, home: &Path) -> Result<Self> {
        let mut settings = Settings::load_without_files(
            Environment::of_process(),
            &current_folder()?,
            &overrides(common),
        )?;
        settings.paths = Paths { cache: settings.paths.cache, ..Paths::below(home) };
        Ok(Self::with(settings, common))
    }

    /// The same settings with an embedded index and a state below another folder.
    pub(super) fn at(&self, home: &Path) -> Self {
        let mut settings = self.settings.clone();
        settings.config.qdrant.url = None;
        settings.config.logbook.folders.clear();
        settings.paths = Paths { cache: settings.paths.cache, ..Paths::below(home) };
        Self { settings, guard: Arc::clone(&self.guard), ..*self }
    }

    /// The same settings with another embedding model.
    ///
    /// # Errors
    /// When there is no such model.
    pub(super) fn with_model(&self, model: &str) -> Result<Self> {
        let mut settings = self.settings.clone();
        settings.config.embedding.model = model.parse()?;
        Ok(Self { settings, guard: Arc::clone(&self.guard), ..*self })
    }

    /// The same settings with JSON in place of text.
    pub(super) fn in_json(&self) -> Self {
        let settings = self.settings.clone();
        Self { settings, guard: Arc::clone(&self.guard), json: true, ..*self }
    }

    fn with(settings: Settings, common: &Common) -> Self {
        let terminal = Terminal::new(common.quiet);
        Self {
            guard: privacy::guard(&settings, terminal),
            settings,
            terminal,
            json: common.json,
            today: common.now.unwrap_or_else(today),
        }
    }

    /// What was kept back from models until now; it is said once, unless JSON is to say it.
    pub(super) fn kept(&self) -> Vec<Kept> {
        let kept = self.guard.kept();
        if !self.json {
            privacy::tell(self.terminal, &kept);
        }
        kept
    }

    /// The settings, typed.
    pub(super) fn config(&self) -> &Config {
        &self.settings.config
    }

    /// The day of a question, and the week and the seasons around it.
    pub(super) fn calendar(&self) -> plan::Today {
        let time = &self.config().time;
        let hemisphere = match time.hemisphere {
            Hemisphere::North => plan::Hemisphere::North,
            Hemisphere::South => plan::Hemisphere::South,
        };
        plan::Today::new(self.today, time.week_start, hemisphere)
    }

    /// Prints a value as JSON, with the name of its schema.
    pub(super) fn print_json<T: Serialize>(&self, schema: &str, value: &T) -> Result<()> {
        print_json(self.terminal, schema, value)
    }

    /// The file of the state, in a folder that is there.
    pub(super) fn state_file(&self) -> Result<PathBuf> {
        let folder = self.folder();
        fs::create_dir_all(&folder).context(|| format!("can't make {}", folder.display()))?;
        Ok(folder.join(STATE))
    }

    /// The state that is there.
    ///
    /// # Errors
    /// With [`Exit::NoIndex`](crate::error::Exit::NoIndex) when nothing was ingested.
    pub(super) fn state(&self) -> Result<State> {
        State::open(&self.folder().join(STATE))
    }

    /// Makes this process the only writer.
    pub(super) fn lock(&self) -> Result<WriterLock> {
        let file = self.state_file()?;
        WriterLock::take(&file.with_file_name("writer.lock"))
    }

    /// What an index made now is made with.
    pub(super) fn identity(&self, embedder: Option<&dyn Embedder>) -> Identity {
        let size = self.chunk_size();
        Identity {
            schema: SCHEMA,
            model: embedder.map_or_else(|| "none".to_owned(), |it| it.identity().to_owned()),
            dimension: embedder.map(Embedder::dimension),
            chunker: format!("markdown {}-{}", size.desired, size.max),
        }
    }

    /// Makes sure, before a model is fetched or opened, that an index was not made with another.
    ///
    /// # Errors
    /// With [`Exit::OtherIndex`](crate::error::Exit::OtherIndex) when it was.
    pub(super) fn check_identity(&self, stored: &Identity) -> Result<()> {
        let (model, dimension) = wiring::known_model(&self.settings, &stored.model)?;
        let wanted =
            Identity { model, dimension: dimension.or(stored.dimension), ..self.identity(None) };
        if *stored == wanted { Ok(()) } else { Err(other_index(stored, &wanted)) }
    }

    /// The embedding model; none when it is set to `none`.
    pub(super) fn embedder(&self) -> Result<Option<Box<dyn Embedder>>> {
        let embedder = wiring::embedder(&self.settings, self.terminal)?;
        Ok(embedder.map(|embedder| {
            Box::new(GuardedEmbedder::new(embedder, Arc::clone(&self.guard))) as Box<dyn Embedder>
        }))
    }

    /// The language model that answers; none when there is none, or none is wanted.
    ///
    /// # Errors
    /// When its settings can't be used, or something is to be sent and a key is missing.
    pub(super) fn chat(&self, answer: &AnswerArgs) -> Result<Option<GuardedChat<'static>>> {
        if answer.no_llm {
            return Ok(None);
        }
        if !answer.dry_run {
            language_model::check_key(&self.settings)?;
        }
        prompts::install(&self.settings)?;
        let wanted = if answer.dry_run { Wanted::ToName } else { Wanted::ToAnswer };
        let terminal = (!self.json).then_some(self.terminal);
        let chat = self.guarded(language_model::chat(&self.settings, wanted, terminal)?);
        let log = answer.log_requests.as_ref().or(self.config().llm.log.as_ref());
        let log = log.filter(|_| chat.is_some() && !answer.dry_run);
        let log = log.map(|path| RequestLog::open(path)).transpose()?;
        Ok(chat.map(|chat| chat.logged(log)))
    }

    fn guarded(&self, chat: Option<Box<dyn Chat>>) -> Option<GuardedChat<'static>> {
        chat.map(|chat| GuardedChat::new(chat, Arc::clone(&self.guard)))
    }

    /// The language model that is asked what a question means, before it is answered; it is waited for
    /// no longer than that is worth.
    ///
    /// # Errors
    /// When its settings can't be used.
    pub(super) fn rewording_chat(&self) -> Result<Option<GuardedChat<'static>>> {
        prompts::install(&self.settings)?;
        let mut settings = self.settings.clone();
        let wait = settings.config.time.ask_wait;
        let llm = &mut settings.config.llm;
        for deadline in [&mut llm.connect, &mut llm.first_token, &mut llm.idle, &mut llm.total] {
            *deadline = (*deadline).min(wait);
        }
        Ok(self.guarded(language_model::chat(&settings, Wanted::ToAnswer, None)?))
    }

    /// The folder of the collection: its state, and its index when that is embedded.
    pub(super) fn folder(&self) -> PathBuf {
        self.settings.paths.collection(&self.config().qdrant.collection)
    }

    /// How entries are cut.
    pub(super) fn chunk_size(&self) -> ChunkSize {
        ChunkSize {
            desired: self.config().chunk.desired_characters,
            max: self.config().chunk.max_characters,
        }
    }

    /// The logbook in these folders.
    pub(super) fn logbook<'a>(&'a self, roots: &'a [Root]) -> Logbook<'a> {
        Logbook {
            roots,
            apart: std::slice::from_ref(&self.settings.paths.data),
            size_max: self.config().logbook.size_max_mib * 1024 * 1024,
            read: self.read_options(),
            git: self.config().logbook.git,
            modified_in: self.config().logbook.modified_time.then(TimeZone::system),
        }
    }

    /// How notes are read.
    fn read_options(&self) -> ReadOptions {
        let logbook = &self.config().logbook;
        ReadOptions {
            day_first: logbook.day_first,
            date_keys: logbook.front_matter_keys.clone(),
            jrnl_format: logbook.jrnl_timeformat.clone(),
            name_formats: Vec::new(),
        }
    }

    /// How passages are searched for.
    fn tuning(&self) -> Tuning {
        let search = &self.config().search;
        Tuning {
            fusion: Fusion { dense_weight: search.dense_weight, limit: search.limit },
            edge_days: search.edge_days,
            period_weight: search.period_weight,
            ..Tuning::default()
        }
    }
}

/// How far what answers questions may reach.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Reach {
    /// To the endpoints of the settings.
    Endpoints,
    /// Not beyond this process and the index.
    Process,
}

/// What answers questions: the index and the model that it was made with, and what is in it.
pub(super) struct Services {
    index: Box<dyn Index>,
    embedder: Option<Box<dyn Embedder>>,
    vocabulary: Vocabulary,
    entries: Vec<EntryRecord>,
    committed: Committed,
    chunks: u64,
    roots: Vec<(String, String)>,
    link: Option<String>,
    tuning: Tuning,
    rerank: Option<Rerank>,
}

impl Services {
    /// Opens what was ingested.
    ///
    /// # Errors
    /// When there is no index, or it was made with something else.
    pub(super) fn open(workspace: &Workspace) -> Result<Self> {
        Self::with(workspace, Reach::Endpoints)
    }

    /// The same for a run that sends nothing: an embedding model at an endpoint is not asked, and what
    /// it would find is found by words.
    ///
    /// # Errors
    /// As [`Services::open`].
    pub(super) fn open_unsent(workspace: &Workspace) -> Result<Self> {
        Self::with(workspace, Reach::Process)
    }

    fn with(workspace: &Workspace, reach: Reach) -> Result<Self> {
        let state = workspace.state()?;
        let build = state.build()?;
        match Self::of(workspace, &state, reach) {
            // Another build has taken over meanwhile.
            Err(error) if error.exit() == Exit::NoIndex && state.build()? != build => {
                Self::of(workspace, &state, reach)
            }
            opened => opened,
        }
    }

    fn of(workspace: &Workspace, state: &State, reach: Reach) -> Result<Self> {
        let stored = state.identity()?.ok_or_else(no_index)?;
        workspace.check_identity(&stored)?;
        let is_out_of_reach = reach == Reach::Process && wiring::is_sent(&workspace.settings);
        let embedder = if is_out_of_reach { None } else { workspace.embedder()? };
        let wanted = match &embedder {
            _ if is_out_of_reach => stored,
            embedder => workspace.identity(embedder.as_deref()),
        };
        let (place, has_points) = state.at_one_moment(|| {
            let stored = state.identity()?.ok_or_else(no_index)?;
            let place = IndexPlace { build: state.build()?, dimension: stored.dimension };
            Ok((place, state.has_points()?))
        })?;
        let index = workspace.open_committed(place, has_points)?;
        // Who writes may have been waited for: what the state names is read when nobody does.
        let (stored, build, chunks, committed, entries, roots, vocabulary) =
            state.at_one_moment(|| {
                let stored = state.identity()?.ok_or_else(no_index)?;
                let (chunks, committed) = (state.point_count()?, state.committed()?);
                let (entries, roots) = (state.entries()?, state.roots()?);
                let vocabulary = state.vocabulary(&stored.model)?;
                Ok((stored, state.build()?, chunks, committed, entries, roots, vocabulary))
            })?;
        if stored != wanted {
            return Err(other_index(&stored, &wanted));
        }
        if build != place.build {
            return Err(no_index());
        }
        let (tuning, rerank) = (workspace.tuning(), None);
        let link = workspace.settings.link().map(ToOwned::to_owned);
        Ok(Self {
            index,
            embedder,
            vocabulary,
            entries,
            committed,
            chunks,
            roots,
            link,
            tuning,
            rerank,
        })
    }

    /// The same with what puts the best passages in order once more, where the settings name one.
    ///
    /// # Errors
    /// When its settings can't be used.
    pub(super) fn reranking(self, workspace: &Workspace) -> Result<Self> {
        Ok(Self { rerank: reranking::rerank(workspace)?, ..self })
    }

    /// Leaves everything open to the end of the process, which is near.
    ///
    /// The engine drops what it has read from the system's cache when it is closed, so that the next
    /// command would read all of it from the disk again.
    pub(super) fn leave(self) {
        std::mem::forget(self);
    }

    /// The index.
    pub(super) fn index(&self) -> &dyn Index {
        &*self.index
    }

    /// How many chunks were committed.
    pub(super) fn chunks(&self) -> u64 {
        self.chunks
    }

    /// The notes as they are today.
    pub(super) fn notes(&self) -> Notes {
        Notes::new(&self.roots, self.link.as_deref())
    }

    /// What finds passages on these services.
    pub(super) fn retriever(&self) -> Retriever<'_> {
        Retriever {
            index: &*self.index,
            entries: &self.entries,
            committed: &self.committed,
            chunks: self.chunks,
            embedder: self.embedder.as_deref(),
            vocabulary: &self.vocabulary,
            rerank: self.rerank.as_ref(),
            reader: TermReader::default(),
            tuning: self.tuning,
        }
    }
}

/// A value as JSON, with the name of its schema.
pub(super) fn json<T: Serialize>(schema: &str, value: &T) -> Result<serde_json::Value> {
    let mut value = serde_json::to_value(value).context(|| "can't write JSON".to_owned())?;
    if let Some(object) = value.as_object_mut() {
        object.insert("schema".to_owned(), schema.into());
    }
    Ok(value)
}

/// Prints a value as JSON, with the name of its schema.
pub(super) fn print_json<T: Serialize>(terminal: Terminal, schema: &str, value: &T) -> Result<()> {
    let value = json(schema, value)?;
    let text = serde_json::to_string_pretty(&value).context(|| "can't write JSON".to_owned())?;
    terminal.print(&format!("{text}\n"))
}

/// Nanoseconds since 1970.
#[expect(clippy::disallowed_methods, reason = "the commands are where the clock is read")]
pub(super) fn now_nanoseconds() -> i64 {
    i64::try_from(Timestamp::now().as_nanosecond()).unwrap_or(i64::MAX)
}

/// The settings that are given for this run.
fn overrides(common: &Common) -> Vec<String> {
    let offline = common.offline.then(|| OFFLINE.to_owned());
    common.set.iter().cloned().chain(offline).collect()
}

/// The civil day here and now.
#[expect(clippy::disallowed_methods, reason = "the commands are where the clock is read")]
fn today() -> Date {
    Zoned::now().date()
}

/// The folder that the program was started in.
pub(super) fn current_folder() -> Result<PathBuf> {
    std::env::current_dir().context(|| "can't find the current folder".to_owned())
}
