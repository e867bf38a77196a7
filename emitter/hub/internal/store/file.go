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

// prepareFile creates the file if it is missing, and checks whether one that is
// there may be opened. It returns the file's absolute path, links followed.
//
// A foreign file has to be found out before SQLite sees it: opening a database that
// crashed, SQLite would repair it.
func prepareFile(path string) (string, error) {
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

// withoutPath returns why a file cannot be opened, without the path, which the
// caller adds. It names a folder that is missing.
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

// What a file says that this hubhook makes.
const (
	applicationID = 0x68756268 // "hubh"
	layoutVersion = 1
)

// checkHeader returns an error for a file of another program or of a newer hubhook.
func checkHeader(file io.Reader) error {
	header := make([]byte, headerSize)
	n, err := io.ReadFull(file, header)
	switch {
	case err == io.EOF:
		return nil
	case err != nil && err != io.ErrUnexpectedEOF:
		return err
	case n < headerSize, !strings.HasPrefix(string(header), headerMagic),
		binary.BigEndian.Uint32(header[headerApplicationID:]) != applicationID:
		return ErrForeign
	case binary.BigEndian.Uint32(header[headerUserVersion:]) > layoutVersion:
		return ErrNewer
	}
	return nil
}

type openFile struct {
	path string
	info fs.FileInfo
}

func statFiles(paths ...string) ([]openFile, error) {
	var files []openFile
	for _, path := range paths {
		info, err := os.Stat(path)
		if err != nil {
			return nil, err
		}
		files = append(files, openFile{path, info})
	}
	return files, nil
}

// checkInPlace reports a file that was removed or replaced: it would take what is
// written, and it would never be found again.
func checkInPlace(files []openFile) error {
	for _, f := range files {
		info, err := os.Stat(f.path)
		if err != nil || !os.SameFile(info, f.info) {
			return fmt.Errorf("%s was removed or replaced while in use", filepath.Base(f.path))
		}
	}
	return nil
}
