package api

import (
	"cmp"
	"maps"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/hubhook/hubhook/emitter/hub/internal/domain"
)

// repoResponse is a repo as the Hub shows it: ModelInfo, DatasetInfo and SpaceInfo of
// the official clients. The mock counts no downloads and likes.
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

// sortKey returns the time by which repos are sorted. For an unknown key it is the
// same for all, and repos are sorted by name.
func sortKey(r *domain.Repo, by string) time.Time {
	switch by {
	case "", "lastModified":
		return lastChanged(r)
	case "createdAt":
		return r.Created
	}
	return time.Time{}
}

// cardFilters filter by the cards of repos, which the mock does not read: no repo matches.
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
