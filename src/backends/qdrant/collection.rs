//! The collection of a server: made with the schema, recognised by it, and waited for.

use std::{
    thread,
    time::{Duration, Instant},
};

use qdrant_client::qdrant::{
    CollectionInfo, CollectionStatus, CreateCollectionBuilder, CreateFieldIndexCollectionBuilder,
    Distance, FieldType, Modifier, PayloadSchemaType, SparseVectorParamsBuilder,
    SparseVectorsConfigBuilder, VectorParams, VectorParamsBuilder, VectorsConfigBuilder,
    vectors_config,
};

use super::{
    ServerSettings,
    connection::{Connection, Failure},
    schema::{DENSE, FIELDS, Field, SPARSE, Schema, other_dimension},
};
use crate::error::{Error, Exit, Result};

/// How long to sleep before asking again whether the optimiser is done.
const PAUSE: Duration = Duration::from_millis(50);

/// What a collection was found to be.
pub(super) enum Found {
    /// There is none of that name.
    Nothing,
    /// It is there.
    Collection(Box<CollectionInfo>),
}

/// Asks for a collection.
pub(super) fn find(connection: &Connection, name: &str) -> Result<Found> {
    let answer = connection
        .call("can't ask for the collection", connection.client.collection_info(name.to_owned()));
    match answer {
        Ok(answer) => match answer.result {
            Some(info) => Ok(Found::Collection(Box::new(info))),
            None => Ok(Found::Nothing),
        },
        Err(Failure::NotFound) => Ok(Found::Nothing),
        Err(failure) => Err(failure.into_error(connection, name)),
    }
}

/// Makes the collection.
pub(super) fn create(
    connection: &Connection,
    settings: &ServerSettings,
    schema: Schema,
) -> Result<()> {
    let mut sparse = SparseVectorsConfigBuilder::default();
    sparse.add_named_vector_params(
        SPARSE,
        SparseVectorParamsBuilder::default().modifier(Modifier::Idf),
    );
    let mut request = CreateCollectionBuilder::new(&settings.collection)
        .sparse_vectors_config(sparse)
        .shard_number(settings.shard_number.max(1))
        .replication_factor(settings.replication_factor.max(1))
        .on_disk_payload(true);
    if let Some(dimension) = schema.dimension {
        let mut dense = VectorsConfigBuilder::default();
        dense.add_named_vector_params(
            DENSE,
            VectorParamsBuilder::new(dimension as u64, Distance::Cosine).on_disk(settings.on_disk),
        );
        request = request.vectors_config(dense);
    }
    connection
        .call("can't create the collection", connection.client.create_collection(request))
        .map_err(|failure| failure.into_error(connection, &settings.collection))?;
    index_fields(connection, &settings.collection, &FIELDS)
}

/// Refuses a collection that this schema did not make, and finishes one that was being made.
pub(super) fn check(
    connection: &Connection,
    name: &str,
    info: &CollectionInfo,
    schema: Schema,
) -> Result<()> {
    let vectors = Vectors::of(info).ok_or_else(|| not_ours(name))?;
    if vectors.dimension != schema.dimension {
        let index = format!("the Qdrant collection {name}");
        return Err(other_dimension(&index, vectors.dimension, schema.dimension));
    }
    let missing: Vec<_> =
        FIELDS.into_iter().filter(|(field, kind)| !is_indexed(info, field, *kind)).collect();
    if missing.is_empty() {
        return Ok(());
    }
    if info.points_count.unwrap_or_default() > 0 {
        return Err(foreign(name, "holds points that were not stored by logtwin"));
    }
    index_fields(connection, name, &missing)
}

/// Refuses a collection that no schema of this program made.
pub(super) fn check_is_ours(name: &str, info: &CollectionInfo) -> Result<()> {
    Vectors::of(info).map(drop).ok_or_else(|| not_ours(name))
}

fn not_ours(name: &str) -> Error {
    foreign(name, "was not made by logtwin")
}

fn foreign(name: &str, why: &str) -> Error {
    Error::new(Exit::OtherIndex, format!("the Qdrant collection {name} {why}"))
        .hint("name a collection that nothing else uses")
}

