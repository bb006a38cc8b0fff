//! From the bytes of a file to its text.
//!
//! UTF-8 with or without a mark and UTF-16 with one are read; anything else is refused with the
//! place of the first byte that can't be text. The size of a file is judged before, by whoever
//! opens it.

use super::Skip;

const BINARY: &str = "is not text";

/// The text of a note as its citations show it, when it can be read at all.
#[must_use]
pub fn text(bytes: &[u8]) -> Option<String> {
    decode(bytes).ok()
}

/// The text of a file, without its byte order mark.
pub(super) fn decode(bytes: &[u8]) -> Result<String, Skip> {
    let text = match bytes {
        [0xff, 0xfe, units @ ..] => utf16(units, u16::from_le_bytes)?,
        [0xfe, 0xff, units @ ..] => utf16(units, u16::from_be_bytes)?,
        [0xef, 0xbb, 0xbf, rest @ ..] => utf8(rest, 3)?.to_owned(),
        _ => utf8(bytes, 0)?.to_owned(),
    };
    match text.find('\0') {
        Some(offset) => Err(skip(&text.as_bytes()[..offset], offset, "a NUL byte")),
        None => Ok(text),
    }
}

fn utf8(bytes: &[u8], mark_length: usize) -> Result<&str, Skip> {
    std::str::from_utf8(bytes).map_err(|error| {
        let before = &bytes[..error.valid_up_to()];
        let what = if before.contains(&0) { "a NUL byte" } else { "invalid UTF-8" };
        skip(before, error.valid_up_to() + mark_length, what)
    })
}

fn utf16(bytes: &[u8], from_bytes: fn([u8; 2]) -> u16) -> Result<String, Skip> {
    let (pairs, rest) = bytes.as_chunks::<2>();
    let mut text = String::with_capacity(bytes.len());
    let mut offset = 2;
    for unit in char::decode_utf16(pairs.iter().map(|pair| from_bytes(*pair))) {
        let Ok(character) = unit else {
            return Err(skip(text.as_bytes(), offset, "an unpaired surrogate"));
        };
        text.push(character);
        offset += character.len_utf16() * 2;
    }
    if rest.is_empty() { Ok(text) } else { Err(skip(text.as_bytes(), offset, "half a character")) }
}

/// A refusal that names the byte of the file, and the line that the text before it reaches to.
fn skip(before: &[u8], offset: usize, what: &str) -> Skip {
    let lines = before.split(|byte| *byte == b'\n').count();
    Skip {
        line_number: Some(u32::try_from(lines).unwrap_or(u32::MAX)),
        reason: format!("{BINARY}: {what} at byte {offset}"),
        intended: false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(bytes: &[u8], expected: Result<&str, &str>) {
        let read = decode(bytes);
        let read = read.as_ref().map(String::as_str).map_err(|skip| skip.reason.as_str());
        assert_eq!(read, expected, "{bytes:?}");
    }

    /// Fault 3: a byte order mark of UTF-8.
    #[test]
    fn a_byte_order_mark_is_no_part_of_the_text() {
        check(b"\xef\xbb\xbf# A", Ok("# A"));
    }

    /// Fault 4: UTF-16 with its mark.
    #[test]
    fn utf16_with_a_mark_is_decoded() {
        check(b"\xff\xfe\xe9\0\n\0", Ok("é\n"));
        check(b"\xfe\xff\0\xe9\xd8\x3d\xde\0", Ok("é😀"));
        check(b"\xff\xfea\0\0\xd8b\0", Err("is not text: an unpaired surrogate at byte 4"));
        check(b"\xff\xfea\0b", Err("is not text: half a character at byte 4"));
    }

    /// Fault 5: bytes that are no UTF-8, such as Latin-1.
    #[test]
    fn latin1_is_refused_with_its_place() {
        check(b"caf\xe9 noir", Err("is not text: invalid UTF-8 at byte 3"));
        check(b"\xef\xbb\xbfcaf\xe9 noir", Err("is not text: invalid UTF-8 at byte 6"));
        let skip = decode(b"a\nb\ncaf\xe9 noir").unwrap_err();
        assert_eq!(skip.line_number, Some(3));
    }

    /// Fault 6: a NUL byte.
    #[test]
    fn nul_bytes_are_refused() {
        check(b"a\0b", Err("is not text: a NUL byte at byte 1"));
    }

    /// Fault 14: a character that is cut in the middle.
    #[test]
    fn a_truncated_code_point_is_refused() {
        check(b"ab\xc3", Err("is not text: invalid UTF-8 at byte 2"));
    }

    /// Fault 15: a picture with the name of a note.
    #[test]
    fn a_picture_is_refused() {
        let png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR";
        check(png, Err("is not text: invalid UTF-8 at byte 0"));
    }
}
