package schemas_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/hubhook/hubhook/schemas"
)

const contentUpdate = `{
	"event": {"action": "update", "scope": "repo.content"},
	"repo": {"type": "model", "name": "me/m", "id": "628b753283ef59b5be89e937", "private": false, "owner": {"id": "61d2f90c3c2083e1c08af22d"},
		"url": {"web": "https://huggingface.co/me/m", "api": "https://huggingface.co/api/models/me/m"}},
	"updatedRefs": [{"ref": "refs/heads/main", "oldSha": null, "newSha": "607a30d783dfa663caf39e06633721c8d4cfcd7e"}],
	"webhook": {"id": "6390e855e30d9209411de93b", "version": 3}
}`

func TestHints(t *testing.T) {
	repo, comment, content := string(sample(t, repoUpdate)), string(sample(t, commentUpdate)), contentUpdate
	for _, c := range []struct {
		name, payload string
		changes       []change
		reading       schemas.Reading
		pointer, hint string
	}{
		{"id as a number", repo, []change{{"repo.id", `628753283`}}, schemas.Open, "/repo/id", "24 hexadecimal digits"},
		{"id as a database has it", repo, []change{{"webhook.id", `{"buffer": {"0": 98}}`}}, schemas.Open, "/webhook/id", "24 hexadecimal digits"},
		{"id as extended JSON", repo, []change{{"repo.owner.id", `{"$oid": "628b753283ef59b5be89e937"}`}}, schemas.Open, "/repo/owner/id", `"628b753283ef59b5be89e937"`},
		{"id that is short", repo, []change{{"repo.id", `"628b75"`}}, schemas.Strict, "/repo/id", "24 digits, not 6"},
		{"account as a name", repo, []change{{"repo.owner", `"me"`}}, schemas.Open, "/repo/owner", `{"id": "…"}`},

		{"name in snake case", repo, []change{{"repo.head_sha", `"x"`}}, schemas.Strict, "/repo/head_sha", "did you mean headSha? Names on the wire are camelCase"},
		{"name with a slip", repo, []change{{"repo.hedSha", `"x"`}}, schemas.Strict, "/repo/hedSha", "did you mean headSha?"},
		{"name like none", repo, []change{{"repo.colour", `"x"`}}, schemas.Strict, "/repo/colour", ""},
		{"needed name in snake case", comment, []change{{"discussion.isPullRequest", ""}, {"discussion.is_pull_request", `false`}}, schemas.Open,
			"/discussion", `did you mean isPullRequest where "is_pull_request" stands?`},
		{"needed name with a slip", repo, []change{{"repo.onwer", `{}`}, {"repo.owner", ""}}, schemas.Open, "/repo", `did you mean owner where "onwer" stands?`},
		{"needed name at the top", repo, []change{{"repository", `{}`}, {"repo", ""}}, schemas.Open, "", ""},

		{"action of the past", repo, []change{{"event.action", `"created"`}}, schemas.Strict, "/event/scope", `did you mean "create"?`},
		{"action of plain English", comment, []change{{"event.action", `"added"`}}, schemas.Strict, "/event/scope", `did you mean "create"?`},
		{"opened", comment, []change{{"event.action", `"opened"`}, {"event.scope", `"discussion"`}}, schemas.Strict, "/event/scope", `did you mean "create"?`},
		{"action that the scope has not", comment, []change{{"event.action", `"deleted"`}}, schemas.Strict, "/event/scope", "known are create, update"},
		{"scope in the plural", comment, []change{{"event.scope", `"discussions"`}}, schemas.Open, "/event/scope", `did you mean "discussion"?`},
		{"scope without its root", comment, []change{{"event.scope", `"comment"`}}, schemas.Open, "/event/scope", `did you mean "discussion.comment"?`},
		{"scope with a capital", repo, []change{{"event.scope", `"Repo"`}}, schemas.Open, "/event/scope", `did you mean "repo"?`},
		{"scope like none", repo, []change{{"event.scope", `"billing"`}}, schemas.Open, "/event/scope", "known are repo, "},
		{"event in one word", repo, []change{{"event", `"repo.update"`}}, schemas.Open, "/event", `{"action": "update", "scope": "repo"}`},

		{"status in capitals", comment, []change{{"discussion.status", `"OPEN"`}}, schemas.Strict, "/discussion/status", `did you mean "open"?`},
		{"type in the plural", repo, []change{{"repo.type", `"models"`}}, schemas.Strict, "/repo/type", `did you mean "model"?`},
		{"type with more to it", repo, []change{{"repo.type", `"dataset_repo"`}}, schemas.Strict, "/repo/type", `did you mean "dataset"?`},
		{"type of the future", repo, []change{{"repo.type", `"paper"`}}, schemas.Strict, "/repo/type", ""},
		{"boolean in quotes", repo, []change{{"repo.private", `"False"`}}, schemas.Open, "/repo/private", "write false without quotes"},
		{"number in quotes", comment, []change{{"discussion.num", `"19"`}}, schemas.Open, "/discussion/num", "write 19 without quotes"},
		{"another word in quotes", repo, []change{{"repo.private", `"no"`}}, schemas.Open, "/repo/private", ""},

		{"short SHA", repo, []change{{"repo.headSha", `"607a30d"`}}, schemas.Strict, "/repo/headSha", "in full: 40 digits, not 7"},
		{"SHA in capitals", repo, []change{{"repo.headSha", `"607A30D783DFA663CAF39E06633721C8D4CFCD7E"`}}, schemas.Strict, "/repo/headSha", "lower case"},
		{"SHA of other letters", repo, []change{{"repo.headSha", `"607z30d783dfa663caf39e06633721c8d4cfcd7e"`}}, schemas.Strict, "/repo/headSha", "hexadecimal"},
		{"short SHA where null may be", content, []change{{"updatedRefs.0.oldSha", `"607a30d"`}}, schemas.Strict, "/updatedRefs/0/oldSha", "in full"},
		{"null in quotes", content, []change{{"updatedRefs.0.newSha", `"null"`}}, schemas.Strict, "/updatedRefs/0/newSha", "40 digits"},
		{"ref by its name alone", content, []change{{"updatedRefs.0.ref", `"main"`}}, schemas.Strict, "/updatedRefs/0/ref", "refs/heads/main for a branch"},
		{"null left out", content, []change{{"updatedRefs.0.oldSha", ""}}, schemas.Strict, "/updatedRefs/0", "oldSha is null where a ref was created"},
		{"refs of a bucket", content, []change{{"repo.type", `"bucket"`}, {"updatedFiles", `[{"path": "a", "action": "delete"}]`}}, schemas.Strict, "/updatedRefs", "updatedFiles"},
		{"files of a model", content, []change{{"updatedFiles", `[{"path": "a", "action": "delete"}]`}}, schemas.Strict, "/updatedFiles", "buckets alone"},
		{"commit of a bucket", repo, []change{{"repo.type", `"bucket"`}}, schemas.Strict, "/repo/headSha", "no commits"},
		{"content of a hidden comment", comment, []change{{"comment.hidden", `true`}}, schemas.Strict, "/comment/content", "hidden comment"},
		{"comment without content", comment, []change{{"comment.content", ""}}, schemas.Strict, "/comment", "only a hidden comment"},
		{"changes without a pull request", comment, []change{{"discussion.isPullRequest", `false`}, {"discussion.changes", `{"base": "refs/heads/main"}`}}, schemas.Strict, "/discussion/changes", "only a pull request"},
		{"head in a discussion", comment, []change{{"repo.headSha", `"607a30d783dfa663caf39e06633721c8d4cfcd7e"`}}, schemas.Strict, "/repo/headSha", "scope begins with repo"},
		{"no registration", repo, []change{{"webhook", ""}}, schemas.Strict, "", "names the registration"},
		{"older version", repo, []change{{"webhook.version", `2`}}, schemas.Open, "/webhook/version", "version 3"},
		{"property of version 2", repo, []change{{"repo.gitalyUid", `"x"`}}, schemas.Strict, "/repo/gitalyUid", "version 2"},
	} {
		t.Run(c.name, func(t *testing.T) {
			doc := decode(t, changed(t, []byte(c.payload), c.changes...))
			hints := map[string]string{}
			for _, problem := range judge(t, doc, c.reading).Problems {
				if _, twice := hints[problem.Pointer]; twice {
					t.Errorf("several problems at %s", problem.Pointer)
				}
				hints[problem.Pointer] = problem.Hint
			}
			got, ok := hints[c.pointer]
			if !ok || !strings.Contains(got, c.hint) || c.hint == "" && got != "" {
				t.Errorf("hints %q; want %q at %q", hints, c.hint, c.pointer)
			}
		})
	}
}

