package world

import "strings"

// phrase is a text that is composed when it is written. Its lowest bits pick a form, the next ones the words in the
// form's gaps; so a text costs eight bytes, and is the same whenever it is written.
type phrase uint64

type form []piece

// piece is a part of a form: a literal, and after it what fills the gap.
type piece struct {
	text string
	pool []string // of a gapPool
	gap  gapKind
}

type gapKind uint8

const (
	gapNone gapKind = iota
	gapPool
	gapRepo   // the name of the repo
	gapURL    // its page
	gapPerson // a user's name
	gapNumber // 1 to 64
)

const formBits = 8

func (p phrase) formOf(forms []form) int {
	return int(uint64(p) & (1<<formBits - 1) * uint64(len(forms)) >> formBits)
}

func (w *World) otherThan(p phrase, forms []form) phrase {
	for {
		if drawn := phrase(w.RNG.Uint64()); drawn.formOf(forms) != p.formOf(forms) {
			return drawn
		}
	}
}

// AppendDiscussionTitle appends the title of the discussion as part of a JSON string.
func (e *Event) AppendDiscussionTitle(dst []byte) []byte {
	return e.appendPhrase(dst, e.Discussion.title, e.Words.titles)
}

// appendPhrase appends a phrase as part of a JSON string.
func (e *Event) appendPhrase(dst []byte, p phrase, forms []form) []byte {
	chosen, bits := forms[p.formOf(forms)], uint64(p)>>formBits
	for i := range chosen {
		dst = append(dst, chosen[i].text...)
		if chosen[i].gap != gapNone {
			dst = e.appendGap(dst, &chosen[i], bits&1023)
			bits >>= 10
		}
	}
	return dst
}

// appendGap fills a gap with what ten random bits pick.
func (e *Event) appendGap(dst []byte, p *piece, chance uint64) []byte {
	switch p.gap {
	case gapPool:
		return append(dst, p.pool[chance*uint64(len(p.pool))>>10]...)
	case gapRepo:
		return e.AppendName(dst)
	case gapURL:
		return e.AppendWeb(dst)
	case gapPerson:
		return append(dst, e.Words.people[chance*uint64(len(e.Words.people))>>10].name...)
	case gapNumber:
		return AppendNumber(dst, 1+chance>>4)
	}
	return dst
}

// gaps returns what may be between ‹ and › in a form, by name.
func (l *Lexicon) gaps() map[string]piece {
	pool := func(texts []string) piece { return piece{gap: gapPool, pool: texts} }
	return map[string]piece{
		"adjective": pool(l.Adjectives), "noun": pool(l.Nouns), "thing": pool(l.things), "verb": pool(l.verbs),
		"abbreviation": pool(l.abbreviation), "feature": pool(l.Features), "phrase": pool(l.Phrases),
		"question": pool(l.questions), "remark": pool(l.remarks), "emoji": pool(l.emoji),
		"repo": {gap: gapRepo}, "url": {gap: gapURL}, "person": {gap: gapPerson}, "number": {gap: gapNumber},
	}
}

// forms parses sentences with gaps between ‹ and ›.
func (l *Lexicon) forms(sentences []string) []form {
	gaps := l.gaps()
	list := make([]form, len(sentences))
	for i, sentence := range sentences {
		var f form
		for sentence != "" {
			before, rest, found := strings.Cut(sentence, "‹")
			if !found {
				f = append(f, piece{text: JSONEscape(before)})
				break
			}
			name, after, _ := strings.Cut(rest, "›")
			filled := gaps[name]
			filled.text = JSONEscape(before)
			f = append(f, filled)
			sentence = after
		}
		list[i] = f
	}
	return list
}

// remark is the content of a comment: an opening, and blocks after it.
type remark struct {
	opening phrase
	blocks  uint64 // random bits, from which each block is drawn
}

// remarkBlocks is how many blocks follow the opening, by two random bits.
var remarkBlocks = [4]int{1, 2, 3, 5}

// AppendContent appends the content of the comment as part of a JSON string.
func (e *Event) AppendContent(dst []byte) []byte {
	r := e.Comment.content
	dst = e.appendPhrase(dst, r.opening, e.Words.openings)
	block := r.blocks
	for range remarkBlocks[r.opening>>62] {
		block = Hash64(block)
		dst = append(dst, `\n\n`...)
		dst = e.appendPhrase(dst, phrase(block), e.Words.blocks)
	}
	return dst
}
