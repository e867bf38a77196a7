package emitter

import (
	"encoding/hex"
	"strconv"
	"strings"
)

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
}

// worldSources are the names that "x-from": "world:…" may say.
func worldSources() map[string]source {
	return map[string]source{
		"event.action": text(func(s *scene) string { return s.action }),
		"event.scope":  text(func(s *scene) string { return s.scope }),

		"webhook.id": id(func(s *scene) *objectID { return &s.webhook }),

		"owner.id":       id(func(s *scene) *objectID { return &s.repo.ownerID }),
		"repo.type":      text(func(s *scene) string { return s.repo.kind }),
		"repo.name":      text(func(s *scene) string { return s.repo.fullName() }),
		"repo.id":        id(func(s *scene) *objectID { return &s.repo.id }),
		"repo.private":   truth(func(s *scene) bool { return s.repo.private }),
		"repo.web":       text(func(s *scene) string { return s.webURL(&s.repo) }),
		"repo.api":       text(func(s *scene) string { return s.apiURL(&s.repo) }),
		"repo.headSha":   when(isGit, commit(func(s *scene) *sha { return &s.repo.head })),
		"repo.subdomain": when(isSpace, text(func(s *scene) string { return s.repo.subdomain() })),

		"movedTo.name":     text(func(s *scene) string { return s.movedTo.fullName() }),
		"movedTo.owner.id": id(func(s *scene) *objectID { return &s.movedTo.ownerID }),

		"config.private": when(func(s *scene) bool { return s.private != Any }, truth(func(s *scene) bool { return s.private == Yes })),

		"refs":       {items: func(s *scene) int { return countIf(isGit(s), len(s.refs)) }},
		"ref.name":   text(func(s *scene) string { return s.refs[s.item].name }),
		"ref.oldSha": nullable(func(s *scene) *sha { return shaUnless(s.refs[s.item].created, &s.refs[s.item].old) }),
		"ref.newSha": nullable(func(s *scene) *sha { return shaUnless(s.refs[s.item].deleted, &s.refs[s.item].new) }),

		"files":           {items: func(s *scene) int { return countIf(!isGit(s), len(s.files)) }},
		"files.truncated": when(func(*scene) bool { return false }, truth(func(*scene) bool { return true })),
		"file.path":       text(func(s *scene) string { return s.files[s.item].path }),
		"file.action":     text(fileAction),
		"file.xetHash":    when(isAdded, text(func(s *scene) string { return hex.EncodeToString(s.files[s.item].hash[:]) })),
		"file.size":       when(isAdded, number(func(s *scene) uint64 { return s.files[s.item].size })),

		"discussion.id":                    id(func(s *scene) *objectID { return &s.discussion.id }),
		"discussion.title":                 text(func(s *scene) string { return s.discussion.title }),
		"discussion.web":                   text(func(s *scene) string { return s.webURL(&s.repo) + s.discussionPath() }),
		"discussion.api":                   text(func(s *scene) string { return s.apiURL(&s.repo) + s.discussionPath() }),
		"discussion.status":                text(func(s *scene) string { return s.discussion.status }),
		"discussion.author.id":             id(func(s *scene) *objectID { return &s.discussion.author }),
		"discussion.num":                   number(func(s *scene) uint64 { return s.discussion.num }),
		"discussion.isPullRequest":         truth(func(s *scene) bool { return s.discussion.pull }),
		"discussion.changes":               {present: func(s *scene) bool { return s.discussion.pull }},
		"discussion.changes.base":          text(func(*scene) string { return mainRef }),
		"discussion.changes.mergeCommitId": when(isMerged, commit(func(s *scene) *sha { return &s.discussion.merge })),
		"discussion.pinned":                truth(func(*scene) bool { return false }),

		"comment.id":        id(func(s *scene) *objectID { return &s.comment.id }),
		"comment.author.id": id(func(s *scene) *objectID { return &s.comment.author }),
		"comment.content":   when(func(s *scene) bool { return !s.comment.hidden }, text(func(s *scene) string { return s.comment.content })),
		"comment.hidden":    truth(func(s *scene) bool { return s.comment.hidden }),
		"comment.web": text(func(s *scene) string {
			return s.webURL(&s.repo) + s.discussionPath() + "#" + hex.EncodeToString(s.comment.id[:])
		}),
	}
}

// text is a source of strings.
func text(get func(*scene) string) source {
	return source{append: func(s *scene, dst []byte) ([]byte, bool) { return appendString(dst, get(s)), true }}
}

func number(get func(*scene) uint64) source {
	return source{append: func(s *scene, dst []byte) ([]byte, bool) { return strconv.AppendUint(dst, get(s), 10), true }}
}

func truth(get func(*scene) bool) source {
	return source{append: func(s *scene, dst []byte) ([]byte, bool) { return strconv.AppendBool(dst, get(s)), true }}
}

func id(get func(*scene) *objectID) source {
	return source{append: func(s *scene, dst []byte) ([]byte, bool) { return appendHex(dst, get(s)[:]), true }}
}

func commit(get func(*scene) *sha) source {
	return source{append: func(s *scene, dst []byte) ([]byte, bool) { return appendHex(dst, get(s)[:]), true }}
}

// nullable is a source of commits that writes null where there is none.
func nullable(get func(*scene) *sha) source {
	return source{append: func(s *scene, dst []byte) ([]byte, bool) {
		if h := get(s); h != nil {
			return appendHex(dst, h[:]), true
		}
		return append(dst, "null"...), true
	}}
}

// when has a value only under a condition.
func when(holds func(*scene) bool, of source) source {
	return source{append: func(s *scene, dst []byte) ([]byte, bool) {
		if !holds(s) {
			return dst, false
		}
		return of.append(s, dst)
	}}
}

func isGit(s *scene) bool    { return s.repo.kind != "bucket" }
func isSpace(s *scene) bool  { return s.repo.kind == "space" && strings.HasPrefix(s.scope, "repo") }
func isAdded(s *scene) bool  { return !s.files[s.item].deleted }
func isMerged(s *scene) bool { return s.discussion.status == "merged" }

func countIf(holds bool, n int) int {
	if holds {
		return n
	}
	return 0
}

func shaUnless(missing bool, h *sha) *sha {
	if missing {
		return nil
	}
	return h
}

func fileAction(s *scene) string {
	if s.files[s.item].deleted {
		return "delete"
	}
	return "add"
}

func appendHex(dst, b []byte) []byte {
	dst = append(dst, '"')
	dst = hex.AppendEncode(dst, b)
	return append(dst, '"')
}

const hexDigits = "0123456789abcdef"

// appendString appends a JSON string as JavaScript writes it, which is what the
// Hub does: nothing is escaped but what must be.
func appendString(dst []byte, text string) []byte {
	dst = append(dst, '"')
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c == '"' || c == '\\':
			dst = append(dst, '\\', c)
		case c == '\n':
			dst = append(dst, '\\', 'n')
		case c == '\t':
			dst = append(dst, '\\', 't')
		case c == '\r':
			dst = append(dst, '\\', 'r')
		case c < ' ':
			dst = append(dst, '\\', 'u', '0', '0', hexDigits[c>>4], hexDigits[c&15])
		default:
			dst = append(dst, c)
		}
	}
	return append(dst, '"')
}
