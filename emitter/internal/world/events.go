package world

import "slices"

// eventSpec is a kind of event on the Hub, which a payload can report.
type eventSpec struct {
	shape  string // of the payload that reports it
	weight int    // how often it happens, in a thousand events of a story
	on     repoFilter
	// followUp says that it happens only because of another event.
	followUp bool
	// suits reports whether the event can satisfy constraints; nil: it always can.
	suits func(*Constraints) bool
	find  finder
	do    func(w *World, want *Constraints)
}

// finder sets the parts of the event that one of a kind happens to. Where there are none, it returns what has to happen
// before.
type finder func(w *World, want *Constraints) EventKind

// EventKind is the index of a kind in the table of events.
type EventKind int

const (
	ready EventKind = iota - 1 // nothing has to happen before
	CreateRepo
	deleteRepo
	moveRepo
	updateRepo
	setPrivacy
	setSomething
	PushMain
	pushBranch
	makeBranch
	dropBranch
	makeTag
	dropTag
	pushPull
	openPullRef
	pushMerge
	convertParquet
	changeFiles
	pushNamedRefs
	openDiscussion
	openPull
	retitle
	publish
	closeDiscussion
	reopenDiscussion
	mergePull
	deleteDiscussion
	writeComment
	editComment
	hideComment
	EventKinds // how many there are
)

// repoFilter says which kinds of repos something can happen to; a later one allows some of those of the one before.
type repoFilter uint8

const (
	anyRepo repoFilter = iota
	gitRepos
	datasets
	buckets
)

func (f repoFilter) matches(kind *RepoKind) bool {
	switch f {
	case gitRepos:
		return kind.Git
	case datasets:
		return kind == &repoKinds[datasetKind]
	case buckets:
		return kind == &repoKinds[bucketKind]
	}
	return true
}

func eventTable() []eventSpec {
	table := make([]eventSpec, EventKinds)
	for _, part := range []map[EventKind]eventSpec{repoEvents(), contentEvents(), discussionEvents(), commentEvents()} {
		for kind, spec := range part {
			table[kind] = spec
		}
	}
	return table
}

// KindsOf returns the kinds of events that a shape reports.
func (c *Config) KindsOf(shape string) []EventKind {
	var list []EventKind
	for kind := range c.events {
		if c.events[kind].shape == shape {
			list = append(list, EventKind(kind))
		}
	}
	return list
}

// ShapeOf returns the shape that reports events of a kind.
func (c *Config) ShapeOf(kind EventKind) string { return c.events[kind].shape }

// IsFollowUp reports whether events of a kind happen only because of others.
func (c *Config) IsFollowUp(kind EventKind) bool { return c.events[kind].followUp }

// WeightOf returns how often a shape is reported in a thousand events of a story, without what follows from others.
func (c *Config) WeightOf(shape string) int {
	weight := 0
	for _, spec := range c.events {
		if spec.shape == shape && !spec.followUp {
			weight += spec.weight
		}
	}
	return weight
}

func (c *Config) suits(kind EventKind, want *Constraints) bool {
	spec := &c.events[kind]
	if (len(want.Refs) > 0) != (kind == pushNamedRefs) && spec.shape == c.events[pushNamedRefs].shape {
		return false
	}
	if want.RepoType != "" && !spec.on.matches(RepoKindNamed(want.RepoType)) || want.Git && spec.on == buckets {
		return false
	}
	return spec.suits == nil || spec.suits(want)
}

// Candidates are kinds of events that one is chosen from by their weights.
type Candidates struct {
	Kinds []EventKind
	total int // of their weights
}

// Candidates appends to list those kinds of events that can satisfy constraints. Where none can, the first one is
// left.
func (c *Config) Candidates(list []EventKind, among []EventKind, want *Constraints) Candidates {
	found := Candidates{Kinds: list}
	for _, kind := range among {
		if c.suits(kind, want) {
			found.Kinds = append(found.Kinds, kind)
			found.total += c.events[kind].weight
		}
	}
	if len(found.Kinds) == 0 {
		found.Kinds, found.total = append(found.Kinds, among[0]), c.events[among[0]].weight
	}
	return found
}

func (w *World) Choose(c Candidates) EventKind {
	left := w.RNG.IntN(c.total)
	for _, kind := range c.Kinds {
		if left -= w.events[kind].weight; left < 0 {
			return kind
		}
	}
	return c.Kinds[0]
}

// findRepo finds a repo that satisfies constraints and a condition, and makes it that of the event.
func (w *World) findRepo(want *Constraints, holds func(*Repo) bool) bool {
	start := w.RNG.IntN(len(w.repos))
	for i := range w.repos {
		at := start + i
		if at >= len(w.repos) {
			at -= len(w.repos)
		}
		r := &w.repos[at]
		if r.alive && w.needs.on.matches(r.Kind) && want.fits(r) && (holds == nil || holds(r)) {
			w.event.Repo = r
			return true
		}
	}
	return false
}

// findDiscussion finds a discussion that satisfies constraints and a condition, and makes it that of the event.
func (w *World) findDiscussion(want *Constraints, holds func(*Discussion) bool) bool {
	start := w.RNG.IntN(len(w.repos))
	turn := w.RNG.IntN(maxDiscussions)
	for i := range w.repos {
		at := start + i
		if at >= len(w.repos) {
			at -= len(w.repos)
		}
		r := &w.repos[at]
		if !r.alive || len(r.discussions) == 0 || !want.fits(r) {
			continue
		}
		for i := range r.discussions {
			d := &r.discussions[(i+turn)%len(r.discussions)]
			if want.PullRequest.is(d.Pull) && holds(d) {
				w.event.Repo, w.event.Discussion = r, d
				return true
			}
		}
	}
	return false
}

// repoWhere finds a repo that satisfies a condition; if there is a repo at all, what comes before happens to it.
func repoWhere(holds func(*Repo) bool, before EventKind) finder {
	return func(w *World, want *Constraints) EventKind {
		if w.findRepo(want, holds) {
			return ready
		}
		return before
	}
}

// queued finds what an earlier event led to; if none did, its cause comes before.
func queued(self, cause EventKind) finder {
	return func(w *World, _ *Constraints) EventKind {
		for i := range w.queue {
			if q := w.queue[i]; q.kind == self && q.holds() {
				w.queue = slices.Delete(w.queue, i, i+1)
				w.event.Repo, w.event.Discussion = q.repo, q.repo.discussionNumbered(q.num)
				return ready
			}
		}
		w.needs.convert = self == convertParquet
		return cause
	}
}
