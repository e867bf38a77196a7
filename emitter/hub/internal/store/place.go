package store

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// preparePlace makes a file where there is none, and looks whether one that is
// there may be opened. It gives the file's absolute path, links followed.
//
// A foreign file has to be told before SQLite sees it: opening a database that
// crashed, SQLite would repair it.
func preparePlace(path string) (string, error) {
	if info, err := os.Stat(path); err == nil && !info.Mode().IsRegular() {
		return "", ErrForeign
	}
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return "", withoutPath(path, err)
	}
	defer file.Close()
	if err := checkHeader(file); err != nil {
		return "", err
	}
	absolute, err := filepath.Abs(path)
	if err != nil {
		return "", err
	}
	return filepath.EvalSymlinks(absolute)
}

// withoutPath is why a file cannot be opened, less its name, which is told
// already. A folder that is missing is named.
func withoutPath(path string, err error) error {
	folder := filepath.Dir(path)
	if _, missing := os.Stat(folder); errors.Is(missing, fs.ErrNotExist) {
		return fmt.Errorf("there is no folder %s: %w", folder, fs.ErrNotExist)
	}
	var failed *fs.PathError
	if errors.As(err, &failed) {
		return failed.Err
	}
	return err
}

// A database's header (SQLite, "Database File Format", 1.3).
const (
	headerSize          = 100 // bytes
	headerMagic         = "SQLite format 3\x00"
	headerUserVersion   = 60 // offset of a big-endian uint32
	headerApplicationID = 68 // likewise
)

// checkHeader tells a file of another program, or of a newer hubhook, from ours
// and from an empty one.
func checkHeader(file io.Reader) error {
	header := make([]byte, headerSize)
	n, err := io.ReadFull(file, header)
	switch {
	case err == io.EOF:
		return nil
	case err != nil && err != io.ErrUnexpectedEOF:
		return err
	case n < headerSize, !strings.HasPrefix(string(header), headerMagic):
		return ErrForeign
	}
	return checkOwner(owner{
		application: binary.BigEndian.Uint32(header[headerApplicationID:]),
		version:     binary.BigEndian.Uint32(header[headerUserVersion:]),
	})
}

// owner tells which program made a database, and which layout it has.
type owner struct{ application, version uint32 }

// ours is what a file says that this hubhook makes.
var ours = owner{application: 0x68756268, version: 1} // "hubh"

func checkOwner(o owner) error {
	switch {
	case o.application != ours.application:
		return ErrForeign
	case o.version > ours.version:
		return ErrNewer
	}
	return nil
}

// placedFile is a file as it was found under its name.
type placedFile struct {
	name string
	info fs.FileInfo
}

func placedFiles(names ...string) ([]placedFile, error) {
	var list []placedFile
	for _, name := range names {
		info, err := os.Stat(name)
		if err != nil {
			return nil, err
		}
		list = append(list, placedFile{name, info})
	}
	return list, nil
}

// inPlace says whether files still stand under their names. One that was removed
// or replaced would take what is written, and nobody would find it again.
func inPlace(files []placedFile) error {
	for _, f := range files {
		info, err := os.Stat(f.name)
		if err != nil || !os.SameFile(info, f.info) {
			return fmt.Errorf("%s was removed or replaced while in use", filepath.Base(f.name))
		}
	}
	return nil
}