func TestRecognizedDocuments(t *testing.T) {
	const old = `"repo": {"type": "dataset", "name": "me/d", "gitalyUid": "ab", "authorId": "628b753283ef59b5be89e937", "tags": []}`
	current := string(changed(t, []byte(contentUpdate)))
	inString, err := json.Marshal(current)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name, payload, recognised string
		says                      []string // in the one problem
	}{
		{"version 2", `{"event": "add", "scope": "discussion.comment", ` + old + `, "webhook": {"id": "x", "version": 2}}`, "version 2",
			[]string{"version 2", "version 3 now", `event is {"action": "create", "scope": "discussion.comment"}`, "repo.owner.id", "gitalyUid is gone", "repo.tags is gone"}},
		{"version 2, a removal", `{"event": "remove", "scope": "repo", "repo": {}}`, "version 2", []string{`"action": "delete"`}},
		{"version 2, a move", `{"event": "move", "scope": "repo", "movedTo": "b", "repo": {}}`, "version 2", []string{`"action": "move"`, `movedTo is {"name"`}},
		{"version 2 without its scope", `{"event": "update", "webhook": {"version": 2}}`, "version 2", []string{`"scope": "…"`}},
		{"version 1", `{"update": "spaces/org/name"}`, "version 1", []string{"version 1", `{"action": "update", "scope": "repo"}`, `"type": "space", "name": "org/name"`}},
		{"version 1, a model", `{"remove": "gpt2"}`, "version 1", []string{`"action": "delete"`, `"type": "model", "name": "gpt2"`}},
		{"encoded twice", string(inString), "JSON in a string", []string{"jq -c fromjson"}},
		{"list", "[" + current + "]", "list", []string{"jq -c '.[]'"}},
		{"wrapped", `{"payload": ` + current + `}`, "wrapped", []string{"jq -c '.payload'"}},
		{"wrapped in a text", `{"status": 200, "body": ` + string(inString) + `}`, "wrapped", []string{"jq -c '.body | fromjson'"}},
		{"wrapped under an odd name", `{"the payload": ` + current + `}`, "wrapped", []string{`.["the payload"]`}},
		{"GitHub", `{"action": "opened", "repository": {"id": 1}, "sender": {"login": "me"}}`, "GitHub", []string{"GitHub"}},
		{"GitLab", `{"object_kind": "push", "project": {}}`, "GitLab", []string{"GitLab"}},
		{"a number", `7`, "", []string{"expected object"}},
		{"a text", `"ping"`, "", []string{"expected object"}},
		{"an object of one text", `{"hello": "world"}`, "", []string{"event"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			for _, reading := range []schemas.Reading{schemas.Open, schemas.Strict} {
				got := judge(t, decode(t, []byte(c.payload)), reading)
				if got.Recognised != c.recognised || got.Schema != "" || len(got.Problems) != 1 {
					t.Fatalf("%s: recognised as %q, judged by %q: %v", reading, got.Recognised, got.Schema, got.Problems)
				}
				for _, part := range c.says {
					if line := got.Problems[0].String(); !strings.Contains(line, part) || strings.Contains(line, "\n") {
						t.Errorf("%s: %q does not say %q", reading, line, part)
					}
				}
			}
		})
	}
}

