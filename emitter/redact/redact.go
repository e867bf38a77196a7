// Package redact hides secrets in what is shown: in responses that repeat them, in
// errors, in logs, in URLs and headers. It is the only place in this module that does.
//
// A [Mask] learns values from [Mask.Hide] and its siblings. [Mask.Text] then hides them in
// a text, as they are, in the usual encodings, with any of their characters escaped in any
// way, and, with [Mask.Prefix], cut in two at the end of the text. [URL], [Password] and
// [Header] hide what is secret by its place.
//
// It doesn't know where a text comes from, nor which values are secret. A text that is
// masked must not be masked again: a secret such as "HOOK" would be found in what replaces it.
package redact

import (
	"strings"
	"sync"
)

const (
	// Placeholder replaces a secret if nothing says more.
	Placeholder = "***"
	// SecretName is the environment variable that holds the webhook's secret.
	SecretName = "HUBHOOK_SECRET"
	// SecretVariable replaces the webhook's secret: a command line takes it from the
	// environment.
	SecretVariable = "$" + SecretName
	// MinLength is the length in bytes of the shortest value that is hidden in its
	// encodings too, and by [Mask.HideLong] at all. A shorter one appears everywhere by
	// chance, and hiding it would take half of every text away.
	MinLength = 4
)

// Mask finds many values at once, however their characters are spelled. The zero value
// hides nothing. Goroutines may share it.
type Mask struct {
	mu     sync.RWMutex
	values trie
}

// Piece is a part of a text.
type Piece struct {
	Text string // as it was
	// Shown replaces Text for a reader, and Command within the double quotes of a shell.
	// Both are empty if Text may be shown.
	Shown, Command string
}

// NewMask returns a mask that shows the webhook's secret as [SecretVariable]; it hides
// nothing if secret is empty.
func NewMask(secret string) *Mask {
	m := &Mask{}
	m.Hide(secret, SecretVariable)
	return m
}

// Hide hides value and its encodings, of which there are none if it has less than
// [MinLength] bytes, and shows replacement instead, which must not be empty. It ignores an
// empty value. A value that is also an encoding of an earlier one keeps its own
// replacement, which says more.
func (m *Mask) Hide(value, replacement string) { m.HideForm(value, replacement, replacement) }

// HideForm hides value like [Mask.Hide], and shows command instead where a shell fills in
// what is hidden.
func (m *Mask) HideForm(value, shown, command string) {
	m.hide(value, &Piece{Shown: shown, Command: command}, encodings(value))
}

// HideExact hides value, with its characters escaped in any way, but not in another
// letter case or encoded as a whole.
func (m *Mask) HideExact(value, replacement string) {
	m.hide(value, &Piece{Shown: replacement, Command: replacement}, []string{jsonEscape(value, true)})
}

// HideLong hides those values that have [MinLength] bytes or more behind [Placeholder].
func (m *Mask) HideLong(values ...string) {
	for _, value := range values {
		if len(value) >= MinLength {
			m.Hide(value, Placeholder)
		}
	}
}

func (m *Mask) hide(value string, hidden *Piece, encoded []string) {
	if value == "" {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.values.insert(value, hidden).hidden = hidden
	for _, value := range encoded {
		m.values.insert(value, hidden)
	}
}

// Text masks a whole text.
func (m *Mask) Text(text string) string { return shown(m.Split(text, false)) }

// Prefix masks the beginning of a text, whose end may have cut a value in two: it hides
// four characters or more of one at the very end.
func (m *Mask) Prefix(text string) string { return shown(m.Split(text, true)) }

// Suffix masks a text and returns it without its first bytes. They are needed because
// the end of a value that begins in them is hidden as well. Where cut is set, the text
// goes on beyond its end.
func (m *Mask) Suffix(text string, first int, cut bool) string {
	pieces := m.Split(text, cut)
	for at := 0; len(pieces) > 0 && at < first; {
		p := &pieces[0]
		at += len(p.Text)
		if at > first {
			if p.Shown == "" {
				p.Text = p.Text[len(p.Text)-(at-first):]
			}
			break
		}
		pieces = pieces[1:]
	}
	return shown(pieces)
}

// MaxSpelling returns how many bytes a value may take up in a text, however it is spelled.
func (m *Mask) MaxSpelling() int {
	m.mu.RLock()
	defer m.mu.RUnlock()
	return m.values.longest * maxEntity
}

// Split takes a text apart in one pass into what may be shown and what may not, leftmost
// and longest match first. Where cut is set, the text goes on beyond its end. The pieces
// together are the text.
func (m *Mask) Split(text string, cut bool) []Piece {
	m.mu.RLock()
	defer m.mu.RUnlock()
	var pieces []Piece
	literal := 0
	for i := 0; i < len(text); {
		end, hidden := i, (*Piece)(nil)
		if m.values.begins[text[i]] {
			end, hidden = m.values.longestAt(text, i, cut)
		}
		if end == i {
			i++
			continue
		}
		if literal < i {
			pieces = append(pieces, Piece{Text: text[literal:i]})
		}
		pieces = append(pieces, Piece{text[i:end], hidden.Shown, hidden.Command})
		i, literal = end, end
	}
	if literal < len(text) {
		pieces = append(pieces, Piece{Text: text[literal:]})
	}
	return pieces
}

// shown returns the text of pieces as anyone may read it.
func shown(pieces []Piece) string {
	if len(pieces) == 1 && pieces[0].Shown == "" {
		return pieces[0].Text
	}
	var out strings.Builder
	for _, p := range pieces {
		if p.Shown != "" {
			out.WriteString(p.Shown)
		} else {
			out.WriteString(p.Text)
		}
	}
	return out.String()
}
