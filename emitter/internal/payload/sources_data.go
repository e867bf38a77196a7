package payload

import (
	"github.com/hubhook/hubhook/emitter/internal/world"
	"slices"
	"strings"
)

// dataSources returns the sources of a world, as event data gives their values. What a world always has, such as the
// comment of a new discussion, event data may lack: it is then left out where the schema allows it.
func dataSources() map[string]source {
	sources := WorldSources()
	for name, from := range givenSources() {
		from.constrain = sources[name].constrain
		sources[name] = from
	}
	for name, from := range sources {
		if at := partOf(name); at >= 0 {
			sources[name] = from.within(optionalParts[at].has)
		}
	}
	for _, p := range optionalParts {
		sources[p.name] = source{present: p.has}
	}
	return sources
}

// givenSources returns the sources that event data has in another way than a world: texts, and what may be missing.
func givenSources() map[string]source {
	return map[string]source{
		"repo.headSha":    when(func(s *State) bool { return s.Kind.Git && s.Given.Head }, commit(func(s *State) *world.SHA { return &s.Repo.Head })),
		"files.truncated": when(func(s *State) bool { return s.Given.More }, truth(func(*State) bool { return true })),

		"discussion.title": text(func(s *State, dst []byte) []byte { return world.AppendEscaped(dst, s.Given.Title) }),
		"discussion.changes.mergeCommitId": when(func(s *State) bool { return isMerged(s) && s.Given.MergeCommit },
			commit(func(s *State) *world.SHA { return &s.Discussion.Merge })),
		"comment.content": when(isVisible, text(func(s *State, dst []byte) []byte { return world.AppendEscaped(dst, s.Given.Content) })),
	}
}

// within returns a source that has a value only where there is the part that it belongs to.
func (from source) within(has func(*State) bool) source {
	if from.append != nil {
		from = when(has, from)
	}
	if present := from.present; present != nil {
		from.present = func(s *State) bool { return has(s) && present(s) }
	}
	return from
}

// optionalPart is something that not all event data has, by the first word of its sources.
type optionalPart struct {
	name  string
	field string // of emitter.EventData
	has   func(*State) bool
}

// optionalParts are in the order in which they need each other: a comment has the number of its discussion in its URL.
var optionalParts = [...]optionalPart{
	{"discussion", "Discussion", func(s *State) bool { return s.Discussion != nil }},
	{"comment", "Comment", func(s *State) bool { return s.Comment != nil }},
	{"movedTo", "MovedTo", func(s *State) bool { return s.Given.MovedTo }},
}

// partOf returns the index of the optional part that a source belongs to; -1 if all event data has it.
func partOf(source string) int {
	name, _, _ := strings.Cut(source, ".")
	return slices.IndexFunc(optionalParts[:], func(p optionalPart) bool { return p.name == name })
}
