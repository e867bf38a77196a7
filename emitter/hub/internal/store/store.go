// Package store keeps records in a file, so that they outlive the process and
// its crashes. A record is some bytes under a kind and a key; the store does not
// know what they mean, and nothing is looked up in it: [Open] opens a file,
// [Store.Load] reads all that is there, [Store.Commit] writes what changes.
//
// The file is a SQLite database with a write-ahead log, the file of the same name
// and "-wal" beside it, which belongs to it for as long as it is there. One
// process has it open at a time.
//
// The records are laid out in the order of their kinds and keys, so changes are
// written fastest where those of one batch are neighbours: give keys that go
// upward, as ids with the time in front do.
package store

import (
	"database/sql/driver"
	"fmt"
	"io"
	"io/fs"
)

// Change is what becomes of the record under a kind and a key.
type Change struct {
	Kind, Key string // any bytes; either may be empty
	Value     []byte // nil: the record is removed; empty: it is there, and empty
}

// Store is an open file of records. It serves one goroutine at a time.
type Store struct {
	path   string
	db     *database
	put    *statement
	remove *statement
	files  []placedFile // which have to be there while changes are written
	closed bool
}

// Open opens a file, which is made where it is missing, for its owner alone. A
// file without a byte in it is taken for a new one; its folder has to be there.
// Errors name the file. They are ErrLocked, ErrForeign, ErrNewer, ErrFull, or
// those of the file system; none of them changes a file that is not the store's.
// Close the store.
func Open(path string) (*Store, error) {
	s, err := open(path)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, inWords(err))
	}
	s.path = path
	return s, nil
}

func open(path string) (*Store, error) {
	place, err := preparePlace(path)
	if err != nil {
		return nil, err
	}
	db, err := openDatabase(place)
	if err != nil {
		return nil, err
	}
	s := &Store{db: db}
	if err := s.prepare(place); err != nil {
		_ = db.close() // the error before it is the one to tell
		return nil, err
	}
	return s, nil
}

func (s *Store) prepare(place string) (err error) {
	if err := s.db.makeReady(); err != nil {
		return err
	}
	if s.put, err = s.db.prepare("REPLACE INTO record (kind, key, value) VALUES (?, ?, ?)"); err != nil {
		return err
	}
	if s.remove, err = s.db.prepare("DELETE FROM record WHERE kind = ? AND key = ?"); err != nil {
		return err
	}
	s.files, err = placedFiles(place, place+"-wal")
	return err
}

// Load hands over every record, in the order of kinds and then of keys, bytes
// compared. The value is the receiver's to keep, and never nil. The first error
// of each ends it and is returned as it is. The store must not be used meanwhile.
func (s *Store) Load(each func(kind, key string, value []byte) error) error {
	if s.closed {
		return s.failed("read", fs.ErrClosed)
	}
	rows, err := s.db.query("SELECT kind, key, value FROM record ORDER BY kind, key")
	if err != nil {
		return s.failed("read", err)
	}
	defer rows.Close()
	row := make([]driver.Value, 3)
	for {
		err := rows.Next(row)
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return s.failed("read", err)
		}
		kind, key, value := asBytes(row[0]), asBytes(row[1]), asBytes(row[2])
		if err := each(string(kind), string(key), value); err != nil {
			return err
		}
	}
}

// asBytes is a column's value. The driver gives nil for an empty one.
func asBytes(v driver.Value) []byte {
	if b, _ := v.([]byte); b != nil {
		return b
	}
	return []byte{}
}

// Commit writes changes in their order, all or none. When it returns nil they are
// on disk, and stay there whatever becomes of the process or the machine. After
// an error, which names the file and is ErrFull where the disk is, the records are
// as before, and Commit may be tried again. One batch of many changes costs far
// less than many batches.
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

func (s *Store) commit(changes []Change) error {
	if err := s.db.exec("BEGIN IMMEDIATE"); err != nil {
		return err
	}
	err := s.apply(changes)
	if err == nil {
		err = inPlace(s.files)
	}
	if err == nil {
		err = s.db.exec("COMMIT")
	}
	if err != nil {
		// After some errors SQLite has rolled back already and refuses to again.
		_ = s.db.exec("ROLLBACK")
	}
	return err
}

func (s *Store) apply(changes []Change) error {
	for _, c := range changes {
		var err error
		if c.Value == nil {
			err = s.remove.exec([]byte(c.Kind), []byte(c.Key))
		} else {
			err = s.put.exec([]byte(c.Kind), []byte(c.Key), c.Value)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// Close closes the file. What Commit returned for is there whether the store is
// closed or not. Closing it twice does nothing.
func (s *Store) Close() error {
	if s.closed {
		return nil
	}
	s.closed = true
	if err := s.db.close(); err != nil {
		return s.failed("close", err)
	}
	return nil
}

// failed is the error of an open store, in one line.
func (s *Store) failed(doing string, err error) error {
	return fmt.Errorf("%s %s: %w", doing, s.path, inWords(err))
}
