package emitter

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// Folder holds payloads in files of their own, and an index of them. A file
// appears under its name when it is whole.
//
// What an earlier folder of the same name held is replaced: files of the same
// name at once, the index last. Files that the earlier index names, and the new
// one does not, are removed; nothing else ever is.
type Folder struct {
	dir     string
	root    *os.Root
	form    *Form
	index   folderIndex
	earlier []string          // names in the index of an earlier run
	numbers map[string]uint64 // of the last file of each shape
	buffer  []byte
	err     error // the first, after which nothing is done any more
	// create makes a file; tests put a full disk in its place.
	create func(name string) (io.WriteCloser, error)
}

// FolderOptions say how a folder holds payloads.
type FolderOptions struct {
	Form *Form  // how each file is written; it must be set
	Seed uint64 // to be told in the index
}

// partialName is that of a file which is not whole yet. One that a crash left
// behind is written over.
const partialName = ".hubhook-partial"

// NewFolder opens a folder, which is made where it is missing. Close it.
func NewFolder(dir string, o FolderOptions) (*Folder, error) {
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return nil, err
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, err
	}
	f := &Folder{
		dir: dir, root: root, form: o.Form,
		index:   folderIndex{Seed: o.Seed, Format: o.Form.Name(), Payloads: []indexEntry{}},
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
func (f *Folder) Fill(ctx context.Context, feed *Feed, count uint64) error {
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
func (f *Folder) Add(m Message) error {
	if f.err != nil {
		return f.err
	}
	f.err = f.add(m)
	return f.err
}

func (f *Folder) add(m Message) error {
	shape := m.shape()
	text, err := f.form.Append(f.form.AppendHead(f.buffer[:0]), m)
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
func (f *Folder) Close() error {
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

func (f *Folder) finish() error {
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
func (f *Folder) removeStale() error {
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
func (f *Folder) put(name string, text []byte) error {
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

func (f *Folder) write(name string, text []byte) error {
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
func (f *Folder) createExclusive(name string) (io.WriteCloser, error) {
	if err := f.root.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	return f.root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
}

// maxStem bounds a file's name, in bytes, to what file systems take.
const maxStem = 200

// name is that of the next file of a shape: "discussion.create-1.json".
func (f *Folder) name(shape string) string {
	stem := fileStem(shape)
	f.numbers[stem]++
	return stem + "-" + strconv.FormatUint(f.numbers[stem], 10) + f.form.kind.extension
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
