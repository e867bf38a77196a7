package api

import (
	"cmp"
	_ "embed"
	"encoding/base64"
	"encoding/json"
	"regexp"
	"slices"
	"strings"

	"github.com/hubhook/hubhook/emitter/hub/internal/domain"
	"github.com/hubhook/hubhook/emitter/hub/internal/problem"
)

// repoRoutes returns the calls that create, move and change repos. Those that change their
// files are contentRoutes.
func repoRoutes() []route {
	return slices.Concat([]route{
		{name: "create_repo", method: "POST", path: "/api/repos/create", limit: createLimit, serve: withBody(createRepo)},
		{name: "delete_repo", method: "DELETE", path: "/api/repos/delete", serve: withBody(deleteRepo)},
		{name: "move_repo", method: "POST", path: "/api/repos/move", serve: withBody(moveRepo)},
		{name: "update_repo_settings", method: "PUT", path: "/api/{type}/{repo}/settings", serve: updateSettings},
	}, spaceRoutes(), refRoutes())
}

// createLimit limits the body that creates a repo, in bytes; it can have the repo's first files.
const createLimit = 10 << 20

type repoNaming struct {
	Name         string `json:"name"`
	Organization string `json:"organization"` // the user's own if empty
	Type         string `json:"type"`         // model if empty
}

func (n *repoNaming) in(user string) string {
	if n.Organization == "" && strings.Contains(n.Name, "/") {
		return n.Name
	}
	return ownerNamed(n.Organization, user) + "/" + n.Name
}

// ownerNamed returns the owner of a name; the user if it is empty or "me".
func ownerNamed(name, user string) string {
	if name == "" || name == "me" {
		return user
	}
	return name
}

// createBody creates a repo. Beside what the Python client sends it has what the
// JavaScript client does (createRepo of @huggingface/hub): a license and files.
type createBody struct {
	repoNaming
	Private    *bool      `json:"private"`
	Visibility string     `json:"visibility"`
	SDK        string     `json:"sdk"`
	License    string     `json:"license"`
	Files      []sentFile `json:"files"`
}

func createRepo(c *call, body *createBody) (any, error) {
	want, err := body.wanted(c.User)
	if err != nil {
		return nil, err
	}
	var files map[string][]byte
	if want.Type != domain.TypeBucket {
		if files, err = body.files(want); err != nil {
			return nil, err
		}
	}
	return c.createRepo(want, files)
}

func (c *call) createRepo(want *domain.Repo, files map[string][]byte) (any, error) {
	return c.Update(func(tx *domain.Tx) (any, error) {
		r, err := tx.CreateRepo(want, tx.User, files)
		if err != nil {
			return nil, err
		}
		return map[string]string{"url": domain.WebURL(tx.URL, r), "name": r.Name, "id": r.ID},
			tx.Publish(domain.Event{Shape: "repo.create", Repo: r})
	})
}

func (b *createBody) wanted(user string) (*domain.Repo, error) {
	repoType, err := domain.CheckType(b.Type)
	if err != nil {
		return nil, err
	}
	r := &domain.Repo{Type: repoType, Name: b.in(user), SDK: b.SDK}
	if err := domain.CheckNewName(r.Name); err != nil {
		return nil, err
	}
	if r.Visibility, err = checkedVisibility(repoType, b.Visibility, b.Private); err != nil {
		return nil, err
	}
	r.Visibility = cmp.Or(r.Visibility, "public")
	return r, checkSDK(r)
}

func deleteRepo(c *call, body *repoNaming) (any, error) {
	repoType, err := domain.CheckType(body.Type)
	if err != nil {
		return nil, err
	}
	return c.Update(func(tx *domain.Tx) (any, error) {
		r := tx.RepoNamed(repoType, body.in(tx.User))
		if r == nil && body.Organization == "" {
			r = tx.RepoNamed(repoType, body.Name) // one of the Hub's oldest, which has no owner
		}
		if r == nil {
			return nil, problem.NoRepo(repoType, body.in(tx.User))
		}
		return done, tx.DeleteRepo(r)
	})
}

var done = map[string]bool{"success": true}

type moveBody struct {
	From string `json:"fromRepo"`
	To   string `json:"toRepo"`
	Type string `json:"type"` // model if empty
}

func moveRepo(c *call, body *moveBody) (any, error) {
	repoType, err := domain.CheckType(body.Type)
	if err != nil {
		return nil, err
	}
	return c.Update(func(tx *domain.Tx) (any, error) {
		r, err := tx.FindRepo(repoType, body.From)
		if err != nil {
			return nil, err
		}
		return done, tx.MoveRepo(r, body.To)
	})
}

// gitAttributes is what a new repo has in its file .gitattributes.
//
//go:embed gitattributes.txt
var gitAttributes []byte

type sentFile struct {
	Path     string `json:"path"`
	Content  string `json:"content"`
	Encoding string `json:"encoding"` // base64, or utf-8 if empty
}

const maxFirstFiles = 1000

var licensePattern = regexp.MustCompile(`^[A-Za-z0-9.+-]{1,64}$`)

