package hub

import (
	"cmp"
	"maps"
	"net/url"
	"slices"
	"strings"
	"time"
)

// repoAnswer is a repo as the Hub tells of it: ModelInfo, DatasetInfo and SpaceInfo of
// the official clients. Of what people do with a repo nothing is known here.
type repoAnswer struct {
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

// sibling is a file of a repo. The last three are told on request.
type sibling struct {
	Name string    `json:"rfilename"`
	Size *int64    `json:"size,omitempty"`
	Blob string    `json:"blobId,omitempty"`
	LFS  *lfsEntry `json:"lfs,omitempty"`
}

func repoAnswerOf(r *repo, sha string) repoAnswer {
	a := repoAnswer{
		ObjectID: r.ID, ID: r.Name, Author: r.owner(), SHA: sha, Private: r.private(), Gated: false,
		Created: timeText(r.Created), Modified: timeText(lastChanged(r)), Tags: []string{}, SDK: r.SDK,
	}
	if r.Gated != "" {
		a.Gated = r.Gated
	}
	switch r.Type {
	case "model":
		a.ModelID = r.Name
	case "space":
		a.Subdomain = strings.NewReplacer("/", "-", ".", "-", "_", "-").Replace(strings.ToLower(r.Name))
	}
	return a
}

// lastChanged is when a repo last changed.
func lastChanged(r *repo) time.Time {
	if r.Modified.IsZero() {
		return r.Created
	}
	return r.Modified
}

// repoInfo tells of a repo, at a revision or at main.
func repoInfo(c *call) (any, error) {
	var r *repo
	var at *commit
	var tree map[string]keptFile
	if c.Params["rev"] == "" {
		c.Params["rev"] = "HEAD"
	}
	err := c.View(func(s *state) (err error) {
		if r, at, err = c.placeAlone(s); err == nil {
			tree = s.treeOf(r.ID, at)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	a := repoAnswerOf(r, at.SHA)
	a.Siblings = siblingsOf(tree, c.Request.URL.Query().Has("blobs"))
	return a, nil
}

func siblingsOf(tree map[string]keptFile, blobs bool) []sibling {
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

// repoOrders are what repos can be sorted by. Where it is something that is not known
// here, they come by their names.
var repoOrders = map[string]func(a, b *repo) int{
	"":             func(a, b *repo) int { return lastChanged(a).Compare(lastChanged(b)) },
	"lastModified": func(a, b *repo) int { return lastChanged(a).Compare(lastChanged(b)) },
	"createdAt":    func(a, b *repo) int { return a.Created.Compare(b.Created) },
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
	var answers []repoAnswer
	total := 0
	err = c.View(func(s *state) error {
		found := reposLike(s, c.RepoType(), query)
		total = len(found)
		answers = make([]repoAnswer, 0, min(p.size, total))
		for _, r := range windowOf(found, p) {
			a := repoAnswerOf(r, r.head())
			if head := s.Commit(r.ID, r.head()); head != nil && asksFor(query, "siblings") {
				a.Siblings = siblingsOf(s.treeOf(r.ID, head), false)
			}
			answers = append(answers, a)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return c.paged(answers, p, total, "/api/"+FolderOf(c.RepoType()))
}

// asksFor tells whether a query asks for a part that is not always told.
func asksFor(query url.Values, part string) bool {
	return slices.Contains(query["expand"], part) || slices.Contains(query["expand[]"], part) ||
		part == "siblings" && cmp.Or(query.Get("full"), "false") != "false"
}

// reposLike are the repos that fit a query, in its order.
func reposLike(s *state, repoType string, query url.Values) []*repo {
	author, search := query.Get("author"), strings.ToLower(query.Get("search"))
	var found []*repo
	for r := range s.Repos() {
		if r.Type == repoType && (author == "" || strings.EqualFold(r.owner(), author)) &&
			strings.Contains(strings.ToLower(r.Name), search) && !slices.ContainsFunc(cardFilters, query.Has) {
			found = append(found, r)
		}
	}
	order := repoOrders[query.Get("sort")]
	slices.SortFunc(found, func(a, b *repo) int {
		if order != nil {
			if c := order(b, a); c != 0 {
				return c
			}
		}
		return cmp.Compare(a.Name, b.Name)
	})
	return found
}
