//! The index on a Qdrant server, spoken to over gRPC.
//!
//! A write is acknowledged when its points can be found; when the server brings them to its disk is
//! the server's own affair.

use std::{collections::HashMap, time::Duration};

use qdrant_client::{
    Payload as ServerPayload,
    qdrant::{
        CountPointsBuilder, DeletePointsBuilder, GetPointsBuilder, NamedVectors, PointId,
        PointStruct, PointsIdsList, Query as NamedQuery, QueryPointsBuilder, RetrievedPoint,
        ScrollPointsBuilder, UpsertPointsBuilder, Value, Vector, VectorInput,
        point_id::PointIdOptions, vector_output,
    },
};
use serde_json::Map;
use uuid::Uuid;

use super::{
    batch::{batches, bytes},
    collection::{self, Found},
    connection::{Connection, Failure},
    filter::{Conditions, server},
    query::{best_first, is_empty},
    schema::{DENSE, SPARSE, Schema, payload_from_json, payload_to_json},
};
use crate::{
    backends::secret::Secret,
    error::{Context as _, Error, Exit, Result},
    services::{Filter, Index, Payload, Point, Query, Search, SparseVector},
};

/// The most points of one write.
const BATCH: usize = 128;
/// About how many bytes a write may have; proxies before a server often take no more than 32 MB.
const BATCH_BYTES: usize = 8 << 20;
/// Points a page of a scroll.
const PAGE: u32 = 1000;
/// The minor version of Qdrant 1 that this client was made for.
const CLIENT_MINOR: u64 = 20;
/// The first minor version of Qdrant 1 that has the query interface and multiplies term weights by
/// the inverse document frequency.
const FIRST_MINOR: u64 = 10;

/// Where the collection is, and how it is made when it is not there yet.
#[derive(Clone, Debug)]
pub struct ServerSettings {
    /// The address of the gRPC interface; port 6334 unless it names another.
    pub url: String,
    /// The key, where the server asks for one.
    pub api_key: Option<Secret>,
    /// The name of the collection.
    pub collection: String,
    /// How many shards a new collection is divided into.
    pub shard_number: u32,
    /// How many copies of each shard a new collection keeps.
    pub replication_factor: u32,
    /// Whether a new collection leaves the embeddings on the disk.
    pub on_disk: bool,
    /// How long any one answer may take.
    pub timeout: Duration,
}

/// An index in a collection of a server.
pub struct Server {
    connection: Connection,
    collection: String,
    schema: Schema,
    warnings: Vec<String>,
    unfinished: Option<String>,
}

impl Server {
    /// Connects to the collection, and creates it where there is none.
    ///
    /// # Errors
    /// When the server can't be reached or refuses the key, when a key would go over the network
    /// unencrypted, and when the collection is somebody else's or holds other vectors.
    pub fn open(settings: &ServerSettings, schema: Schema) -> Result<Self> {
        let server = Self::connect(settings, schema)?;
        match collection::find(&server.connection, &server.collection)? {
            Found::Nothing => collection::create(&server.connection, settings, schema)?,
            Found::Collection(info) => {
                collection::check(&server.connection, &server.collection, &info, schema)?;
            }
        }
        Ok(server)
    }

    /// Connects to the collection where there is one.
    ///
    /// # Errors
    /// When there is none, and as [`Server::open`].
    pub fn open_existing(settings: &ServerSettings, schema: Schema) -> Result<Self> {
        let server = Self::connect(settings, schema)?;
        match collection::find(&server.connection, &server.collection)? {
            Found::Nothing => Err(collection::missing(&server.connection, &server.collection)),
            Found::Collection(info) => {
                collection::check(&server.connection, &server.collection, &info, schema)?;
                Ok(server)
            }
        }
    }

    /// What the user should know of the server, in sentences.
    #[must_use]
    pub fn warnings(&self) -> &[String] {
        &self.warnings
    }

