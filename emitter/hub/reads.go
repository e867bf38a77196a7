package hub

import (
	"encoding/json"
	"fmt"
	"math"
	"net/http"
	"net/url"
	"strconv"
	"strings"
)

// readRoutes are the calls that look at users and Git repos. Whoever has no token may
// look too, as clients expect of repos that are public.
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

// place finds the commit and the path that a call names. A revision with slashes in
// it comes percent-encoded, in one segment; but the official JavaScript client sends
// some as they are.
func (c *call) place(s *state) (r *repo, at *commit, path string, err error) {
	if r, err = c.Repo(s); err != nil {
		return nil, nil, "", err
	}
	rev, path := c.Params["rev"], c.Params["path"]
	at, _, err = s.resolve(r, rev)
	const mostParts = 8
	for n := 1; at == nil && path != "" && n < mostParts; n++ {
		part, rest, _ := strings.Cut(path, "/")
		rev, path = rev+"/"+part, rest
		at, _, _ = s.resolve(r, rev)
	}
	if at == nil {
		return nil, nil, "", err
	}
	return r, at, path, nil
}

// placeAlone is place where there is no path beside the revision.
func (c *call) placeAlone(s *state) (*repo, *commit, error) {
	r, at, path, err := c.place(s)
	if err == nil && path != "" {
		err = noRevision(r, c.Params["rev"]+"/"+c.Params["path"])
	}
	return r, at, err
}

// window is a part of a list that the query asks for: so many items from one on.
type window struct{ from, size int }

// window reads the query, where a client says how many items it wants.
func (c *call) window(usual, most int) (window, error) {
	p := window{size: usual}
	for name, into := range map[string]*int{"limit": &p.size, "cursor": &p.from} {
		text := c.Request.URL.Query().Get(name)
		if text == "" {
			continue
		}
		n, err := strconv.Atoi(text)
		if err != nil || n < 0 || n > math.MaxInt32 {
			return p, invalid("%s is %q, and must be a number", name, inShort(text))
		}
		*into = n
	}
	p.size = max(1, min(p.size, most))
	return p, nil
}

// paged is the answer with a part of a list. Where there is more, it says where: the
// same call at a path that stays the same list.
func (c *call) paged(items any, p window, total int, path string) (any, error) {
	body, err := json.Marshal(items)
	if err != nil {
		return nil, err
	}
	header := http.Header{"Content-Type": {"application/json; charset=utf-8"}, "X-Content-Type-Options": {"nosniff"}}
	header.Set("X-Total-Count", strconv.Itoa(total))
	if next := p.from + p.size; next < total {
		query := c.Request.URL.Query()
		query.Set("cursor", strconv.Itoa(next))
		header.Set("Link", fmt.Sprintf(`<%s%s?%s>; rel="next"`, c.URL, path, query.Encode()))
	}
	return Raw{Status: http.StatusOK, Header: header, Body: body}, nil
}

// windowOf takes a window out of a list.
func windowOf[T any](list []T, p window) []T {
	from := min(p.from, len(list))
	return list[from:min(from+p.size, len(list))]
}

// escapedPath writes a path so that each of its parts stays one segment.
func escapedPath(path string) string {
	parts := strings.Split(path, "/")
	for i, part := range parts {
		parts[i] = url.PathEscape(part)
	}
	return strings.Join(parts, "/")
}

// apiPath is where the API has something of a repo.
func apiPath(r *repo, parts ...string) string {
	path := "/api/" + FolderOf(r.Type) + "/" + escapedPath(r.Name)
	for _, part := range parts {
		if part != "" {
			path += "/" + escapedPath(part)
		}
	}
	return path
}
