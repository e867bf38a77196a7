package hub

import (
	"cmp"
	"strings"
	"unicode/utf8"
)

// refRoutes are the branches and tags of Git repos.
func refRoutes() []route {
	const branch, tag = "/api/{type}/{repo}/branch/{branch}", "/api/{type}/{repo}/tag/{tag}"
	return []route{
		{name: "create_branch", method: "POST", path: branch, serve: createBranch},
		{name: "delete_branch", method: "DELETE", path: branch, serve: deleteBranch},
		{name: "create_tag", method: "POST", path: "/api/{type}/{repo}/tag/{rev}", serve: createTag},
		{name: "delete_tag", method: "DELETE", path: tag, serve: deleteTag},
		{name: "super_squash_history", method: "POST", path: "/api/{type}/{repo}/super-squash/{branch}", serve: squashHistory},
	}
}

// Bounds of references. Those of a text are in bytes.
const (
	longestRef     = 255
	longestMessage = 4096
)

// changeRefs changes the references of the Git repo that the path names.
func (c *call) changeRefs(do func(*tx, *repo) error) (any, error) {
	return done, c.Update(func(tx *tx) error {
		r, err := c.Repo(tx.state)
		switch {
		case err != nil:
			return err
		case r.Type == "bucket":
			return invalid("a bucket has no branches and tags")
		}
		return do(tx, r)
	})
}

// branchBody says where a branch begins. What the Python client does not send, the
// JavaScript client does (createBranch of @huggingface/hub).
type branchBody struct {
	StartingPoint string `json:"startingPoint"` // main where empty
	Empty         bool   `json:"emptyBranch"`
	Overwrite     bool   `json:"overwrite"`
}

func createBranch(c *call) (any, error) {
	var body branchBody
	if err := c.Read(&body); err != nil {
		return nil, err
	}
	branch := c.Params["branch"]
	if err := checkRefName("branch", branch); err != nil {
		return nil, err
	}
	return c.changeRefs(func(tx *tx, r *repo) error {
		now, exists := r.Refs[headsRefs+branch]
		switch {
		case exists && !body.Overwrite:
			return conflict("the %s %s has a branch %s already", r.Type, r.Name, branch)
		case exists && body.StartingPoint == "" && !body.Empty:
			return nil // nothing is said to overwrite it with
		}
		start, err := startOf(tx, r, &body)
		if err != nil || exists && now.SHA == start.SHA {
			return err
		}
		_, err = tx.SetRef(r, headsRefs+branch, gitRef{SHA: start.SHA})
		return err
	})
}

// startOf is the commit at which a new branch begins. One that is empty begins with a
// commit of its own, for no reference is without one.
func startOf(tx *tx, r *repo, body *branchBody) (*commit, error) {
	if body.Empty {
		return tx.RootCommit(r, tx.user, "initial commit", "", map[string]keptFile{}), nil
	}
	start, _, err := tx.resolve(r, cmp.Or(body.StartingPoint, mainRef))
	return start, err
}

func deleteBranch(c *call) (any, error) {
	return c.changeRefs(func(tx *tx, r *repo) error {
		name := headsRefs + c.Params["branch"]
		switch _, exists := r.Refs[name]; {
		case !exists:
			return noRevision(r, c.Params["branch"])
		case name == mainRef:
			return forbidden("main cannot be deleted")
		}
		_, err := tx.SetRef(r, name, gitRef{})
		return err
	})
}

func createTag(c *call) (any, error) {
	var body struct {
		Tag     string `json:"tag"`
		Message string `json:"message"`
	}
	if err := c.Read(&body); err != nil {
		return nil, err
	}
	if err := checkRefName("tag", body.Tag); err != nil {
		return nil, err
	}
	if len(body.Message) > longestMessage {
		return nil, invalid("message is longer than %d bytes", longestMessage)
	}
	return c.changeRefs(func(tx *tx, r *repo) error {
		if _, exists := r.Refs[tagRefs+body.Tag]; exists {
			return conflict("the %s %s has a tag %s already", r.Type, r.Name, body.Tag)
		}
		on, _, err := tx.resolve(r, c.Params["rev"])
		if err != nil {
			return err
		}
		_, err = tx.SetRef(r, tagRefs+body.Tag, gitRef{SHA: on.SHA, Message: body.Message})
		return err
	})
}

func deleteTag(c *call) (any, error) {
	return c.changeRefs(func(tx *tx, r *repo) error {
		name := tagRefs + c.Params["tag"]
		if _, exists := r.Refs[name]; !exists {
			return noRevision(r, c.Params["tag"])
		}
		_, err := tx.SetRef(r, name, gitRef{})
		return err
	})
}

// squashHistory leaves a branch with one commit, of the same files.
func squashHistory(c *call) (any, error) {
	var body struct {
		Message string `json:"message"`
	}
	if err := c.Read(&body); err != nil {
		return nil, err
	}
	if len(body.Message) > longestMessage {
		return nil, invalid("message is longer than %d bytes", longestMessage)
	}
	return c.changeRefs(func(tx *tx, r *repo) error {
		branch := c.Params["branch"]
		name := headsRefs + branch
		if _, exists := r.Refs[name]; !exists {
			return noRevision(r, branch)
		}
		head, _, err := tx.resolve(r, name)
		if err != nil {
			return err
		}
		title, message, _ := strings.Cut(cmp.Or(strings.TrimSpace(body.Message), "Super-squash branch '"+branch+"'"), "\n")
		squashed := tx.RootCommit(r, tx.user, strings.TrimSpace(title), strings.TrimSpace(message), tx.treeOf(r.ID, head))
		_, err = tx.SetRef(r, name, gitRef{SHA: squashed.SHA})
		return err
	})
}

// checkRefName finds what Git takes for no branch's or tag's name
// (git-check-ref-format).
func checkRefName(what, name string) error {
	switch {
	case name == "":
		return invalid("%s is missing", what)
	case len(name) > longestRef:
		return invalid("the name of a %s has at most %d bytes", what, longestRef)
	case !utf8.ValidString(name), strings.ContainsFunc(name, isNoRefRune), strings.Contains(name, ".."), strings.Contains(name, "@{"),
		name == "@", strings.HasPrefix(name, "-"), strings.HasPrefix(name, "refs/"), strings.HasSuffix(name, "."):
		return invalid("a %s cannot be named %q", what, name)
	}
	for part := range strings.SplitSeq(name, "/") {
		if part == "" || strings.HasPrefix(part, ".") || strings.HasSuffix(part, ".lock") {
			return invalid("a %s cannot be named %q", what, name)
		}
	}
	return nil
}

func isNoRefRune(c rune) bool {
	return c <= ' ' || c == 0x7f || strings.ContainsRune(`~^:?*[\`, c)
}
