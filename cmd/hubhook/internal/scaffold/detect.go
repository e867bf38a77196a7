package scaffold

import (
	"cmp"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/hubhook/hubhook/cmd/hubhook/internal/flags"
)

// Handler describes the handler in a folder. It is a guess, and the files that are written say
// so.
type Handler struct {
	Framework Framework // that it is written with
	Start     string    // shell command that starts it
	Port      string    // that it listens at
	Hook      string    // path that takes deliveries
	Secret    string    // variable that it reads its secret from

	page string // path of a page that seems to report what the handler did; may be empty
}

// Framework is a way to write a handler, and how such a handler is installed and started.
type Framework struct {
	name    string
	file    string         // by which it is recognized; empty if it is by any source file
	pattern *regexp.Regexp // that the file must match; nil if it is enough that it exists
	start   string         // command, with APP for the application's module and MAIN for the main file
	port    string         // that is usual
	main    []string       // names of the main file, the likeliest first
	image   string         // container image that the handler can run in
	action  string         // of GitHub that sets the language up
	with    string         // inputs of the action
	setup   string         // command that installs what the handler needs
}

// frameworks returns those that are known, the most specific first.
func frameworks() []Framework {
	node := Framework{
		file: "package.json", main: []string{"server.js", "index.js", "app.js", "server.mjs", "index.mjs"},
		start: "node MAIN", port: "3000", image: "node:22",
		action: "actions/setup-node@v4", with: "node-version: 22", setup: "npm install",
	}
	python := Framework{main: []string{"main.py", "app.py", "server.py"},
		image: "python:3.13", action: "actions/setup-python@v5", with: `python-version: "3.13"`}
	// kind returns a framework of a language that is recognized by a pattern.
	kind := func(f Framework, name, pattern string) Framework {
		f.name, f.pattern = name, regexp.MustCompile(pattern)
		return f
	}
	serve := func(f Framework, name, start, port string) []Framework {
		f.start, f.port = start, port
		required, project := f, f
		required.file, required.setup = "requirements.txt", "pip install -r requirements.txt"
		project.file, project.setup = "pyproject.toml", "pip install ."
		pattern := `(?mi)^[ \t"']*` + name + `\b|["']` + name + `\b`
		return []Framework{kind(required, name, pattern), kind(project, name, pattern)}
	}
	fastapi := serve(python, "fastapi", "uvicorn APP:app --port 8000", "8000")
	flask := serve(python, "flask", "flask --app APP run --port 5000", "5000")
	// imported returns a framework that a source file imports though no manifest names it.
	imported := func(f Framework, name, pattern, setup string) Framework {
		f.file, f.setup = "", setup
		return kind(f, name, pattern)
	}
	return slices.Concat(
		[]Framework{kind(node, "fastify", `"fastify"\s*:`), kind(node, "express", `"express"\s*:`)},
		fastapi, flask,
		[]Framework{
			imported(fastapi[0], "fastapi", `(?m)^\s*(?:from|import) fastapi\b`, "pip install fastapi uvicorn"),
			imported(flask[0], "flask", `(?m)^\s*(?:from|import) flask\b`, "pip install flask"),
			imported(node, "express", `\b(?:require\(|from )["']express["']`, "npm install express"),
			{
				name: "Go", file: "go.mod", start: "go run .", port: "8080", main: []string{"main.go"}, image: "golang:1.26",
				action: "actions/setup-go@v5", with: "go-version-file: go.mod",
			},
			{
				name: "a Dockerfile", file: "Dockerfile", port: "8000",
				start: "docker build -t handler . && docker run --rm --network host -e SECRET handler",
			},
		},
	)
}

// What sources and a Dockerfile reveal about a handler.
var (
	hookPath       = regexp.MustCompile("[\"'`](?:POST )?(/[\\w/.-]*hook[\\w/.-]*)[\"'`]")
	observerPage   = regexp.MustCompile("(?i)\\b(?:get|route)\\b\\W{1,4}(/(?:did|done|state|status|stats|jobs|counts?)[\\w/.-]*)[\"'`]")
	secretName     = regexp.MustCompile(`\b[A-Z][A-Z0-9_]*SECRET(?:_[A-Z0-9]+)*\b`)
	exposedPort    = regexp.MustCompile(`(?mi)^EXPOSE\s+(\d+)`)
	listenedPort   = regexp.MustCompile(`(?i)(?:\.listen\(\s*(?:\{\s*port:\s*)?|listenandserve\w*\(["'][^":]*:)(\d{2,5})\b`)
	defaultPort    = regexp.MustCompile(`(?i)\bport\b\W{1,12}(\d{2,5})\b`)
	startScript    = regexp.MustCompile(`"start"\s*:\s*"`)
	sourceEndings  = []string{".js", ".mjs", ".cjs", ".ts", ".py", ".go"}
	skippedFolders = []string{"node_modules", "vendor", "testdata", "dist", "build", "venv", "test", "tests"}
)

