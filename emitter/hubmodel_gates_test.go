package emitter_test

import (
	"fmt"
	"slices"
	"strings"
)

// gates are the rules without which no other makes sense. The first that does
// not hold ends the look at a payload.
var gates = []rule{
	{"event.known", func(m *hubModel, e *event) *finding {
		return unless(e.key != "", "a known scope with one of its actions", e.payload.Event)
	}},
	{"repo.type", func(m *hubModel, e *event) *finding {
		if e.repo != nil {
			return expect(e.repo.kind, e.payload.Repo.Type)
		}
		return unless(knownKind(e.payload.Repo.Type), "a type of repo", e.payload.Repo.Type)
	}},
	{"repo.deleted", func(m *hubModel, e *event) *finding {
		return unless(e.repo == nil || !e.repo.deleted, "nothing more of a deleted repo", e.payload.Event)
	}},
	{"repo.created", func(m *hubModel, e *event) *finding {
		return unless((e.repo == nil) == (e.key == "repo.create"), "repo.create, as the first event and no other", e.payload.Event)
	}},
	{"bucket.silent", func(m *hubModel, e *event) *finding {
		return unless(e.payload.Repo.Type != "bucket" || e.onRepo(), "no discussion scope", e.payload.Event.Scope)
	}},
	{"parts.missing", func(m *hubModel, e *event) *finding { return missingPart(e) }},
	{"parts.extra", func(m *hubModel, e *event) *finding { return extraPart(e) }},
	{"discussion.known", func(m *hubModel, e *event) *finding {
		if e.payload.Discussion == nil || e.key == "discussion.create" {
			return nil
		}
		return unless(e.discussion != nil && e.discussion.repo == e.repo, "a discussion of this repo", e.payload.Discussion.ID)
	}},
	{"discussion.deleted", func(m *hubModel, e *event) *finding {
		return unless(e.discussion == nil || !e.discussion.deleted, "nothing more of a deleted discussion", e.payload.Event)
	}},
	{"comment.known", func(m *hubModel, e *event) *finding {
		if e.payload.Comment == nil || e.key != "discussion.comment.update" {
			return nil
		}
		return unless(e.comment != nil, "a comment of this discussion", e.payload.Comment.ID)
	}},
}

// actions are those of the known scopes.
var actions = map[string][]string{
	"repo":               {"create", "delete", "update", "move"},
	"repo.content":       {"update"},
	"repo.config":        {"update"},
	"discussion":         {"create", "delete", "update"},
	"discussion.comment": {"create", "update"},
}

// nearestEvent walks up to a known scope, one segment at a time. Any action on a
// narrower scope counts as an update on the known one.
func nearestEvent(scope, action string) (key string, narrowed bool) {
	for {
		known, ok := actions[scope]
		if ok && (narrowed || slices.Contains(known, action)) {
			return scope + "." + action, narrowed
		}
		dot := strings.LastIndexByte(scope, '.')
		if ok || dot < 0 {
			return "", narrowed
		}
		scope, action, narrowed = scope[:dot], "update", true
	}
}

// onRepo reports whether the scope is "repo" or below it.
func (e *event) onRepo() bool { return strings.HasPrefix(e.key, "repo.") }

// parts are the properties that some events bring, and for which types of repo.
var parts = []struct {
	name    string
	present func(p *payloadJSON) bool
	events  []string
	kinds   []string
}{
	{"movedTo", func(p *payloadJSON) bool { return p.MovedTo != nil }, []string{"repo.move"}, allKinds},
	{"updatedConfig", func(p *payloadJSON) bool { return p.UpdatedConfig != nil }, []string{"repo.config.update"}, allKinds},
	{"updatedRefs", func(p *payloadJSON) bool { return len(p.UpdatedRefs) > 0 }, []string{"repo.content.update"}, gitKinds},
	{"updatedFiles", func(p *payloadJSON) bool { return len(p.UpdatedFiles) > 0 }, []string{"repo.content.update"}, []string{"bucket"}},
	{"discussion", func(p *payloadJSON) bool { return p.Discussion != nil }, []string{
		"discussion.create", "discussion.update", "discussion.delete", "discussion.comment.create", "discussion.comment.update"}, gitKinds},
	{"comment", func(p *payloadJSON) bool { return p.Comment != nil }, []string{
		"discussion.create", "discussion.comment.create", "discussion.comment.update"}, gitKinds},
}

var (
	gitKinds = []string{"model", "dataset", "space"}
	allKinds = append(slices.Clone(gitKinds), "bucket")
)

func knownKind(kind string) bool { return slices.Contains(allKinds, kind) }

// missingPart finds a property that the event should bring. What a narrowed
// event brings is not known.
func missingPart(e *event) *finding {
	for _, part := range parts {
		due := slices.Contains(part.events, e.key) && slices.Contains(part.kinds, e.payload.Repo.Type)
		if due && !e.narrowed && !part.present(&e.payload) {
			return &finding{part.name, fmt.Sprintf("none with %s", e.key)}
		}
	}
	return nil
}

// extraPart finds a property that only other events have.
func extraPart(e *event) *finding {
	for _, part := range parts {
		due := slices.Contains(part.events, e.key) && slices.Contains(part.kinds, e.payload.Repo.Type)
		if !due && part.present(&e.payload) {
			return &finding{fmt.Sprintf("no %s with %s", part.name, e.key), part.name}
		}
	}
	return nil
}