    /// What the user should know of a server, whatever it holds.
    ///
    /// # Errors
    /// When it can't be reached, or can't be used.
    pub fn warnings_of(settings: &ServerSettings) -> Result<Vec<String>> {
        Ok(Self::connect(settings, Schema { dimension: None })?.warnings)
    }

    /// Whether there is a collection of that name, whosever it is.
    ///
    /// # Errors
    /// When the server can't be reached or refuses.
    pub fn is_taken(settings: &ServerSettings) -> Result<bool> {
        let server = Self::connect(settings, Schema { dimension: None })?;
        let found = collection::find(&server.connection, &server.collection)?;
        Ok(matches!(found, Found::Collection(_)))
    }

    /// Removes the collection with all its points; one that is not there is no error.
    ///
    /// # Errors
    /// When the server can't be reached or refuses, and when the collection is somebody else's.
    pub fn remove(settings: &ServerSettings) -> Result<()> {
        let server = Self::connect(settings, Schema { dimension: None })?;
        let Found::Collection(info) = collection::find(&server.connection, &server.collection)?
        else {
            return Ok(());
        };
        collection::check_is_ours(&server.collection, &info)?;
        let request = server.connection.client.delete_collection(server.collection.clone());
        let answer = server.connection.call("can't remove the collection", request);
        server.checked(answer).map(drop)
    }

    fn connect(settings: &ServerSettings, schema: Schema) -> Result<Self> {
        let connection =
            Connection::new(&settings.url, settings.api_key.as_ref(), settings.timeout)?;
        let answer = connection
            .call("can't ask for the version", connection.client.health_check())
            .map_err(|failure| failure.into_error(&connection, &settings.collection))?;
        let warnings = check_version(&answer.version)?.into_iter().collect();
        let collection = settings.collection.clone();
        Ok(Self { connection, collection, schema, warnings, unfinished: None })
    }

    /// What is made of every point that a scroll comes by.
    fn scroll_records<T>(
        &self,
        page: ScrollPointsBuilder,
        make: &mut dyn FnMut(RetrievedPoint) -> Result<T>,
    ) -> Result<Vec<T>> {
        let mut page = page.limit(PAGE).with_vectors(false);
        let mut results = Vec::new();
        loop {
            let request = self.connection.client.scroll(page.clone());
            let answer = self.checked(self.connection.call("can't read the index", request))?;
            for point in answer.result {
                results.push(make(point)?);
            }
            match answer.next_page_offset {
                Some(offset) => page = page.offset(offset),
                None => return Ok(results),
            }
        }
    }

    fn checked<T>(&self, answer: Result<T, Failure>) -> Result<T> {
        answer.map_err(|failure| failure.into_error(&self.connection, &self.collection))
    }

    /// Writes a batch, in halves when the server finds it too large.
    fn upsert_batch(&self, batch: &[Point]) -> Result<()> {
        let mut parts = vec![batch];
        while let Some(part) = parts.pop() {
            let points = part.iter().map(point_struct).collect::<Result<Vec<_>>>()?;
            let request = UpsertPointsBuilder::new(&self.collection, points).wait(true);
            let request = self.connection.client.upsert_points(request);
            match self.connection.call("can't write to the index", request) {
                Err(Failure::TooLarge) if part.len() > 1 => {
                    let (left, right) = part.split_at(part.len() / 2);
                    parts.extend([right, left]);
                }
                answer => drop(self.checked(answer)?),
            }
        }
        Ok(())
    }
}

impl Index for Server {
    fn upsert(&mut self, points: &[Point]) -> Result<()> {
        self.schema.check_points(points)?;
        batches(points, BATCH, BATCH_BYTES, bytes)
            .into_iter()
            .try_for_each(|batch| self.upsert_batch(batch))
    }

