//! The `twin` command.

fn main() {}
