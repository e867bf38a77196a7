// Package scaffold makes what hubhook init writes: it guesses from a folder how the handler
// in it is started and reached, and fills in templates of settings and of a CI job.
// Start at [Detect] and [Files].
//
// It only reads the folder; the verb writes the files.
package scaffold

import (
	"cmp"
	"embed"
	"io/fs"
	"regexp"
	"slices"
	"strings"
	"text/template"

	"github.com/hubhook/hubhook/cmd/hubhook/internal/cli"
	"github.com/hubhook/hubhook/cmd/hubhook/internal/flags"
)

// File is a file that init writes.
type File struct {
	Name string // in the folder, with slashes
	Text string // its content
	Next string // what the user must do for it to work; may be empty
}

//go:embed templates
var templates embed.FS

// CI is a CI service that a job is written for.
type CI struct {
	name     string
	sign     string // a file or folder that shows that the CI is used; empty if none does
	template string
	file     string // that the job goes to
	next     string // see File.Next
}

func cis() []CI {
	return []CI{
		{"gitlab", ".gitlab-ci.yml", "gitlab.yml", ".gitlab-ci.hubhook.yml",
			"add to .gitlab-ci.yml   include: { local: .gitlab-ci.hubhook.yml }"},
		{"github", ".github", "github.yml", ".github/workflows/hubhook.yml", ""},
		{name: "none"},
	}
}

// CINames returns the names by which a CI can be chosen.
func CINames() (names []string) {
	for _, c := range cis() {
		names = append(names, c.name)
	}
	return names
}

// ChooseCI returns the CI of a name, or without one the CI whose sign is in the folder, with
// GitHub's before others and in a folder without any.
func ChooseCI(name string, root fs.FS) (CI, error) {
	list, wanted := cis(), cmp.Or(name, "github")
	for _, c := range list {
		if _, err := fs.Stat(root, c.sign); name == "" && err == nil {
			wanted = c.name
		}
	}
	at := slices.IndexFunc(list, func(c CI) bool { return c.name == wanted })
	if at < 0 {
		return CI{}, cli.UnknownValue("--ci", name, CINames())
	}
	return list[at], nil
}

// Files returns the settings for a handler and the job for a CI. The version is that of
// hubhook, which the job is to download if it is a release.
func Files(h Handler, ci CI, version string) ([]File, error) {
	values := map[string]string{
		"URL": h.url(), "Origin": h.origin(), "Start": h.Start, "Page": h.page, "Setup": h.Framework.setup,
		"Image": h.Framework.image, "Action": h.Framework.action, "With": h.Framework.with,
		"Ref": actionRef(version), "Release": releaseVersion.FindString(version),
	}
	settings, err := fillTemplate("settings.yaml", values)
	if err != nil || ci.file == "" {
		return []File{{flags.SettingsFile, settings, ""}}, err
	}
	job, err := fillTemplate(ci.template, values)
	return []File{{flags.SettingsFile, settings, ""}, {ci.file, job, ci.next}}, err
}

func fillTemplate(name string, values map[string]string) (string, error) {
	parsed, err := template.New(name).Option("missingkey=error").Funcs(template.FuncMap{"yaml": quoteYAML}).
		ParseFS(templates, "templates/"+name)
	if err != nil {
		return "", err
	}
	var text strings.Builder
	err = parsed.Execute(&text, values)
	return text.String(), err
}

// quoteYAML returns a text as a scalar of YAML in which nothing but the quote is special.
func quoteYAML(text string) string { return "'" + strings.ReplaceAll(text, "'", "''") + "'" }

// releaseVersion matches the version of a release, which has a tag and files to download.
var releaseVersion = regexp.MustCompile(`^v\d+\.\d+\.\d+$`)

func actionRef(version string) string { return cmp.Or(releaseVersion.FindString(version), "main") }