    fn delete(&mut self, ids: &[Uuid]) -> Result<()> {
        for batch in ids.chunks(PAGE as usize) {
            let ids = batch.iter().copied().map(point_id).collect();
            let request =
                DeletePointsBuilder::new(&self.collection).points(PointsIdsList { ids }).wait(true);
            let request = self.connection.client.delete_points(request);
            self.checked(self.connection.call("can't delete from the index", request))?;
        }
        Ok(())
    }

    fn flush(&mut self) -> Result<()> {
        let look = || collection::status(&self.connection, &self.collection);
        let is_green = collection::wait_until_green(self.connection.timeout(), look)?;
        self.unfinished = (!is_green).then(|| {
            format!(
                "Qdrant is still optimising the collection {}; searches are slower until it is done",
                self.collection
            )
        });
        Ok(())
    }

    fn unfinished(&self) -> Option<&str> {
        self.unfinished.as_deref()
    }

    /// A server does this by itself.
    fn compact(&mut self) -> Result<()> {
        Ok(())
    }

    fn search(&self, search: &Search) -> Result<Vec<(Uuid, f32)>> {
        self.schema.check_search(search)?;
        if is_empty(search) {
            return Ok(Vec::new());
        }
        let (input, name) = match &search.query {
            Query::Dense(dense) => (VectorInput::new_dense(dense.as_slice()), DENSE),
            Query::Sparse(sparse) => {
                let (indices, values) = (sparse.indices.as_slice(), sparse.values.as_slice());
                (VectorInput::new_sparse(indices, values), SPARSE)
            }
        };
        let mut request = QueryPointsBuilder::new(&self.collection)
            .query(NamedQuery::new_nearest(input))
            .using(name)
            .limit(search.limit)
            .with_payload(false);
        if let Some(conditions) = Conditions::of(&search.filter) {
            request = request.filter(server::filter(conditions));
        }
        let request = self.connection.client.query(request);
        let answer = self.checked(self.connection.call("can't search the index", request))?;
        let ranked = answer.result.into_iter().map(|it| Ok((uuid_of(it.id)?, it.score)));
        ranked.collect::<Result<_>>().map(best_first)
    }

    fn payloads(&self, ids: &[Uuid]) -> Result<Vec<(Uuid, Payload)>> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let ids: Vec<_> = ids.iter().copied().map(point_id).collect();
        let request = GetPointsBuilder::new(&self.collection, ids).with_payload(true);
        let request = self.connection.client.get_points(request);
        let answer = self.checked(self.connection.call("can't read the index", request))?;
        let points = answer.result.into_iter();
        points.map(|point| Ok((uuid_of(point.id)?, payload(point.payload)?))).collect()
    }

    fn points(&self, ids: &[Uuid]) -> Result<Vec<Point>> {
        let mut points = Vec::with_capacity(ids.len());
        for page in ids.chunks(BATCH) {
            let ids: Vec<_> = page.iter().copied().map(point_id).collect();
            let request =
                GetPointsBuilder::new(&self.collection, ids).with_payload(true).with_vectors(true);
            let request = self.connection.client.get_points(request);
            let answer = self.checked(self.connection.call("can't read the index", request))?;
            for point in answer.result {
                points.push(whole_point(point)?);
            }
        }
        Ok(points)
    }

    fn ids(&self) -> Result<Vec<Uuid>> {
        let page = ScrollPointsBuilder::new(&self.collection).with_payload(false);
        self.scroll_records(page, &mut |point| uuid_of(point.id))
    }

    fn scroll(&self, filter: &Filter) -> Result<Vec<(Uuid, Payload)>> {
        let mut page = ScrollPointsBuilder::new(&self.collection).with_payload(true);
        if let Some(conditions) = Conditions::of(filter) {
            page = page.filter(server::filter(conditions));
        }
        self.scroll_records(page, &mut |point| Ok((uuid_of(point.id)?, payload(point.payload)?)))
    }

    fn count(&self, filter: &Filter) -> Result<u64> {
        let mut request = CountPointsBuilder::new(&self.collection).exact(true);
        if let Some(conditions) = Conditions::of(filter) {
            request = request.filter(server::filter(conditions));
        }
        let request = self.connection.client.count(request);
        let answer = self.checked(self.connection.call("can't count the points", request))?;
        Ok(answer.result.map(|result| result.count).unwrap_or_default())
    }
}

