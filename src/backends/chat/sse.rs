//! Server-sent events out of bytes that come in any pieces.
//!
//! Follows the parsing rules of the HTML standard, section 9.2.6, with one difference: an event
//! that the end of the stream leaves without its blank line is still given, since some servers
//! close right after `[DONE]`.

/// The most bytes that one event may have.
const EVENT_BYTES_MAX: usize = 4 * 1024 * 1024;

/// An incremental parser: bytes in, the data of whole events out.
///
/// Names, ids and retry times of events are passed over; both wire formats repeat in the data
/// what matters.
#[derive(Default)]
pub(super) struct Parser {
    /// The bytes of the line that has begun; decoded only when it is whole.
    line: Vec<u8>,
    data: Option<String>,
    after_carriage_return: bool,
    past_first_line: bool,
}

/// An event is longer than is sane.
#[derive(Debug, Eq, PartialEq)]
pub(super) struct TooLong;

impl Parser {
    /// Takes the next bytes and adds the data of each event that they complete to `events`.
    pub(super) fn push(&mut self, bytes: &[u8], events: &mut Vec<String>) -> Result<(), TooLong> {
        for &byte in bytes {
            let after_carriage_return = std::mem::take(&mut self.after_carriage_return);
            match byte {
                b'\n' if after_carriage_return => {}
                b'\n' => self.end_line(events),
                b'\r' => {
                    self.after_carriage_return = true;
                    self.end_line(events);
                }
                _ => self.line.push(byte),
            }
            if self.line.len() + self.data.as_ref().map_or(0, String::len) > EVENT_BYTES_MAX {
                return Err(TooLong);
            }
        }
        Ok(())
    }

    /// The data of the event that the stream ended in, if it had begun.
    pub(super) fn finish(mut self) -> Option<String> {
        let mut events = Vec::new();
        self.end_line(&mut events);
        self.data.or_else(|| events.pop())
    }

    fn end_line(&mut self, events: &mut Vec<String>) {
        let bytes = std::mem::take(&mut self.line);
        let line = String::from_utf8_lossy(&bytes);
        let mut line = line.as_ref();
        if !self.past_first_line {
            self.past_first_line = true;
            line = line.strip_prefix('\u{feff}').unwrap_or(line);
        }
        if line.is_empty() {
            events.extend(self.data.take());
            return;
        }
        let (field, value) = line.split_once(':').unwrap_or((line, ""));
        if field != "data" {
            return;
        }
        let value = value.strip_prefix(' ').unwrap_or(value);
        match &mut self.data {
            Some(data) => {
                data.push('\n');
                data.push_str(value);
            }
            None => self.data = Some(value.to_owned()),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn parse<'a>(pieces: impl IntoIterator<Item = &'a [u8]>) -> Vec<String> {
        let mut parser = Parser::default();
        let mut events = Vec::new();
        for piece in pieces {
            parser.push(piece, &mut events).unwrap();
        }
        events.extend(parser.finish());
        events
    }

    #[track_caller]
    fn check(stream: &str, expected: &[&str]) {
        assert_eq!(parse([stream.as_bytes()]), expected, "{stream:?}");
    }

    #[test]
    fn events_end_at_a_blank_line_of_any_kind() {
        check("data: a\n\ndata: b\n\n", &["a", "b"]);
        check("data: a\r\n\r\ndata: b\r\n\r\n", &["a", "b"]);
        check("data: a\r\rdata: b\r\r", &["a", "b"]);
        check("data: a\n\r\ndata: b\r\n\n", &["a", "b"]);
    }

    #[test]
    fn lines_of_data_are_joined() {
        check("data: {\ndata:  \"a\": 1}\n\n", &["{\n \"a\": 1}"]);
        check("data\ndata\n\n", &["\n"]);
        check("data:a\n\n", &["a"]);
        check("data:\n\n", &[""]);
    }

    #[test]
    fn comments_names_and_unknown_fields_are_passed_over() {
        check(": keep-alive\n\nevent: ping\nid: 3\nretry: 9\ndata: a\n\n", &["a"]);
        check("event: ping\n\n", &[]);
        check("dataset: a\n\n", &[]);
    }

    #[test]
    fn a_byte_order_mark_is_passed_over_at_the_start_only() {
        check("\u{feff}data: a\n\n", &["a"]);
        check("data: a\n\n\u{feff}data: b\n\n", &["a"]);
    }

    #[test]
    fn the_end_of_the_stream_ends_an_event() {
        check("data: a\n\ndata: [DONE]", &["a", "[DONE]"]);
        check("data: a\n\ndata: [DONE]\n", &["a", "[DONE]"]);
        check("data: [DONE]\r", &["[DONE]"]);
    }

    #[test]
    fn an_event_without_end_is_refused() {
        let mut parser = Parser::default();
        let piece = vec![b'a'; EVENT_BYTES_MAX];
        assert_eq!(parser.push(&piece, &mut Vec::new()), Ok(()));
        assert_eq!(parser.push(b"a", &mut Vec::new()), Err(TooLong));
    }

    /// Cuts the bytes at the given places, whatever stands there.
    fn cut<'a>(bytes: &'a [u8], places: &[prop::sample::Index]) -> Vec<&'a [u8]> {
        let mut places: Vec<usize> =
            places.iter().map(|place| place.index(bytes.len() + 1)).collect();
        places.sort_unstable();
        let mut pieces = Vec::new();
        let mut start = 0;
        for place in places {
            pieces.push(&bytes[start..place]);
            start = place;
        }
        pieces.push(&bytes[start..]);
        pieces
    }

    proptest! {
        /// Fault 116: a reply may be cut anywhere.
        #[test]
        fn a_stream_gives_the_same_events_wherever_it_is_cut(
            stream in "(data: ?|: |event: |é|🦀|\"|[a-c{}]|\r\n|\n|\r){0,60}",
            places in prop::collection::vec(any::<prop::sample::Index>(), 0..12),
        ) {
            let bytes = stream.as_bytes();
            prop_assert_eq!(parse(cut(bytes, &places)), parse([bytes]));
        }

        /// Fault 116: a reply may be cut anywhere.
        #[test]
        fn what_was_written_is_read(
            texts in prop::collection::vec("[a-zé🦀 ]{0,8}(\n[a-zé🦀 ]{0,8}){0,2}", 0..6),
            newline in prop::sample::select(vec!["\n", "\r\n", "\r"]),
            places in prop::collection::vec(any::<prop::sample::Index>(), 0..12),
        ) {
            let mut stream = String::new();
            for text in &texts {
                for line in text.split('\n') {
                    stream.push_str(": comment");
                    stream.push_str(newline);
                    stream.push_str("data: ");
                    stream.push_str(line);
                    stream.push_str(newline);
                }
                stream.push_str(newline);
            }
            prop_assert_eq!(parse(cut(stream.as_bytes(), &places)), texts);
        }

        #[test]
        fn any_bytes_are_read_without_panic(
            bytes in prop::collection::vec(any::<u8>(), 0..200),
            places in prop::collection::vec(any::<prop::sample::Index>(), 0..6),
        ) {
            prop_assert_eq!(parse(cut(&bytes, &places)), parse([&bytes[..]]));
        }
    }
}
