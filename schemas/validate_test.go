package schemas_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/hubhook/hubhook/schemas"
)

const (
	repoUpdate    = "repo.update"
	commentUpdate = "discussion.comment.update"
)

// finding is the part of a problem that tests compare; messages may be reworded.
type finding struct{ Pointer, Rule, Found string }

func findings(problems []schemas.Problem) []finding {
	var list []finding
	for _, p := range problems {
		list = append(list, finding{p.Pointer, p.Rule, p.Found})
	}
	return list
}

func judge(t *testing.T, doc any, reading schemas.Reading) schemas.Judgement {
	t.Helper()
	judgement, err := load(t).Judge(doc, reading)
	if err != nil {
		t.Fatal(err)
	}
	if judgement.Valid() != (len(judgement.Problems) == 0) {
		t.Errorf("valid is %v with %d problems", judgement.Valid(), len(judgement.Problems))
	}
	return judgement
}

func TestSamplesAreValid(t *testing.T) {
	for _, shape := range []string{repoUpdate, commentUpdate} {
		for _, reading := range []schemas.Reading{schemas.Open, schemas.Strict} {
			got := judge(t, decode(t, sample(t, shape)), reading)
			if got.Schema != shape || !got.Valid() {
				t.Errorf("%s, %s: judged by %q: %v", shape, reading, got.Schema, got.Problems)
			}
		}
	}
}

func TestJudge(t *testing.T) {
	for _, c := range []struct {
		name, shape string
		change      change
		both        []finding // found under both readings
		strict      []finding // found under the strict one alone
	}{
		{
			name: "missing property", shape: repoUpdate, change: change{"repo.name", ""},
			both: []finding{{"/repo", "required", "headSha, id, owner, private, type, url"}},
		}, {
			name: "missing property deep inside", shape: commentUpdate, change: change{"discussion.url.api", ""},
			both: []finding{{"/discussion/url", "required", "web"}},
		}, {
			name: "missing top-level property", shape: repoUpdate, change: change{"repo", ""},
			both: []finding{{"", "required", "event, webhook"}},
		}, {
			name: "wrong type", shape: repoUpdate, change: change{"repo.private", `"no"`},
			both: []finding{{"/repo/private", "type", `"no"`}},
		}, {
			name: "null is no string", shape: repoUpdate, change: change{"repo.name", `null`},
			both: []finding{{"/repo/name", "type", `null`}},
		}, {
			name: "number that is not whole", shape: commentUpdate, change: change{"discussion.num", `1.5`},
			both: []finding{{"/discussion/num", "type", `1.5`}},
		}, {
			name: "number below the least one", shape: commentUpdate, change: change{"discussion.num", `0`},
			both: []finding{{"/discussion/num", "minimum", `0`}},
		}, {
			name: "no URL", shape: repoUpdate, change: change{"repo.url.web", `"gpt2"`},
			both: []finding{{"/repo/url/web", "format", `"gpt2"`}},
		}, {
			name: "unknown property", shape: repoUpdate, change: change{"stars", `12`},
			strict: []finding{{"/stars", "additionalProperties", `12`}},
		}, {
			name: "unknown property deep inside", shape: repoUpdate, change: change{"repo.url.ssh", `"git@"`},
			strict: []finding{{"/repo/url/ssh", "additionalProperties", `"git@"`}},
		}, {
			name: "unknown property whose name needs escaping", shape: repoUpdate, change: change{"repo.a/b~c", `[1]`},
			strict: []finding{{"/repo/a~1b~0c", "additionalProperties", `[1]`}},
		}, {
			name: "unknown property whose name is no word", shape: repoUpdate, change: change{"repo.é %2F", `[1]`},
			strict: []finding{{"/repo/é %2F", "additionalProperties", `[1]`}},
		}, {
			name: "new repo type", shape: repoUpdate, change: change{"repo.type", `"paper"`},
			strict: []finding{{"/repo/type", "enum", `"paper"`}},
		}, {
			name: "empty repo type", shape: repoUpdate, change: change{"repo.type", `""`},
			both:   []finding{{"/repo/type", "minLength", `""`}},
			strict: []finding{{"/repo/type", "enum", `""`}},
		}, {
			name: "discussion in a bucket", shape: commentUpdate, change: change{"repo.type", `"bucket"`},
			strict: []finding{{"/repo/type", "enum", `"bucket"`}},
		}, {
			name: "short commit", shape: repoUpdate, change: change{"repo.headSha", `"607a30d"`},
			strict: []finding{{"/repo/headSha", "pattern", `"607a30d"`}},
		}, {
			name: "property that another shape has", shape: commentUpdate,
			change: change{"repo.headSha", `"607a30d783dfa663caf39e06633721c8d4cfcd7e"`},
			strict: []finding{{"/repo/headSha", "properties", `"607a30d783dfa663caf39e06633721c8d4cfcd7e"`}},
		}, {
			name: "hidden comment with its content", shape: commentUpdate, change: change{"comment.hidden", `true`},
			strict: []finding{{"/comment/content", "properties", `"This adds an env key"`}},
		}, {
			name: "comment without its content", shape: commentUpdate, change: change{"comment.content", ""},
			strict: []finding{{"/comment", "required", "author, hidden, id, url"}},
		}, {
			name: "no registration", shape: repoUpdate, change: change{"webhook", ""},
			strict: []finding{{"", "required", "event, repo"}},
		}, {
			name: "next version", shape: repoUpdate, change: change{"webhook.version", `4`},
			strict: []finding{{"/webhook/version", "const", `4`}},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			doc := decode(t, changed(t, sample(t, c.shape), c.change))
			open := judge(t, doc, schemas.Open)
			if diff := cmp.Diff(c.both, findings(open.Problems)); diff != "" || open.Schema != c.shape {
				t.Errorf("open reading of %s: %s", open.Schema, diff)
			}
			strict := findings(judge(t, doc, schemas.Strict).Problems)
			want := append(append([]finding{}, c.both...), c.strict...)
			if diff := cmp.Diff(asSet(want), asSet(strict)); diff != "" {
				t.Errorf("strict reading: %s", diff)
			}
		})
	}
}

