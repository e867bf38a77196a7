package schemas

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// eventAsString knows a shape's name that stands for its event.
func eventAsString(s *mismatch) string {
	name, ok := s.value.(string)
	if !ok || s.file != partsDir+"event"+extension || s.pointer != "/type" {
		return ""
	}
	if scope, action, ok := splitName(name); ok {
		return fmt.Sprintf(`event is an object: {"action": %s, "scope": %s}`, excerpt(currentAction(action)), excerpt(scope))
	}
	return `event is an object: {"action": "…", "scope": "…"}`
}

// unknownAction knows the action that is meant by a word that no known scope
// has. The strict reading takes such an event for a narrower scope.
func unknownAction(s *mismatch) string {
	action, _ := s.event["action"].(string)
	scope, _ := s.event["scope"].(string)
	if s.problem.Pointer != "/event/scope" && s.problem.Pointer != "/event/action" || !s.set.KnowsScope(scope) {
		return ""
	}
	known := s.set.actions(scope)
	if slices.Contains(known, action) {
		return ""
	}
	meant, ok := actionWords()[strings.ToLower(action)]
	if !ok || !slices.Contains(known, meant) {
		meant, ok = Closest(action, known)
	}
	if !ok {
		return fmt.Sprintf("%s is no action of %s: known are %s", excerpt(action), scope, strings.Join(known, ", "))
	}
	return fmt.Sprintf("%s is no action of %s: did you mean %q?", excerpt(action), scope, meant)
}

// actions lists the actions that a scope is known to have.
func (s *Set) actions(scope string) []string {
	var list []string
	for _, shape := range s.shapes {
		if shape.Scope == scope && !shape.Narrowed {
			list = append(list, shape.Action)
		}
	}
	return list
}

// wrongIDForm knows how ids look in databases and in other people's code.
func wrongIDForm(s *mismatch) string {
	if s.file != partsDir+"objectId"+extension || s.problem.Rule != "type" {
		return ""
	}
	if object, ok := s.value.(map[string]any); ok {
		if text, ok := object["$oid"].(string); ok {
			return fmt.Sprintf("an id is the text alone: %s", excerpt(text))
		}
	}
	return "an id is a string of 24 hexadecimal digits, as Mongo's ObjectId writes itself"
}

// accountAsString knows that accounts are told by id.
func accountAsString(s *mismatch) string {
	if _, ok := s.value.(string); ok && s.file == partsDir+"account"+extension && s.problem.Rule == "type" {
		return `an account is an object that holds an id: {"id": "…"}`
	}
	return ""
}

// quotedValue knows a value that stands in quotes.
func quotedValue(s *mismatch) string {
	text, ok := s.value.(string)
	if !ok || s.problem.Rule != "type" {
		return ""
	}
	bare := strings.ToLower(strings.TrimSpace(text))
	value, err := Decode([]byte(bare))
	if _, isText := value.(string); err != nil || isText {
		return ""
	}
	for _, wanted := range stringsIn(s.expected()) {
		if wanted == typeOf(value) || wanted == "number" && typeOf(value) == "integer" {
			return fmt.Sprintf("write %s without quotes", bare)
		}
	}
	return ""
}

// hexDigits counts those of a SHA, an id or a hash, whose patterns say how many
// there are.
func hexDigits(s *mismatch) string {
	text, ok := s.value.(string)
	if !ok || s.problem.Rule != "pattern" {
		return ""
	}
	pattern, _ := s.expected().(string)
	count, ok := strings.CutPrefix(pattern, "^[0-9a-f]{")
	wanted, err := strconv.Atoi(strings.TrimSuffix(count, "}$"))
	if !ok || err != nil {
		return ""
	}
	switch {
	case len(text) == wanted && strings.ToLower(text) != text:
		return "the digits are lower case"
	case len(text) == wanted:
		return fmt.Sprintf("not all of the %d characters are hexadecimal digits", wanted)
	case len(text) < wanted && wanted == 40:
		return fmt.Sprintf("a SHA is sent in full: 40 digits, not %d", len(text))
	}
	return fmt.Sprintf("%d digits, not %d", wanted, len(text))
}

// shortRef knows a branch or a tag by its name alone.
func shortRef(s *mismatch) string {
	if s.problem.Rule != "pattern" || s.expected() != "^refs/" {
		return ""
	}
	return fmt.Sprintf("a ref is told in full: refs/heads/%s for a branch, refs/tags/%[1]s for a tag", s.value)
}

// closestWord knows the allowed value that is meant by a similar one.
func closestWord(s *mismatch) string {
	text, ok := s.value.(string)
	if !ok || s.problem.Rule != "enum" && s.problem.Rule != "const" {
		return ""
	}
	if closest, ok := Closest(text, stringsIn(s.expected())); ok {
		return fmt.Sprintf("did you mean %q?", closest)
	}
	return ""
}

// oldVersion knows the versions that came before.
func oldVersion(s *mismatch) string {
	if s.file != partsDir+"webhook"+extension || s.name != "version" {
		return ""
	}
	if s.value == json.Number("1") || s.value == json.Number("2") {
		return "the Hub sends version 3 now"
	}
	return ""
}

