package schemas_test

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode"

	"github.com/google/go-cmp/cmp"

	"github.com/hubhook/hubhook/schemas"
)

func TestDecodeKeepsDigitsOfNumbers(t *testing.T) {
	got, err := schemas.Decode([]byte(` {"a": [12345678901234567890, 1.10, -0, 2E+5]}` + "\n"))
	want := map[string]any{"a": []any{
		json.Number("12345678901234567890"), json.Number("1.10"), json.Number("-0"), json.Number("2E+5"),
	}}
	if diff := cmp.Diff(any(want), got); err != nil || diff != "" {
		t.Errorf("%v: %s", err, diff)
	}
}

func TestDecodeRejectsAllButOneValue(t *testing.T) {
	for _, c := range []struct{ name, text, says string }{
		{"nothing", "", "unexpected end"},
		{"spaces alone", " \n\t", "unexpected end"},
		{"truncated object", `{"event": {"action":`, "unexpected end"},
		{"truncated string", `"gpt`, "unexpected end"},
		{"second value", `{} {}`, "after the JSON value"},
		{"trailing text", `{"a": 1} oops`, "after the JSON value"},
		{"trailing bracket", `[1]]`, "after the JSON value"},
		{"no JSON", `event=update`, "invalid character"},
		{"trailing comma", `{"a": 1,}`, "invalid character"},
		{"NaN", `NaN`, "invalid character"},
	} {
		got, err := schemas.Decode([]byte(c.text))
		if err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v, %v; want an error that says %q", c.name, got, err, c.says)
		}
	}
}

// A huge exponent must be rejected before the validator computes with it.
func TestDecodeRejectsHugeExponents(t *testing.T) {
	for _, number := range []string{"1e999999999", "-1E-999999999", "1.5e+1000", "1e1000"} {
		for _, text := range []string{number, `[0, ` + number + `]`, `{"a": {"b": [` + number + `]}}`} {
			if _, err := schemas.Decode([]byte(text)); err == nil || !strings.Contains(err.Error(), "out of range") {
				t.Errorf("%s: %v", text, err)
			}
		}
	}
	for _, number := range []string{"1e999", "-2.5E-12", "1e+05"} {
		if _, err := schemas.Decode([]byte(number)); err != nil {
			t.Errorf("%s: %v", number, err)
		}
	}
}

func TestDecodeRejectsDeepNesting(t *testing.T) {
	if _, err := schemas.Decode([]byte(strings.Repeat("[", 1<<20))); err == nil {
		t.Error("a million brackets are no error")
	}
}

// FuzzJudge judges whatever an attacker could send. Nothing may panic, and the strict
// reading must find all that the open one finds.
func FuzzJudge(f *testing.F) {
	f.Add(sample(f, repoUpdate))
	f.Add(sample(f, commentUpdate))
	for _, seed := range []string{
		``, `null`, `[]`, `{"event": 1}`, `{"event": {"action": "x", "scope": "repo.config.a.b"}}`,
		`{"event": {"action": "update", "scope": "repo.content"}, "repo": {"type": "bucket"}, "updatedFiles": [{}, 1]}`,
		`{"event": {"action": "update", "scope": "repo"}, "repo": {"private": 1e999}}`,
		`{"event": {"action": "\ud800", "scope": "repo.\u0000/~"}, "": {"~1": []}}`,
	} {
		f.Add([]byte(seed))
	}
	set := load(f)
	parts := set.Parts()
	f.Fuzz(func(t *testing.T, text []byte) {
		doc, err := schemas.Decode(text)
		if err != nil {
			return
		}
		open, err := set.Judge(doc, schemas.Open)
		if err != nil {
			t.Fatal(err)
		}
		strict, err := set.Judge(doc, schemas.Strict)
		if err != nil {
			t.Fatal(err)
		}
		if strict.Valid() && !open.Valid() {
			t.Errorf("valid under the strict reading alone: %v", open.Problems)
		}
		for _, problem := range strict.Problems {
			if line := problem.String(); strings.ContainsFunc(line, unicode.IsControl) {
				t.Errorf("%q is not for a terminal", line)
			}
		}
		part := parts[len(text)%len(parts)]
		if _, err := set.JudgeAs(part, doc, schemas.Strict); err != nil {
			t.Fatal(err)
		}
	})
}
