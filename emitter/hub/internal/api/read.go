package api

import (
	"cmp"
	"fmt"
	"html"
	"maps"
	"math"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/hubhook/hubhook/emitter/hub/internal/domain"
	"github.com/hubhook/hubhook/emitter/hub/internal/problem"
	"github.com/hubhook/hubhook/emitter/hub/internal/router"
)

// readRoutes returns the calls that look at users and Git repos. Whoever has no token may
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

// placeAlone returns place where there is no path beside the revision.
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

// paged returns the answer with a part of a list. Where there is more, it says where: the
// same call at a path that stays the same list.
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

// repoResponse is a repo as the Hub shows it: ModelInfo, DatasetInfo and SpaceInfo of
// the official clients. Of what people do with a repo nothing is known here.
type repoResponse struct {
	ObjectID  string    `json:"_id"`
	ID        string    `json:"id"` // its name
	ModelID   string    `json:"modelId,omitempty"`
	Author    string    `json:"author,omitempty"`
	SHA       string    `json:"sha,omitempty"`
	Private   bool      `json:"private"`
	Gated     any       `json:"gated"` // false, or how
	Disabled  bool      `json:"disabled"`
	Created   string    `json:"createdAt,omitempty"`
	Modified  string    `json:"lastModified,omitempty"`
	Downloads int       `json:"downloads"`
	Likes     int       `json:"likes"`
	Tags      []string  `json:"tags"`
	SDK       string    `json:"sdk,omitempty"`
	Subdomain string    `json:"subdomain,omitempty"`
	Siblings  []sibling `json:"siblings,omitempty"`
}

// sibling is a file of a repo. The last three are there on request.
type sibling struct {
	Name string    `json:"rfilename"`
	Size *int64    `json:"size,omitempty"`
	Blob string    `json:"blobId,omitempty"`
	LFS  *lfsEntry `json:"lfs,omitempty"`
}

func repoResponseOf(r *domain.Repo, sha string) repoResponse {
	a := repoResponse{
		ObjectID: r.ID, ID: r.Name, Author: r.Owner(), SHA: sha, Private: r.Private(), Gated: gatedResponse(r),
		Created: domain.FormatTime(r.Created), Modified: domain.FormatTime(lastChanged(r)), Tags: []string{}, SDK: r.SDK,
	}
	switch r.Type {
	case "model":
		a.ModelID = r.Name
	case "space":
		a.Subdomain = strings.NewReplacer("/", "-", ".", "-", "_", "-").Replace(strings.ToLower(r.Name))
	}
	return a
}

func lastChanged(r *domain.Repo) time.Time { return cmp.Or(r.Modified, r.Created) }

func repoInfo(c *call) (any, error) {
	if c.Params["rev"] == "" {
		c.Params["rev"] = "HEAD"
	}
	return c.View(func(s *domain.State) (any, error) {
		r, at, err := c.placeAlone(s)
		if err != nil {
			return nil, err
		}
		a := repoResponseOf(r, at.SHA)
		a.Siblings = siblingsOf(s.TreeOf(r.ID, at), c.Request.URL.Query().Has("blobs"))
		return a, nil
	})
}

func siblingsOf(tree map[string]domain.File, blobs bool) []sibling {
	list := make([]sibling, 0, len(tree))
	for _, path := range slices.Sorted(maps.Keys(tree)) {
		one := sibling{Name: path}
		if f := tree[path]; blobs {
			e := entryOf(path, f)
			one.Size, one.Blob, one.LFS = &e.Size, e.OID, e.LFS
		}
		list = append(list, one)
	}
	return list
}

// sortKey returns the time by which repos are sorted. Where the query names something that is
// not known here, it is the same for all, and they come by their names.
func sortKey(r *domain.Repo, by string) time.Time {
	switch by {
	case "", "lastModified":
		return lastChanged(r)
	case "createdAt":
		return r.Created
	}
	return time.Time{}
}

// cardFilters are of what repos say of themselves in their cards, which are not read here:
// no repo fits.
var cardFilters = []string{"filter", "pipeline_tag", "inference_provider", "apps"}

// listRepos lists repos of a type, the last changed first.
func listRepos(c *call) (any, error) {
	const usual, most = 500, 1000
	p, err := c.window(usual, most)
	if err != nil {
		return nil, err
	}
	query := c.Request.URL.Query()
	return c.View(func(s *domain.State) (any, error) {
		found, responses := reposLike(s, c.RepoType(), query), []repoResponse{}
		for _, r := range windowOf(found, p) {
			a := repoResponseOf(r, r.Head())
			if head := s.Commit(r.ID, r.Head()); head != nil && asksFor(query, "siblings") {
				a.Siblings = siblingsOf(s.TreeOf(r.ID, head), false)
			}
			responses = append(responses, a)
		}
		return c.paged(responses, p, len(found), "/api/"+domain.FolderOf(c.RepoType())), nil
	})
}

// asksFor reports whether a query asks for a part that is not always there.
func asksFor(query url.Values, part string) bool {
	return slices.Contains(query["expand"], part) || slices.Contains(query["expand[]"], part) ||
		part == "siblings" && cmp.Or(query.Get("full"), "false") != "false"
}

func reposLike(s *domain.State, repoType string, query url.Values) []*domain.Repo {
	author, search := query.Get("author"), strings.ToLower(query.Get("search"))
	var found []*domain.Repo
	for r := range s.Repos() {
		if r.Type == repoType && (author == "" || strings.EqualFold(r.Owner(), author)) &&
			strings.Contains(strings.ToLower(r.Name), search) && !slices.ContainsFunc(cardFilters, query.Has) {
			found = append(found, r)
		}
	}
	by := query.Get("sort")
	slices.SortFunc(found, func(a, b *domain.Repo) int {
		return cmp.Or(sortKey(b, by).Compare(sortKey(a, by)), cmp.Compare(a.Name, b.Name))
	})
	return found
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
	return c.View(func(s *domain.State) (any, error) {
		r, err := c.Repo(s)
		if err != nil {
			return nil, err
		}
		return c.refsOf(r), nil
	})
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

// whoAmI says whose a token is (WhoAmIUser of the official JavaScript client). The
// role has clients write.
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
