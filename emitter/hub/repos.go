package hub

import (
	"cmp"
	"net/http"
	"slices"
	"strings"
)

// repoRoutes are what makes, moves and changes repos. What is in them is for
// contentRoutes.
func repoRoutes() []route {
	return slices.Concat([]route{
		{name: "create_repo", method: "POST", path: "/api/repos/create", limit: createLimit, serve: createRepo},
		{name: "delete_repo", method: "DELETE", path: "/api/repos/delete", serve: deleteRepo},
		{name: "move_repo", method: "POST", path: "/api/repos/move", serve: moveRepo},
		{name: "update_repo_settings", method: "PUT", path: "/api/{type}/{repo}/settings", serve: updateSettings},
	}, spaceRoutes(), refRoutes())
}

// mostRepos bounds how many repos there can be, buckets among them.
const mostRepos = 10_000

func tooManyRepos() error { return forbidden("there are %d repos already", mostRepos) }

// createLimit is how long the body may be that creates a repo, in bytes; it can have
// the repo's first files.
const createLimit = 10 << 20

// repoNaming names a repo in a body.
type repoNaming struct {
	Name         string `json:"name"`
	Organization string `json:"organization"` // the user's own where empty
	Type         string `json:"type"`         // model where empty
}

// repoType is the type that is named.
func (n *repoNaming) repoType() (string, error) { return checkedType(n.Type) }

// in is the whole name, of an owner's repo.
func (n *repoNaming) in(user string) string {
	if owner := ownerNamed(n.Organization, user); !strings.Contains(n.Name, "/") || n.Organization != "" {
		return owner + "/" + n.Name
	}
	return n.Name
}

// ownerNamed is who is meant by a name; nobody, and "me", are the user.
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

func createRepo(c *call) (any, error) {
	var body createBody
	if err := c.read(&body); err != nil {
		return nil, err
	}
	want, err := body.wanted(c.user)
	if err != nil {
		return nil, err
	}
	if want.Type == "bucket" {
		return c.createRepo(want, nil)
	}
	files, err := body.files(want)
	if err != nil {
		return nil, err
	}
	return c.createRepo(want, files)
}

// createRepo has there be a repo, and answers with where it is.
func (c *call) createRepo(want *repo, files map[string][]byte) (answer any, err error) {
	err = c.change(func(tx *tx) error {
		r, err := tx.createRepo(want, files)
		if err == nil {
			answer = map[string]string{"url": webURL(tx.url, r), "name": r.Name, "id": r.ID}
		}
		return err
	})
	return answer, err
}

// wanted is the repo that is asked for.
func (b *createBody) wanted(user string) (*repo, error) {
	repoType, err := b.repoType()
	if err != nil {
		return nil, err
	}
	r := &repo{Type: repoType, Name: b.in(user), SDK: b.SDK}
	if err := checkNewName(r.Name); err != nil {
		return nil, err
	}
	if r.Visibility, err = checkedVisibility(repoType, b.Visibility, b.Private); err != nil {
		return nil, err
	}
	r.Visibility = cmp.Or(r.Visibility, "public")
	return r, checkSDK(r)
}

// createRepo has there be a repo, which is like what is wanted, with its first commit
// where it is of Git, and tells of it.
func (tx *tx) createRepo(want *repo, files map[string][]byte) (*repo, error) {
	if err := tx.checkFree(want.Type, want.Name); err != nil {
		return nil, err
	}
	if len(tx.repos.rows) >= mostRepos {
		return nil, tooManyRepos()
	}
	r := *want
	r.ID, r.Created, r.Modified = tx.newID(), tx.now, tx.now
	if r.Type != "bucket" {
		tree, err := tx.keepFiles(&r, files)
		if err != nil {
			return nil, err
		}
		first := tx.rootCommit(&r, "initial commit", "", tree)
		r.Refs = map[string]gitRef{mainRef: {SHA: first.SHA}}
	}
	put(tx, tx.repos, r.ID, &r)
	return &r, tx.tell(happening{shape: "repo.create", repo: &r})
}

// checkFree finds that a name is taken. The answer says by which URL, as the official
// client wants it where the repo may exist.
func (tx *tx) checkFree(repoType, name string) error {
	r := tx.repoNamed(repoType, name)
	if r == nil {
		return nil
	}
	return &problem{
		status: http.StatusConflict, text: "there is a " + r.Type + " " + r.Name + " already",
		more: map[string]any{"url": webURL(tx.url, r)},
	}
}

func deleteRepo(c *call) (any, error) {
	var body repoNaming
	if err := c.read(&body); err != nil {
		return nil, err
	}
	repoType, err := body.repoType()
	if err != nil {
		return nil, err
	}
	return done, c.change(func(tx *tx) error {
		r := tx.repoNamed(repoType, body.in(tx.user))
		if r == nil && body.Organization == "" {
			r = tx.repoNamed(repoType, body.Name) // one of the Hub's oldest, which has no owner
		}
		if r == nil {
			return noRepo(repoType, body.in(tx.user))
		}
		return tx.deleteRepo(r)
	})
}

// done is the answer of a call that has nothing to say.
var done = map[string]bool{"success": true}

// deleteRepo forgets a repo and all that belongs to it, and tells of it as it was.
func (tx *tx) deleteRepo(r *repo) error {
	tx.forgetRepo(r)
	return tx.tell(happening{shape: "repo.delete", repo: r})
}

// moveBody moves a repo.
type moveBody struct {
	From string `json:"fromRepo"`
	To   string `json:"toRepo"`
	Type string `json:"type"` // model where empty
}

func moveRepo(c *call) (any, error) {
	var body moveBody
	if err := c.read(&body); err != nil {
		return nil, err
	}
	repoType, err := checkedType(body.Type)
	if err != nil {
		return nil, err
	}
	return done, c.change(func(tx *tx) error {
		r := tx.repoNamed(repoType, body.From)
		if r == nil {
			return noRepo(repoType, body.From)
		}
		return tx.moveRepo(r, body.To)
	})
}

// moveRepo gives a repo another name, and tells of it. Webhooks that watch it go on
// to do so.
func (tx *tx) moveRepo(old *repo, name string) error {
	if err := checkNewName(name); err != nil {
		return err
	}
	if other := tx.repoNamed(old.Type, name); other != nil && (other.ID != old.ID || name == old.Name) {
		return tx.checkFree(old.Type, name)
	}
	r := *old
	r.Name, r.Modified = name, tx.now
	put(tx, tx.repos, r.ID, &r)
	for _, id := range tx.webhooks.keys() {
		if w := tx.webhooks.rows[id].following(&r, old.Name); w != nil {
			put(tx, tx.webhooks, id, w)
		}
	}
	return tx.tell(happening{shape: "repo.move", repo: &r, was: old.Name})
}

// following is a webhook that watches a repo under its new name; nil where it did
// not watch it under the old one.
func (w *Webhook) following(r *repo, was string) *Webhook {
	names := func(on Watched, name string) bool { return on.Type == r.Type && strings.EqualFold(on.Name, name) }
	if !slices.ContainsFunc(w.Watched, func(on Watched) bool { return names(on, was) }) {
		return nil
	}
	next := *w
	next.Watched = []Watched{{Type: r.Type, Name: r.Name}}
	for _, on := range w.Watched {
		if !names(on, was) && !names(on, r.Name) {
			next.Watched = append(next.Watched, on)
		}
	}
	return &next
}