func (b *createBody) files(r *domain.Repo) (map[string][]byte, error) {
	files := map[string][]byte{".gitattributes": gitAttributes}
	if b.License != "" && !licensePattern.MatchString(b.License) {
		return nil, problem.Invalid("license is %q: it is an identifier such as apache-2.0", problem.Short(b.License))
	}
	if card := repoCard(b.License, r.SDK); card != "" {
		files["README.md"] = []byte(card)
	}
	if len(b.Files) > maxFirstFiles {
		return nil, problem.Invalid("files has %d entries: a repo is created with %d at most", len(b.Files), maxFirstFiles)
	}
	for i := range b.Files {
		f := &b.Files[i]
		if err := domain.CheckPath(f.Path); err != nil {
			return nil, err
		}
		content, err := f.decoded()
		if err != nil {
			return nil, err
		}
		files[f.Path] = content
	}
	return files, nil
}

// repoCard returns a README.md that says what a repo is; empty if there is nothing to say.
func repoCard(license, sdk string) string {
	if license == "" && sdk == "" {
		return ""
	}
	card := "---\n"
	if license != "" {
		card += "license: " + license + "\n"
	}
	if sdk != "" {
		card += "sdk: " + sdk + "\n"
	}
	return card + "---\n"
}

func (f *sentFile) decoded() ([]byte, error) {
	switch f.Encoding {
	case "", "utf-8":
		return []byte(f.Content), nil
	case "base64":
		content, err := base64.StdEncoding.DecodeString(f.Content)
		if err != nil {
			return nil, problem.Invalid("the content of %q is not base64", problem.Short(f.Path))
		}
		return content, nil
	}
	return nil, problem.Invalid("the encoding of %q is %q: it can be base64 or utf-8",
		problem.Short(f.Path), problem.Short(f.Encoding))
}

// updateSettings changes settings. Unknown keys pass, and the event has {} for them, as it has for
// all but the visibility.
func updateSettings(c *call) (any, error) {
	var keys map[string]json.RawMessage
	if err := c.Read(&keys); err != nil {
		return nil, err
	}
	return c.UpdateRepo(func(tx *domain.Tx, r *domain.Repo) (any, error) {
		change, err := readSettings(r.Type, keys)
		if err != nil {
			return nil, err
		}
		if len(keys) > 0 {
			if r, err = tx.ChangeSettings(r, change); err != nil {
				return nil, err
			}
		}
		return map[string]any{"private": r.Private(), "visibility": r.Visibility, "gated": gatedResponse(r)}, nil
	})
}

func readSettings(repoType string, keys map[string]json.RawMessage) (change domain.SettingsChange, err error) {
	var private *bool
	var asked string
	if json.Unmarshal(keys["private"], &private) != nil && keys["private"] != nil {
		return change, problem.Invalid("private can be true or false")
	}
	if json.Unmarshal(keys["visibility"], &asked) != nil && keys["visibility"] != nil {
		return change, problem.Invalid("visibility can be one of %s", strings.Join(visibilities, ", "))
	}
	if change.Visibility, err = checkedVisibility(repoType, asked, private); err != nil {
		return change, err
	}
	change.Gated, err = readGated(repoType, keys["gated"])
	return change, err
}

var visibilities = []string{"public", "private", "protected"}

// checkedVisibility returns the visibility that is asked for in either way; empty if
// none is. Only Spaces can be protected (hub docs, "Spaces Settings").
func checkedVisibility(repoType, asked string, private *bool) (string, error) {
	switch {
	case asked == "" && private == nil:
		return "", nil
	case asked == "":
		return domain.Visibility(*private), nil
	case !slices.Contains(visibilities, asked):
		return "", problem.Invalid("visibility is %q: it can be one of %s",
			problem.Short(asked), strings.Join(visibilities, ", "))
	case asked == "protected" && repoType != "space":
		return "", problem.Invalid("only a Space can be protected")
	}
	return asked, nil
}

// readGated reads false, "auto" or "manual"; nil if it is left out.
func readGated(repoType string, value json.RawMessage) (*string, error) {
	gated := strings.Trim(string(value), `"`)
	switch string(value) {
	case "", "null":
		return nil, nil
	case "false":
		gated = ""
		return &gated, nil
	case `"auto"`, `"manual"`:
		if repoType != "model" && repoType != "dataset" {
			return nil, problem.Invalid("only models and datasets can be gated")
		}
		return &gated, nil
	}
	return nil, problem.Invalid(`gated can be false, "auto" or "manual"`)
}

func gatedResponse(r *domain.Repo) any {
	if r.Gated == "" {
		return false
	}
	return r.Gated
}

var sdks = []string{"gradio", "docker", "static", "streamlit"}

func checkSDK(r *domain.Repo) error {
	switch {
	case r.Type == "space" && !slices.Contains(sdks, r.SDK):
		return problem.Invalid("sdk is %q: that of a Space can be one of %s", problem.Short(r.SDK), strings.Join(sdks, ", "))
	case r.Type != "space":
		r.SDK = ""
	}
	return nil
}
