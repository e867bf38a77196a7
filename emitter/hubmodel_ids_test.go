package emitter_test

import (
	"regexp"
	"strconv"
)

// modelIDs are all ids of the story. An id made in it contains its time: the first
// eight digits are seconds.
type modelIDs struct {
	kinds  map[string]string // what an id stands for
	start  uint64            // when the first repo was made
	latest uint64            // when the last thing was made
}

// mention is an id in a payload.
type mention struct {
	id, kind string
	made     bool // whether the event makes what it stands for
}

var idForm = regexp.MustCompile(`^[0-9a-f]{24}$`)

var idRules = []rule{
	{"id.form", func(m *hubModel, e *event) *finding {
		for _, mentioned := range e.mentions() {
			if !idForm.MatchString(mentioned.id) {
				return &finding{mentioned.kind + " with 24 hex digits", mentioned.id}
			}
		}
		return nil
	}},
	{"id.reused", func(m *hubModel, e *event) *finding {
		here := map[string]string{} // a payload may make two things at once
		for _, mentioned := range e.mentions() {
			before := m.ids.kinds[mentioned.id]
			if before == "" {
				before = here[mentioned.id]
			}
			if before != "" && (mentioned.made || before != mentioned.kind) {
				return &finding{mentioned.kind + " with an id of its own", before + " with the same, " + mentioned.id}
			}
			here[mentioned.id] = mentioned.kind
		}
		return nil
	}},
	{"id.order", func(m *hubModel, e *event) *finding {
		latest := m.ids.latest
		for _, mentioned := range e.mentions() {
			at, ok := secondsOf(mentioned.id)
			if !mentioned.made || !ok || m.ids.kinds[mentioned.id] != "" {
				continue
			}
			if at < latest {
				return &finding{mentioned.kind + " made no sooner than what was made before it", mentioned.id}
			}
			latest = at
		}
		return nil
	}},
	// Ids are precise to a second, so that an account of the first event's
	// own second may well be older.
	{"id.account", func(m *hubModel, e *event) *finding {
		start := m.startOf(e)
		for _, mentioned := range e.mentions() {
			at, ok := secondsOf(mentioned.id)
			if ok && (mentioned.kind == "account" || mentioned.kind == "webhook") && at > start {
				return &finding{mentioned.kind + " older than the story", mentioned.id}
			}
		}
		return nil
	}},
}

// mentions lists the ids of a payload, in the order in which the event makes
// things.
func (e *event) mentions() []mention {
	p := &e.payload
	all := []mention{{p.Repo.ID, "repo", e.key == "repo.create"}, {p.Repo.Owner.ID, "account", false}}
	if p.MovedTo != nil {
		all = append(all, mention{p.MovedTo.Owner.ID, "account", false})
	}
	if d := p.Discussion; d != nil {
		all = append(all, mention{d.ID, "discussion", e.key == "discussion.create"}, mention{d.Author.ID, "account", false})
	}
	if c := p.Comment; c != nil {
		all = append(all, mention{c.ID, "comment", e.makesComment()}, mention{c.Author.ID, "account", false})
	}
	if p.Webhook != nil {
		all = append(all, mention{p.Webhook.ID, "webhook", false})
	}
	return all
}

// makesComment reports whether the comment is new. The first one comes with its
// discussion.
func (e *event) makesComment() bool {
	return e.key == "discussion.create" || e.key == "discussion.comment.create"
}

// secondsOf reads the time off an id.
func secondsOf(id string) (uint64, bool) {
	if !idForm.MatchString(id) {
		return 0, false
	}
	at, err := strconv.ParseUint(id[:8], 16, 64)
	return at, err == nil
}

// startOf is when the story began, which may be with this event.
func (m *hubModel) startOf(e *event) uint64 {
	if len(m.repos) > 0 {
		return m.ids.start
	}
	at, _ := secondsOf(e.payload.Repo.ID)
	return at
}

func (m *hubModel) rememberIDs(e *event) {
	m.ids.start = m.startOf(e)
	for _, mentioned := range e.mentions() {
		m.ids.kinds[mentioned.id] = mentioned.kind
		if mentioned.made {
			m.ids.latest, _ = secondsOf(mentioned.id)
		}
	}
}
