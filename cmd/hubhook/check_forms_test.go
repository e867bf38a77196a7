package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v5"

	"github.com/hubhook/hubhook/cmd/hubhook/internal/cli"
	"github.com/hubhook/hubhook/cmd/hubhook/internal/flags"
)

const reportSchema = "../../reports/report.schema.json"

// validReport returns an error unless a text is a report that matches its schema.
func validReport(text []byte) error {
	compiler := jsonschema.NewCompiler()
	compiler.AssertFormat = true
	schema, err := compiler.Compile(reportSchema)
	if err != nil {
		return err
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber() // seeds have 64 bits
	var doc any
	if err := decoder.Decode(&doc); err != nil {
		return err
	}
	if err := schema.Validate(doc); err != nil {
		return fmt.Errorf("no report as %s has it: %#v", reportSchema, err)
	}
	return nil
}

// Reports match their schema, whatever the result of the run.
func TestReportsMatchTheirSchema(t *testing.T) {
	right, open := startHandler(t, ""), startHandler(t, "open")
	t.Setenv(flags.SecretVariable, scriptSecret)
	dir := t.TempDir()
	for name, c := range map[string]struct {
		args []string
		code int
		says string
	}{
		"passed":          {[]string{right.URL, "--strict", "--area", "secret", "--observe", right.State}, cli.ExitPassed, `"strict": true`},
		"failed":          {[]string{open.URL, "--area", "secret", "--save", filepath.Join(dir, "kept")}, cli.ExitFailed, `"mends": {`},
		"accepts nothing": {[]string{right.URL, "--secret", "another", "--only", "SEC-01,SEC-02"}, cli.ExitUsage, `"problem": `},
		"built in":        {[]string{"--no-burst", "--level", "must"}, cli.ExitPassed, `"verdict": "passed"`},
	} {
		t.Run(name, func(t *testing.T) {
			file := filepath.Join(dir, name+".json")
			var out, errors strings.Builder
			code := run(append([]string{"check", "--quiet", "--json", file}, c.args...), cli.Streams{In: strings.NewReader(""), Out: &out, Err: &errors})
			text, err := os.ReadFile(file)
			if err != nil || code != c.code {
				t.Fatalf("exit code %d, %v: %s", code, err, &errors)
			}
			if err := validReport(text); err != nil {
				t.Error(err)
			}
			if !bytes.Contains(text, []byte(c.says)) {
				t.Errorf("it does not say %s", c.says)
			}
		})
	}
}
