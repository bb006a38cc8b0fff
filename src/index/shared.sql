-- The tables of the state that every build of the index shares; all are derived from the notes but
-- for the turns of conversations and their answers.
CREATE TABLE IF NOT EXISTS embeddings (
    model TEXT NOT NULL, content BLOB NOT NULL, vector BLOB NOT NULL,
    PRIMARY KEY (model, content)
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS maps (
    content TEXT PRIMARY KEY, completion TEXT NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS turns (
    session TEXT NOT NULL, ordinal INTEGER NOT NULL, plan TEXT NOT NULL,
    PRIMARY KEY (session, ordinal)
) STRICT;
CREATE TABLE IF NOT EXISTS answers (
    session TEXT NOT NULL, ordinal INTEGER NOT NULL, day TEXT NOT NULL, text TEXT NOT NULL,
    PRIMARY KEY (session, ordinal)
) STRICT;
