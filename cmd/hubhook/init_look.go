package main

import (
	"cmp"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"
)

// handlerFound is what a folder tells of the handler in it. It is a guess, and what is
// written says so.
type handlerFound struct {
	framework framework
	start     string // command that starts it
	port      string
	hook      string // the path of the hook
	secret    string // the variable that its secret is read from
	page      string // path of a page that seems to tell what the handler did; empty where none does
}

// framework is a way to write a handler, and how such a one is usually installed, started
// and reached.
type framework struct {
	name   string
	file   string         // by which it is recognised; empty where it is by any source
	says   *regexp.Regexp // what that says then; nil where it says enough by being there
	start  string         // APP is the module of the application and MAIN the main file
	port   string
	main   []string // names of the main file, the likeliest first
	image  string   // in which the handler can run
	action string   // of GitHub that sets the language up, and what it is told
	with   string
	setup  string // command that installs what the handler needs
}

// frameworks are those that are known, what says most first.
func frameworks() []framework {
	node := framework{file: "package.json", main: []string{"server.js", "index.js", "app.js", "server.mjs", "index.mjs"}, start: "node MAIN", port: "3000",
		image: "node:22", action: "actions/setup-node@v4", with: "node-version: 22", setup: "npm install"}
	python := framework{main: []string{"main.py", "app.py", "server.py"},
		image: "python:3.13", action: "actions/setup-python@v5", with: `python-version: "3.13"`}
	// kind is a framework of a language, by what a file says.
	kind := func(f framework, name, says string) framework {
		f.name, f.says = name, regexp.MustCompile(says)
		return f
	}
	serve := func(f framework, name, start, port string) []framework {
		f.start, f.port = start, port
		required, project := f, f
		required.file, required.setup = "requirements.txt", "pip install -r requirements.txt"
		project.file, project.setup = "pyproject.toml", "pip install ."
		says := `(?mi)^[ \t"']*` + name + `\b|["']` + name + `\b`
		return []framework{kind(required, name, says), kind(project, name, says)}
	}
	fastapi := serve(python, "fastapi", "uvicorn APP:app --port 8000", "8000")
	flask := serve(python, "flask", "flask --app APP run --port 5000", "5000")
	// alone is a framework that no manifest names, but a source.
	alone := func(f framework, name, says, setup string) framework {
		f.file, f.setup = "", setup
		return kind(f, name, says)
	}
	return slices.Concat(
		[]framework{kind(node, "fastify", `"fastify"\s*:`), kind(node, "express", `"express"\s*:`)},
		fastapi, flask,
		[]framework{
			alone(fastapi[0], "fastapi", `(?m)^\s*(?:from|import) fastapi\b`, "pip install fastapi uvicorn"),
			alone(flask[0], "flask", `(?m)^\s*(?:from|import) flask\b`, "pip install flask"),
			alone(node, "express", `\b(?:require\(|from )["']express["']`, "npm install express"),
			{name: "Go", file: "go.mod", start: "go run .", port: "8080", main: []string{"main.go"}, image: "golang:1.26", action: "actions/setup-go@v5", with: "go-version-file: go.mod"},
			{name: "a Dockerfile", file: "Dockerfile", start: "docker build -t handler . && docker run --rm --network host -e SECRET handler", port: "8000"},
		},
	)
}

// What sources and a Dockerfile say of a handler.
var (
	hookPath       = regexp.MustCompile("[\"'`](?:POST )?(/[\\w/.-]*hook[\\w/.-]*)[\"'`]")
	tellingPage    = regexp.MustCompile("(?i)\\b(?:get|route)\\b\\W{1,4}(/(?:did|done|state|status|stats|jobs|counts?)[\\w/.-]*)[\"'`]")
	secretName     = regexp.MustCompile(`\b[A-Z][A-Z0-9_]*SECRET(?:_[A-Z0-9]+)*\b`)
	exposedPort    = regexp.MustCompile(`(?mi)^EXPOSE\s+(\d+)`)
	listenedPort   = regexp.MustCompile(`(?i)(?:\.listen\(\s*(?:\{\s*port:\s*)?|listenandserve\w*\(["'][^":]*:)(\d{2,5})\b`)
	defaultPort    = regexp.MustCompile(`(?i)\bport\b\W{1,12}(\d{2,5})\b`)
	startScript    = regexp.MustCompile(`"start"\s*:\s*"`)
	sourceEndings  = []string{".js", ".mjs", ".cjs", ".ts", ".py", ".go"}
	skippedFolders = []string{"node_modules", "vendor", "testdata", "dist", "build", "venv", "test", "tests"}
)

