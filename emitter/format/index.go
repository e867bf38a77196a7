package format

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"regexp"
	"slices"
	"strings"
)

// indexName is that of the index.
const indexName = "index.json"

// index tells what a folder holds, in the order in which it was made.
type index struct {
	Seed     uint64       `json:"seed"`
	Format   string       `json:"format"`
	Payloads []indexEntry `json:"payloads"`
}

// indexEntry is one payload.
type indexEntry struct {
	File      string `json:"file"`
	Shape     string `json:"shape"`
	WebhookID string `json:"webhookId"`
	Bytes     int    `json:"bytes"` // of the payload, which a file may hold in another form
}

func (x index) text() ([]byte, error) {
	text, err := json.MarshalIndent(x, "", "  ")
	return append(text, '\n'), err
}

// readIndex lists the files that an earlier index names. An index.json that is
// none of ours is an error: it would be replaced.
func (f *DirWriter) readIndex() ([]string, error) {
	text, err := f.root.ReadFile(indexName)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var index index
	if err := json.Unmarshal(text, &index); err != nil || index.Payloads == nil || !isFormat(index.Format) {
		return nil, fmt.Errorf("there is an %s that hubhook did not write, and it would be replaced: choose another folder", indexName)
	}
	var names []string
	for _, entry := range index.Payloads {
		if isOurs(entry.File) {
			names = append(names, entry.File)
		}
	}
	return names, nil
}

func isFormat(name string) bool {
	return slices.ContainsFunc(kinds(), func(kind kind) bool { return kind.name == name })
}

// ourStem is what names of files begin with; see Folder.name.
var ourStem = regexp.MustCompile(`^[A-Za-z0-9_][A-Za-z0-9._-]*-[1-9][0-9]*$`)

// isOurs tells whether a file's name is one that a folder gives. Whoever edits an
// index must not get other files removed.
func isOurs(name string) bool {
	return slices.ContainsFunc(kinds(), func(kind kind) bool {
		stem, has := strings.CutSuffix(name, kind.extension)
		return has && ourStem.MatchString(stem)
	})
}
