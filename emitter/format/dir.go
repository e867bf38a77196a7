package format

import (
	"context"
	"errors"
	"fmt"
	"github.com/hubhook/hubhook/emitter"
	"github.com/hubhook/hubhook/emitter/delivery"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// DirWriter holds payloads in files of their own, and an index of them. A file
// appears under its name when it is whole.
//
// What an earlier folder of the same name held is replaced: files of the same
// name at once, the index last. Files that the earlier index names, and the new
// one does not, are removed; nothing else ever is.
type DirWriter struct {
	dir     string
	root    *os.Root
	format  *Format
	index   index
	earlier []string          // names in the index of an earlier run
	numbers map[string]uint64 // of the last file of each shape
	buffer  []byte
	err     error // the first, after which nothing is done any more
	// create makes a file; tests put a full disk in its place.
	create func(name string) (io.WriteCloser, error)
}

// DirOptions say how a folder holds payloads.
type DirOptions struct {
	Format *Format // how each file is written; it must be set
	Seed   uint64  // to be told in the index
}

// partialName is that of a file which is not whole yet. One that a crash left
// behind is written over.
const partialName = ".hubhook-partial"

// NewDirWriter opens a folder, which is made where it is missing. Close it.
func NewDirWriter(dir string, o DirOptions) (*DirWriter, error) {
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return nil, err
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, err
	}
	f := &DirWriter{
		dir: dir, root: root, format: o.Format,
		index:   index{Seed: o.Seed, Format: o.Format.Name(), Payloads: []indexEntry{}},
		numbers: map[string]uint64{},
	}
	f.create = f.createExclusive
	if f.earlier, err = f.readIndex(); err != nil {
		root.Close()
		return nil, fmt.Errorf("%s: %w", dir, err)
	}
	return f, nil
}

// Fill adds so many payloads of a feed. It ends early where ctx does.
func (f *DirWriter) Fill(ctx context.Context, feed *emitter.Feed, count uint64) error {
	for range count {
		if f.err == nil {
			f.err = context.Cause(ctx)
		}
		if f.err != nil {
			return f.err
		}
		m, err := feed.Next()
		if err != nil {
			f.err = err
			return err
		}
		if err := f.Add(m); err != nil {
			return err
		}
	}
	return nil
}

// Add writes a payload.
func (f *DirWriter) Add(m delivery.Message) error {
	if f.err != nil {
		return f.err
	}
	f.err = f.add(m)
	return f.err
}

func (f *DirWriter) add(m delivery.Message) error {
	shape := m.ResolvedShape()
	text, err := f.format.Append(f.format.AppendHead(f.buffer[:0]), m)
	if err != nil {
		return err
	}
	f.buffer = text
	name := f.name(shape)
	if err := f.put(name, text); err != nil {
		return err
	}
	f.index.Payloads = append(f.index.Payloads, indexEntry{File: name, Shape: shape, WebhookID: m.ID, Bytes: len(m.Body)})
	return nil
}

// Close writes the index and removes what is no longer made. After an error it
// does neither, and tells that error again.
func (f *DirWriter) Close() error {
	if f.err == nil {
		f.err = f.finish()
	}
	err := f.root.Close()
	if f.err != nil {
		return f.err
	}
	f.err = errors.New("the folder is closed")
	return err
}

func (f *DirWriter) finish() error {
	text, err := f.index.text()
	if err != nil {
		return err
	}
	if err := f.put(indexName, text); err != nil {
		return err
	}
	return f.removeStale()
}

// removeStale removes the files of an earlier run that were not made again.
func (f *DirWriter) removeStale() error {
	made := map[string]bool{}
	for _, entry := range f.index.Payloads {
		made[entry.File] = true
	}
	for _, name := range f.earlier {
		if made[name] {
			continue
		}
		if err := f.root.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}

// put writes a file under another name first, so that none is ever half there
// under its own.
func (f *DirWriter) put(name string, text []byte) error {
	err := f.write(partialName, text)
	if err == nil {
		err = f.root.Rename(partialName, name)
	}
	if err != nil {
		_ = f.root.Remove(partialName) // the error before it is the one to tell
		return fmt.Errorf("write %s: %w", filepath.Join(f.dir, name), withoutPath(err))
	}
	return nil
}

func (f *DirWriter) write(name string, text []byte) error {
	file, err := f.create(name)
	if err != nil {
		return err
	}
	_, err = file.Write(text)
	return errors.Join(err, file.Close())
}

// withoutPath is an error of the file system less the name of a file that users
// know nothing of.
func withoutPath(err error) error {
	var path *fs.PathError
	var link *os.LinkError
	switch {
	case errors.As(err, &path):
		return path.Err
	case errors.As(err, &link):
		return link.Err
	}
	return err
}

// createExclusive makes a file that nobody else has open.
func (f *DirWriter) createExclusive(name string) (io.WriteCloser, error) {
	if err := f.root.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	return f.root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
}

// maxStem bounds a file's name, in bytes, to what file systems take.
const maxStem = 200

// name is that of the next file of a shape: "discussion.create-1.json".
func (f *DirWriter) name(shape string) string {
	stem := fileStem(shape)
	f.numbers[stem]++
	return stem + "-" + strconv.FormatUint(f.numbers[stem], 10) + f.format.kind.extension
}

// fileStem is a shape as part of a file's name: without what could lead out of
// the folder, hide the file, or be taken for something else.
func fileStem(shape string) string {
	stem := strings.Map(func(r rune) rune {
		if r < 0x80 && strings.ContainsRune(stemCharacters, r) {
			return r
		}
		return '_'
	}, shape)
	stem = stem[:min(len(stem), maxStem)]
	if strings.Trim(stem, ".") == "" || stem[0] == '.' || stem[0] == '-' {
		stem = "_" + stem
	}
	return stem
}

const stemCharacters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-"
