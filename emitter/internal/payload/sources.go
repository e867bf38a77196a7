package payload

import (
	"maps"
	"slices"
	"strings"

	"github.com/hubhook/hubhook/emitter/internal/world"
)

// A valueSource says where a value comes from. It has append for a value that one step writes, present for an object,
// items for an array.
type valueSource struct {
	append  func(*State, []byte) ([]byte, bool) // writes the value as JSON; false if there is none
	present func(*State) bool                   // whether there is an object; its properties have own sources
	items   func(*State) int                    // how many items an array has; if none, there is no array
	gives   string                              // the type of what append writes, if it is not null
	always  bool                                // whether each event has a value
	fixed   string                              // the value as JSON if each event has the same
	grows   bool                                // whether the value can take any size
	// knows says that the value takes precedence over the schema's constant, for the payload may be of the future.
	knows bool
	// constrain asks for events with a value, given as JSON, so that what follows from it fits. It is nil if nothing
	// does, and returns false if there is no such event.
	constrain constraint
}

// WorldNames returns the names that "x-from": "world:…" may say, sorted.
func WorldNames() []string { return slices.Sorted(maps.Keys(worldSources())) }

func worldSources() map[string]valueSource {
	return map[string]valueSource{
		"event.action": textSource(func(s *State, dst []byte) []byte { return world.AppendEscaped(dst, s.Action) }),
		"event.scope":  textSource(func(s *State, dst []byte) []byte { return world.AppendEscaped(dst, s.Scope) }),

		"webhook.id":      idSource(func(s *State) *world.ObjectID { return &s.Webhook }),
		"webhook.version": knows(numberSource(func(s *State) uint64 { return s.version })),

		"owner.id": idSource(func(s *State) *world.ObjectID { return &s.Title.ID }),
		"repo.type": constrain(textSource(func(s *State, dst []byte) []byte { return append(dst, s.Kind.Name...) }),
			constrainKind),
		"repo.name": constrain(textSource((*State).AppendName),
			constrainText(func(c *world.Constraints) *string { return &c.RepoName }, world.IsRepoName)),
		"repo.id": idSource(func(s *State) *world.ObjectID { return &s.Repo.ID }),
		"repo.private": constrain(boolSource(func(s *State) bool { return s.Repo.Private }),
			constrainChoice(privateChoice)),
		"repo.web": textSource((*State).AppendWeb),
		"repo.api": textSource((*State).AppendAPI),
		"repo.headSha": constrain(sourceIf(isGit, commitSource(func(s *State) *world.SHA { return &s.Repo.Head })),
			constrainHead),
		"repo.subdomain": constrain(sourceIf(isSpace, textSource((*State).AppendSubdomain)), constrainRepoType("space")),

		"movedTo.name": constrain(textSource(func(s *State, dst []byte) []byte { return s.AppendTitle(dst, &s.MovedTo) }),
			constrainText(func(c *world.Constraints) *string { return &c.MovedTo }, world.IsRepoName)),
		"movedTo.owner.id": idSource(func(s *State) *world.ObjectID { return &s.MovedTo.ID }),

		"config.private": constrain(sourceIf(isPrivacySet, boolSource(func(s *State) bool { return s.Private == world.Yes })),
			constrainChoice(privateChoice)),

		"refs":       {items: countRefs, grows: true, constrain: constrainGit},
		"ref.name":   textSource(appendRefName),
		"ref.oldSha": nullableSource(func(s *State) *world.SHA { return s.ref().Before() }),
		"ref.newSha": nullableSource(func(s *State) *world.SHA { return s.ref().After() }),

		"files": {items: countFiles, grows: true, constrain: constrainRepoType("bucket")},
		"files.truncated": constrain(sourceIf(isTruncated, boolSource(func(*State) bool { return true })),
			constrainRepoType("bucket")),
		"file.path":    textSource(appendFilePath),
		"file.action":  constrain(textSource(appendFileAction), constrainFile),
		"file.xetHash": constrain(sourceIf(isAdded, textSource(appendFileHash)), constrainAdded),
		"file.size": constrain(sourceIf(isAdded, numberSource(func(s *State) uint64 { return s.file().Size })),
			constrainAdded),

		"discussion.id":    idSource(func(s *State) *world.ObjectID { return &s.Discussion.ID }),
		"discussion.title": textSource((*State).AppendDiscussionTitle),
		"discussion.web":   textSource(func(s *State, dst []byte) []byte { return s.AppendDiscussion(s.AppendWeb(dst)) }),
		"discussion.api":   textSource(func(s *State, dst []byte) []byte { return s.AppendDiscussion(s.AppendAPI(dst)) }),
		"discussion.status": constrain(textSource(appendStatus),
			constrainText(func(c *world.Constraints) *string { return &c.Status }, world.IsStatus)),

		"discussion.author.id": idSource(func(s *State) *world.ObjectID { return &s.Discussion.Author }),
		"discussion.num":       constrain(numberSource(func(s *State) uint64 { return s.Num }), constrainNum),
		"discussion.isPullRequest": constrain(boolSource(isPull),
			constrainChoice(func(c *world.Constraints) *world.Choice { return &c.PullRequest })),
		"discussion.changes":               {present: isPull, constrain: constrainPull},
		"discussion.changes.base":          fixed(textSource(appendMainRef), nil),
		"discussion.changes.mergeCommitId": constrain(sourceIf(isMerged, commitSource(mergeCommit)), constrainMerged),
		"discussion.pinned":                sourceIf(isPinned, boolSource(func(*State) bool { return true })),

		"comment.id": constrain(idSource(func(s *State) *world.ObjectID { return &s.CommentID }),
			constrainText(func(c *world.Constraints) *string { return &c.CommentID }, world.IsObjectID)),
		"comment.author.id": idSource(func(s *State) *world.ObjectID { return &s.Comment.Author }),
		"comment.content":   grows(constrain(sourceIf(isVisible, textSource(appendContent)), constrainVisible)),
		"comment.hidden": constrain(boolSource(func(s *State) bool { return s.Comment.Hidden }),
			constrainChoice(func(c *world.Constraints) *world.Choice { return &c.Hidden })),
		"comment.web": textSource(func(s *State, dst []byte) []byte {
			return world.AppendHex(append(s.AppendDiscussion(s.AppendWeb(dst)), '#'), s.CommentID[:])
		}),
	}
}

