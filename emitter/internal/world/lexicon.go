package world

import (
	"slices"
	"strings"

	"github.com/brianvoe/gofakeit/v7"
)

// Lexicon holds the words and names of one seed. They are drawn once, from gofakeit, for a call of it takes as long as
// a whole payload may; texts in payloads are composed of them.
//
// Every text in it is already escaped for a JSON string.
type Lexicon struct {
	Adjectives, Nouns           []string // of one lower-case word each
	things, verbs, abbreviation []string // what hackers talk about
	Phrases, questions, remarks []string // whole sentences
	Features                    []string
	emoji                       []string
	Prose                       []string // the remarks that are pure ASCII, as they fill a size byte by byte
	titles, openings, blocks    []form
	paths                       []form // of files, each with a noun and a number
	people, organizations       []account
}

type account struct {
	name string
	id   ObjectID
}

// Sizes of the pools. More words would take more time at start-up, and more of the processor's cache.
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
	l.organizations = accounts(peoplePool, distinct(orgPool, accountName, f.Company), ids)
	l.titles, l.openings = l.forms(titleForms), l.forms(openingForms)
	l.blocks, l.paths = l.forms(blockForms), l.forms(filePaths)
	return l
}

// distinct draws up to n different texts. Some of gofakeit's lists are shorter than that, so it gives up after a
// while.
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

// plainWord returns a text that is one lower-case word, and else nothing: names of repos are two of them, which must
// not run into each other.
func plainWord(text string) string {
	if strings.ContainsFunc(text, func(c rune) bool { return c < 'a' || c > 'z' }) {
		return ""
	}
	return text
}

// JSONEscape returns a text as it is between the quotes of a JSON string.
func JSONEscape(text string) string { return string(AppendEscaped(nil, text)) }

// accountName returns the characters of a text that names of users and organizations can have.
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

func accounts(number int, names []string, ids IDSource) []account {
	list := make([]account, len(names))
	for i, name := range names {
		list[i] = account{name: name, id: ids.account(number + i)}
	}
	return list
}

func (w *World) person() ObjectID { return Pick(&w.RNG, w.Words.people).id }

func (w *World) owner() *account {
	list := w.Words.people
	if w.RNG.OneIn(2) {
		list = w.Words.organizations
	}
	return &list[w.RNG.IntN(len(list))]
}

// ownerNamed returns an owner that a user named: one of the world's, or a new one.
func (w *World) ownerNamed(name string) *account {
	for _, list := range [][]account{w.Words.people, w.Words.organizations} {
		for i := range list {
			if list[i].name == name {
				return &list[i]
			}
		}
	}
	for _, known := range w.namedOwners {
		if known.name == name {
			return known
		}
	}
	w.namedOwners = append(w.namedOwners, &account{name: name, id: w.ids.ownerNamed(name)})
	return w.namedOwners[len(w.namedOwners)-1]
}

// newTitle draws a name that no existing repo of the type has.
func (w *World) newTitle(kind *RepoKind, owner *account) RepoTitle {
	t := RepoTitle{owner: owner}
	if owner != nil {
		t.ID = owner.id
	} else {
		t.ID = w.person()
	}
	for {
		t.Name = repoName{
			adjective: uint8(w.RNG.IntN(len(w.Words.Adjectives))),
			noun:      uint8(w.RNG.IntN(len(w.Words.Nouns))),
			ending:    uint8(w.RNG.IntN(len(nameEndings))),
		}
		if w.named(kind, &t) == nil {
			return t
		}
	}
}

func (w *World) givenTitle(fullName string) RepoTitle {
	owner, name, found := strings.Cut(fullName, "/")
	if !found {
		return RepoTitle{ID: w.Words.people[0].id, Name: repoName{Text: owner}}
	}
	account := w.ownerNamed(owner)
	return RepoTitle{owner: account, ID: account.id, Name: repoName{Text: name}}
}

// named returns the existing repo of a type and a name; nil if there is none.
func (w *World) named(kind *RepoKind, t *RepoTitle) *Repo {
	for i := range w.repos {
		if r := &w.repos[i]; r.alive && r.Kind == kind && r.Title.owner == t.owner && r.Title.Name == t.Name {
			return r
		}
	}
	return nil
}
