package emitter

import "strings"

// Who is on the Hub, and how repos are called.

// person is a user of the Hub.
func (w *world) person() objectID { return pick(&w.dice, w.words.people).id }

// owner is who a new repo belongs to.
func (w *world) owner() *account {
	if w.dice.oneIn(2) {
		return &w.words.organisations[w.dice.below(len(w.words.organisations))]
	}
	return &w.words.people[w.dice.below(len(w.words.people))]
}

// guest is an owner that a user named: one of the world's, or a new one.
func (w *world) guest(name string) *account {
	for _, list := range [][]account{w.words.people, w.words.organisations} {
		for i := range list {
			if list[i].name == name {
				return &list[i]
			}
		}
	}
	for _, known := range w.guests {
		if known.name == name {
			return known
		}
	}
	w.guests = append(w.guests, &account{name: name, id: w.ids.guest(name)})
	return w.guests[len(w.guests)-1]
}

// newTitle makes a name that no living repo of the type has.
func (w *world) newTitle(kind *repoKind, owner *account) repoTitle {
	t := repoTitle{owner: owner}
	if owner != nil {
		t.id = owner.id
	} else {
		t.id = w.person()
	}
	for {
		t.name = repoName{
			adjective: uint8(w.dice.below(len(w.words.adjectives))),
			noun:      uint8(w.dice.below(len(w.words.nouns))),
			ending:    uint8(w.dice.below(len(nameEndings))),
		}
		if w.named(kind, &t) == nil {
			return t
		}
	}
}

// givenTitle is the name that a user gave.
func (w *world) givenTitle(fullName string) repoTitle {
	owner, name, found := strings.Cut(fullName, "/")
	if !found {
		return repoTitle{id: w.words.people[0].id, name: repoName{text: owner}}
	}
	account := w.guest(owner)
	return repoTitle{owner: account, id: account.id, name: repoName{text: name}}
}

// named finds the living repo of a type and a name.
func (w *world) named(kind *repoKind, t *repoTitle) *repo {
	for i := range w.repos {
		if r := &w.repos[i]; r.alive && r.kind == kind && r.title.owner == t.owner && r.title.name == t.name {
			return r
		}
	}
	return nil
}
