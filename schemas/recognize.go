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
	// version describes an old version, which then is the only problem, since all others
	// follow from it; empty for anything else.
	version string
	hint    func(doc any) string // empty for a document that is something else
}

// lookalikes lists what is recognized, in the order of the tests.
func lookalikes() []lookalike {
	return []lookalike{
		{"version 2", "a payload of version 2; the Hub sends version 3 now", changesSinceVersion2},
		{"version 1", "a payload of version 1; the Hub sends version 3 now", changesSinceVersion1},
		{"JSON in a string", "", hintIf(isEncodedTwice,
			"it is JSON that was written as JSON again; to undo that: jq -c fromjson")},
		{"list", "", hintIf(isList, "payloads come one after another, not in a list; to take them out: jq -c '.[]'")},
		{"wrapped", "", unwrap},
		{"GitHub", "", hintIf(hasAll("repository", "sender"), "this is a payload of GitHub's webhooks, not of the Hub's")},
		{"GitLab", "", hintIf(hasAll("object_kind"), "this is a payload of GitLab's webhooks, not of the Hub's")},
	}
}

// draftOfVersion3 names a payload with an event of today and a former repo.
const draftOfVersion3 = "draft of version 3"

// recognize returns what is mistaken for a payload, with a hint; zero values if unknown.
func recognize(doc any) (found lookalike, hint string) {
	for _, known := range lookalikes() {
		if hint := known.hint(doc); hint != "" {
			return known, hint
		}
	}
	return lookalike{}, ""
}

func isDraft(doc any) bool {
	repo, _ := valueAt(doc, "/repo").(map[string]any)
	former := hasMember(repo, "author") || hasMember(repo, "gitalyUid") || hasMember(repo, "authorId")
	return former && !hasMember(repo, "owner")
}

func hintIf(is func(doc any) bool, text string) func(any) string {
	return func(doc any) string {
		if !is(doc) {
			return ""
		}
		return text
	}
}

func hasAll(names ...string) func(doc any) bool {
	return func(doc any) bool {
		object, _ := doc.(map[string]any)
		return !slices.ContainsFunc(names, func(name string) bool { return !hasMember(object, name) })
	}
}

// changesSinceVersion2 explains an event that is a string, with a scope beside it.
func changesSinceVersion2(doc any) string {
	action, isText := valueAt(doc, "/event").(string)
	scope, hasScope := valueAt(doc, "/scope").(string)
	switch {
	case !isText, !hasScope && valueAt(doc, "/webhook/version") != json.Number("2"):
		return ""
	case !hasScope:
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

// changesSinceVersion1 explains a payload of one member: the action and the name of the repo.
func changesSinceVersion1(doc any) string {
	object, _ := doc.(map[string]any)
	for action, repo := range object {
		kind := "model"
		name, isText := repo.(string)
		known := []string{"create", "delete", "move", "update"}
		if len(object) != 1 || !isText || !slices.Contains(known, currentAction(action)) {
			return ""
		}
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

// wrapper returns the name of the member that contains a payload, and whether as a string.
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
	if name == "" {
		return ""
	}
	path := "." + name
	if !regexp.MustCompile(`^[A-Za-z_]\w*$`).MatchString(name) {
		path = fmt.Sprintf(".[%s]", excerpt(name))
	}
	if asText {
		return fmt.Sprintf("the payload is a text under %s; to take it out: jq -c '%s | fromjson'", excerpt(name), path)
	}
	return fmt.Sprintf("the payload stands under %s; to take it out: jq -c '%s'", excerpt(name), path)
}
