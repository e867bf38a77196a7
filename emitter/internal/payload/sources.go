package payload

import (
	"slices"
	"strings"

	"github.com/hubhook/hubhook/emitter/internal/world"
)

// source is where a value comes from. It has append for a value that one step writes, present for an object, items for
// an array.
type source struct {
	append  func(*State, []byte) ([]byte, bool) // writes the value as JSON; false if there is none
	present func(*State) bool                   // whether there is an object; its properties have own sources
	items   func(*State) int                    // how many items an array has; if none, there is no array
	gives   string                              // the type of what append writes, where it is not null
	always  bool                                // whether each event has a value
	fixed   string                              // the value as JSON if each event has the same
	grows   bool                                // whether the value can take any size
	// knows says that the value takes precedence over the schema's constant, for the payload may be of the future.
	knows bool
	// constrain asks for events with a value, given as JSON, so that what follows from it fits. It is nil if nothing
	// does, and returns false if there is no such event.
	constrain constraint
}

// WorldSources are the names that "x-from": "world:…" may say.
func WorldSources() map[string]source {
	return map[string]source{
		"event.action": text(func(s *State, dst []byte) []byte { return world.AppendEscaped(dst, s.Action) }),
		"event.scope":  text(func(s *State, dst []byte) []byte { return world.AppendEscaped(dst, s.Scope) }),

		"webhook.id":      id(func(s *State) *world.ObjectID { return &s.Webhook }),
		"webhook.version": knows(number(func(s *State) uint64 { return s.version })),

		"owner.id":       id(func(s *State) *world.ObjectID { return &s.Title.ID }),
		"repo.type":      constrain(text(func(s *State, dst []byte) []byte { return append(dst, s.Kind.Name...) }), constrainKind),
		"repo.name":      constrain(text((*State).AppendName), constrainText(func(c *world.Constraints) *string { return &c.RepoName }, world.IsRepoName)),
		"repo.id":        id(func(s *State) *world.ObjectID { return &s.Repo.ID }),
		"repo.private":   constrain(truth(func(s *State) bool { return s.Repo.Private }), constrainChoice(privateChoice)),
		"repo.web":       text((*State).AppendWeb),
		"repo.api":       text((*State).AppendAPI),
		"repo.headSha":   constrain(when(isGit, commit(func(s *State) *world.SHA { return &s.Repo.Head })), constrainHead),
		"repo.subdomain": constrain(when(isSpace, text((*State).AppendSubdomain)), constrainRepoType("space")),

		"movedTo.name":     constrain(text(func(s *State, dst []byte) []byte { return s.AppendTitle(dst, &s.MovedTo) }), constrainText(func(c *world.Constraints) *string { return &c.MovedTo }, world.IsRepoName)),
		"movedTo.owner.id": id(func(s *State) *world.ObjectID { return &s.MovedTo.ID }),

		"config.private": constrain(when(func(s *State) bool { return s.Private != world.Either }, truth(func(s *State) bool { return s.Private == world.Yes })), constrainChoice(privateChoice)),

		"refs":       {items: countRefs, grows: true, constrain: constrainGit},
		"ref.name":   text(appendRefName),
		"ref.oldSha": nullable(func(s *State) *world.SHA { return s.ref().Before() }),
		"ref.newSha": nullable(func(s *State) *world.SHA { return s.ref().After() }),

		"files":           {items: countFiles, grows: true, constrain: constrainRepoType("bucket")},
		"files.truncated": constrain(when(isTruncated, truth(func(*State) bool { return true })), constrainRepoType("bucket")),
		"file.path":       text(appendFilePath),
		"file.action":     constrain(text(appendFileAction), constrainFile),
		"file.xetHash":    constrain(when(isAdded, text(func(s *State, dst []byte) []byte { return world.AppendHex(dst, s.file().Hash[:]) })), constrainAdded),
		"file.size":       constrain(when(isAdded, number(func(s *State) uint64 { return s.file().Size })), constrainAdded),

		"discussion.id": id(func(s *State) *world.ObjectID { return &s.Discussion.ID }),
		"discussion.title": text(func(s *State, dst []byte) []byte {
			return s.AppendPhrase(dst, s.Discussion.Title, s.Words.Titles)
		}),
		"discussion.web":    text(func(s *State, dst []byte) []byte { return s.AppendDiscussion(s.AppendWeb(dst)) }),
		"discussion.api":    text(func(s *State, dst []byte) []byte { return s.AppendDiscussion(s.AppendAPI(dst)) }),
		"discussion.status": constrain(text(func(s *State, dst []byte) []byte { return append(dst, s.Discussion.Status...) }), constrainText(func(c *world.Constraints) *string { return &c.Status }, world.IsStatus)),

		"discussion.author.id":             id(func(s *State) *world.ObjectID { return &s.Discussion.Author }),
		"discussion.num":                   constrain(number(func(s *State) uint64 { return s.Num }), constrainNum),
		"discussion.isPullRequest":         constrain(truth(func(s *State) bool { return s.Discussion.Pull }), constrainChoice(func(c *world.Constraints) *world.Choice { return &c.PullRequest })),
		"discussion.changes":               {present: func(s *State) bool { return s.Discussion.Pull }, constrain: constrainPull},
		"discussion.changes.base":          fixed(text(func(_ *State, dst []byte) []byte { return append(dst, world.MainRef...) }), nil),
		"discussion.changes.mergeCommitId": constrain(when(isMerged, commit(func(s *State) *world.SHA { return &s.Discussion.Merge })), constrainMerged),
		"discussion.pinned":                when(isPinned, truth(func(*State) bool { return true })),

		"comment.id":        constrain(id(func(s *State) *world.ObjectID { return &s.CommentID }), constrainText(func(c *world.Constraints) *string { return &c.CommentID }, world.IsObjectID)),
		"comment.author.id": id(func(s *State) *world.ObjectID { return &s.Comment.Author }),
		"comment.content":   grows(constrain(when(isVisible, text(appendContent)), constrainVisible)),
		"comment.hidden":    constrain(truth(func(s *State) bool { return s.Comment.Hidden }), constrainChoice(func(c *world.Constraints) *world.Choice { return &c.Hidden })),
		"comment.web": text(func(s *State, dst []byte) []byte {
			return world.AppendHex(append(s.AppendDiscussion(s.AppendWeb(dst)), '#'), s.CommentID[:])
		}),
	}
}

