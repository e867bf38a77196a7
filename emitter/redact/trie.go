package redact

import (
	"slices"
	"unicode/utf8"
)

// minPartial is how many characters of a value, at the end of a text that was
// cut there, count as the value. Fewer are too likely to be something else.
const minPartial = 4

// trie holds values by their characters. It is walked along every reading of a text. A
// list of encoded values would not do: which characters are escaped differs from one
// library to the next, and there are too many combinations to list.
type trie struct {
	root trieNode
	// begins are the bytes with which a value can begin, as it is or escaped: most of a
	// text needs no closer look.
	begins [256]bool
	// longest is the length in bytes of the longest value or encoding.
	longest int
}

type trieNode struct {
	next   map[rune]*trieNode
	hidden *Piece // replaces the value that ends here, or one that passes through
	ends   bool
}

// insert adds a value, unless it has it, and returns where it ends.
func (t *trie) insert(value string, hidden *Piece) *trieNode {
	if len(t.root.next) == 0 {
		for _, escape := range []byte(escapeBytes) {
			t.begins[escape] = true
		}
	}
	t.begins[value[0]] = true
	t.longest = max(t.longest, len(value))
	at := &t.root
	for len(value) > 0 {
		r, width := decodeRune(value)
		child := at.next[r]
		if child == nil {
			child = &trieNode{hidden: hidden}
			if at.next == nil {
				at.next = make(map[rune]*trieNode, 1)
			}
			at.next[r] = child
		}
		at, value = child, value[width:]
	}
	if !at.ends {
		at.ends, at.hidden = true, hidden
	}
	return at
}

// position is how far one reading of a text has come, in the text and in the trie.
type position struct {
	at   int
	node *trieNode
}

// longestAt finds where the longest value that begins at start ends; start if none does.
func (t *trie) longestAt(s string, start int, cut bool) (end int, hidden *Piece) {
	end = start
	// Nearly always there is one position, so these stay on the stack.
	var here, there [4]position
	positions, spare := append(here[:0], position{start, &t.root}), there[:0]
	for depth := 1; len(positions) > 0; depth++ {
		positions, spare = advance(s, positions, spare[:0]), positions
		for _, reached := range positions {
			switch {
			case reached.node.ends && reached.at > end:
				end, hidden = reached.at, reached.node.hidden
			case cut && depth >= minPartial && len(s) > end && isCutEscape(s[reached.at:]):
				end, hidden = len(s), reached.node.hidden
			}
		}
	}
	return end, hidden
}

// advance reads one more character from each position. Two readings that come to the same
// position go on as one; else a row of backslashes would double them at each step.
func advance(s string, positions, further []position) []position {
	for _, from := range positions {
		options, count := readings(s[from.at:])
		for _, option := range options[:count] {
			child := from.node.next[option.char]
			if child == nil {
				continue
			}
			to := position{from.at + option.width, child}
			if !slices.Contains(further, to) {
				further = append(further, to)
			}
		}
	}
	return further
}

// decodeRune reads one character. A byte that is not UTF-8 counts as a character of its
// own, beyond Unicode, so that no two different bytes are taken for one.
func decodeRune(s string) (r rune, width int) {
	r, width = utf8.DecodeRuneInString(s)
	if r == utf8.RuneError && width == 1 {
		return utf8.MaxRune + 1 + rune(s[0]), 1
	}
	return r, width
}
