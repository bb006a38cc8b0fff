# What is done often. `just` lists it; nothing here is needed to build or to test.

# List what there is.
default:
    @just --list

# Everything that has to hold before a change goes in.
ci:
    .ci/run

# The tests.
test:
    cargo test

# Style, lints and documentation.
lint:
    cargo fmt --check
    cargo clippy --all-targets -- -D warnings
    RUSTDOCFLAGS="-D warnings" cargo doc --no-deps

# Ask the logbook that comes with it.
demo:
    cargo run --release -- demo

# The picture in the readme, drawn anew from what the program says today.
picture:
    cargo build --release
    python3 .ci/picture.py "${CARGO_TARGET_DIR:-target}/release/twin"

# A logbook of daily files in seven layouts: are the days the same, and is as much found?
layouts notes questions:
    cargo build --release
    python3 .ci/layouts.py "${CARGO_TARGET_DIR:-target}/release/twin" "{{notes}}" "{{questions}}"

# Time, processor time and memory of ingest and search on a folder of notes.
bench notes="corpus":
    cargo build --release
    python3 .ci/bench.py "${CARGO_TARGET_DIR:-target}/release/twin" "{{notes}}"

# The same on a logbook of so many notes, which is written first.
bench-large count="100000":
    #!/bin/sh
    set -e
    notes=$(mktemp -d)
    trap 'rm -rf "$notes"' EXIT
    cargo build --release
    python3 .ci/notes.py "$notes" {{count}}
    python3 .ci/bench.py "${CARGO_TARGET_DIR:-target}/release/twin" "$notes"

# What retrieval on the demo's logbook may not fall under, written anew: for a change that is meant.
floors:
    cargo build --release
    python3 .ci/floors.py "${CARGO_TARGET_DIR:-target}/release/twin" > tests/data/floors.new.tsv
    mv tests/data/floors.new.tsv tests/data/floors.tsv

# Killed at random moments, so many times: is anything lost, doubled or left behind?
crash rounds="500" seed="1":
    cargo build --release
    python3 .ci/crash.py "${CARGO_TARGET_DIR:-target}/release/twin" {{rounds}} {{seed}}

# The power cut at random moments, so many times: is what was committed there? As root.
power-cut rounds="30" seed="1":
    cargo build --release
    python3 .ci/power.py "${CARGO_TARGET_DIR:-target}/release/twin" {{rounds}} {{seed}}

# The disk full, at so many points before and while something is written: is it said, and nothing lost? As root.
disk-full points="20" seed="1":
    cargo build --release
    python3 .ci/full.py "${CARGO_TARGET_DIR:-target}/release/twin" {{points}} {{seed}}

# Each pair of commands at once, for so many seconds: is any answer wrong?
pairs seconds="60" seed="1":
    cargo build --release
    python3 .ci/pairs.py "${CARGO_TARGET_DIR:-target}/release/twin" {{seconds}} {{seed}}

# A Qdrant server, whose program is named, killed while points are written to it: is anything lost?
server-killed qdrant rounds="20" seed="1":
    cargo build --release
    python3 .ci/server.py "${CARGO_TARGET_DIR:-target}/release/twin" "{{qdrant}}" {{rounds}} {{seed}}

# So many notes of which some are bad: are the good ones in, and the bad ones named?
bad-notes count="100000" percent="5":
    cargo build --release
    python3 .ci/bad.py "${CARGO_TARGET_DIR:-target}/release/twin" {{count}} {{percent}}

# Any bytes for what reads the text of others, for so many seconds each.
fuzz seconds="60":
    .ci/fuzz {{seconds}}