// text is a source of strings, which are written as JSON strings have them.
func text(write func(*State, []byte) []byte) source {
	return source{gives: "string", always: true, append: func(s *State, dst []byte) ([]byte, bool) {
		return append(write(s, append(dst, '"')), '"'), true
	}}
}

func number(get func(*State) uint64) source {
	return source{gives: "integer", always: true, append: func(s *State, dst []byte) ([]byte, bool) {
		return world.AppendNumber(dst, get(s)), true
	}}
}

func truth(get func(*State) bool) source {
	return source{gives: "boolean", always: true, append: func(s *State, dst []byte) ([]byte, bool) {
		if get(s) {
			return append(dst, "true"...), true
		}
		return append(dst, "false"...), true
	}}
}

func id(get func(*State) *world.ObjectID) source {
	return source{gives: "string", always: true, append: func(s *State, dst []byte) ([]byte, bool) {
		return world.AppendID(dst, get(s)), true
	}}
}

func commit(get func(*State) *world.SHA) source {
	return source{gives: "string", always: true, append: func(s *State, dst []byte) ([]byte, bool) {
		return world.AppendSHA(dst, get(s)), true
	}}
}

func nullable(get func(*State) *world.SHA) source {
	return source{gives: "string", always: true, append: func(s *State, dst []byte) ([]byte, bool) {
		if h := get(s); h != nil {
			return world.AppendSHA(dst, h), true
		}
		return append(dst, "null"...), true
	}}
}

func when(holds func(*State) bool, of source) source {
	inner := of.append
	of.always = false
	of.append = func(s *State, dst []byte) ([]byte, bool) {
		if !holds(s) {
			return dst, false
		}
		return inner(s, dst)
	}
	return of
}

// fixed returns a source that has the same value in every state as in the given one.
func fixed(of source, s *State) source {
	text, _ := of.append(s, nil)
	of.fixed = string(text)
	return of
}

func knows(of source) source {
	of.knows = true
	return of
}

func grows(of source) source {
	of.grows = true
	return of
}

func constrain(of source, ask constraint) source {
	of.constrain = ask
	return of
}

func isGit(s *State) bool     { return s.Repo.Kind.Git }
func isSpace(s *State) bool   { return s.Kind.IsSpace() }
func isMerged(s *State) bool  { return s.Discussion.Status == world.Merged }
func isPinned(s *State) bool  { return s.Discussion.Pinned }
func isVisible(s *State) bool { return !s.Comment.Hidden }

func countRefs(s *State) int {
	if !s.Repo.Kind.Git {
		return 0
	}
	return len(s.Refs) + s.padding.refs
}

func appendRefName(s *State, dst []byte) []byte {
	if s.item >= len(s.Refs) {
		return s.padding.appendTo(s.AppendRef(dst, s.ref()), s.item-len(s.Refs))
	}
	if s.padding.pad > 0 && s.padding.refs == 0 && s.item == len(s.Refs)-1 {
		return s.padding.appendLonger(dst, s, s.ref())
	}
	return s.AppendRef(dst, s.ref())
}

func countFiles(s *State) int {
	if s.Repo.Kind.Git {
		return 0
	}
	return len(s.Files) + s.padding.files
}

func isTruncated(s *State) bool { return !s.Repo.Kind.Git && countFiles(s) == MaxFilesListed }
func isAdded(s *State) bool     { return !s.file().Deleted }

func appendFilePath(s *State, dst []byte) []byte {
	if s.item >= len(s.Files) {
		return s.padding.appendTo(append(dst, "data/shard-"...), s.item-len(s.Files))
	}
	dst = s.AppendPath(dst, &s.Files[s.item])
	if s.padding.pad > 0 && s.padding.files == 0 && s.item == len(s.Files)-1 {
		dst = appendFill(dst, s.padding.pad)
	}
	return dst
}

func appendFileAction(s *State, dst []byte) []byte {
	if s.file().Deleted {
		return append(dst, "delete"...)
	}
	return append(dst, "add"...)
}

func appendContent(s *State, dst []byte) []byte {
	if !s.padding.bare {
		dst = s.AppendRemark(dst, s.Comment.Content)
	}
	return s.padding.appendProse(dst, s.Words)
}

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
