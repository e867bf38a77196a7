// Package redact hides secrets in what is shown: in answers that repeat them, in
// errors, in logs. It finds a value as it stands, in the encodings that there are, with
// any of its characters escaped in whatever way, and cut in two at the end of a text.
//
// A [Mask] is told what to hide by [Mask.Hide]; [Mask.Text] then masks a whole text, and
// [Mask.Cut] one that goes on where nobody looks.
//
// It knows nothing of where a text comes from, nor which values are secret. What is masked already is not to be
// masked again: a secret such as "HOOK" would be found in what stands for it.
package redact

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// minPartial is how many characters of a value, at the end of a text that was
// cut there, count as the value. Fewer are too likely to be something else.
const minPartial = 4

// Mask finds many values at once, however their characters are spelled. The zero
// value hides nothing. It may be used by several goroutines once all is hidden.
//
// It is a trie of characters, walked along every reading of the text. A list of
// encoded values would not do: which characters are escaped differs from one library
// to the next, and there are too many combinations to list.
type Mask struct {
	root node
	// begins are the bytes with which a value can begin, as it stands or escaped: most
	// of a text need not be looked at more closely.
	begins [256]bool
	// longest is the length in bytes of the longest value or encoding.
	longest int
}

// node is a place in the trie: what may come next, and whether a value ends here.
type node struct {
	next    map[rune]*node
	standIn string // of the value that ends here, or of one that passes through
	ends    bool
}

// Piece is a part of a text.
type Piece struct {
	Text string // as it stood
	// StandIn is what is shown instead; empty where the text may be shown.
	StandIn string
}

// Hide hides a value and its encodings from now on, and has standIn, which must not be
// empty, stand for them. Of a value of less than MinEncoded bytes there are none. An
// empty value is not hidden. Where a value is also an encoding of one that came before,
// it keeps its own stand-in, which says more.
func (m *Mask) Hide(value, standIn string) {
	if value == "" {
		return
	}
	m.insert(value, standIn).standIn = standIn
	for _, encoded := range encodings(value) {
		m.insert(encoded, standIn)
	}
}

// Text masks a whole text.
func (m *Mask) Text(text string) string { return shown(m.Split(text, false)) }

// Cut masks the beginning of a text, the end of which may have cut a value in two:
// four characters or more of it at the very end are hidden as well.
func (m *Mask) Cut(text string) string { return shown(m.Split(text, true)) }

// Reach is how many bytes a value may take up in a text, however it is spelled.
func (m *Mask) Reach() int { return m.longest * maxEntity }

// Tail is the end of a text, masked: what is left of it without its first bytes. Those
// are looked at as well, as the end of a value that begins there is hidden. Where cut
// is set, the text goes on where we do not see it.
func (m *Mask) Tail(text string, first int, cut bool) string {
	pieces := m.Split(text, cut)
	for at := 0; len(pieces) > 0 && at < first; {
		p := &pieces[0]
		at += len(p.Text)
		if at > first {
			if p.StandIn == "" {
				p.Text = p.Text[len(p.Text)-(at-first):]
			}
			break
		}
		pieces = pieces[1:]
	}
	return shown(pieces)
}

// shown is the text of pieces as it may be read by anyone.
func shown(pieces []Piece) string {
	if len(pieces) == 1 && pieces[0].StandIn == "" {
		return pieces[0].Text
	}
	var out strings.Builder
	for _, p := range pieces {
		if p.StandIn != "" {
			out.WriteString(p.StandIn)
		} else {
			out.WriteString(p.Text)
		}
	}
	return out.String()
}

func (m *Mask) insert(value, standIn string) *node {
	if len(m.root.next) == 0 {
		for _, escape := range []byte(escapeBytes) {
			m.begins[escape] = true
		}
	}
	m.begins[value[0]] = true
	m.longest = max(m.longest, len(value))
	at := &m.root
	for len(value) > 0 {
		r, width := decodeRune(value)
		child := at.next[r]
		if child == nil {
			child = &node{standIn: standIn}
			if at.next == nil {
				at.next = make(map[rune]*node, 1)
			}
			at.next[r] = child
		}
		at, value = child, value[width:]
	}
	if !at.ends {
		at.ends, at.standIn = true, standIn
	}
	return at
}

// Split takes a text apart in one pass into what may be shown and what may not,
// leftmost and longest match first. Where cut is set, the text goes on where we do not
// see it. The pieces together are the text.
func (m *Mask) Split(s string, cut bool) []Piece {
	var pieces []Piece
	literal := 0
	for i := 0; i < len(s); {
		if !m.begins[s[i]] {
			i++
			continue
		}
		end, standIn := m.longestAt(s, i, cut)
		if end == i {
			i++
			continue
		}
		if literal < i {
			pieces = append(pieces, Piece{Text: s[literal:i]})
		}
		pieces = append(pieces, Piece{s[i:end], standIn})
		i, literal = end, end
	}
	if literal < len(s) {
		pieces = append(pieces, Piece{Text: s[literal:]})
	}
	return pieces
}

// place is how far one reading of the text has come, in the text and in the trie.
type place struct {
	at   int
	node *node
}

// longestAt finds where the longest value that begins at start ends, or start
// where none does.
func (m *Mask) longestAt(s string, start int, cut bool) (end int, standIn string) {
	end = start
	// Nearly always there is one place, so these stay on the stack.
	var here, there [4]place
	places, spare := append(here[:0], place{start, &m.root}), there[:0]
	for depth := 1; len(places) > 0; depth++ {
		places, spare = advance(s, places, spare[:0]), places
		for _, reached := range places {
			switch {
			case reached.node.ends && reached.at > end:
				end, standIn = reached.at, reached.node.standIn
			case cut && depth >= minPartial && len(s) > end && isCutSpelling(s[reached.at:]):
				end, standIn = len(s), reached.node.standIn
			}
		}
	}
	return end, standIn
}

// advance reads one more character from each place. Two readings that come to
// the same place go on as one; else a row of backslashes would double them at
// each step.
func advance(s string, places, further []place) []place {
	for _, from := range places {
		options, count := readings(s[from.at:])
		for _, option := range options[:count] {
			child := from.node.next[option.char]
			if child == nil {
				continue
			}
			to := place{from.at + option.width, child}
			if !slices.Contains(further, to) {
				further = append(further, to)
			}
		}
	}
	return further
}

// decodeRune reads one character. A byte that is no UTF-8 counts as a character
// of its own, beyond Unicode, so that no two different bytes are taken for one.
func decodeRune(s string) (r rune, width int) {
	r, width = utf8.DecodeRuneInString(s)
	if r == utf8.RuneError && width == 1 {
		return utf8.MaxRune + 1 + rune(s[0]), 1
	}
	return r, width
}
