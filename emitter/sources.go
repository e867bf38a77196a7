package emitter

// source is where a value comes from. What it has fits the type of the value:
// append for one that is written, present for an object, items for an array.
type source struct {
	// append writes the value as JSON. It is false where there is none.
	append func(*scene, []byte) ([]byte, bool)
	// present tells whether there is an object; its properties have sources of
	// their own.
	present func(*scene) bool
	// items is how many items an array has; where none, there is no array.
	items func(*scene) int
	// gives is the type of what append writes, where it is not null.
	gives string
	// always says that there is a value in each scene.
	always bool
	// knows says that the value counts even where the schema has a constant, for
	// the world may be of another time.
	knows bool
	// fixed is the value as JSON where it is the same in each scene.
	fixed string
	// grows says that the value can take any size.
	grows bool
	// wish asks for scenes with a value, given as JSON, so that what follows from
	// it fits. It is nil where nothing does, and false where there is no such scene.
	wish func(*Scene, wished) bool
}

// worldSources are the names that "x-from": "world:…" may say.
func worldSources() map[string]source {
	return map[string]source{
		"event.action": text(func(s *scene, dst []byte) []byte { return appendText(dst, s.action) }),
		"event.scope":  text(func(s *scene, dst []byte) []byte { return appendText(dst, s.scope) }),

		"webhook.id":      id(func(s *scene) *objectID { return &s.webhook }),
		"webhook.version": knows(number(func(s *scene) uint64 { return s.version })),

		"owner.id":       id(func(s *scene) *objectID { return &s.title.id }),
		"repo.type":      wish(text(func(s *scene, dst []byte) []byte { return append(dst, s.kind.name...) }), wishKind),
		"repo.name":      wish(text((*scene).appendName), wishText(func(w *Scene) *string { return &w.RepoName }, repoNames.MatchString)),
		"repo.id":        id(func(s *scene) *objectID { return &s.repo.id }),
		"repo.private":   wish(truth(func(s *scene) bool { return s.repo.private }), wishChoice(wishedPrivate)),
		"repo.web":       text((*scene).appendWeb),
		"repo.api":       text((*scene).appendAPI),
		"repo.headSha":   wish(when(isGit, commit(func(s *scene) *sha { return &s.repo.head })), wishHead),
		"repo.subdomain": wish(when(isSpace, text((*scene).appendSubdomain)), wishRepoType(spaceKind)),

		"movedTo.name":     wish(text(func(s *scene, dst []byte) []byte { return s.appendTitle(dst, &s.movedTo) }), wishText(func(w *Scene) *string { return &w.movedTo }, repoNames.MatchString)),
		"movedTo.owner.id": id(func(s *scene) *objectID { return &s.movedTo.id }),

		"config.private": wish(when(func(s *scene) bool { return s.private != Any }, truth(func(s *scene) bool { return s.private == Yes })), wishChoice(wishedPrivate)),

		"refs":       {items: countRefs, grows: true, wish: wishGit},
		"ref.name":   text(appendRefName),
		"ref.oldSha": nullable(func(s *scene) *sha { return s.ref().before() }),
		"ref.newSha": nullable(func(s *scene) *sha { return s.ref().after() }),

		"files":           {items: countFiles, grows: true, wish: wishRepoType(bucketKind)},
		"files.truncated": wish(when(isTruncated, truth(func(*scene) bool { return true })), wishRepoType(bucketKind)),
		"file.path":       text(appendFilePath),
		"file.action":     wish(text(appendFileAction), wishFile),
		"file.xetHash":    wish(when(isAdded, text(func(s *scene, dst []byte) []byte { return appendHexOf(dst, s.file().hash[:]) })), wishAdded),
		"file.size":       wish(when(isAdded, number(func(s *scene) uint64 { return s.file().size })), wishAdded),

		"discussion.id":     id(func(s *scene) *objectID { return &s.talk.id }),
		"discussion.title":  text(func(s *scene, dst []byte) []byte { return s.appendPhrase(dst, s.talk.title, s.words.titles) }),
		"discussion.web":    text(func(s *scene, dst []byte) []byte { return s.appendTalk(s.appendWeb(dst)) }),
		"discussion.api":    text(func(s *scene, dst []byte) []byte { return s.appendTalk(s.appendAPI(dst)) }),
		"discussion.status": wish(text(func(s *scene, dst []byte) []byte { return append(dst, s.talk.status...) }), wishText(func(w *Scene) *string { return &w.Status }, isStatus)),

		"discussion.author.id":             id(func(s *scene) *objectID { return &s.talk.author }),
		"discussion.num":                   wish(number(func(s *scene) uint64 { return s.num }), wishNum),
		"discussion.isPullRequest":         wish(truth(func(s *scene) bool { return s.talk.pull }), wishChoice(func(w *Scene) *Choice { return &w.PullRequest })),
		"discussion.changes":               {present: func(s *scene) bool { return s.talk.pull }, wish: wishPull},
		"discussion.changes.base":          fixed(text(func(_ *scene, dst []byte) []byte { return append(dst, mainRef...) }), nil),
		"discussion.changes.mergeCommitId": wish(when(isMerged, commit(func(s *scene) *sha { return &s.talk.merge })), wishMerged),
		"discussion.pinned":                when(isPinned, truth(func(*scene) bool { return true })),

		"comment.id":        wish(id(func(s *scene) *objectID { return &s.commentID }), wishText(func(w *Scene) *string { return &w.CommentID }, isObjectID)),
		"comment.author.id": id(func(s *scene) *objectID { return &s.comment.author }),
		"comment.content":   grows(wish(when(isVisible, text(appendContent)), wishVisible)),
		"comment.hidden":    wish(truth(func(s *scene) bool { return s.comment.hidden }), wishChoice(func(w *Scene) *Choice { return &w.Hidden })),
		"comment.web": text(func(s *scene, dst []byte) []byte {
			return appendHexOf(append(s.appendTalk(s.appendWeb(dst)), '#'), s.commentID[:])
		}),
	}
}

