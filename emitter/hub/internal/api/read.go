package api

import (
	"fmt"
	"math"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/hubhook/hubhook/emitter/hub/internal/domain"
	"github.com/hubhook/hubhook/emitter/hub/internal/problem"
	"github.com/hubhook/hubhook/emitter/hub/internal/router"
)

// readRoutes returns the calls that read users and Git repos. They need no token, as clients
// expect of public repos.
func readRoutes() []route {
	const repo = "/api/{git}/{repo}"
	open := func(name, path string, serve func(*call) (any, error)) route {
		return route{name: name, method: "GET", path: path, serve: serve, open: true}
	}
	return []route{
		{name: "whoami", method: "GET", path: "/api/whoami-v2", serve: whoAmI},
		open("list_repos", "/api/{git}", listRepos),
		open("repo_info", repo, repoInfo),
		open("repo_info", repo+"/revision/{rev}", repoInfo),
		open("repo_info", repo+"/revision/{rev}/{path...}", repoInfo),
		open("list_repo_refs", repo+"/refs", listRefs),
		open("list_repo_tree", repo+"/tree/{rev}", listTree),
		open("list_repo_tree", repo+"/tree/{rev}/{path...}", listTree),
		open("list_repo_commits", repo+"/commits/{rev}", listCommits),
		open("list_repo_commits", repo+"/commits/{rev}/{path...}", listCommits),
		{name: "get_paths_info", method: "POST", path: repo + "/paths-info/{rev}", serve: pathsInfo, open: true},
		open("hf_hub_download", "/{repo}/resolve/{rev}/{path...}", resolveFile),
		open("hf_hub_download", "/{git}/{repo}/resolve/{rev}/{path...}", resolveFile),
		open("", "/{repo}/raw/{rev}/{path...}", rawFile),
		open("", "/{git}/{repo}/raw/{rev}/{path...}", rawFile),
	}
}

// place finds the commit and the path that a call names. A revision with slashes in it comes
// percent-encoded, in one segment; but the official JavaScript client sends some as they are.
func (c *call) place(s *domain.State) (r *domain.Repo, at *domain.Commit, path string, err error) {
	if r, err = c.Repo(s); err != nil {
		return nil, nil, "", err
	}
	rev, path := c.Params["rev"], c.Params["path"]
	at, _, err = s.Resolve(r, rev)
	const maxParts = 8
	for n := 1; at == nil && path != "" && n < maxParts; n++ {
		part, rest, _ := strings.Cut(path, "/")
		rev, path = rev+"/"+part, rest
		at, _, _ = s.Resolve(r, rev)
	}
	if at == nil {
		return nil, nil, "", err
	}
	return r, at, path, nil
}

// placeAlone returns place without a path: a revision must take all of it.
func (c *call) placeAlone(s *domain.State) (*domain.Repo, *domain.Commit, error) {
	r, at, path, err := c.place(s)
	if err == nil && path != "" {
		err = domain.NoRevision(r, c.Params["rev"]+"/"+c.Params["path"])
	}
	return r, at, err
}

// window is a part of a list that the query asks for: some items from one on.
type window struct{ from, size int }

func (c *call) window(usual, most int) (window, error) {
	p := window{size: usual}
	for name, into := range map[string]*int{"limit": &p.size, "cursor": &p.from} {
		text := c.Request.URL.Query().Get(name)
		if text == "" {
			continue
		}
		n, err := strconv.Atoi(text)
		if err != nil || n < 0 || n > math.MaxInt32 {
			return p, problem.Invalid("%s is %q, and must be a number", name, problem.Short(text))
		}
		*into = n
	}
	p.size = max(1, min(p.size, most))
	return p, nil
}

// paged returns a response with a part of a list. If there is more, it links to the next part, at
// a path whose list does not change.
func (c *call) paged(items any, p window, total int, path string) router.Raw {
	response := router.JSON(http.StatusOK, items)
	response.Header.Set("X-Total-Count", strconv.Itoa(total))
	if next := p.from + p.size; next < total {
		query := c.Request.URL.Query()
		query.Set("cursor", strconv.Itoa(next))
		response.Header.Set("Link", fmt.Sprintf(`<%s%s?%s>; rel="next"`, c.URL, path, query.Encode()))
	}
	return response
}

func windowOf[T any](list []T, p window) []T {
	from := min(p.from, len(list))
	return list[from:min(from+p.size, len(list))]
}

// escapedPath writes a path so that each of its parts stays one segment.
func escapedPath(path string) string {
	return strings.ReplaceAll(url.PathEscape(path), "%2F", "/")
}

func apiPath(r *domain.Repo, parts ...string) string {
	path := "/api/" + domain.FolderOf(r.Type) + "/" + escapedPath(r.Name)
	for _, part := range parts {
		if part != "" {
			path += "/" + escapedPath(part)
		}
	}
	return path
}

// whoAmI returns the user of a token (WhoAmIUser of the official JavaScript client). Clients
// only write with the role "write".
func whoAmI(c *call) (any, error) {
	return map[string]any{
		"type": "user", "id": domain.UserID(c.User), "name": c.User, "fullname": c.User,
		"email": c.User + "@hub.invalid", "emailVerified": true, "canPay": false, "isPro": false,
		"avatarUrl": avatarURL(c.URL, c.User), "orgs": []any{}, "periodEnd": nil, "billingMode": "postpaid",
		"auth": map[string]any{
			"type": "access_token",
			"accessToken": map[string]string{
				"displayName": "hubhook", "role": "write", "createdAt": domain.FormatTime(c.DB.Now()),
			},
		},
	}, nil
}

func avatarURL(hub, user string) string { return hub + "/avatars/" + domain.UserID(user) + ".svg" }