func asSet(list []finding) map[finding]bool {
	set := map[finding]bool{}
	for _, f := range list {
		set[f] = true
	}
	return set
}

func TestJudgeWithoutEvent(t *testing.T) {
	for _, c := range []struct {
		name, payload string
		want          []finding
	}{
		{"array", `[1, 2]`, []finding{{"", "type", `[1,2]`}}},
		{"string", `"ping"`, []finding{{"", "type", `"ping"`}}},
		{"number", `7`, []finding{{"", "type", `7`}}},
		{"null", `null`, []finding{{"", "type", `null`}}},
		{"empty object", `{}`, []finding{{"", "required", `{}`}}},
		{"no event", `{"repo": {}, "discussion": {}}`, []finding{{"", "required", "discussion, repo"}}},
		{"event is a string", `{"event": "repo.update"}`, []finding{{"/event", "type", `"repo.update"`}}},
		{"event is null", `{"event": null}`, []finding{{"/event", "type", `null`}}},
		{"event without scope", `{"event": {"action": "update"}}`, []finding{{"/event", "required", "action"}}},
		{"scope is a number", `{"event": {"action": "update", "scope": 1}}`, []finding{{"/event/scope", "type", `1`}}},
		{"empty action", `{"event": {"action": "", "scope": "repo"}}`, []finding{{"/event/action", "minLength", `""`}}},
		{"unknown root", `{"event": {"action": "update", "scope": "user"}}`, []finding{{"/event/scope", "scope", `"user"`}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			for _, reading := range []schemas.Reading{schemas.Open, schemas.Strict} {
				got := judge(t, decode(t, []byte(c.payload)), reading)
				if diff := cmp.Diff(c.want, findings(got.Problems)); diff != "" || got.Schema != "" {
					t.Errorf("%s: judged by %q: %s", reading, got.Schema, diff)
				}
			}
		})
	}
}

func TestJudgeUnknownScopeAsNearestKnownOne(t *testing.T) {
	for _, c := range []struct {
		scope, action, schema string
		strict                bool
	}{
		{"repo.stars", "create", "repo.*", true},
		{"repo.stars.weekly", "minted", "repo.*", true},
		// A known scope has but the actions of today; a handler must not care.
		{"repo", "archived", "repo.*", false},
		{"repo.sp ace", "update", "repo.*", false},
	} {
		doc := decode(t, changed(t, sample(t, repoUpdate),
			change{"event.scope", `"` + c.scope + `"`}, change{"event.action", `"` + c.action + `"`}))
		open, strict := judge(t, doc, schemas.Open), judge(t, doc, schemas.Strict)
		if open.Schema != c.schema || !open.Valid() {
			t.Errorf("%s %s, open: %s %v", c.scope, c.action, open.Schema, open.Problems)
		}
		if strict.Schema != c.schema || strict.Valid() != c.strict {
			t.Errorf("%s %s, strict: %s %v", c.scope, c.action, strict.Schema, strict.Problems)
		}
	}
}