// textSource returns a source of strings, which are written as JSON strings have them.
func textSource(write func(*State, []byte) []byte) valueSource {
	return valueSource{gives: "string", always: true, append: func(s *State, dst []byte) ([]byte, bool) {
		return append(write(s, append(dst, '"')), '"'), true
	}}
}

func numberSource(get func(*State) uint64) valueSource {
	return valueSource{gives: "integer", always: true, append: func(s *State, dst []byte) ([]byte, bool) {
		return world.AppendNumber(dst, get(s)), true
	}}
}

func boolSource(get func(*State) bool) valueSource {
	return valueSource{gives: "boolean", always: true, append: func(s *State, dst []byte) ([]byte, bool) {
		if get(s) {
			return append(dst, "true"...), true
		}
		return append(dst, "false"...), true
	}}
}

func idSource(get func(*State) *world.ObjectID) valueSource {
	return valueSource{gives: "string", always: true, append: func(s *State, dst []byte) ([]byte, bool) {
		return world.AppendID(dst, get(s)), true
	}}
}

func commitSource(get func(*State) *world.SHA) valueSource {
	return valueSource{gives: "string", always: true, append: func(s *State, dst []byte) ([]byte, bool) {
		return world.AppendSHA(dst, get(s)), true
	}}
}

func nullableSource(get func(*State) *world.SHA) valueSource {
	return valueSource{gives: "string", always: true, append: func(s *State, dst []byte) ([]byte, bool) {
		if h := get(s); h != nil {
			return world.AppendSHA(dst, h), true
		}
		return append(dst, "null"...), true
	}}
}

func sourceIf(holds func(*State) bool, of valueSource) valueSource {
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
func fixed(of valueSource, s *State) valueSource {
	text, _ := of.append(s, nil)
	of.fixed = string(text)
	return of
}

func knows(of valueSource) valueSource {
	of.knows = true
	return of
}

func grows(of valueSource) valueSource {
	of.grows = true
	return of
}

func constrain(of valueSource, ask constraint) valueSource {
	of.constrain = ask
	return of
}

func isGit(s *State) bool        { return s.Repo.Kind.Git }
func isSpace(s *State) bool      { return s.Kind.IsSpace() }
func isPrivacySet(s *State) bool { return s.Private != world.Either }
func isPull(s *State) bool       { return s.Discussion.Pull }
func isMerged(s *State) bool     { return s.Discussion.Status == world.StatusMerged }
func isPinned(s *State) bool     { return s.Discussion.Pinned }
func isVisible(s *State) bool    { return !s.Comment.Hidden }

func countRefs(s *State) int {
	if !s.Repo.Kind.Git {
		return 0
	}
	return len(s.Refs) + s.padding.refs
}

func appendMainRef(_ *State, dst []byte) []byte { return append(dst, world.MainRef...) }

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

func appendFileHash(s *State, dst []byte) []byte { return world.AppendHex(dst, s.file().Hash[:]) }

func appendFileAction(s *State, dst []byte) []byte {
	if s.file().Deleted {
		return append(dst, "delete"...)
	}
	return append(dst, "add"...)
}

func appendStatus(s *State, dst []byte) []byte { return append(dst, s.Discussion.Status...) }

func mergeCommit(s *State) *world.SHA { return &s.Discussion.Merge }

func appendContent(s *State, dst []byte) []byte {
	if !s.padding.bare {
		dst = s.AppendContent(dst)
	}
	return s.padding.appendProse(dst, s.Words)
}

// dataSources returns the sources of a world, as event data gives their values. What a world always has, such as the
// comment of a new discussion, event data may lack: it is then left out if the schema allows it.
func dataSources() map[string]valueSource {
	sources := worldSources()
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
		sources[p.name] = valueSource{present: p.has}
	}
	return sources
}

// givenSources returns the sources that event data has in another way than a world: texts, and what may be missing.
func givenSources() map[string]valueSource {
	return map[string]valueSource{
		"repo.headSha": sourceIf(
			func(s *State) bool { return s.Kind.Git && s.Given.Head },
			commitSource(func(s *State) *world.SHA { return &s.Repo.Head }),
		),
		"files.truncated": sourceIf(
			func(s *State) bool { return s.Given.More },
			boolSource(func(*State) bool { return true }),
		),

		"discussion.title": textSource(func(s *State, dst []byte) []byte { return world.AppendEscaped(dst, s.Given.Title) }),
		"discussion.changes.mergeCommitId": sourceIf(func(s *State) bool { return isMerged(s) && s.Given.MergeCommit },
			commitSource(mergeCommit)),
		"comment.content": sourceIf(
			isVisible,
			textSource(func(s *State, dst []byte) []byte { return world.AppendEscaped(dst, s.Given.Content) }),
		),
	}
}

// within returns a source that has a value only if there is the part that it belongs to.
func (from valueSource) within(has func(*State) bool) valueSource {
	if from.append != nil {
		from = sourceIf(has, from)
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
