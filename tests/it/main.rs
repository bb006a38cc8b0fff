//! The integration tests, in one binary.

#![expect(
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "a test says what it skipped, and is told by the environment where a server is"
)]
#[cfg(test)]
mod architecture;
#[cfg(test)]
mod chat;
#[cfg(test)]
#[cfg(feature = "embedded")]
mod checking;
#[cfg(test)]
#[cfg(feature = "embedded")]
mod cli;
#[cfg(test)]
#[cfg(feature = "embedded")]
mod corpus;
#[cfg(test)]
mod faults;
#[cfg(test)]
mod index;
#[cfg(test)]
mod servers;
#[cfg(test)]
#[cfg(all(feature = "embedded", feature = "local-embed"))]
mod tiny;