fn point_struct(point: &Point) -> Result<PointStruct> {
    let mut vectors = NamedVectors::default();
    if let Some(dense) = &point.dense {
        vectors = vectors.add_vector(DENSE, Vector::new_dense(dense.as_slice()));
    }
    let (indices, values) = (point.sparse.indices.as_slice(), point.sparse.values.as_slice());
    if !indices.is_empty() {
        vectors = vectors.add_vector(SPARSE, Vector::new_sparse(indices, values));
    }
    let payload = ServerPayload::from(payload_to_json(&point.payload)?);
    Ok(PointStruct::new(point_id(point.id), vectors, payload))
}

fn whole_point(stored: RetrievedPoint) -> Result<Point> {
    let vector = |name| stored.vectors.as_ref().and_then(|it| it.get_vector_by_name(name));
    let dense = match vector(DENSE) {
        Some(vector_output::Vector::Dense(dense)) => Some(dense.data),
        _ => None,
    };
    let sparse = match vector(SPARSE) {
        Some(vector_output::Vector::Sparse(sparse)) => {
            SparseVector { indices: sparse.indices, values: sparse.values }
        }
        _ => SparseVector::default(),
    };
    Ok(Point { dense, sparse, id: uuid_of(stored.id)?, payload: payload(stored.payload)? })
}

fn payload(stored: HashMap<String, Value>) -> Result<Payload> {
    payload_from_json(Map::from(ServerPayload::from(stored)))
}

fn point_id(id: Uuid) -> PointId {
    PointId::from(id.to_string())
}

fn uuid_of(id: Option<PointId>) -> Result<Uuid> {
    match id.and_then(|id| id.point_id_options) {
        Some(PointIdOptions::Uuid(id)) => {
            id.parse().context(|| format!("the id {id} of a point is no UUID"))
        }
        other => Err(Error::new(
            Exit::OtherIndex,
            format!("a point of the collection was not stored by logtwin: {other:?}"),
        )),
    }
}

/// Refuses a server that is too old, and warns of one that the client was not made for.
fn check_version(version: &str) -> Result<Option<String>> {
    let mut numbers = version.split(['.', '-']).map_while(|number| number.parse::<u64>().ok());
    let (Some(major), Some(minor)) = (numbers.next(), numbers.next()) else {
        return Ok(Some(format!("the version {version:?} of the Qdrant server is not known")));
    };
    if (major, minor) < (1, FIRST_MINOR) {
        let message = format!("Qdrant {version} is too old: 1.{FIRST_MINOR} is needed");
        return Err(Error::failed(message).hint("update the server"));
    }
    let is_near = major == 1 && minor.abs_diff(CLIENT_MINOR) <= 1;
    Ok((!is_near).then(|| {
        format!("Qdrant {version} is more than one minor version away from 1.{CLIENT_MINOR}, which this program was made for")
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Fault 103: the server's version is too far away.
    #[test]
    fn a_version_far_away_is_warned_of() {
        let check = |version: &str, expected: Option<bool>| {
            let warned = check_version(version).ok().map(|warning| warning.is_some());
            assert_eq!(warned, expected, "{version}");
        };
        check("1.20.1", Some(false));
        check("1.19.0", Some(false));
        check("1.21.0-dev", Some(false));
        check("1.18.3", Some(true));
        check("1.22.0", Some(true));
        check("2.0.0", Some(true));
        check("unknown", Some(true));
        check("1.9.7", None);
        check("0.11.0", None);
    }
}
