package main

import (
	"embed"
	"io/fs"
	"regexp"
	"strings"
	"text/template"
)

// initFile is a file that init writes.
type initFile struct {
	name string // in the folder, with slashes
	text string
	next string // what is left to do for it to work; empty where nothing is
}

//go:embed init
var initTemplates embed.FS

// ci is a CI, and how it is known that a folder uses it.
type ci struct {
	name     string
	sign     string // a file or folder; empty where it is chosen by name alone
	template string
	file     string
	next     string
}

func cis() []ci {
	return []ci{
		{"gitlab", ".gitlab-ci.yml", "gitlab.yml", ".gitlab-ci.hubhook.yml", "add to .gitlab-ci.yml   include: { local: .gitlab-ci.hubhook.yml }"},
		{"github", ".github", "github.yml", ".github/workflows/hubhook.yml", ""},
		{name: "none"},
	}
}

func ciNames() (names []string) {
	for _, c := range cis() {
		names = append(names, c.name)
	}
	return names
}

// chooseCI is the one that was named; else the one whose sign is in the folder, GitHub's
// before others, for it is also where there is none.
func chooseCI(name string, root fs.FS) (chosen ci, err error) {
	known := map[string]ci{}
	for _, c := range cis() {
		known[c.name] = c
	}
	if name != "" {
		if chosen, ok := known[name]; ok {
			return chosen, nil
		}
		return chosen, unknownOf("--ci", name, ciNames())
	}
	chosen = known["github"]
	for _, c := range cis() {
		if c.sign == "" {
			continue
		}
		if _, err := fs.Stat(root, c.sign); err == nil {
			chosen = c
		}
	}
	return chosen, nil
}

// initFiles are the files for a handler and a CI.
func initFiles(found handlerFound, ci ci) ([]initFile, error) {
	about := map[string]string{
		"URL": found.url(), "Origin": strings.TrimSuffix(found.url(), found.hook), "Start": found.start, "Page": found.page, "Setup": found.framework.setup,
		"Image": found.framework.image, "Action": found.framework.action, "With": found.framework.with, "Found": found.framework.name,
		"Ref": actionRef(version()), "Release": releaseOf(version()),
	}
	settings, err := fillTemplate("settings.yaml", about)
	if err != nil || ci.file == "" {
		return []initFile{{settingsFile, settings, ""}}, err
	}
	job, err := fillTemplate(ci.template, about)
	return []initFile{{settingsFile, settings, ""}, {ci.file, job, ci.next}}, err
}

func fillTemplate(name string, about map[string]string) (string, error) {
	parsed, err := template.New(name).Option("missingkey=error").Funcs(template.FuncMap{"yaml": quotedYAML}).ParseFS(initTemplates, "init/"+name)
	if err != nil {
		return "", err
	}
	var text strings.Builder
	err = parsed.Execute(&text, about)
	return text.String(), err
}

// quotedYAML is a text as a scalar of YAML, in which nothing but the quote is special.
func quotedYAML(text string) string { return "'" + strings.ReplaceAll(text, "'", "''") + "'" }

// released is the version of a release, which has a tag and files to download.
var released = regexp.MustCompile(`^v\d+\.\d+\.\d+$`)

// actionRef is the version of the action that is of one age with this hubhook.
func actionRef(version string) string {
	if released.MatchString(version) {
		return version
	}
	return "main"
}

// releaseOf is the release that this hubhook is; empty where it is none.
func releaseOf(version string) string {
	if released.MatchString(version) {
		return version
	}
	return ""
}