// The draft has an event of today, and so a shape.
func TestRecognizedDraftOfVersion3(t *testing.T) {
	doc := decode(t, changed(t, sample(t, repoUpdate), change{"repo.owner", ""}, change{"repo.author", `{"id": "628b753283ef59b5be89e937"}`}, change{"repo.gitalyUid", `"ab"`}))
	for reading, count := range map[schemas.Reading]int{schemas.Open: 1, schemas.Strict: 3} {
		got := judge(t, doc, reading)
		if got.Recognised != "draft of version 3" || got.Schema != repoUpdate || len(got.Problems) != count {
			t.Errorf("%s: %+v", reading, got)
		}
		for _, problem := range got.Problems {
			if problem.Pointer == "/repo" && !strings.Contains(problem.Hint, "repo.owner now") || problem.Hint == "" {
				t.Errorf("%s: %s", reading, problem)
			}
		}
	}
	// A payload that is right is one of today, whatever else it has.
	doc = decode(t, changed(t, sample(t, repoUpdate), change{"repo.author", `{"id": "x"}`}))
	if got := judge(t, doc, schemas.Open); got.Recognised != "" || !got.Valid() {
		t.Errorf("%+v", got)
	}
	if got := judge(t, doc, schemas.Strict); got.Recognised != "" || got.Valid() {
		t.Errorf("%+v", got)
	}
}

// An overlay may replace the schema of events by one that requires nothing.
func TestEventNeedsScopeAndActionWithAnyOverlay(t *testing.T) {
	set := loadWith(t, overlay("parts/event.json", `{}`))
	for _, text := range []string{`{"event": {}}`, `{"event": 5}`, `{"event": {"scope": "repo"}}`} {
		if got, err := set.Judge(decode(t, []byte(text)), schemas.Open); err != nil || got.Valid() || got.Problems[0].Pointer != "/event" {
			t.Errorf("%s: %+v, %v", text, got, err)
		}
	}
}

// Names are compared with those of the same object, not of its parents.
func TestHintComparesNamesOfTheSameObject(t *testing.T) {
	set := loadWith(t, overlay("parts/x.json", `{"properties": {"colour": {"additionalProperties": {"x-strict": false}}, "stars": {"items": {"required": ["name"]}}}}`))
	for _, text := range []string{`{"colour": {"colours": 1}}`, `{"stars": [{"star": 1}]}`} {
		got, err := set.JudgeAs("x", decode(t, []byte(text)), schemas.Strict)
		if err != nil || len(got.Problems) != 1 || got.Problems[0].Hint != "" {
			t.Errorf("%s: %v, %v", text, got.Problems, err)
		}
	}
}