// typeOf is the name that schemas have for the type of a decoded value.
func typeOf(value any) string {
	switch value := value.(type) {
	case bool:
		return "boolean"
	case nil:
		return "null"
	case json.Number:
		if !strings.ContainsAny(value.String(), ".eE") {
			return "integer"
		}
		return "number"
	}
	return "" // what is written in quotes is no object
}

// stringsIn lists the strings that a schema says, be it one or an array.
func stringsIn(said any) []string {
	list, ok := said.([]any)
	if !ok {
		list = []any{said}
	}
	var texts []string
	for _, item := range list {
		if text, ok := item.(string); ok {
			texts = append(texts, text)
		}
	}
	return texts
}

// actionWords are what people take for the actions that the Hub has: words of
// version 2, of other services, and of plain English.
func actionWords() map[string]string {
	return map[string]string{
		"add": "create", "added": "create", "created": "create", "new": "create", "open": "create", "opened": "create", "publish": "create", "published": "create",
		"remove": "delete", "removed": "delete", "deleted": "delete", "destroy": "delete", "destroyed": "delete",
		"change": "update", "changed": "update", "updated": "update", "edit": "update", "edited": "update", "modified": "update", "push": "update", "pushed": "update",
		"close": "update", "closed": "update", "reopened": "update", "merge": "update", "merged": "update", "hide": "update", "hidden": "update",
		"moved": "move", "rename": "move", "renamed": "move", "transfer": "move", "transferred": "move",
	}
}

// scopeWords are what people take for the scopes that the Hub has.
func scopeWords() map[string]string {
	return map[string]string{
		"comment": "discussion.comment", "comments": "discussion.comment", "issue_comment": "discussion.comment",
		"issue": "discussion", "issues": "discussion", "pull_request": "discussion", "pullrequest": "discussion", "pr": "discussion",
		"content": "repo.content", "push": "repo.content", "commit": "repo.content", "config": "repo.config", "settings": "repo.config",
		"repository": "repo", "model": "repo", "dataset": "repo", "space": "repo", "bucket": "repo",
	}
}

// formerName is a property that payloads had once.
type formerName struct {
	file string // of the object that had it
	name string
	now  string // the property that took its place; empty where none did
	hint string
}

func formerNames() []formerName {
	const repo, config = partsDir + "repo" + extension, partsDir + "updatedConfig" + extension
	return []formerName{
		{repo, "authorId", "owner", "repo.authorId was that of version 2: it is repo.owner.id now"},
		{repo, "author", "owner", "repo.author was that of a draft of version 3: it is repo.owner now"},
		{repo, "gitalyUid", "", "repo.gitalyUid was that of version 2: nothing took its place"},
		{repo, "tags", "", "repo.tags is no longer sent"},
		{config, "xetEnabled", "", "updatedConfig.xetEnabled is no longer sent"},
	}
}

// propertyHint says why a property is, or is not, where the strict reading looks.
type propertyHint struct {
	file string // what the schema's path begins with, "narrowed/" left out
	name string
	text string
}

func (r propertyHint) fits(s *mismatch, name string) bool {
	return r.name == name && strings.HasPrefix(strings.TrimPrefix(s.file, narrowedDir), r.file)
}

// missingHints says what a property that is missing would tell.
func missingHints() []propertyHint {
	return []propertyHint{
		{"parts/updatedRefs", "oldSha", "oldSha is null where a ref was created, and never left out"},
		{"parts/updatedRefs", "newSha", "newSha is null where a ref was deleted, and never left out"},
		{"parts/updatedFiles", "xetHash", "a file that was added has both hash and size"},
		{"parts/updatedFiles", "size", "a file that was added has both hash and size"},
		{"parts/comment", "content", "only a hidden comment comes without its content"},
		{"parts/discussion", "changes", "a pull request tells in changes what it is based on"},
		{"repo.content", "updatedRefs", "a push tells which refs it changed"},
		{"repo.content", "updatedFiles", "a bucket tells which files changed"},
		{"", "webhook", `each payload names the registration that it is for: {"id": "…", "version": 3}`},
	}
}

// misplacedHints says why a property does not belong where it is.
func misplacedHints() []propertyHint {
	const repoOnly = "it comes with events whose scope begins with repo"
	return []propertyHint{
		{"parts/comment", "content", "the Hub leaves out the content of a hidden comment"},
		{"parts/discussion", "changes", "only a pull request has changes, and isPullRequest is not true"},
		{"parts/repo", "headSha", "a bucket is no Git repo and has no commits"},
		{"parts/updatedFiles", "xetHash", "a deleted file has neither hash nor size"},
		{"parts/updatedFiles", "size", "a deleted file has neither hash nor size"},
		{"discussion", "headSha", repoOnly},
		{"discussion", "subdomain", repoOnly},
		{"repo.content", "updatedRefs", "a bucket is no Git repo: it tells updatedFiles"},
		{"repo.content", "updatedFiles", "it comes with buckets alone"},
		{"repo.content", "updatedFilesTruncated", "it comes with buckets alone"},
	}
}
