package schemas_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/hubhook/hubhook/schemas"
)

// classified returns payloads of all kinds with their expected verdicts.
func classified(t *testing.T) []struct {
	doc            any
	label          string
	readings       schemas.Readings
	open, strictly int // problems
} {
	return []struct {
		doc            any
		label          string
		readings       schemas.Readings
		open, strictly int
	}{
		{decode(t, sample(t, commentUpdate)), commentUpdate, schemas.Readings{Open: true, Strict: true}, 0, 0},
		{decode(t, []byte(`{"event": "add", "scope": "repo"}`)), "version 2", schemas.Readings{}, 1, 1},
		{decode(t, sample(t, repoUpdate)), repoUpdate, schemas.Readings{Open: true, Strict: true}, 0, 0},
		{decode(t, changed(t, sample(t, repoUpdate), change{"stars", `1`}, change{"repo.colour", `2`})), repoUpdate, schemas.Readings{Open: true}, 0, 2},
		{decode(t, changed(t, sample(t, repoUpdate), change{"stars", `1`}, change{"repo.name", `2`})), repoUpdate, schemas.Readings{}, 1, 2},
		{decode(t, []byte(`5`)), "no shape", schemas.Readings{}, 1, 1},
	}
}

func TestClassify(t *testing.T) {
	set := load(t)
	for _, c := range classified(t) {
		for reading, problems := range map[schemas.Reading]int{schemas.Open: c.open, schemas.Strict: c.strictly} {
			got, err := set.Classify(c.doc, "", reading)
			if err != nil || got.Label() != c.label || got.Readings != c.readings || len(got.Problems) != problems {
				t.Errorf("%s, %s: %+v, %v", c.label, reading, got, err)
			}
		}
	}
	got, err := set.Classify("628b753283ef59b5be89e937", "objectId", schemas.Strict)
	if err != nil || got.Shape != "objectId" || !got.Readings.Strict {
		t.Errorf("by name: %+v, %v", got, err)
	}
	if got, err := set.Classify(5, "objectID", schemas.Strict); err == nil {
		t.Errorf("an unknown name gives %+v", got)
	}
}

func TestSummary(t *testing.T) {
	set := load(t)
	sum := set.NewSummary(schemas.Open)
	for _, c := range classified(t) {
		verdict, err := set.Classify(c.doc, "", schemas.Open)
		if err != nil {
			t.Fatal(err)
		}
		sum.Add(verdict)
	}
	want := `{"reading":"open","payloads":6,"valid":3,"problems":3,"shapes":[` +
		`{"name":"repo.update","payloads":3,"strict":1,"openOnly":1,"invalid":1},` +
		`{"name":"discussion.comment.update","payloads":1,"strict":1,"openOnly":0,"invalid":0},` +
		`{"name":"no shape","payloads":1,"strict":0,"openOnly":0,"invalid":1},` +
		`{"name":"version 2","payloads":1,"strict":0,"openOnly":0,"invalid":1}]}`
	got, err := json.Marshal(sum)
	if diff := cmp.Diff(want, string(got)); err != nil || diff != "" {
		t.Errorf("%v: %s", err, diff)
	}
	strictly := set.NewSummary(schemas.Strict)
	strictly.Add(schemas.Verdict{Shape: repoUpdate, Readings: schemas.Readings{Open: true}})
	if strictly.Valid != 0 || strictly.Payloads != 1 {
		t.Errorf("%+v", strictly)
	}
}

// Programs read this: its names must not change.
func TestVerdictAsJSON(t *testing.T) {
	verdict, err := load(t).Classify(decode(t, []byte(`{"event": "repo.update"}`)), "", schemas.Open)
	if err != nil {
		t.Fatal(err)
	}
	verdict.File, verdict.Line = "a.json", 3
	got, err := json.Marshal([]any{verdict, schemas.Verdict{Shape: repoUpdate, Problems: []schemas.Problem{}}})
	want := `[{"file":"a.json","line":3,"shape":"","readings":{"open":false,"strict":false},"problems":[` +
		`{"pointer":"/event","rule":"type","message":"expected object, but got string","found":"\"repo.update\"",` +
		`"hint":"event is an object: {\"action\": \"update\", \"scope\": \"repo\"}"}]},` +
		`{"file":"","line":0,"shape":"repo.update","readings":{"open":false,"strict":false},"problems":[]}]`
	if diff := cmp.Diff(want, string(got)); err != nil || diff != "" {
		t.Errorf("%v: %s", err, diff)
	}
}

// A payload that a handler must accept can contain a likely mistake. That doesn't change the
// verdict.
func TestClassifyNotesLikelyMistakes(t *testing.T) {
	set := load(t)
	for _, c := range []struct {
		change change
		hint   string // empty: nothing is noted
	}{
		{change{"repo.head_sha", `"ab"`}, "headSha"},
		{change{"repo.stars", `12`}, ""},
		{change{"repo.type", `"paper"`}, ""},
		{change{"repo.private", `"false"`}, ""}, // a problem, and told as one
	} {
		doc := decode(t, changed(t, sample(t, repoUpdate), change{"repo.headSha", ""}, c.change))
		got, err := set.Classify(doc, "", schemas.Open)
		if err != nil || (len(got.Notes) > 0) != (c.hint != "") {
			t.Errorf("%v: %+v, %v", c.change, got, err)
		}
		if c.hint != "" && (!got.Readings.Open || len(got.Problems) > 0 || !strings.Contains(got.Notes[0].Hint, c.hint)) {
			t.Errorf("%v: %+v", c.change, got)
		}
		if strict, err := set.Classify(doc, "", schemas.Strict); err != nil || len(strict.Notes) > 0 {
			t.Errorf("%v: the strict reading notes %v, %v", c.change, strict.Notes, err)
		}
	}
}
