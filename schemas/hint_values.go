package schemas

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/hubhook/hubhook/schemas/suggest"
)

// eventAsString explains a shape's name in place of an event.
func eventAsString(m *mismatch) string {
	name, ok := m.value.(string)
	if !ok || m.file != partsDir+"event"+extension || m.pointer != "/type" {
		return ""
	}
	if scope, action, ok := splitName(name); ok {
		return fmt.Sprintf(`event is an object: {"action": %s, "scope": %s}`, excerpt(currentAction(action)), excerpt(scope))
	}
	return `event is an object: {"action": "…", "scope": "…"}`
}

// unknownAction explains an action that a known scope doesn't have. For the strict reading,
// such an event has a narrower scope.
func unknownAction(m *mismatch) string {
	action, _ := m.event["action"].(string)
	scope, _ := m.event["scope"].(string)
	if m.problem.Pointer != "/event/scope" && m.problem.Pointer != "/event/action" || !m.set.KnowsScope(scope) {
		return ""
	}
	known := m.set.actions(scope)
	if slices.Contains(known, action) {
		return ""
	}
	meant, ok := actionMeant(strings.ToLower(action))
	if !ok || !slices.Contains(known, meant) {
		meant, ok = suggest.Closest(action, known)
	}
	if !ok {
		return fmt.Sprintf("%s is no action of %s: known are %s", excerpt(action), scope, strings.Join(known, ", "))
	}
	return fmt.Sprintf("%s is no action of %s: did you mean %q?", excerpt(action), scope, meant)
}

func (s *Set) actions(scope string) []string {
	var list []string
	for _, shape := range s.shapes {
		if shape.Scope == scope && !shape.Narrowed {
			list = append(list, shape.Action)
		}
	}
	return list
}

// wrongIDForm explains an id as databases have it.
func wrongIDForm(m *mismatch) string {
	if m.file != partsDir+"objectId"+extension || m.problem.Rule != "type" {
		return ""
	}
	if object, ok := m.value.(map[string]any); ok {
		if text, ok := object["$oid"].(string); ok {
			return fmt.Sprintf("an id is the text alone: %s", excerpt(text))
		}
	}
	return "an id is a string of 24 hexadecimal digits, as Mongo's ObjectId writes itself"
}

// accountAsString explains a name in place of an account.
func accountAsString(m *mismatch) string {
	if _, ok := m.value.(string); ok && m.file == partsDir+"account"+extension && m.problem.Rule == "type" {
		return `an account is an object that holds an id: {"id": "…"}`
	}
	return ""
}

// quotedValue explains a number, a boolean or null in quotes.
func quotedValue(m *mismatch) string {
	text, ok := m.value.(string)
	if !ok || m.problem.Rule != "type" {
		return ""
	}
	bare := strings.ToLower(strings.TrimSpace(text))
	value, err := Decode([]byte(bare))
	if _, isText := value.(string); err != nil || isText {
		return ""
	}
	for _, wanted := range stringsIn(m.expected()) {
		if wanted == typeOf(value) || wanted == "number" && typeOf(value) == "integer" {
			return fmt.Sprintf("write %s without quotes", bare)
		}
	}
	return ""
}

// hexDigits explains a SHA, an id or a hash by the number of digits in its pattern.
func hexDigits(m *mismatch) string {
	text, ok := m.value.(string)
	if !ok || m.problem.Rule != "pattern" {
		return ""
	}
	pattern, _ := m.expected().(string)
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

// shortRef explains a branch or a tag without refs/.
func shortRef(m *mismatch) string {
	if m.problem.Rule != "pattern" || m.expected() != "^refs/" {
		return ""
	}
	return fmt.Sprintf("a ref is told in full: refs/heads/%s for a branch, refs/tags/%[1]s for a tag", m.value)
}

// closestWord explains a value that is similar to an allowed one.
func closestWord(m *mismatch) string {
	text, ok := m.value.(string)
	if !ok || m.problem.Rule != "enum" && m.problem.Rule != "const" {
		return ""
	}
	return suggest.Or(text, stringsIn(m.expected()), "")
}

// oldVersion explains webhook.version 1 and 2.
func oldVersion(m *mismatch) string {
	if m.file != partsDir+"webhook"+extension || m.name != "version" {
		return ""
	}
	if m.value == json.Number("1") || m.value == json.Number("2") {
		return "the Hub sends version 3 now"
	}
	return ""
}

// typeOf returns the JSON Schema type of a value that was in quotes.
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
	return "" // objects and arrays are of no interest
}

// stringsIn lists the strings of a keyword whose value is a string or an array.
func stringsIn(value any) []string {
	list, ok := value.([]any)
	if !ok {
		list = []any{value}
	}
	var texts []string
	for _, item := range list {
		if text, ok := item.(string); ok {
			texts = append(texts, text)
		}
	}
	return texts
}

// actionMeant returns the action that a word of version 2, other services or English means.
func actionMeant(word string) (action string, ok bool) {
	return keyOf(word, map[string]string{
		"create": "add added created new open opened publish published",
		"delete": "remove removed deleted destroy destroyed",
		"update": "change changed updated edit edited modified push pushed close closed reopened merge merged hide hidden",
		"move":   "moved rename renamed transfer transferred",
	})
}

func scopeMeant(word string) (scope string, ok bool) {
	return keyOf(word, map[string]string{
		"discussion.comment": "comment comments issue_comment",
		"discussion":         "issue issues pull_request pullrequest pr",
		"repo.content":       "content push commit",
		"repo.config":        "config settings",
		"repo":               "repository model dataset space bucket",
	})
}

// keyOf returns the key of the list that contains a word.
func keyOf(word string, lists map[string]string) (string, bool) {
	for key, list := range lists {
		if slices.Contains(strings.Fields(list), word) {
			return key, true
		}
	}
	return "", false
}

// formerName is a property that payloads no longer have.
type formerName struct {
	file string // of the object that had it
	name string
	now  string // the property that replaced it; empty if none did
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

// propertyHint explains a property that the strict reading finds missing or misplaced.
type propertyHint struct {
	file string // prefix of the schema's path without "narrowed/"
	name string
	text string
}

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
