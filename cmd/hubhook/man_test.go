package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Each verb has a page that says what its help says, the same whenever it is written.
func TestManualHasAPageForEachVerb(t *testing.T) {
	t.Setenv("SOURCE_DATE_EPOCH", "1767225600") // 2026-01-01
	dir := filepath.Join(t.TempDir(), "share", "man1")
	var out, errors strings.Builder
	if code := run([]string{"man", dir}, streams{strings.NewReader(""), &out, &errors}); code != exitPassed {
		t.Fatal(errors.String())
	}
	for _, verb := range verbs() {
		page, err := os.ReadFile(filepath.Join(dir, strings.ReplaceAll(verb.CommandPath(), " ", "-")+".1"))
		if err != nil {
			t.Error(err)
			continue
		}
		for _, want := range []string{`"1" "Jan 2026" "hubhook `, verb.Short, strings.SplitN(strings.TrimSpace(verb.Example), "\n", 2)[0]} {
			if !strings.Contains(strings.ReplaceAll(string(page), `\`, ""), strings.ReplaceAll(want, `\`, "")) {
				t.Errorf("the page of %s lacks %q", verb.CommandPath(), want)
			}
		}
	}
}

func TestManualBearsNoDateOfToday(t *testing.T) {
	for _, c := range []struct{ ofBuild, epoch, want string }{
		{"2026-02-03T04:05:06Z", "", "2026-02-03"},
		{"2026-02-03T04:05:06Z", "1767225600", "2026-01-01"},
		{"", "1767225600", "2026-01-01"},
		{"", "", "1970-01-01"},
	} {
		if date, err := manualDate(c.ofBuild, c.epoch); err != nil || date.Format("2006-01-02") != c.want {
			t.Errorf("build of %q, epoch %q: %v, %v; want %s", c.ofBuild, c.epoch, date, err, c.want)
		}
	}
	if _, err := manualDate("", "today"); err == nil || !strings.Contains(err.Error(), `"today" is no number of seconds`) {
		t.Errorf("epoch today: %v", err)
	}
}
