//! A model behind an endpoint: attempts, retries and deadlines.

use std::{
    sync::{Mutex, PoisonError},
    time::Duration,
};

use reqwest::{
    Client, Response,
    header::{CONTENT_TYPE, HeaderMap, LOCATION},
};
use tokio::{
    runtime::{Builder, Runtime},
    time::{Instant, sleep, timeout_at},
};

use crate::{
    backends::endpoint::{Endpoint, innermost},
    error::{Context, Error, Result},
    services::{Chat, ChatRequest, Completion},
};

use super::{
    answer::{Answer, Piece},
    anthropic,
    complaint::{Complaint, Omitted},
    failure::{Failure, Peer},
    openai,
    profile::Wire,
    retries::Retries,
    settings::ChatSettings,
    sse::Parser,
    transport::{asked_wait, endpoint, key_headers},
};

/// How long the count of tokens is waited for once the text is complete.
const EPILOGUE: Duration = Duration::from_secs(2);

/// The most bytes of a reply that does not stream.
pub(super) const REPLY_BYTES_MAX: usize = 8 * 1024 * 1024;

/// The most bytes of an error reply.
const ERROR_BYTES_MAX: usize = 64 * 1024;

/// A language model behind HTTP.
///
/// It may be asked from several threads at once, but not from within an asynchronous task, since
/// it blocks.
pub struct ChatModel {
    pub(super) settings: ChatSettings,
    pub(super) endpoint: Endpoint,
    pub(super) peer: Peer,
    pub(super) client: Client,
    pub(super) headers: HeaderMap,
    /// What the endpoint has said it does not take; later requests leave it out at once.
    omitted: Mutex<Omitted>,
    /// One worker keeps idle connections awake; none only while being dropped.
    pub(super) runtime: Option<Runtime>,
}

impl ChatModel {
    /// Checks the settings and prepares a client; nothing is sent yet.
    ///
    /// # Errors
    /// When the settings can't be used, or the system has no certificates.
    pub fn new(mut settings: ChatSettings) -> Result<Self> {
        settings.provider = settings.provider.at(&settings.base_url);
        let path = match settings.provider.profile().wire {
            Wire::Completions => openai::PATH,
            Wire::Messages => anthropic::PATH,
        };
        let endpoint = endpoint(&settings, path)?;
        let proxy = settings.proxy.as_ref().map(crate::backends::Secret::expose);
        let client = endpoint.client(settings.deadlines.connect, proxy)?;
        let runtime = Builder::new_multi_thread()
            .worker_threads(1)
            .thread_name("twin-chat")
            .enable_all()
            .build()
            .context(|| format!("{}: no thread can be started", endpoint.host))?;
        Ok(Self {
            headers: key_headers(&settings)?,
            peer: Peer::new(&settings, &endpoint),
            omitted: Mutex::default(),
            runtime: Some(runtime),
            settings,
            endpoint,
            client,
        })
    }

    fn wire(&self) -> Wire {
        self.settings.provider.profile().wire
    }

    async fn ask(
        &self,
        request: &ChatRequest,
        on_text: &mut dyn FnMut(&str),
    ) -> Result<Completion> {
        let deadlines = &self.settings.deadlines;
        let ends = after(deadlines.total);
        let mut retries = Retries::default();
        loop {
            let failure = match self.attempt(request, on_text, ends).await {
                Ok(completion) => return Ok(completion),
                Err(failure) => failure,
            };
            let wait = retries.wait(failure.next, deadlines);
            match wait.filter(|wait| after(*wait) < ends) {
                Some(wait) => sleep(wait).await,
                None => return Err(failure.error),
            }
        }
    }

    async fn attempt(
        &self,
        request: &ChatRequest,
        on_text: &mut dyn FnMut(&str),
        ends: Instant,
    ) -> Result<Completion, Failure> {
        let until = ends.min(after(self.settings.deadlines.first_token));
        let times = Times { until, ends };
        let response = self.reply(request, times).await?;
        let kind = response.headers().get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
        let kind = kind.unwrap_or_default().to_ascii_lowercase();
        if kind.contains("html") {
            return Err(self.peer.web_page());
        }
        let mut answer = Answer::default();
        let outcome = if kind.contains("json") {
            self.read_whole(response, times, &mut answer, on_text).await
        } else {
            self.read_stream(response, times, &mut answer, on_text).await
        };
        let has_text = answer.has_text();
        outcome
            .and_then(|()| {
                let finished = answer.finish();
                finished.map_err(|cause| self.peer.unfinished(cause, request.tokens_max))
            })
            .map_err(|failure| if has_text { failure.after_text() } else { failure })
    }

