package hub

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// route is one call of the API.
type route struct {
	// name is the function of the official Python client that makes the call, where
	// there is one.
	name   string
	method string
	// path has parameters for whole segments, which come percent-encoded:
	//
	//	{type}     models, datasets, spaces or buckets
	//	{git}      the same without buckets
	//	{repo}     the name of a repo, one segment or two
	//	{path...}  all that is left
	//	{other}    one segment
	path string
	// limit is how long a body may be, in bytes; bodyLimit where zero.
	limit int64
	serve func(*call) (any, error)
	// open says that no token is needed.
	open bool
}

// bodyLimit is how long the body of a call may be, in bytes.
const bodyLimit = 1 << 20

// router finds the route of a request.
type router struct{ routes []*parsedRoute }

// parsedRoute is a route with the segments of its path.
type parsedRoute struct {
	*route
	parts []string
}

func newRouter() *router {
	r := &router{}
	for _, table := range [][]route{
		webhookRoutes(), bucketRoutes(), repoRoutes(), contentRoutes(), readRoutes(), discussionRoutes(), mockRoutes(),
	} {
		for i := range table {
			r.routes = append(r.routes, &parsedRoute{&table[i], strings.Split(table[i].path[1:], "/")})
		}
	}
	return r
}

// repoFolders are what the API calls the types of repos.
var repoFolders = map[string]string{"models": "model", "datasets": "dataset", "spaces": "space", "buckets": "bucket"}

// folderOf is what the API calls a type.
func folderOf(repoType string) string { return repoType + "s" }

// match is a route and its parameters.
type match struct {
	*route
	params map[string]string
}

// find finds what could be meant by a request. There can be several: with names of
// one segment or two, "models/x/refs" is a repo, or the refs of one. The most literal
// comes first. Where there is none, known tells whether it is for the method alone.
func (r *router) find(method, escapedPath string) (found []match, known bool) {
	if escapedPath == mockRoot+"/" {
		escapedPath = mockRoot
	}
	segments, ok := splitPath(escapedPath)
	if !ok {
		return nil, false
	}
	for _, p := range r.routes {
		params := map[string]string{}
		if !fits(p.parts, segments, params) {
			continue
		}
		known = true
		if p.method == method || p.method == http.MethodGet && method == http.MethodHead {
			found = append(found, match{p.route, params})
		}
	}
	slices.SortStableFunc(found, func(a, b match) int { return len(a.params["repo"]) - len(b.params["repo"]) })
	return found, known
}

// splitPath takes a path apart, and undoes the percent-encoding of each segment. What
// would be another path to somebody else is refused: empty segments, dots.
func splitPath(escaped string) ([]string, bool) {
	segments := strings.Split(strings.TrimPrefix(escaped, "/"), "/")
	for i, s := range segments {
		plain, err := url.PathUnescape(s)
		if err != nil || plain == "" && len(segments) > 1 || plain == "." || plain == ".." || strings.ContainsRune(plain, 0) {
			return nil, false
		}
		segments[i] = plain
	}
	return segments, true
}

// fits tells whether segments are those of a route, and takes the parameters out.
func fits(parts, segments []string, params map[string]string) bool {
	if len(parts) == 0 {
		return len(segments) == 0
	}
	name, isParam := strings.CutPrefix(parts[0], "{")
	switch name = strings.TrimSuffix(name, "}"); {
	case isParam && strings.HasSuffix(name, "..."):
		params[strings.TrimSuffix(name, "...")] = strings.Join(segments, "/")
		return len(segments) > 0
	case len(segments) == 0:
		return false
	case !isParam:
		return segments[0] == parts[0] && fits(parts[1:], segments[1:], params)
	case name == "type" || name == "git":
		params["type"] = repoFolders[segments[0]]
		return params["type"] != "" && (name == "type" || params["type"] != "bucket") && fits(parts[1:], segments[1:], params)
	case name == "repo":
		// Two segments where they can be; what is left must fit.
		for n := min(2, len(segments)); n > 0; n-- {
			if slices.ContainsFunc(segments[:n], func(s string) bool { return strings.Contains(s, "/") }) {
				continue
			}
			if fits(parts[1:], segments[n:], params) {
				params["repo"] = strings.Join(segments[:n], "/")
				return true
			}
		}
		return false
	}
	params[name] = segments[0]
	return fits(parts[1:], segments[1:], params)
}
