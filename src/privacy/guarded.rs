//! Models behind a guard: the only way in which the rest of the program asks them.

use std::{borrow::Cow, sync::Arc};

use super::{Guard, RequestLog, log::Logged};
use crate::{
    error::Result,
    services::{Chat, ChatRequest, Completion, Destination, Embedder, Message, Role},
};

/// A language model behind a guard.
pub struct GuardedChat<'a> {
    chat: Box<dyn Chat + 'a>,
    guard: Arc<Guard>,
    log: Option<RequestLog>,
}

impl<'a> GuardedChat<'a> {
    /// Puts a guard before a model.
    #[must_use]
    pub fn new(chat: Box<dyn Chat + 'a>, guard: Arc<Guard>) -> Self {
        Self { chat, guard, log: None }
    }

    /// The same with each request written to a log.
    #[must_use]
    pub fn logged(self, log: Option<RequestLog>) -> Self {
        Self { log, ..self }
    }

    /// The model, as its provider names it.
    #[must_use]
    pub fn model(&self) -> &str {
        self.chat.model()
    }

    /// The host that the text goes to.
    #[must_use]
    pub fn host(&self) -> &str {
        self.chat.host()
    }

    /// Where that is.
    #[must_use]
    pub fn destination(&self) -> Destination<'_> {
        Destination { host: Some(self.chat.host()), is_remote: self.chat.is_remote() }
    }

    /// Whether an answer can be bound to a JSON schema.
    #[must_use]
    pub fn takes_schema(&self) -> bool {
        self.chat.takes_schema()
    }

    /// The guard.
    #[must_use]
    pub fn guard(&self) -> &Guard {
        &self.guard
    }

    /// A text as it is sent: without secrets when it goes to another machine.
    #[must_use]
    pub fn masked<'t>(&self, text: &'t str) -> Cow<'t, str> {
        self.guard.masked(text, self.destination())
    }

    /// A request as it is sent: without secrets when it goes to another machine.
    #[must_use]
    pub fn as_sent(&self, request: &ChatRequest) -> ChatRequest {
        let masked = |text: &str| self.masked(text).into_owned();
        let messages = request.messages.iter();
        ChatRequest {
            system: masked(&request.system),
            messages: messages
                .map(|message| Message { role: message.role, content: masked(&message.content) })
                .collect(),
            tokens_max: request.tokens_max,
            schema: request.schema.clone(),
        }
    }

    /// Asks, and gives each piece of the answer to `on_text` as it comes.
    ///
    /// # Errors
    /// As [`Chat::complete`], and when the log can't be written.
    pub fn complete(
        &self,
        request: &ChatRequest,
        on_text: &mut dyn FnMut(&str),
    ) -> Result<Completion> {
        self.guard.announce(
            self.destination(),
            "questions, with the passages that answer them (`--dry-run` shows them)",
        );
        let request = self.as_sent(request);
        let outcome = self.chat.complete(&request, on_text);
        if let Some(log) = &self.log {
            let (model, host) = (self.model(), self.host());
            log.add(&Logged { model, host, request: &request, outcome: &outcome })?;
        }
        outcome
    }
}

/// An embedding model behind a guard.
pub struct GuardedEmbedder {
    embedder: Box<dyn Embedder>,
    guard: Arc<Guard>,
}

impl GuardedEmbedder {
    /// Puts a guard before a model.
    #[must_use]
    pub fn new(embedder: Box<dyn Embedder>, guard: Arc<Guard>) -> Self {
        Self { embedder, guard }
    }
}

impl Embedder for GuardedEmbedder {
    fn identity(&self) -> &str {
        self.embedder.identity()
    }

    fn dimension(&self) -> usize {
        self.embedder.dimension()
    }

    fn destination(&self) -> Destination<'_> {
        self.embedder.destination()
    }

    fn embed(&self, role: Role, texts: &[&str]) -> Result<Vec<Vec<f32>>> {
        let to = self.destination();
        if !texts.is_empty() {
            self.guard.announce(to, "questions, and the text of all notes that may go there");
        }
        let masked: Vec<_> = texts.iter().map(|text| self.guard.masked(text, to)).collect();
        let texts: Vec<&str> = masked.iter().map(AsRef::as_ref).collect();
        self.embedder.embed(role, &texts)
    }
}
