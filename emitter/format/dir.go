package format

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/hubhook/hubhook/emitter"
	"github.com/hubhook/hubhook/emitter/delivery"
)

// DirWriter writes payloads to files of their own in a folder, and an index of them. A file appears under its name
// when it is complete.
//
// What an earlier run wrote there is replaced: files of the same name at once, the index last. Files that only the
// earlier index names are removed; nothing else ever is.
type DirWriter struct {
	dir     string
	root    *os.Root
	format  *Format
	index   dirIndex
	earlier []string          // names in the index of an earlier run
	numbers map[string]uint64 // of the last file of each shape
	buffer  []byte
	err     error // the first, after which nothing is written
	// create creates a file; tests replace it by a full disk.
	create func(name string) (io.WriteCloser, error)
}

// DirOptions say how a DirWriter writes.
type DirOptions struct {
	Format *Format // how each file is written; it must be set
	Seed   uint64  // of the payloads, for the index
}

// partialName is the name of a file that is not complete yet. One that a crash left behind is overwritten.
const partialName = ".hubhook-partial"

// NewDirWriter opens a folder, and creates it if it is missing. It must be closed.
func NewDirWriter(dir string, o DirOptions) (*DirWriter, error) {
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return nil, err
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, err
	}
	w := &DirWriter{
		dir: dir, root: root, format: o.Format,
		index:   dirIndex{Seed: o.Seed, Format: o.Format.Name(), Payloads: []indexEntry{}},
		numbers: map[string]uint64{},
	}
	w.create = w.createExclusive
	if w.earlier, err = w.readIndex(); err != nil {
		root.Close()
		return nil, fmt.Errorf("%s: %w", dir, err)
	}
	return w, nil
}

// Fill adds a number of payloads of a feed. It ends early with ctx.
func (w *DirWriter) Fill(ctx context.Context, feed *emitter.Feed, count uint64) error {
	for range count {
		if w.err = cmp.Or(w.err, context.Cause(ctx)); w.err != nil {
			break
		}
		m, err := feed.Next()
		if err == nil {
			err = w.add(m)
		}
		w.err = err
	}
	return w.err
}

// Add writes a payload.
func (w *DirWriter) Add(m delivery.Message) error {
	if w.err != nil {
		return w.err
	}
	w.err = w.add(m)
	return w.err
}

func (w *DirWriter) add(m delivery.Message) error {
	shape := m.ResolvedShape()
	text, err := w.format.Append(w.format.AppendHead(w.buffer[:0]), m)
	if err != nil {
		return err
	}
	w.buffer = text
	name := w.name(shape)
	if err := w.put(name, text); err != nil {
		return err
	}
	entry := indexEntry{File: name, Shape: shape, WebhookID: m.ID, Bytes: len(m.Body)}
	w.index.Payloads = append(w.index.Payloads, entry)
	return nil
}

// Close writes the index and removes the files of an earlier run that were not written again. After an error it does
// neither, and returns that error again.
func (w *DirWriter) Close() error {
	if w.err == nil {
		w.err = w.finish()
	}
	err := w.root.Close()
	if w.err != nil {
		return w.err
	}
	w.err = errors.New("the folder is closed")
	return err
}

func (w *DirWriter) finish() error {
	text, err := json.MarshalIndent(w.index, "", "  ")
	if err != nil {
		return err
	}
	if err := w.put(indexName, append(text, '\n')); err != nil {
		return err
	}
	return w.removeStale()
}

func (w *DirWriter) removeStale() error {
	made := map[string]bool{}
	for _, entry := range w.index.Payloads {
		made[entry.File] = true
	}
	for _, name := range w.earlier {
		if made[name] {
			continue
		}
		if err := w.root.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}

// put writes a file under another name first, so that none is ever incomplete under its own.
func (w *DirWriter) put(name string, text []byte) error {
	err := w.write(partialName, text)
	if err == nil {
		err = w.root.Rename(partialName, name)
	}
	if err != nil {
		_ = w.root.Remove(partialName) // the earlier error is the one to report
		return fmt.Errorf("write %s: %w", filepath.Join(w.dir, name), WithoutPath(err))
	}
	return nil
}

func (w *DirWriter) write(name string, text []byte) error {
	file, err := w.create(name)
	if err != nil {
		return err
	}
	_, err = file.Write(text)
	return errors.Join(err, file.Close())
}

// WithoutPath returns the error of a file operation without the path, for that of a temporary file means nothing to a
// user.
func WithoutPath(err error) error {
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

// createExclusive creates a file that nobody else has open.
func (w *DirWriter) createExclusive(name string) (io.WriteCloser, error) {
	if err := w.root.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	return w.root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
}

// maxStem bounds the length of a file's name, in bytes, to what file systems take.
const maxStem = 200

// name returns the name of the next file of a shape: "discussion.create-1.json".
func (w *DirWriter) name(shape string) string {
	stem := fileStem(shape)
	w.numbers[stem]++
	return stem + "-" + strconv.FormatUint(w.numbers[stem], 10) + w.format.kind.extension
}

// fileStem returns a shape as part of a file's name: without what could lead out of the folder, hide the file, or be
// taken for an option.
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

const indexName = "index.json"

// dirIndex lists the payloads in a folder, in the order in which they were made.
type dirIndex struct {
	Seed     uint64       `json:"seed"`
	Format   string       `json:"format"`
	Payloads []indexEntry `json:"payloads"`
}

type indexEntry struct {
	File      string `json:"file"`
	Shape     string `json:"shape"`
	WebhookID string `json:"webhookId"`
	Bytes     int    `json:"bytes"` // of the payload, which the file may have in another format
}

// readIndex returns the files that an earlier index names. An index.json that is not ours is an error: it would be
// replaced.
func (w *DirWriter) readIndex() ([]string, error) {
	text, err := w.root.ReadFile(indexName)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var index dirIndex
	named := func(kind formatKind) bool { return kind.name == index.Format }
	if err := json.Unmarshal(text, &index); err != nil || index.Payloads == nil || !slices.ContainsFunc(kinds(), named) {
		return nil, fmt.Errorf(
			"there is an %s that hubhook did not write, and it would be replaced: choose another folder",
			indexName)
	}
	var names []string
	for _, entry := range index.Payloads {
		if isOurs(entry.File) {
			names = append(names, entry.File)
		}
	}
	return names, nil
}

// ourStem matches what names of files begin with; see DirWriter.name.
var ourStem = regexp.MustCompile(`^[A-Za-z0-9_][A-Za-z0-9._-]*-[1-9][0-9]*$`)

// isOurs reports whether a file's name is one that a DirWriter gives: an edited index must not remove other files.
func isOurs(name string) bool {
	return slices.ContainsFunc(kinds(), func(kind formatKind) bool {
		stem, has := strings.CutSuffix(name, kind.extension)
		return has && ourStem.MatchString(stem)
	})
}
