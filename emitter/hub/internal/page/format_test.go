package page

import (
	"strings"
	"testing"
	"time"
)

func TestTimesAreWrittenBesideTheHubsTime(t *testing.T) {
	now := time.Date(2026, 3, 2, 14, 3, 22, 0, time.UTC)
	for at, short := range map[time.Time]string{
		{}: "", now: "14:03:22", now.Add(-15 * time.Hour): "1 Mar 23:03", now.AddDate(-1, 0, 0): "2 Mar 2025 14:03",
		now.In(time.FixedZone("", 3600)): "14:03:22",
	} {
		if got := momentAt(at, now).Short; got != short {
			t.Errorf("%v is %q, wanted %q", at, got, short)
		}
	}
	for left, text := range map[time.Duration]string{
		-time.Second: "now", 0: "now", time.Millisecond: "in 1 s", 12 * time.Second: "in 12 s", 60 * time.Second: "in 1 min", 61500 * time.Millisecond: "in 1 min 2 s",
		2*time.Hour + 5*time.Minute + time.Second: "in 2 h 5 min", 24 * time.Hour: "in 1 d", 49 * time.Hour: "in 2 d 1 h",
	} {
		if got := until(now.Add(left), now); got != text {
			t.Errorf("%v is %q, wanted %q", left, got, text)
		}
	}
	for took, text := range map[time.Duration]string{0: "", 340 * time.Microsecond: "0.3 ms", 63 * time.Millisecond: "63 ms", 1234 * time.Millisecond: "1.23 s"} {
		if got := latency(took); got != text {
			t.Errorf("%v is %q, wanted %q", took, got, text)
		}
	}
}

func TestNamesThatCannotStandInPathsLeadNowhere(t *testing.T) {
	for name, path := range map[string]string{
		"me/x": "/me/x", "gpt2": "/gpt2", "a b/c?d#e%": "/a%20b/c%3Fd%23e%25", "/evil.example": "", "me/": "", "../x": "", "a/b/c": "", "": "", `\evil`: "/%5Cevil",
	} {
		if got := repoPath("model", name); got != path {
			t.Errorf("%q leads to %q, wanted %q", name, got, path)
		}
	}
	for kind, path := range map[string]string{"dataset": "/datasets/me/x", "space": "/spaces/me/x", "bucket": "/buckets/me/x"} {
		if got := repoPath(kind, "me/x"); got != path {
			t.Errorf("a %s is at %q, wanted %q", kind, got, path)
		}
	}
}

func TestJSONIsTakenApartWithoutLoss(t *testing.T) {
	kinds := map[string]string{}
	for _, text := range []string{
		`{"key": "a \"string\" \\", "n": -1.5e+3, "yes": true, "none": null, "list": [1, "x"]}`, `no JSON at all: "open`, `"`, `\`, `"\`, "", "truex nullify", "é\n\t", `{"a":"b":"c"}`,
	} {
		tokens, _ := coloredJSON(text)
		var whole strings.Builder
		for _, token := range tokens {
			whole.WriteString(token.Text)
			kinds[token.Text] = token.Kind
		}
		if whole.String() != text {
			t.Errorf("%q became %q", text, whole.String())
		}
	}
	for text, kind := range map[string]string{`"key"`: "key", `"a \"string\" \\"`: "string", "-1.5e+3": "number", "true": "word", "null": "word"} {
		if kinds[text] != kind {
			t.Errorf("%s is %q, wanted %q", text, kinds[text], kind)
		}
	}
	if tokens, cut := coloredJSON(`"` + strings.Repeat("é", maxColored)); !cut || len(tokens[0].Text) > maxColored || !strings.HasSuffix(tokens[0].Text, "é") {
		t.Error("what is too long is not cut between two characters")
	}
}
