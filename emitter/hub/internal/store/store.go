// Package store keeps records in a file, so that they outlive the process and
// its crashes. A record is some bytes under a kind and a key; the store does not
// know what they mean, and nothing is looked up in it: [Open] opens a file,
// [Store.Load] reads all that is there, [Store.Commit] writes what changes.
//
// The file is a SQLite database with a write-ahead log: the file beside it whose name ends in
// "-wal", and which belongs to it for as long as it is there. One process has it open at a time.
//
// The records are laid out in the order of their kinds and keys, so changes are
// written fastest if those of one batch are neighbors: give keys that go
// upward, as ids with the time in front do.
package store

import (
	"database/sql"
	"errors"
	"fmt"
	"io/fs"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// Change sets or removes the record under a kind and a key.
type Change struct {
	Kind, Key string // any bytes; either may be empty
	Value     []byte // nil: the record is removed; empty: it is there, and empty
}

// Store is an open file of records. It serves one goroutine at a time.
type Store struct {
	path   string
	db     *sql.DB
	put    *sql.Stmt
	remove *sql.Stmt
	files  []openFile // which have to be there while changes are written
	closed bool
}

// Open opens a file, which is created if it is missing, readable only by its owner. A file without a byte
// in it is taken for a new one; its folder has to be there. Errors name the file. They are
// ErrLocked, ErrForeign, ErrNewer, ErrFull, or those of the file system; none of them changes a
// file that is not the store's. Close the store.
func Open(path string) (*Store, error) {
	s := &Store{path: path}
	if err := s.open(); err != nil {
		_ = s.Close() // the error before it is the one to report
		return nil, fmt.Errorf("%s: %w", path, translate(err))
	}
	return s, nil
}

func (s *Store) open() error {
	path, err := prepareFile(s.path)
	if err != nil {
		return err
	}
	if s.db, err = connect(path); err != nil {
		return err
	}
	if s.put, err = s.db.Prepare("REPLACE INTO record (kind, key, value) VALUES (?, ?, ?)"); err != nil {
		return err
	}
	if s.remove, err = s.db.Prepare("DELETE FROM record WHERE kind = ? AND key = ?"); err != nil {
		return err
	}
	s.files, err = statFiles(path, path+"-wal")
	return err
}

// Load hands over every record, in the order of kinds and then of keys, bytes compared. The value
// is the receiver's to keep, and never nil. The first error of each ends it and is returned as it
// is. Errors do not name the file. The store must not be used meanwhile.
func (s *Store) Load(each func(kind, key string, value []byte) error) error {
	if s.closed {
		return fs.ErrClosed
	}
	rows, err := s.db.Query("SELECT kind, key, value FROM record ORDER BY kind, key")
	if err != nil {
		return translate(err)
	}
	defer rows.Close()
	for rows.Next() {
		var kind, key string
		var value []byte
		if err := rows.Scan(&kind, &key, &value); err != nil {
			return errDamaged // a page that is cut off reads as zeros, which are NULLs
		}
		if value == nil { // which the driver gives for an empty one
			value = []byte{}
		}
		if err := each(kind, key, value); err != nil {
			return err
		}
	}
	return translate(rows.Err())
}

// Commit writes changes in their order, all or none. When it returns nil they are on disk, and stay
// there whatever becomes of the process or the machine. After an error, which names the file and is
// ErrFull if the disk is, the records are as before, and Commit may be tried again. One batch of
// many changes costs far less than many batches.
func (s *Store) Commit(changes []Change) error {
	if s.closed {
		return s.failed("write", fs.ErrClosed)
	}
	if len(changes) == 0 {
		return nil
	}
	if err := s.commit(changes); err != nil {
		return s.failed("write", err)
	}
	return nil
}

func (s *Store) commit(changes []Change) (err error) {
	// Not with a sql.Tx, which takes twice the time for a small batch.
	if _, err := s.db.Exec("BEGIN IMMEDIATE"); err != nil {
		return err
	}
	defer func() {
		if err != nil {
			// After some errors SQLite has rolled back already and refuses to again.
			_, _ = s.db.Exec("ROLLBACK")
		}
	}()
	for _, c := range changes {
		if c.Value == nil {
			_, err = s.remove.Exec([]byte(c.Kind), []byte(c.Key))
		} else {
			_, err = s.put.Exec([]byte(c.Kind), []byte(c.Key), c.Value)
		}
		if err != nil {
			return err
		}
	}
	if err := checkInPlace(s.files); err != nil {
		return err
	}
	_, err = s.db.Exec("COMMIT")
	return err
}

// Close closes the file. What Commit returned for is there whether the store is
// closed or not. Closing it twice does nothing.
func (s *Store) Close() error {
	if s.closed || s.db == nil {
		return nil
	}
	s.closed = true
	if err := s.db.Close(); err != nil {
		return s.failed("close", err)
	}
	return nil
}

// failed is the error of an open store, in one line.
func (s *Store) failed(doing string, err error) error {
	return fmt.Errorf("%s %s: %w", doing, s.path, translate(err))
}

// Errors that a caller can decide by. Those of Open and Commit wrap them and name the file.
var (
	// ErrLocked: wait until the other process ends, or open another file.
	ErrLocked = errors.New("it is open in another process")
	// ErrForeign: the file is left as it is, whatever it holds.
	ErrForeign = errors.New("hubhook did not write this file: choose another name")
	// ErrNewer: the file is left as it is for the hubhook that can read it.
	ErrNewer = errors.New("a newer hubhook wrote this file, and this one cannot read it")
	// ErrFull: the records are as before; Commit may be tried again.
	ErrFull = errors.New("the disk is full")
)

// errDamaged words what SQLite finds damaged as SQLite does.
var errDamaged = errors.New("database disk image is malformed")

// translate replaces errors of SQLite that users meet by ours. SQLite tells a disk without space
// from other failures to write (unixWrite and winWrite in its sources).
func translate(err error) error {
	var failed *sqlite.Error
	if !errors.As(err, &failed) {
		return err
	}
	switch failed.Code() & 0xff { // without what refines it
	case sqlite3.SQLITE_BUSY:
		return ErrLocked
	case sqlite3.SQLITE_NOTADB:
		return ErrForeign
	case sqlite3.SQLITE_FULL:
		return ErrFull
	case sqlite3.SQLITE_CORRUPT:
		return errDamaged
	}
	return err
}
