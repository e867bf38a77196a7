package store

import (
	"errors"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// Errors that a caller can decide by. Those of Open and Commit wrap them and name the file.
var (
	// ErrLocked: wait until the other process is gone, or open another file.
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
