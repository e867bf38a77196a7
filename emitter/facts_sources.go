package emitter

import "unicode/utf8"

// factSources are the sources of a world, as facts give what they have.
func factSources() map[string]source {
	sources := worldSources()
	for name, from := range givenSources() {
		from.wish = sources[name].wish
		sources[name] = from
	}
	for name, from := range sources {
		if at := partOf(name); at >= 0 {
			sources[name] = from.within(parts[at].has)
		}
	}
	for _, p := range parts {
		sources[p.name] = source{present: p.has}
	}
	return sources
}

// givenSources are what facts give in another way than a world does: texts, and
// what may be missing.
func givenSources() map[string]source {
	given := func(get func(*EventData) string) source {
		return text(func(s *scene, dst []byte) []byte { return appendText(dst, repaired(get(s.facts))) })
	}
	return map[string]source{
		"repo.headSha":    when(hasHead, commit(func(s *scene) *sha { return &s.repo.head })),
		"file.path":       text(appendGivenPath),
		"files.truncated": when(hasMoreFiles, truth(func(*scene) bool { return true })),

		"discussion.title":                 given(func(f *EventData) string { return f.Discussion.Title }),
		"discussion.changes.mergeCommitId": when(hasMerge, commit(func(s *scene) *sha { return &s.talk.merge })),
		"comment.content":                  when(isVisible, given(func(f *EventData) string { return f.Comment.Content })),
	}
}

// within has a value only where there is the part that it is of.
func (from source) within(has func(*scene) bool) source {
	if from.append != nil {
		from = when(has, from)
	}
	if present := from.present; present != nil {
		from.present = func(s *scene) bool { return has(s) && present(s) }
	}
	return from
}

func hasHead(s *scene) bool      { return s.kind.git && s.facts.Repo.HeadSHA != "" }
func hasMerge(s *scene) bool     { return isMerged(s) && s.facts.Discussion.MergeCommitID != "" }
func hasMoreFiles(s *scene) bool { return !s.repo.kind.git && len(s.facts.Files) > mostFilesTold }

// appendGivenPath writes where a file is. There are more items than files where a
// schema has an array in each of them.
func appendGivenPath(s *scene, dst []byte) []byte {
	if s.item >= len(s.files) {
		return appendFilePath(s, dst)
	}
	return appendText(dst, repaired(s.facts.Files[s.item].Path))
}

// repaired has U+FFFD for each byte that is no UTF-8.
func repaired(text string) string {
	if utf8.ValidString(text) {
		return text
	}
	return string([]rune(text))
}