    /// The reply to a request, once its status says that an answer follows. A parameter that the
    /// endpoint does not take is left out and the request sent again.
    async fn reply(&self, request: &ChatRequest, times: Times) -> Result<Response, Failure> {
        loop {
            let omitted = *self.omitted.lock().unwrap_or_else(PoisonError::into_inner);
            let mut response = self.send(request, omitted, times).await?;
            let status = response.status().as_u16();
            if status < 300 {
                return Ok(response);
            }
            if status < 400 {
                let location = response.headers().get(LOCATION);
                let location = location.and_then(|location| location.to_str().ok());
                return Err(self.peer.redirected(status, location));
            }
            let wait = asked_wait(response.headers());
            // What can't be read of an error's body leaves the status to speak for itself.
            let body =
                read_body(&mut response, times.until, ERROR_BYTES_MAX).await.unwrap_or_default();
            let complaint = Complaint::from_body(&body).filter(|_| matches!(status, 400 | 422));
            match complaint.filter(|complaint| omitted.and_rejected(complaint).is_some()) {
                Some(complaint) => self.leave_out(&complaint),
                None => return Err(self.peer.refused(status, wait, &body)),
            }
        }
    }

    /// Adds to what another thread may have left out meanwhile, so that nothing is tried twice.
    fn leave_out(&self, complaint: &Complaint) {
        let mut omitted = self.omitted.lock().unwrap_or_else(PoisonError::into_inner);
        *omitted = omitted.and_rejected(complaint).unwrap_or(*omitted);
    }

    async fn send(
        &self,
        request: &ChatRequest,
        omitted: Omitted,
        times: Times,
    ) -> Result<Response, Failure> {
        let body = match self.wire() {
            Wire::Completions => openai::body(&self.settings, request, omitted),
            Wire::Messages => anthropic::body(&self.settings, request, omitted),
        };
        let url = self.endpoint.url.clone();
        let sending = self.client.post(url).headers(self.headers.clone()).json(&body).send();
        match timeout_at(times.until, sending).await {
            Ok(Ok(response)) => Ok(response),
            Ok(Err(error)) => Err(self.peer.unreachable(&error)),
            Err(_) => Err(self.too_late(times, false)),
        }
    }

    async fn read_whole(
        &self,
        mut response: Response,
        times: Times,
        answer: &mut Answer,
        on_text: &mut dyn FnMut(&str),
    ) -> Result<(), Failure> {
        let body = match read_body(&mut response, times.until, REPLY_BYTES_MAX).await {
            Ok(body) => body,
            Err(Unread::TooLate) => return Err(self.too_late(times, false)),
            Err(Unread::TooLong) => return Err(self.peer.unreadable("it is too long")),
            Err(Unread::Broken(cause)) => return Err(self.peer.broken_off(Some(cause))),
        };
        let pieces = match self.wire() {
            Wire::Completions => openai::read(&body),
            Wire::Messages => anthropic::read_whole(&body),
        };
        let pieces = pieces.map_err(|error| self.peer.unreadable(error.to_string()))?;
        self.take(pieces.into_iter().chain([Piece::End]), answer, on_text)
    }

