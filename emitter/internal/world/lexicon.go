package world

import (
	"slices"
	"strings"

	"github.com/brianvoe/gofakeit/v7"
)

// Lexicon holds the words and names of one seed. They are drawn once, from
// gofakeit, for a call of it takes as long as a whole payload may; what payloads
// say is put together from them.
//
// Every text in it is written as it stands between the quotes of a JSON string.
type Lexicon struct {
	Adjectives, Nouns           []string // of one lower-case word each
	things, verbs, abbreviation []string // what hackers discussion about
	Phrases, questions, remarks []string // whole sentences
	Features                    []string
	emoji                       []string
	Prose                       []string // the remarks that are pure ASCII, as they fill a size byte by byte
	Titles, openings, blocks    []form
	paths                       []form // of files, each with a noun and a number
	people, organisations       []account
}

// account is a user or an organisation.
type account struct {
	name string
	id   ObjectID
}

// The sizes of the pools. More words would be more time at start-up, and a cache
// that holds less of anything else.
const (
	namePool     = 160 // words that names are made of
	wordPool     = 24
	sentencePool = 32
	peoplePool   = 64
	orgPool      = 32
)

func newLexicon(seed uint64, ids IDSource) *Lexicon {
	source := new(RNG)
	source.Seed(Hash64(seed), 0)
	f := gofakeit.NewFaker(source, false)
	l := &Lexicon{
		Adjectives:   distinct(namePool, plainWord, f.AdjectiveDescriptive),
		Nouns:        distinct(namePool, plainWord, f.NounConcrete),
		things:       distinct(wordPool, JSONEscape, f.HackerNoun),
		verbs:        distinct(wordPool, JSONEscape, f.HackerVerb),
		abbreviation: distinct(wordPool, JSONEscape, f.HackerAbbreviation),
		Features:     distinct(wordPool, JSONEscape, f.ProductFeature),
		Phrases:      distinct(sentencePool, JSONEscape, f.HackerPhrase),
		questions:    distinct(sentencePool, JSONEscape, f.Question),
		remarks:      distinct(sentencePool, JSONEscape, func() string { return f.Sentence() }),
		emoji:        distinct(sentencePool, JSONEscape, f.EmojiFace),
	}
	l.Prose = slices.DeleteFunc(slices.Clone(l.remarks), func(text string) bool {
		return strings.ContainsFunc(text, func(c rune) bool { return c > '~' || c == '\\' || c == '"' })
	})
	l.people = accounts(0, distinct(peoplePool, accountName, f.Username), ids)
	l.organisations = accounts(peoplePool, distinct(orgPool, accountName, f.Company), ids)
	l.Titles, l.openings = l.forms(titleForms), l.forms(openingForms)
	l.blocks, l.paths = l.forms(blockForms), l.forms(filePaths)
	return l
}

// distinct draws up to n different texts. Some of gofakeit's lists are shorter
// than that, so it ends after a while.
func distinct(n int, clean func(string) string, draw func() string) []string {
	seen := map[string]bool{"": true}
	var texts []string
	for tries := 0; len(texts) < n && tries < n+n/2; tries++ {
		text := clean(draw())
		if !seen[strings.ToLower(text)] {
			seen[strings.ToLower(text)] = true
			texts = append(texts, text)
		}
	}
	return texts
}

// plainWord keeps a text that is one lower-case word: names of repos are two of
// them, which must not run into each other.
func plainWord(text string) string {
	if strings.ContainsFunc(text, func(c rune) bool { return c < 'a' || c > 'z' }) {
		return ""
	}
	return text
}

// JSONEscape writes a text as JSON strings have it.
func JSONEscape(text string) string {
	escaped := string(AppendString(nil, text))
	return escaped[1 : len(escaped)-1]
}

// accountName keeps what the names of users and organisations are made of.
func accountName(text string) string {
	name := strings.Map(func(c rune) rune {
		switch {
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9', c == '-', c == '_':
			return c
		case c == ' ', c == '.':
			return '-'
		}
		return -1
	}, text)
	return strings.Trim(name, "-_")
}

// accounts gives names their ids, which begin with a number.
func accounts(number int, names []string, ids IDSource) []account {
	list := make([]account, len(names))
	for i, name := range names {
		list[i] = account{name: name, id: ids.account(number + i)}
	}
	return list
}
