package suites

import (
	"slices"
	"unicode/utf8"
)

// minPartial is how many characters of a value, at the end of a text that was
// cut there, count as the value. Fewer are too likely to be something else.
const minPartial = 4

// patterns finds many values at once, however their characters are spelled. It
// is a trie of characters, walked along every reading of the text.
//
// A list of encoded values would not do: which characters are escaped differs
// from one library to the next, and there are too many combinations to list.
type patterns struct {
	root *trieNode
	// begins are the bytes with which a value can begin, as it stands or escaped: most
	// of a text need not be looked at more closely.
	begins [256]bool
}

type trieNode struct {
	next  map[rune]*trieNode
	shell string // stands for the value that ends here, or for one that passes through
	ends  bool
}

func newPatterns() *patterns {
	p := &patterns{root: &trieNode{}}
	for _, escape := range []byte(escapeBytes) {
		p.begins[escape] = true
	}
	return p
}

// hide adds a value and its encodings. Where a value is also an encoding of one
// that came before, it keeps its own shell form, which says more.
func (p *patterns) hide(value, shell string) {
	end := p.insert(value, shell)
	end.shell = shell
	for _, encoded := range encodings(value) {
		p.insert(encoded, shell)
	}
}

func (p *patterns) insert(value, shell string) *trieNode {
	node := p.root
	if value != "" {
		p.begins[value[0]] = true
	}
	for len(value) > 0 {
		r, width := decodeRune(value)
		child := node.next[r]
		if child == nil {
			child = &trieNode{shell: shell}
			if node.next == nil {
				node.next = make(map[rune]*trieNode, 1)
			}
			node.next[r] = child
		}
		node, value = child, value[width:]
	}
	if !node.ends {
		node.ends, node.shell = true, shell
	}
	return node
}

// split takes a text apart in one pass, leftmost and longest match first. Where
// cut is set, the text goes on where we do not see it.
func (p *patterns) split(s string, cut bool) []segment {
	var segments []segment
	literal := 0
	for i := 0; i < len(s); {
		if !p.begins[s[i]] {
			i++
			continue
		}
		end, shell := p.longest(s, i, cut)
		if end == i {
			i++
			continue
		}
		if literal < i {
			segments = append(segments, segment{text: s[literal:i]})
		}
		segments = append(segments, segment{text: s[i:end], shell: shell})
		i, literal = end, end
	}
	if literal < len(s) {
		segments = append(segments, segment{text: s[literal:]})
	}
	return segments
}

// place is how far one reading of the text has come, in the text and in the trie.
type place struct {
	at   int
	node *trieNode
}

// longest finds where the longest value that begins at start ends, or start
// where none does.
func (p *patterns) longest(s string, start int, cut bool) (end int, shell string) {
	end = start
	// Nearly always there is one place, so these stay on the stack.
	var here, there [4]place
	places, spare := append(here[:0], place{start, p.root}), there[:0]
	for depth := 1; len(places) > 0; depth++ {
		places, spare = advance(s, places, spare[:0]), places
		for _, reached := range places {
			switch {
			case reached.node.ends && reached.at > end:
				end, shell = reached.at, reached.node.shell
			case cut && depth >= minPartial && len(s) > end && isCutSpelling(s[reached.at:]):
				end, shell = len(s), reached.node.shell
			}
		}
	}
	return end, shell
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
