//! A settings file, and the line that each of its values stands on.

use std::{
    fs,
    io::ErrorKind,
    path::{Path, PathBuf},
};

use toml::{
    Table, Value,
    de::{DeTable, DeValue},
};

use super::given::{Given, Origin, Written};
use crate::error::{Error, Exit, Result};

/// The name of a project's settings file.
const PROJECT_FILE: &str = "twin.toml";

/// The project file of a folder, or of the nearest folder above it that has one.
pub(super) fn project_file(folder: &Path) -> Option<PathBuf> {
    folder.ancestors().map(|folder| folder.join(PROJECT_FILE)).find(|file| file.is_file())
}

/// The values of a file; none when it is not there.
pub(super) fn from_file(path: &Path) -> Result<Vec<Given>> {
    match fs::read_to_string(path) {
        Ok(text) => from_text(&text, path),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(Vec::new()),
        Err(error) => Err(Error::new(Exit::Usage, format!("can't read {}", path.display()))
            .hint("make it readable text in UTF-8, or move it away")
            .caused_by(error)),
    }
}

fn from_text(text: &str, path: &Path) -> Result<Vec<Given>> {
    let broken = |error: &toml::de::Error| {
        let line_number = line_at(text, error.span().map_or(0, |span| span.start));
        Error::usage(format!("{}:{line_number}: {}", path.display(), error.message().trim()))
            .hint("the file is TOML: [section] on a line, then key = value on lines of their own")
    };
    let values: Table = toml::from_str(text).map_err(|error| broken(&error))?;
    let places = DeTable::parse(text).map_err(|error| broken(&error))?.into_inner();
    let origin =
        |offset: usize| Origin::File { path: path.to_owned(), line_number: line_at(text, offset) };

    let mut given = Vec::new();
    for (section, place) in &places {
        let DeValue::Table(keys) = place.get_ref() else {
            return Err(outside(section.get_ref(), &origin(section.span().start)));
        };
        for key in keys.keys() {
            let Some(value) = value_at(&values, section.get_ref(), key.get_ref()) else { continue };
            given.push(Given {
                section: section.get_ref().to_string(),
                key: key.get_ref().to_string(),
                value: Written::Typed(value.clone()),
                origin: origin(key.span().start),
            });
        }
    }
    Ok(given)
}

fn value_at<'a>(values: &'a Table, section: &str, key: &str) -> Option<&'a Value> {
    values.get(section)?.as_table()?.get(key)
}

/// The error of a value that stands in no section.
fn outside(key: &str, origin: &Origin) -> Error {
    Error::usage(format!("{origin}: `{key}` stands in no section"))
        .hint("put it below the line of its section, such as [llm]")
}

/// The line of a byte, from one.
fn line_at(text: &str, offset: usize) -> usize {
    text.bytes().take(offset).filter(|byte| *byte == b'\n').count() + 1
}
