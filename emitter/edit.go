package emitter

import (
	"fmt"
	"strings"

	"github.com/hubhook/hubhook/emitter/internal/payload"
	"github.com/hubhook/hubhook/emitter/internal/world"
	"github.com/hubhook/hubhook/reports/safetext"
)

// Edit changes one value of every payload that has a place for it.
type Edit struct {
	Path []string // names of properties, and indexes of items, from the payload down
	// Raw is the value as JSON. Where Text is set it is a text instead, which is read as what the schema says the
	// value is.
	Raw    string
	Text   *string // nil: Raw counts
	Remove bool    // leave the value out
}

// ParseSet parses an edit that sets a value: "repo.name=me/x" to a text, or to what the schema says that it is;
// "repo.id:=5" to JSON, whatever the schema says. A value that begins with @ is the content of the file of that name,
// which read reads.
func ParseSet(text string, read func(name string) ([]byte, error)) (Edit, error) {
	path, value, found := strings.Cut(text, "=")
	path, raw := strings.CutSuffix(path, ":")
	if !found || path == "" {
		return Edit{}, fmt.Errorf(
			"%q sets nothing: expected a path and a value, such as repo.name=me/x, or JSON, such as discussion.num:=7",
			text)
	}
	edit := Edit{Path: strings.Split(path, ".")}
	if name, isFile := strings.CutPrefix(value, "@"); isFile {
		content, err := read(name)
		if err != nil {
			return Edit{}, fmt.Errorf("%s: %w; a text that begins with @ is set by %s:=%s",
				edit, err, edit, safetext.Truncate(string(world.AppendString(nil, value)), payload.MaxExcerpt))
		}
		value = string(content)
	}
	if !raw {
		edit.Text = &value
		return edit, nil
	}
	compact, err := payload.CompactJSON(value)
	if err != nil {
		return Edit{}, fmt.Errorf("%s: the value after := is no JSON (%w); a text is set by %s=…", edit, err, edit)
	}
	edit.Raw = compact
	return edit, nil
}

// ParseUnset parses the path of a value that is to be left out.
func ParseUnset(path string) Edit { return Edit{Path: strings.Split(path, "."), Remove: true} }

// String returns the path as it is written.
func (e Edit) String() string { return payload.Edit(e).String() }