// text is a source of strings, which are written as JSON strings have them.
func text(write func(*scene, []byte) []byte) source {
	return source{gives: "string", always: true, append: func(s *scene, dst []byte) ([]byte, bool) {
		return append(write(s, append(dst, '"')), '"'), true
	}}
}

func number(get func(*scene) uint64) source {
	return source{gives: "integer", always: true, append: func(s *scene, dst []byte) ([]byte, bool) { return appendNumber(dst, get(s)), true }}
}

func truth(get func(*scene) bool) source {
	return source{gives: "boolean", always: true, append: func(s *scene, dst []byte) ([]byte, bool) {
		if get(s) {
			return append(dst, "true"...), true
		}
		return append(dst, "false"...), true
	}}
}

func id(get func(*scene) *objectID) source {
	return source{gives: "string", always: true, append: func(s *scene, dst []byte) ([]byte, bool) { return appendID(dst, get(s)), true }}
}

func commit(get func(*scene) *sha) source {
	return source{gives: "string", always: true, append: func(s *scene, dst []byte) ([]byte, bool) { return appendSHA(dst, get(s)), true }}
}

// nullable is a source of commits that writes null where there is none.
func nullable(get func(*scene) *sha) source {
	return source{gives: "string", always: true, append: func(s *scene, dst []byte) ([]byte, bool) {
		if h := get(s); h != nil {
			return appendSHA(dst, h), true
		}
		return append(dst, "null"...), true
	}}
}

// when has a value only under a condition.
func when(holds func(*scene) bool, of source) source {
	inner := of.append
	of.always = false
	of.append = func(s *scene, dst []byte) ([]byte, bool) {
		if !holds(s) {
			return dst, false
		}
		return inner(s, dst)
	}
	return of
}

// fixed is a source of which every scene gives the same value as the given one.
func fixed(of source, s *scene) source {
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

func wish(of source, ask func(*Scene, wished) bool) source {
	of.wish = ask
	return of
}

func isGit(s *scene) bool     { return s.repo.kind.git }
func isSpace(s *scene) bool   { return s.kind == &repoKinds[spaceKind] }
func isMerged(s *scene) bool  { return s.talk.status == merged }
func isPinned(s *scene) bool  { return s.talk.pinned }
func isVisible(s *scene) bool { return !s.comment.hidden }

func countRefs(s *scene) int {
	if !s.repo.kind.git {
		return 0
	}
	return len(s.refs) + s.growth.refs
}

// ref is the reference that is being written.
func (s *scene) ref() *refChange {
	if s.item < len(s.refs) {
		return &s.refs[s.item]
	}
	return &s.growth.ref
}

func (r *refChange) before() *sha {
	if r.created {
		return nil
	}
	return &r.old
}

func (r *refChange) after() *sha {
	if r.deleted {
		return nil
	}
	return &r.new
}

func appendRefName(s *scene, dst []byte) []byte {
	if s.item >= len(s.refs) {
		return s.growth.appendTo(s.appendRef(dst, s.ref()), s.item-len(s.refs))
	}
	if s.growth.pad > 0 && s.growth.refs == 0 && s.item == len(s.refs)-1 {
		return s.growth.appendLonger(dst, s, s.ref())
	}
	return s.appendRef(dst, s.ref())
}

func countFiles(s *scene) int {
	if s.repo.kind.git {
		return 0
	}
	return len(s.files) + s.growth.files
}

func isTruncated(s *scene) bool { return !s.repo.kind.git && countFiles(s) == mostFilesTold }
func isAdded(s *scene) bool     { return !s.file().deleted }

// file is the file that is being written.
func (s *scene) file() *fileChange {
	if s.item < len(s.files) {
		return &s.files[s.item]
	}
	return &s.growth.file
}

func appendFilePath(s *scene, dst []byte) []byte {
	if s.item >= len(s.files) {
		return s.growth.appendTo(append(dst, "data/shard-"...), s.item-len(s.files))
	}
	dst = s.appendPath(dst, s.files[s.item].path)
	if s.growth.pad > 0 && s.growth.files == 0 && s.item == len(s.files)-1 {
		dst = appendFill(dst, s.growth.pad)
	}
	return dst
}

func appendFileAction(s *scene, dst []byte) []byte {
	if s.file().deleted {
		return append(dst, "delete"...)
	}
	return append(dst, "add"...)
}

func appendContent(s *scene, dst []byte) []byte {
	if !s.growth.bare {
		dst = s.appendRemark(dst, s.comment.content)
	}
	return s.growth.appendProse(dst, s.words)
}