// How much of a folder is read.
const (
	maxSources    = 200
	maxSourceSize = 256 << 10 // bytes
	maxDepth      = 4         // folders
)

// Detect guesses from a folder how the handler in it is started and reached.
func Detect(root fs.FS) Handler {
	found := Handler{Framework: Framework{name: "no framework that is known", port: "8000"}}
	sources := readSources(root)
	for _, f := range frameworks() {
		if f.isIn(root, sources) {
			found.Framework = f
			break
		}
	}
	dockerfile, _ := fs.ReadFile(root, "Dockerfile")
	found.Port = cmp.Or(capture(listenedPort, sources), capture(defaultPort, sources),
		capture(exposedPort, string(dockerfile)), found.Framework.port)
	found.Hook = cmp.Or(capture(hookPath, sources), "/webhook")
	found.Secret = cmp.Or(secretName.FindString(sources), flags.SecretVariable)
	found.page = capture(observerPage, sources)
	found.Start = found.startCommand(root)
	return found
}

func (f Framework) isIn(root fs.FS, sources string) bool {
	if f.file == "" {
		return f.pattern.MatchString(sources)
	}
	text, err := fs.ReadFile(root, f.file)
	return err == nil && (f.pattern == nil || f.pattern.Match(text))
}

// startCommand returns the command that starts the handler, with its secret in its variable.
func (h Handler) startCommand(root fs.FS) string {
	main := ""
	for _, name := range h.Framework.main {
		if _, err := fs.Stat(root, name); err == nil {
			main = name
			break
		}
	}
	if main == "" && len(h.Framework.main) > 0 {
		main = h.Framework.main[0]
	}
	start := h.Framework.start
	if h.Framework.file == "package.json" {
		if manifest, err := fs.ReadFile(root, h.Framework.file); err == nil && startScript.Match(manifest) {
			start = "npm start"
		}
	}
	app := strings.TrimSuffix(main, path.Ext(main))
	start = strings.NewReplacer("MAIN", main, "APP", app, "SECRET", h.Secret, h.Framework.port, h.Port).Replace(start)
	if start == "" || h.Secret == flags.SecretVariable {
		return start
	}
	return "export " + h.Secret + `="$` + flags.SecretVariable + `"; ` + start
}

// Summary returns what was detected, for the user.
func (h Handler) Summary() string {
	return h.Framework.name + ", " + h.url() + ", its secret in $" + h.Secret
}

func (h Handler) origin() string { return "http://127.0.0.1:" + h.Port }

func (h Handler) url() string { return h.origin() + h.Hook }

func capture(pattern *regexp.Regexp, text string) string {
	if match := pattern.FindStringSubmatch(text); match != nil {
		return match[1]
	}
	return ""
}

// readSources returns the sources of a folder, without tests, dependencies and what cannot be read.
func readSources(root fs.FS) string {
	var sources strings.Builder
	count := 0
	fs.WalkDir(root, ".", func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return nil
		case entry.IsDir():
			hidden := name != "." && strings.HasPrefix(entry.Name(), ".")
			if hidden || slices.Contains(skippedFolders, entry.Name()) || strings.Count(name, "/") >= maxDepth {
				return fs.SkipDir
			}
			return nil
		case !isSource(entry):
			return nil
		}
		if text, err := fs.ReadFile(root, name); err == nil {
			sources.Write(text)
		}
		if count++; count == maxSources {
			return fs.SkipAll
		}
		return nil
	})
	return sources.String()
}

func isSource(entry fs.DirEntry) bool {
	name := entry.Name()
	info, err := entry.Info()
	isTest := strings.Contains(name, "test") || strings.Contains(name, "spec")
	return err == nil && info.Mode().IsRegular() && info.Size() <= maxSourceSize && !isTest &&
		slices.Contains(sourceEndings, path.Ext(name))
}
