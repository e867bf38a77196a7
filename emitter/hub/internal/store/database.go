package store

import (
	"database/sql"
	"fmt"
	"net/url"
	"path/filepath"
	"strings"

	"modernc.org/sqlite"
)

// connect opens a database as its only user. The pool of database/sql gives one
// connection, and no other ever: the connection holds the lock on the file.
func connect(path string) (*sql.DB, error) {
	// POSIX drops a process's lock on a file when any part of that process closes
	// the file, a backup for one. Linux has a kind that stays. If it is not to be
	// had, the usual kind has to do.
	_, _ = sqlite.OFDLocking(true)
	db, err := sql.Open("sqlite", dataSource(path))
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(1)
	err = createTable(db)
	if err == nil {
		_, err = db.Exec(logPragmas)
	}
	if err != nil {
		_ = db.Close()
		return nil, err
	}
	return db, nil
}

// pragmas hold from the first access to the file.
var pragmas = []string{
	// Long enough for a process that is just ending, or for another that opens the
	// file at the same moment, to get out of the way; in milliseconds.
	"busy_timeout(250)",
	// A page holds several records, and one of 2 KB needs no further page of its own.
	// The larger a page is, the more is written for one record.
	"page_size(8192)",
	// The file is locked for good, so that readers need no shared memory.
	"locking_mode(EXCLUSIVE)",
}

// logPragmas hold once the file is known to be ours, with its table in the file
// itself and not only in its log.
const logPragmas = `
	PRAGMA journal_mode = WAL;
	-- A commit waits until the log is on disk.
	PRAGMA synchronous = FULL;
	-- Moving the log into the database waits for the disk twice, so it is put off
	-- until 2,000 pages are in it, 16 MB. A larger log, that of one great batch, is
	-- cut back to that; in bytes.
	PRAGMA wal_autocheckpoint = 2000;
	PRAGMA journal_size_limit = 16777216;
	-- In KiB, when negative.
	PRAGMA cache_size = -16384;
	SELECT kind FROM record LIMIT 1 -- the log is made at the first access`

// dataSource returns the path as a URI. In a plain path, the driver would read
// options from what follows a question mark.
func dataSource(path string) string {
	path = filepath.ToSlash(path)
	if !strings.HasPrefix(path, "/") {
		path = "/" + path // that of a volume: file:///C:/hub.db
	}
	options := url.Values{"_pragma": pragmas, "_txlock": {"exclusive"}}
	return (&url.URL{Scheme: "file", Path: path, RawQuery: options.Encode()}).String()
}

// createTable lays out a new database, and checks the version of an old one: now
// that it is locked, no other process can lay it out.
func createTable(db *sql.DB) error {
	tx, err := db.Begin()
	if err != nil {
		return err
	}
	defer tx.Rollback()
	var version int
	if err := tx.QueryRow("PRAGMA user_version").Scan(&version); err != nil {
		return err
	}
	switch {
	case version > layoutVersion:
		return ErrNewer
	case version > 0:
		return nil
	}
	// Blobs are compared by their bytes, and hold any. Without a rowid there is one
	// tree, in which REPLACE puts a record over another without looking first.
	_, err = tx.Exec(fmt.Sprintf(`
		PRAGMA application_id = %d;
		PRAGMA user_version = %d;
		CREATE TABLE record (
			kind BLOB NOT NULL, key BLOB NOT NULL, value BLOB NOT NULL,
			PRIMARY KEY (kind, key)
		) WITHOUT ROWID`, applicationID, layoutVersion))
	if err != nil {
		return err
	}
	return tx.Commit()
}
