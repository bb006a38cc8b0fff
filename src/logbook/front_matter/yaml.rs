//! YAML of any shape, with the lines of a mapping's values.

use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_saphyr::Spanned;

use super::{Warning, line_number, warn};

/// A value.
#[derive(Debug)]
pub(super) enum Yaml {
    /// Nothing.
    Null,
    /// A text.
    Text(String),
    /// A number or a truth value, as it is written in YAML.
    Plain(String),
    /// Several values.
    List(Vec<Self>),
    /// Keys and values.
    Mapping(Mapping),
}

/// Keys and values in order, duplicates included.
#[derive(Debug, Default)]
pub(super) struct Mapping {
    entries: Vec<(String, u32, Yaml)>,
}

impl Yaml {
    /// The text of a value that is a single one; an empty text for none. A link that is not quoted,
    /// `[[2022-03-14]]`, is a list of a list to YAML.
    pub(super) fn text(&self) -> Option<String> {
        match self {
            Self::Null => Some(String::new()),
            Self::Text(text) | Self::Plain(text) => Some(text.clone()),
            Self::List(items) => {
                let [Self::List(inner)] = &items[..] else { return None };
                let [link] = &inner[..] else { return None };
                link.text()
            }
            Self::Mapping(_) => None,
        }
    }
}

impl Mapping {
    /// The last value of a key, whatever its case, and its line.
    pub(super) fn get(&self, key: &str) -> Option<(u32, &Yaml)> {
        let found = self.entries.iter().rev().find(|(name, ..)| name.eq_ignore_ascii_case(key));
        found.map(|(_, line, value)| (*line, value))
    }

    /// Warns of every key that stands there before.
    pub(super) fn warn_of_duplicates(&self, warnings: &mut Vec<Warning>) {
        let mut seen = std::collections::HashSet::new();
        for (key, line, _) in &self.entries {
            if !seen.insert(key) {
                warn(warnings, *line, &format!("`{key}` stands twice; the last one counts"));
            }
        }
    }
}

impl<'de> Deserialize<'de> for Yaml {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(AnyShape)
    }
}

struct AnyShape;

impl<'de> Visitor<'de> for AnyShape {
    type Value = Yaml;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("YAML")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Yaml, E> {
        Ok(Yaml::Plain(value.to_string()))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Yaml, E> {
        Ok(Yaml::Plain(value.to_string()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Yaml, E> {
        Ok(Yaml::Plain(value.to_string()))
    }

    fn visit_i128<E>(self, value: i128) -> Result<Yaml, E> {
        Ok(Yaml::Plain(value.to_string()))
    }

    fn visit_u128<E>(self, value: u128) -> Result<Yaml, E> {
        Ok(Yaml::Plain(value.to_string()))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Yaml, E> {
        Ok(Yaml::Plain(value.to_string()))
    }

    fn visit_str<E>(self, value: &str) -> Result<Yaml, E> {
        Ok(Yaml::Text(value.to_owned()))
    }

    fn visit_bytes<E>(self, value: &[u8]) -> Result<Yaml, E> {
        Ok(Yaml::Text(String::from_utf8_lossy(value).into_owned()))
    }

    fn visit_unit<E>(self) -> Result<Yaml, E> {
        Ok(Yaml::Null)
    }

    fn visit_none<E>(self) -> Result<Yaml, E> {
        Ok(Yaml::Null)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Yaml, D::Error> {
        Yaml::deserialize(deserializer)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut sequence: A) -> Result<Yaml, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = sequence.next_element()? {
            items.push(item);
        }
        Ok(Yaml::List(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Yaml, A::Error> {
        let mut mapping = Mapping::default();
        while let Some(key) = map.next_key::<Yaml>()? {
            let value = map.next_value::<Spanned<Yaml>>()?;
            let line = line_number(value.referenced);
            mapping.entries.push((key.text().unwrap_or_default(), line, value.value));
        }
        Ok(Yaml::Mapping(mapping))
    }
}
