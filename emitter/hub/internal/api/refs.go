package api

import (
	"cmp"
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/hubhook/hubhook/emitter/hub/internal/domain"
	"github.com/hubhook/hubhook/emitter/hub/internal/problem"
)

func refRoutes() []route {
	const branch, tag = "/api/{type}/{repo}/branch/{branch}", "/api/{type}/{repo}/tag/{tag}"
	return []route{
		{name: "create_branch", method: "POST", path: branch, serve: withBody(createBranch)},
		{name: "delete_branch", method: "DELETE", path: branch, serve: deleteBranch},
		{name: "create_tag", method: "POST", path: "/api/{type}/{repo}/tag/{rev}", serve: withBody(createTag)},
		{name: "delete_tag", method: "DELETE", path: tag, serve: deleteTag},
		{name: "super_squash_history", method: "POST", path: "/api/{type}/{repo}/super-squash/{branch}",
			serve: withBody(squashHistory)},
	}
}

// Bounds of references. Those of a text are in bytes.
const (
	maxRef        = 255
	MaxRefMessage = 4096
)

func (c *call) changeRefs(do func(*domain.Tx, *domain.Repo) error) (any, error) {
	return c.UpdateRepo(func(tx *domain.Tx, r *domain.Repo) (any, error) {
		if r.Type == domain.TypeBucket {
			return nil, problem.Invalid("a bucket has no branches and tags")
		}
		return done, do(tx, r)
	})
}

// branchBody says where a branch begins. What the Python client does not send, the
// JavaScript client does (createBranch of @huggingface/hub).
type branchBody struct {
	StartingPoint string `json:"startingPoint"` // main if empty
	Empty         bool   `json:"emptyBranch"`
	Overwrite     bool   `json:"overwrite"`
}

func createBranch(c *call, body *branchBody) (any, error) {
	branch := c.Params["branch"]
	if err := checkRefName("branch", branch); err != nil {
		return nil, err
	}
	return c.changeRefs(func(tx *domain.Tx, r *domain.Repo) error {
		now, exists := r.Refs[domain.HeadsRefs+branch]
		switch {
		case exists && !body.Overwrite:
			return problem.Conflict("the %s %s has a branch %s already", r.Type, r.Name, branch)
		case exists && body.StartingPoint == "" && !body.Empty:
			return nil // nothing is said to overwrite it with
		}
		start, err := startOf(tx, r, body)
		if err != nil || exists && now.SHA == start.SHA {
			return err
		}
		return tx.SetRef(r, domain.HeadsRefs+branch, domain.Ref{SHA: start.SHA})
	})
}

// startOf returns the commit at which a new branch begins. An empty branch begins with a
// commit of its own, because a reference needs one.
func startOf(tx *domain.Tx, r *domain.Repo, body *branchBody) (*domain.Commit, error) {
	if body.Empty {
		return tx.RootCommit(r, tx.User, "initial commit", "", map[string]domain.File{}), nil
	}
	start, _, err := tx.Resolve(r, cmp.Or(body.StartingPoint, domain.MainRef))
	return start, err
}

func deleteBranch(c *call) (any, error) { return c.deleteRef(domain.HeadsRefs, c.Params["branch"]) }

func deleteTag(c *call) (any, error) { return c.deleteRef(domain.TagRefs, c.Params["tag"]) }

func (c *call) deleteRef(folder, name string) (any, error) {
	return c.changeRefs(func(tx *domain.Tx, r *domain.Repo) error {
		ref := folder + name
		switch _, exists := r.Refs[ref]; {
		case !exists:
			return domain.NoRevision(r, name)
		case ref == domain.MainRef:
			return problem.Forbidden("main cannot be deleted")
		}
		return tx.SetRef(r, ref, domain.Ref{})
	})
}

type createTagBody struct {
	Tag     string `json:"tag"`
	Message string `json:"message"`
}

