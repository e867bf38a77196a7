package hub

import (
	"cmp"
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
func (n *repoNaming) repoType() (string, error) { return CheckType(n.Type) }

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
	if err := c.Read(&body); err != nil {
		return nil, err
	}
	want, err := body.wanted(c.User)
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

// createRepo adds a repo, and answers with where it is.
func (c *call) createRepo(want *repo, files map[string][]byte) (answer any, err error) {
	err = c.Update(func(tx *tx) error {
		r, err := tx.CreateRepo(want, tx.user, files)
		if err != nil {
			return err
		}
		answer = map[string]string{"url": WebURL(tx.url, r), "name": r.Name, "id": r.ID}
		return tx.tell(happening{shape: "repo.create", repo: r})
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
	if err := CheckNewName(r.Name); err != nil {
		return nil, err
	}
	if r.Visibility, err = checkedVisibility(repoType, b.Visibility, b.Private); err != nil {
		return nil, err
	}
	r.Visibility = cmp.Or(r.Visibility, "public")
	return r, checkSDK(r)
}

func deleteRepo(c *call) (any, error) {
	var body repoNaming
	if err := c.Read(&body); err != nil {
		return nil, err
	}
	repoType, err := body.repoType()
	if err != nil {
		return nil, err
	}
	return done, c.Update(func(tx *tx) error {
		r := tx.RepoNamed(repoType, body.in(tx.user))
		if r == nil && body.Organization == "" {
			r = tx.RepoNamed(repoType, body.Name) // one of the Hub's oldest, which has no owner
		}
		if r == nil {
			return noRepo(repoType, body.in(tx.user))
		}
		return tx.DeleteRepo(r)
	})
}

// done is the answer of a call that has nothing to say.
var done = map[string]bool{"success": true}

// moveBody moves a repo.
type moveBody struct {
	From string `json:"fromRepo"`
	To   string `json:"toRepo"`
	Type string `json:"type"` // model where empty
}

func moveRepo(c *call) (any, error) {
	var body moveBody
	if err := c.Read(&body); err != nil {
		return nil, err
	}
	repoType, err := CheckType(body.Type)
	if err != nil {
		return nil, err
	}
	return done, c.Update(func(tx *tx) error {
		r := tx.RepoNamed(repoType, body.From)
		if r == nil {
			return noRepo(repoType, body.From)
		}
		return tx.MoveRepo(r, body.To)
	})
}
