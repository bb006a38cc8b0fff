-- The tables of the state that say what a build of the index holds; a rebuild makes them anew.
CREATE TABLE IF NOT EXISTS facts (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS notes (
    root TEXT NOT NULL, path TEXT NOT NULL, size INTEGER NOT NULL, modified INTEGER NOT NULL,
    version TEXT NOT NULL, warnings TEXT NOT NULL, points BLOB NOT NULL,
    PRIMARY KEY (root, path)
) STRICT;
CREATE TABLE IF NOT EXISTS entries (
    root TEXT NOT NULL, path TEXT NOT NULL, ordinal INTEGER NOT NULL, title TEXT NOT NULL,
    line_first INTEGER NOT NULL, line_last INTEGER NOT NULL,
    span_start INTEGER, span_end INTEGER, precision TEXT, source TEXT, tags TEXT NOT NULL,
    PRIMARY KEY (root, path, ordinal)
) STRICT;
CREATE TABLE IF NOT EXISTS unread (
    root TEXT NOT NULL, path TEXT NOT NULL, line_number INTEGER, reason TEXT NOT NULL,
    PRIMARY KEY (root, path)
) STRICT;
CREATE TABLE IF NOT EXISTS vocabulary (
    model TEXT NOT NULL, term TEXT NOT NULL, direction BLOB NOT NULL,
    PRIMARY KEY (model, term)
) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS main.entries_by_span ON entries (span_start, span_end);
