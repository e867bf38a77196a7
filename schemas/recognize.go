package schemas

import (
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
)

// lookalike is something that is mistaken for a payload of today.
type lookalike struct {
	name string // as Judgement.Recognised has it
	is   func(doc any) bool
	// version describes an old version, which then is the only problem, since all others
	// follow from it; empty for anything else.
	version string
	hint    func(doc any) string
}

// lookalikes lists what is recognized, in the order of the tests.
func lookalikes() []lookalike {
	return []lookalike{
		{"version 2", isVersion2, "a payload of version 2; the Hub sends version 3 now", changesSinceVersion2},
		{"version 1", isVersion1, "a payload of version 1; the Hub sends version 3 now", changesSinceVersion1},
		{
			"JSON in a string", isEncodedTwice, "",
			always("it is JSON that was written as JSON again; to undo that: jq -c fromjson"),
		},
		{"list", isList, "", always("payloads come one after another, not in a list; to take them out: jq -c '.[]'")},
		{"wrapped", isWrapped, "", unwrap},
		{"GitHub", hasAll("repository", "sender"), "", always("this is a payload of GitHub's webhooks, not of the Hub's")},
		{"GitLab", hasAll("object_kind"), "", always("this is a payload of GitLab's webhooks, not of the Hub's")},
	}
}

// draftOfVersion3 names a payload with an event of today and a former repo.
const draftOfVersion3 = "draft of version 3"

// recognize returns what doc is mistaken for a payload; the zero value if that is unknown.
func recognize(doc any) lookalike {
	for _, known := range lookalikes() {
		if known.is(doc) {
			return known
		}
	}
	return lookalike{}
}

func isDraft(doc any) bool {
	repo, _ := valueAt(doc, "/repo").(map[string]any)
	former := hasMember(repo, "author") || hasMember(repo, "gitalyUid") || hasMember(repo, "authorId")
	return former && !hasMember(repo, "owner")
}

func always(text string) func(any) string { return func(any) string { return text } }

func hasAll(names ...string) func(doc any) bool {
	return func(doc any) bool {
		object, _ := doc.(map[string]any)
		return !slices.ContainsFunc(names, func(name string) bool { return !hasMember(object, name) })
	}
}

// isVersion2 reports whether the event is a string, with a scope beside it.
func isVersion2(doc any) bool {
	_, event := valueAt(doc, "/event").(string)
	_, scope := valueAt(doc, "/scope").(string)
	return event && (scope || valueAt(doc, "/webhook/version") == json.Number("2"))
}

func changesSinceVersion2(doc any) string {
	action, _ := valueAt(doc, "/event").(string)
	scope, ok := valueAt(doc, "/scope").(string)
	if !ok {
		scope = "…"
	}
	event := fmt.Sprintf(`{"action": %s, "scope": %s}`, excerpt(currentAction(action)), excerpt(scope))
	changes := []string{"event is " + event + " now"}
	for _, became := range []struct{ pointer, text string }{
		{"/repo/authorId", "repo.authorId is repo.owner.id"},
		{"/repo/gitalyUid", "repo.gitalyUid is gone"},
		{"/repo/tags", "repo.tags is gone"},
	} {
		if _, ok := lookup(doc, became.pointer); ok {
			changes = append(changes, became.text)
		}
	}
	if _, ok := valueAt(doc, "/movedTo").(string); ok {
		changes = append(changes, `movedTo is {"name": "…", "owner": {"id": "…"}}`)
	}
	return strings.Join(changes, ", ")
}

func currentAction(action string) string {
	if now, ok := actionMeant(action); ok {
		return now
	}
	return action
}

// isVersion1 reports whether a payload has only one member, whose name is the action and
// whose value is the repo.
func isVersion1(doc any) bool {
	object, _ := doc.(map[string]any)
	if len(object) != 1 {
		return false
	}
	for action, repo := range object {
		_, isText := repo.(string)
		return isText && slices.Contains([]string{"create", "delete", "move", "update"}, currentAction(action))
	}
	return false
}

func changesSinceVersion1(doc any) string {
	for action, repo := range doc.(map[string]any) {
		kind, name := "model", repo.(string)
		for _, prefix := range []string{"model", "dataset", "space"} {
			if rest, ok := strings.CutPrefix(name, prefix+"s/"); ok {
				kind, name = prefix, rest
			}
		}
		return fmt.Sprintf(`it is {"event": {"action": %s, "scope": "repo"}, "repo": {"type": %q, "name": %s, …}, …} now`,
			excerpt(currentAction(action)), kind, excerpt(name))
	}
	return ""
}

func isEncodedTwice(doc any) bool {
	text, ok := doc.(string)
	if !ok {
		return false
	}
	inner, err := Decode([]byte(text))
	_, isObject := inner.(map[string]any)
	return err == nil && isObject
}

func isList(doc any) bool {
	list, _ := doc.([]any)
	return slices.ContainsFunc(list, func(item any) bool {
		_, isObject := item.(map[string]any)
		return isObject
	})
}

func isWrapped(doc any) bool {
	name, _ := wrapper(doc)
	return name != ""
}

// wrapper returns the name of the member that contains a payload, and whether it does so
// as a string.
func wrapper(doc any) (name string, asText bool) {
	object, _ := doc.(map[string]any)
	for _, name := range slices.Sorted(maps.Keys(object)) {
		value := object[name]
		text, isText := value.(string)
		if isText {
			value, _ = Decode([]byte(text))
		}
		if _, ok := valueAt(value, "/event").(map[string]any); ok {
			return name, isText
		}
	}
	return "", false
}

func unwrap(doc any) string {
	name, asText := wrapper(doc)
	path := "." + name
	if !regexp.MustCompile(`^[A-Za-z_]\w*$`).MatchString(name) {
		path = fmt.Sprintf(".[%s]", excerpt(name))
	}
	if asText {
		return fmt.Sprintf("the payload is a text under %s; to take it out: jq -c '%s | fromjson'", excerpt(name), path)
	}
	return fmt.Sprintf("the payload stands under %s; to take it out: jq -c '%s'", excerpt(name), path)
}
