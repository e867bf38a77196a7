package world

import "strings"

// Who is on the Hub, and how repos are called.

// person is a user of the Hub.
func (w *World) person() ObjectID { return Pick(&w.RNG, w.Words.people).id }

// owner is who a new repo belongs to.
func (w *World) owner() *account {
	if w.RNG.OneIn(2) {
		return &w.Words.organisations[w.RNG.IntN(len(w.Words.organisations))]
	}
	return &w.Words.people[w.RNG.IntN(len(w.Words.people))]
}

// ownerNamed is an owner that a user named: one of the world's, or a new one.
func (w *World) ownerNamed(name string) *account {
	for _, list := range [][]account{w.Words.people, w.Words.organisations} {
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

// newTitle makes a name that no living repo of the type has.
func (w *World) newTitle(kind *repoKind, owner *account) RepoTitle {
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

// givenTitle is the name that a user gave.
func (w *World) givenTitle(fullName string) RepoTitle {
	owner, name, found := strings.Cut(fullName, "/")
	if !found {
		return RepoTitle{ID: w.Words.people[0].id, Name: repoName{Text: owner}}
	}
	account := w.ownerNamed(owner)
	return RepoTitle{owner: account, ID: account.id, Name: repoName{Text: name}}
}

// named finds the living repo of a type and a name.
func (w *World) named(kind *repoKind, t *RepoTitle) *Repo {
	for i := range w.repos {
		if r := &w.repos[i]; r.alive && r.Kind == kind && r.Title.owner == t.owner && r.Title.Name == t.Name {
			return r
		}
	}
	return nil
}