// How much of a folder is looked at.
const (
	sourcesMost   = 200
	sourceMost    = 256 << 10 // bytes
	sourcesDeep   = 4         // folders
	defaultSecret = secretVariable
)

// lookAtHandler looks at a folder.
func lookAtHandler(root fs.FS) handlerFound {
	found := handlerFound{framework: framework{name: "no framework that is known", port: "8000"}}
	sources := readSources(root)
	for _, f := range frameworks() {
		if f.isIn(root, sources) {
			found.framework = f
			break
		}
	}
	dockerfile, _ := fs.ReadFile(root, "Dockerfile")
	found.port = cmp.Or(captured(listenedPort, sources), captured(defaultPort, sources), captured(exposedPort, string(dockerfile)), found.framework.port)
	found.hook = cmp.Or(captured(hookPath, sources), "/webhook")
	found.secret = cmp.Or(secretName.FindString(sources), defaultSecret)
	found.page = captured(tellingPage, sources)
	found.start = found.startedBy(root)
	return found
}

// isIn tells whether a folder has what a framework is recognised by.
func (f framework) isIn(root fs.FS, sources string) bool {
	if f.file == "" {
		return f.says.MatchString(sources)
	}
	text, err := fs.ReadFile(root, f.file)
	return err == nil && (f.says == nil || f.says.Match(text))
}

// startedBy is the command that starts the handler, which finds its secret where it
// looks for it.
func (h handlerFound) startedBy(root fs.FS) string {
	main := ""
	for _, name := range h.framework.main {
		if _, err := fs.Stat(root, name); err == nil {
			main = name
			break
		}
	}
	if main == "" && len(h.framework.main) > 0 {
		main = h.framework.main[0]
	}
	start := h.framework.start
	if manifest, err := fs.ReadFile(root, "package.json"); err == nil && h.framework.file == "package.json" && startScript.Match(manifest) {
		start = "npm start"
	}
	start = strings.NewReplacer("MAIN", main, "APP", strings.TrimSuffix(main, path.Ext(main)), "SECRET", h.secret, h.framework.port, h.port).Replace(start)
	if start == "" || h.secret == defaultSecret {
		return start
	}
	return "export " + h.secret + `="$` + defaultSecret + `"; ` + start
}

// words say what was found.
func (h handlerFound) words() string {
	return h.framework.name + ", " + h.url() + ", its secret in $" + h.secret
}

// url is where the hook is likely to be.
func (h handlerFound) url() string { return "http://127.0.0.1:" + h.port + h.hook }

// captured is the first group of the first match; empty where there is none.
func captured(pattern *regexp.Regexp, text string) string {
	if match := pattern.FindStringSubmatch(text); match != nil {
		return match[1]
	}
	return ""
}

// readSources are the sources of a folder, one after another, but for tests and what
// others wrote. What cannot be read tells nothing.
func readSources(root fs.FS) string {
	var sources strings.Builder
	count := 0
	fs.WalkDir(root, ".", func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return nil
		case entry.IsDir():
			hidden := name != "." && strings.HasPrefix(entry.Name(), ".")
			if hidden || slices.Contains(skippedFolders, entry.Name()) || strings.Count(name, "/") >= sourcesDeep {
				return fs.SkipDir
			}
			return nil
		case !isSource(entry):
			return nil
		}
		if text, err := fs.ReadFile(root, name); err == nil {
			sources.Write(text)
		}
		if count++; count == sourcesMost {
			return fs.SkipAll
		}
		return nil
	})
	return sources.String()
}

// isSource tells whether a file is likely to say something of a handler.
func isSource(entry fs.DirEntry) bool {
	name := entry.Name()
	info, err := entry.Info()
	isTest := strings.Contains(name, "test") || strings.Contains(name, "spec")
	return err == nil && info.Mode().IsRegular() && info.Size() <= sourceMost && !isTest && slices.Contains(sourceEndings, path.Ext(name))
}