    async fn read_stream(
        &self,
        mut response: Response,
        mut times: Times,
        answer: &mut Answer,
        on_text: &mut dyn FnMut(&str),
    ) -> Result<(), Failure> {
        let mut parser = Parser::default();
        let mut events = Vec::new();
        while !answer.has_ended() {
            let bytes = match timeout_at(times.until, response.chunk()).await {
                Ok(Ok(Some(bytes))) => bytes,
                Ok(Ok(None)) => break,
                // The text is complete; only the count of tokens was still to come.
                Ok(Err(_)) | Err(_) if answer.is_whole() => return Ok(()),
                Ok(Err(error)) => return Err(self.peer.broken_off(Some(innermost(&error)))),
                Err(_) => return Err(self.too_late(times, answer.has_begun())),
            };
            let too_long = || self.peer.unreadable("it is too long");
            parser.push(&bytes, &mut events).map_err(|_| too_long())?;
            for data in events.drain(..) {
                let pieces = self.read_event(&data).map_err(|cause| {
                    let cause = cause.to_string();
                    if answer.has_text() {
                        self.peer.broken_off(Some(cause))
                    } else {
                        self.peer.unreadable(cause)
                    }
                })?;
                // Only what belongs to an answer is a sign of life; comments and pings are not.
                let has_pieces = !pieces.is_empty();
                self.take(pieces, answer, on_text)?;
                if has_pieces && answer.is_whole() {
                    times = times.next(EPILOGUE);
                } else if has_pieces && answer.has_begun() {
                    times = times.next(self.settings.deadlines.idle);
                }
            }
            if answer.size() > REPLY_BYTES_MAX {
                return Err(too_long());
            }
        }
        // What can't be read here was cut in two by the end of the stream.
        let rest = parser.finish().and_then(|data| self.read_event(&data).ok());
        self.take(rest.into_iter().flatten(), answer, on_text)
    }

    fn read_event(&self, data: &str) -> serde_json::Result<Vec<Piece>> {
        match self.wire() {
            _ if data.trim().is_empty() => Ok(Vec::new()),
            Wire::Completions => openai::read(data),
            Wire::Messages => anthropic::read(data),
        }
    }

    fn take(
        &self,
        pieces: impl IntoIterator<Item = Piece>,
        answer: &mut Answer,
        on_text: &mut dyn FnMut(&str),
    ) -> Result<(), Failure> {
        for piece in pieces {
            answer.take(piece, on_text).map_err(|complaint| {
                self.peer.complained(complaint.implied_status(), None, &complaint)
            })?;
        }
        Ok(())
    }

    fn too_late(&self, times: Times, has_begun: bool) -> Failure {
        let deadlines = &self.settings.deadlines;
        if times.until == times.ends {
            return self.peer.unfinished_within(deadlines.total);
        }
        let waited = if has_begun { deadlines.idle } else { deadlines.first_token };
        self.peer.silent(waited, has_begun)
    }
}

impl Chat for ChatModel {
    fn model(&self) -> &str {
        &self.settings.model
    }

    fn host(&self) -> &str {
        &self.endpoint.host
    }

    fn is_remote(&self) -> bool {
        !self.endpoint.is_loopback
    }

    fn takes_schema(&self) -> bool {
        let omitted = *self.omitted.lock().unwrap_or_else(PoisonError::into_inner);
        openai::takes_schema(&self.settings, omitted)
    }

    fn complete(&self, request: &ChatRequest, on_text: &mut dyn FnMut(&str)) -> Result<Completion> {
        match &self.runtime {
            Some(runtime) => runtime.block_on(self.ask(request, on_text)),
            None => Err(Error::failed("the model's connection is closed")),
        }
    }
}

impl Drop for ChatModel {
    fn drop(&mut self) {
        // A plain drop would wait for a name server that does not answer, and panic inside a task.
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

/// Until when something is waited for.
#[derive(Clone, Copy)]
struct Times {
    /// For the next sign of the model.
    until: Instant,
    /// For everything.
    ends: Instant,
}

impl Times {
    fn next(self, wait: Duration) -> Self {
        Self { until: self.ends.min(after(wait)), ..self }
    }
}

/// The time after this wait; a wait of more than a year is one of a year, which fits every clock.
fn after(wait: Duration) -> Instant {
    Instant::now() + wait.min(Duration::from_hours(24 * 365))
}

/// Why a body could not be read.
pub(super) enum Unread {
    TooLate,
    TooLong,
    Broken(String),
}

/// The body of a reply, as text.
pub(super) async fn read_body(
    response: &mut Response,
    until: Instant,
    bytes_max: usize,
) -> Result<String, Unread> {
    let mut body = Vec::new();
    loop {
        match timeout_at(until, response.chunk()).await {
            Ok(Ok(Some(bytes))) => body.extend_from_slice(&bytes),
            Ok(Ok(None)) => return Ok(String::from_utf8_lossy(&body).into_owned()),
            Ok(Err(error)) => return Err(Unread::Broken(innermost(&error))),
            Err(_) => return Err(Unread::TooLate),
        }
        if body.len() > bytes_max {
            return Err(Unread::TooLong);
        }
    }
}
