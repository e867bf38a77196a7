package main

import (
	"encoding/json"
	"os"
	"strings"
	"testing"

	"github.com/hubhook/hubhook/cmd/hubhook/internal/cli"
	"github.com/hubhook/hubhook/cmd/hubhook/internal/flags"
	"github.com/hubhook/hubhook/reports"
)

func TestExplanationsAsJSON(t *testing.T) {
	var out, errors strings.Builder
	if code := run([]string{"explain", "sec-16", "PAY-02", "--json", "--lang", "go"}, cli.Streams{In: os.Stdin, Out: &out, Err: &errors}); code != cli.ExitPassed {
		t.Fatal(errors.String())
	}
	var list []reports.Explanation
	if err := json.Unmarshal([]byte(out.String()), &list); err != nil {
		t.Fatal(err)
	}
	if len(list) != 2 || list[0].ID != "SEC-16" || list[1].ID != "PAY-02" || len(list[1].Checks) != 4 {
		t.Errorf("explained: %s", out.String())
	}
	if strings.Contains(out.String(), ": null") {
		t.Errorf("a list is null: %s", out.String())
	}
}

// Commands are to be pasted: they name the handler of whoever reads them, from
// wherever check would have taken it, and no password of it.
func TestCommandsNameTheHandlerOfTheReader(t *testing.T) {
	for _, c := range []struct {
		name, flag, environment, file string
		want                          []string
	}{
		{"nothing", "", "", "", []string{"'http://127.0.0.1:8000/webhook'", "check http://127.0.0.1:8000/webhook "}},
		{"a flag", "http://127.0.0.1:3000/hub", "http://h/env", "", []string{"'http://127.0.0.1:3000/hub'", "check http://127.0.0.1:3000/hub "}},
		{"the environment", "", "http://h/env", "url: http://h/file\n", []string{"'http://h/env'", "check http://h/env "}},
		{"a file", "", "", "url: http://h/file\nobserve: http://h/state\n", []string{"'http://h/file'", "check http://h/file "}},
		{"a query", "http://h/?a=1&b=$(x)'", "", "", []string{"'http://h/?a=1&b=%24(x)%27'", "check 'http://h/?a=1&b=%24(x)%27' "}},
		{"a password", "http://me:hunter2@h/", "", "", []string{"'http://me@h/'", "check http://me@h/ "}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Chdir(t.TempDir())
			t.Setenv("HUBHOOK_URL", c.environment)
			if err := os.WriteFile(flags.SettingsFile, []byte(c.file), 0o600); err != nil {
				t.Fatal(err)
			}
			var out, errors strings.Builder
			code := run([]string{"explain", "SEC-02", "--lang", "go", "--url", c.flag}, cli.Streams{In: os.Stdin, Out: &out, Err: &errors})
			if code != cli.ExitPassed {
				t.Fatal(errors.String())
			}
			for _, want := range c.want {
				if !strings.Contains(out.String(), want) {
					t.Errorf("%q is not shown:\n%s", want, &out)
				}
			}
			if strings.Contains(out.String(), "hunter2") {
				t.Error("a password is shown")
			}
		})
	}
}
