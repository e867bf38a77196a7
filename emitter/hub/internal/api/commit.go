package api

import (
	"html"
	"strconv"

	"github.com/hubhook/hubhook/emitter/hub/internal/domain"
	"github.com/hubhook/hubhook/emitter/hub/internal/problem"
)

func contentRoutes() []route {
	const repo = "/api/{git}/{repo}"
	return []route{
		{name: "validate_yaml", method: "POST", path: "/api/validate-yaml", limit: MaxLine, serve: withBody(validateYAML)},
		{name: "preupload", method: "POST", path: repo + "/preupload/{rev}", limit: maxPreupload,
			serve: withBody(preupload)},
		{name: "create_commit", method: "POST", path: repo + "/commit/{rev}", limit: maxCommit, serve: createCommit},
	}
}

// Bounds of what a Hub takes.
const (
	maxCommit           = 512 << 20 // the body, in bytes
	maxPreupload        = 32 << 20  // samples of 25,000 files fit
	MaxFile             = 64 << 20  // once it is decoded, in bytes
	MaxLine             = MaxFile/3*4 + 64<<10
	MaxSummary          = 4 << 10
	maxDescription      = 64 << 10
	MaxCommitOperations = 25_000 // of a commit
)

type yamlBody struct {
	Content  string `json:"content"`
	RepoType string `json:"repoType"`
}

// validateYAML accepts any head of a README: the mock does not read it.
func validateYAML(*call, *yamlBody) (any, error) {
	return map[string][]any{"warnings": {}, "errors": {}}, nil
}

type uploadMode struct {
	Path         string `json:"path"`
	UploadMode   string `json:"uploadMode"`
	ShouldIgnore bool   `json:"shouldIgnore"`
}

type preuploadBody struct {
	Files []struct {
		Path string `json:"path"`
		Size int64  `json:"size"`
	} `json:"files"`
}

// preupload asks clients to send each file within the commit: there is no other store. The
// response has no oid, because clients leave out files that seem unchanged.
func preupload(c *call, body *preuploadBody) (any, error) {
	if len(body.Files) > MaxCommitOperations {
		return nil, problem.TooLarge("a commit has at most %d files", MaxCommitOperations)
	}
	modes := make([]uploadMode, len(body.Files))
	for i, f := range body.Files {
		if err := domain.CheckPath(f.Path); err != nil {
			return nil, err
		}
		if f.Size > MaxFile {
			return nil, problem.TooLarge("%q has %d bytes: this Hub takes files of up to %d",
				problem.Short(f.Path), f.Size, MaxFile)
		}
		modes[i] = uploadMode{Path: f.Path, UploadMode: "regular"}
	}
	return c.View(func(s *domain.State) (any, error) {
		r, err := c.Repo(s)
		if err == nil {
			_, _, err = s.Resolve(r, c.Params["rev"])
		}
		return map[string][]uploadMode{"files": modes}, err
	})
}

// commitResponse is the result of a commit (CommitInfo of the official client).
type commitResponse struct {
	Success    bool   `json:"success"`
	URL        string `json:"commitUrl"`
	OID        string `json:"commitOid"`
	Pull       string `json:"pullRequestUrl,omitempty"`
	HookOutput string `json:"hookOutput"`
}

// createCommit makes a commit on a branch, on a pull request, or with create_pr on a
// pull request that is opened for it. As on the Hub it may change nothing:
// clients avoid empty commits.
func createCommit(c *call) (any, error) {
	body, err := c.readCommit()
	if err != nil {
		return nil, err
	}
	create, _ := strconv.ParseBool(c.Request.URL.Query().Get("create_pr"))
	return c.UpdateRepo(func(tx *domain.Tx, r *domain.Repo) (any, error) {
		var made *domain.Commit
		var pull *domain.Discussion
		if create {
			r, made, pull, err = tx.CommitOnNewPull(r, c.Params["rev"], body)
		} else {
			r, made, err = tx.CommitOnRef(r, c.Params["rev"], body)
		}
		if err != nil {
			return nil, err
		}
		a := commitResponse{Success: true, URL: domain.WebURL(c.URL, r) + "/commit/" + made.SHA, OID: made.SHA}
		if pull != nil {
			a.Pull = domain.WebURL(c.URL, r) + "/discussions/" + strconv.Itoa(pull.Num)
		}
		return a, nil
	})
}

// commitListed is a commit in a list (GitCommitInfo of the official client).
type commitListed struct {
	ID        string         `json:"id"`
	Title     string         `json:"title"`
	Message   string         `json:"message"`
	Authors   []commitAuthor `json:"authors"`
	Date      string         `json:"date"`
	Formatted *formattedText `json:"formatted,omitempty"`
}

type commitAuthor struct {
	User   string `json:"user"`
	Avatar string `json:"avatar"`
}

type formattedText struct {
	Title   string `json:"title"`
	Message string `json:"message"`
}

// listCommits lists the commits that a revision is made of, the last one first.
func listCommits(c *call) (any, error) {
	const usual, most = 50, 1000
	p, err := c.window(usual, most)
	if err != nil {
		return nil, err
	}
	formatted := asksFor(c.Request.URL.Query(), "formatted")
	return c.View(func(s *domain.State) (any, error) {
		r, at, err := c.placeAlone(s)
		if err != nil {
			return nil, err
		}
		history, responses := s.History(r.ID, at), []commitListed{}
		for _, one := range windowOf(history, p) {
			a := commitListed{
				ID: one.SHA, Title: one.Title, Message: one.Message, Date: domain.FormatTime(one.At),
				Authors: []commitAuthor{{User: one.Author, Avatar: avatarURL(c.URL, one.Author)}},
			}
			if formatted {
				a.Formatted = &formattedText{html.EscapeString(one.Title), html.EscapeString(one.Message)}
			}
			responses = append(responses, a)
		}
		return c.paged(responses, p, len(history), apiPath(r, "commits", history[0].SHA)), nil
	})
}