func TestJudgeNarrowedCommentRequiresComment(t *testing.T) {
	doc := decode(t, changed(t, sample(t, commentUpdate),
		change{"event.scope", `"discussion.comment.reaction"`}, change{"comment", ""}))
	want := []finding{{"", "required", "discussion, event, repo, webhook"}}
	if diff := cmp.Diff(want, findings(judge(t, doc, schemas.Open).Problems)); diff != "" {
		t.Error(diff)
	}
}

func TestJudgeAsOtherShape(t *testing.T) {
	set, doc := load(t), decode(t, sample(t, repoUpdate))
	got, err := set.JudgeAs("repo.create", doc, schemas.Open)
	want := []finding{{"/event/action", "const", `"update"`}}
	if diff := cmp.Diff(want, findings(got.Problems)); err != nil || diff != "" || got.Schema != "repo.create" {
		t.Errorf("%v: %s", err, diff)
	}
	// A future name is judged by the shape that stands for it.
	got, err = set.JudgeAs("repo.config.dois.minted", doc, schemas.Open)
	want = []finding{{"/event/scope", "pattern", `"repo"`}}
	if diff := cmp.Diff(want, findings(got.Problems)); err != nil || diff != "" {
		t.Errorf("%v: %s", err, diff)
	}
}

func TestJudgeAsPart(t *testing.T) {
	const right, wrong = `{"id": "628b753283ef59b5be89e937"}`, `{"id": 5}`
	set := load(t)
	for _, c := range []struct {
		name, part, doc string
		want            []finding
	}{
		{"alone", "account", right, nil},
		{"wrapped", "account", `{"account": ` + right + `, "event": 1}`, nil},
		{"wrong alone", "account", wrong, []finding{{"/id", "type", `5`}}},
		{"wrong wrapped", "account", `{"account": ` + wrong + `}`, []finding{{"/account/id", "type", `5`}}},
		{"string alone", "sha", `""`, []finding{{"", "minLength", `""`}}},
		{"string wrapped", "sha", `{"sha": ""}`, []finding{{"/sha", "minLength", `""`}}},
		{"array alone", "updatedRefs", `[{"ref": "refs/heads/main"}, {}]`, []finding{{"/1", "required", `{}`}}},
		{"another part wrapped", "account", `{"repo": {}}`, []finding{{"", "required", `repo`}}},
	} {
		got, err := set.JudgeAs(c.part, decode(t, []byte(c.doc)), schemas.Open)
		if err != nil || got.Schema != c.part {
			t.Errorf("%s: judged by %q, %v", c.name, got.Schema, err)
		}
		if diff := cmp.Diff(c.want, findings(got.Problems)); diff != "" {
			t.Errorf("%s: %s", c.name, diff)
		}
	}
}

func TestJudgeAsUnknownNameListsKnownOnes(t *testing.T) {
	set := load(t)
	_, err := set.JudgeAs("updatedRef", map[string]any{}, schemas.Open)
	_, sourceErr := set.Source("updatedRef")
	_, treeErr := set.Tree("updatedRef")
	for _, err := range []error{err, sourceErr, treeErr} {
		if err == nil {
			t.Error("an unknown name is no error")
			continue
		}
		for _, part := range []string{`"updatedRef"`, "updatedRefs", "repo.update"} {
			if !strings.Contains(err.Error(), part) {
				t.Errorf("%v does not say %s", err, part)
			}
		}
	}
}

func TestProblemStringIsOneLine(t *testing.T) {
	long := `"` + strings.Repeat("ü", 4000) + `"`
	doc := decode(t, changed(t, sample(t, repoUpdate), change{"repo.private", long}))
	got := judge(t, doc, schemas.Open)
	if len(got.Problems) != 1 {
		t.Fatal(got.Problems)
	}
	line := got.Problems[0].String()
	if len([]rune(line)) > 250 || strings.Contains(line, "\n") || !strings.HasSuffix(line, "ü…") {
		t.Errorf("%d runes: %s", len([]rune(line)), line)
	}
	// Names come from whoever sends, and may hold what ends a line.
	doc = decode(t, []byte("{\"a\\n\\u001b[2J\": 1, \"event\": {\"scope\": \"repo\", \"action\": \"update\"}}"))
	for _, problem := range judge(t, doc, schemas.Strict).Problems {
		if strings.ContainsAny(problem.String(), "\n\x1b") {
			t.Errorf("%q", problem)
		}
	}
	if root := (schemas.Problem{Rule: "type"}).String(); !strings.HasPrefix(root, "(payload): type") {
		t.Errorf("the whole payload is called %q", root)
	}
}