/// How the collection is.
///
/// # Errors
/// When it is not there, or broken.
pub(super) fn status(connection: &Connection, name: &str) -> Result<CollectionStatus> {
    let Found::Collection(info) = find(connection, name)? else {
        return Err(missing(connection, name));
    };
    if info.status() == CollectionStatus::Red {
        let reason = info.optimizer_status.map(|status| status.error).unwrap_or_default();
        return Err(Error::failed(format!(
            "Qdrant reports that the collection {name} is broken: {reason}"
        )));
    }
    Ok(info.status())
}

/// Waits until the optimiser has nothing left to do; false when it still had at the deadline.
pub(super) fn wait_until_green(
    deadline: Duration,
    mut look: impl FnMut() -> Result<CollectionStatus>,
) -> Result<bool> {
    let started = Instant::now();
    loop {
        match look()? {
            CollectionStatus::Yellow if started.elapsed() < deadline => thread::sleep(PAUSE),
            status => return Ok(status != CollectionStatus::Yellow),
        }
    }
}

/// The error of a collection that is not there, or no longer.
pub(super) fn missing(connection: &Connection, name: &str) -> Error {
    let address = connection.address();
    Error::new(Exit::NoIndex, format!("there is no collection {name} at {address}"))
        .hint("build the index anew")
}

impl Failure {
    /// The error, where a failure has no other meaning.
    pub(super) fn into_error(self, connection: &Connection, name: &str) -> Error {
        match self {
            Self::NotFound => missing(connection, name),
            Self::TooLarge => Error::failed(format!(
                "Qdrant at {} refuses a message as too large",
                connection.address()
            )),
            Self::Other(error) => error,
        }
    }
}

fn index_fields(connection: &Connection, name: &str, fields: &[(&str, Field)]) -> Result<()> {
    for (field, kind) in fields {
        let kind = match kind {
            Field::Integer => FieldType::Integer,
            Field::Keyword => FieldType::Keyword,
        };
        let request = CreateFieldIndexCollectionBuilder::new(name, *field, kind).wait(true);
        connection
            .call("can't index the payload", connection.client.create_field_index(request))
            .map_err(|failure| failure.into_error(connection, name))?;
    }
    Ok(())
}

fn is_indexed(info: &CollectionInfo, field: &str, kind: Field) -> bool {
    let expected = match kind {
        Field::Integer => PayloadSchemaType::Integer,
        Field::Keyword => PayloadSchemaType::Keyword,
    };
    info.payload_schema.get(field).is_some_and(|found| found.data_type() == expected)
}

/// The vectors of a collection that this schema could have made.
struct Vectors {
    dimension: Option<usize>,
}

impl Vectors {
    fn of(info: &CollectionInfo) -> Option<Self> {
        let parameters = info.config.as_ref()?.params.as_ref()?;
        let sparse = &parameters.sparse_vectors_config.as_ref()?.map;
        if sparse.len() != 1 || sparse.get(SPARSE)?.modifier() != Modifier::Idf {
            return None;
        }
        let dense = parameters.vectors_config.as_ref().and_then(|vectors| vectors.config.as_ref());
        let dimension = match dense {
            None => None,
            Some(vectors_config::Config::ParamsMap(named)) if named.map.is_empty() => None,
            Some(vectors_config::Config::ParamsMap(named)) if named.map.len() == 1 => {
                Some(cosine_dimension(named.map.get(DENSE)?)?)
            }
            Some(_) => return None,
        };
        Some(Self { dimension })
    }
}

fn cosine_dimension(dense: &VectorParams) -> Option<usize> {
    let plain = dense.distance() == Distance::Cosine && dense.multivector_config.is_none();
    plain.then(|| usize::try_from(dense.size).ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Fault 104: the optimiser is not done.
    #[test]
    fn the_optimiser_is_waited_for_until_the_deadline() {
        let mut looks = 0;
        let green_at_last = || {
            looks += 1;
            Ok(if looks < 3 { CollectionStatus::Yellow } else { CollectionStatus::Green })
        };
        assert!(wait_until_green(Duration::from_mins(1), green_at_last).unwrap());
        assert_eq!(looks, 3);
        let never = || Ok(CollectionStatus::Yellow);
        assert!(!wait_until_green(Duration::from_millis(1), never).unwrap());
        let grey = || Ok(CollectionStatus::Grey);
        assert!(wait_until_green(Duration::ZERO, grey).unwrap());
        let broken = || Err(Error::failed("broken"));
        assert!(wait_until_green(Duration::from_mins(1), broken).is_err());
    }
}