func createTag(c *call, body *createTagBody) (any, error) {
	if err := checkRefName("tag", body.Tag); err != nil {
		return nil, err
	}
	if len(body.Message) > MaxRefMessage {
		return nil, problem.Invalid("message is longer than %d bytes", MaxRefMessage)
	}
	return c.changeRefs(func(tx *domain.Tx, r *domain.Repo) error {
		if _, exists := r.Refs[domain.TagRefs+body.Tag]; exists {
			return problem.Conflict("the %s %s has a tag %s already", r.Type, r.Name, body.Tag)
		}
		on, _, err := tx.Resolve(r, c.Params["rev"])
		if err != nil {
			return err
		}
		return tx.SetRef(r, domain.TagRefs+body.Tag, domain.Ref{SHA: on.SHA, Message: body.Message})
	})
}

type squashHistoryBody struct {
	Message string `json:"message"`
}

// squashHistory leaves a branch with one commit, of the same files.
func squashHistory(c *call, body *squashHistoryBody) (any, error) {
	if len(body.Message) > MaxRefMessage {
		return nil, problem.Invalid("message is longer than %d bytes", MaxRefMessage)
	}
	return c.changeRefs(func(tx *domain.Tx, r *domain.Repo) error {
		branch := c.Params["branch"]
		name := domain.HeadsRefs + branch
		if _, exists := r.Refs[name]; !exists {
			return domain.NoRevision(r, branch)
		}
		head, _, err := tx.Resolve(r, name)
		if err != nil {
			return err
		}
		title, message, _ := strings.Cut(cmp.Or(strings.TrimSpace(body.Message), "Super-squash branch '"+branch+"'"), "\n")
		squashed := tx.RootCommit(r, tx.User, strings.TrimSpace(title), strings.TrimSpace(message), tx.TreeOf(r.ID, head))
		return tx.SetRef(r, name, domain.Ref{SHA: squashed.SHA})
	})
}

// checkRefName returns an error for a name that Git rejects (git-check-ref-format).
func checkRefName(what, name string) error {
	switch {
	case name == "":
		return problem.Invalid("%s is missing", what)
	case len(name) > maxRef:
		return problem.Invalid("the name of a %s has at most %d bytes", what, maxRef)
	case !utf8.ValidString(name), strings.ContainsFunc(name, isNoRefRune), strings.Contains(name, ".."),
		strings.Contains(name, "@{"),
		name == "@", strings.HasPrefix(name, "-"), strings.HasPrefix(name, "refs/"), strings.HasSuffix(name, "."):
		return problem.Invalid("a %s cannot be named %q", what, name)
	}
	for part := range strings.SplitSeq(name, "/") {
		if part == "" || strings.HasPrefix(part, ".") || strings.HasSuffix(part, ".lock") {
			return problem.Invalid("a %s cannot be named %q", what, name)
		}
	}
	return nil
}

func isNoRefRune(c rune) bool {
	return c <= ' ' || c == 0x7f || strings.ContainsRune(`~^:?*[\`, c)
}

// refResponse is a reference (GitRefInfo of the official client).
type refResponse struct {
	Name   string `json:"name"`
	Ref    string `json:"ref"`
	Commit string `json:"targetCommit"`
}

var refFolders = []struct{ prefix, list string }{
	{domain.HeadsRefs, "branches"}, {"refs/convert/", "converts"}, {domain.TagRefs, "tags"},
	{domain.PullRefs, "pullRequests"},
}

// listRefs lists references; those of pull requests on request.
func listRefs(c *call) (any, error) {
	return viewFound(c, c.Repo, func(_ *domain.State, r *domain.Repo) any { return c.refsOf(r) })
}

func (c *call) refsOf(r *domain.Repo) map[string][]refResponse {
	response := map[string][]refResponse{"branches": {}, "converts": {}, "tags": {}}
	if pulls, _ := strconv.ParseBool(c.Request.URL.Query().Get("include_prs")); pulls {
		response["pullRequests"] = []refResponse{}
	}
	for _, ref := range slices.Sorted(maps.Keys(r.Refs)) {
		for _, folder := range refFolders {
			name, fits := strings.CutPrefix(ref, folder.prefix)
			if list, asked := response[folder.list]; fits && asked {
				response[folder.list] = append(list, refResponse{Name: name, Ref: ref, Commit: r.Refs[ref].SHA})
			}
		}
	}
	return response
}
