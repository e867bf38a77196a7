package router

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/hubhook/hubhook/emitter/hub/internal/domain"
)

// Route is one call of the API.
type Route struct {
	// Name is the function of the official Python client that makes the call, if there is one.
	Name   string
	Method string
	// Path has parameters for whole segments, which come percent-encoded:
	//
	//	{type}     models, datasets, spaces or buckets
	//	{git}      the same without buckets
	//	{repo}     the name of a repo, one segment or two
	//	{path...}  all that is left
	//	{other}    one segment
	Path string
	// Limit is how long a body may be, in bytes; MaxBody if zero.
	Limit int64
	// Serve returns what is answered, in JSON unless it is a Raw or Streamed.
	Serve func(*Call) (any, error)
	Open  bool // no token is needed
}

// MaxBody is how long the body of a call may be, in bytes.
const MaxBody = 1 << 20

type routeTable []parsedRoute

type parsedRoute struct {
	*Route
	parts []string
}

func newRouteTable(routes []Route) (t routeTable) {
	for i := range routes {
		t = append(t, parsedRoute{&routes[i], strings.Split(routes[i].Path[1:], "/")})
	}
	return t
}

// repoTypeOf returns the type of the repos in a folder of the API, such as "models"; empty if
// there is no such folder.
func repoTypeOf(folder string) string {
	repoType, isFolder := strings.CutSuffix(folder, "s")
	if !isFolder || !slices.Contains(domain.RepoTypes(), repoType) {
		return ""
	}
	return repoType
}

// Match is a route and its parameters.
type Match struct {
	*Route
	Params map[string]string
}

// find returns the routes that match a request. There can be several: with names of
// one segment or two, "models/x/refs" is a repo, or the refs of one. The most literal
// comes first. If there is none, known reports whether only the method is wrong.
func (t routeTable) find(method, escapedPath string) (found []Match, known bool) {
	if escapedPath == MockRoot+"/" {
		escapedPath = MockRoot
	}
	segments, ok := SplitPath(escapedPath)
	if !ok {
		return nil, false
	}
	for _, p := range t {
		params := map[string]string{}
		if !Fits(p.parts, segments, params) {
			continue
		}
		known = true
		if p.Method == method || p.Method == http.MethodGet && method == http.MethodHead {
			found = append(found, Match{p.Route, params})
		}
	}
	slices.SortStableFunc(found, func(a, b Match) int { return len(a.Params["repo"]) - len(b.Params["repo"]) })
	return found, known
}

// SplitPath takes a path apart, and undoes the percent-encoding of each segment. What
// others could read as another path is rejected: empty segments, dots.
func SplitPath(escaped string) ([]string, bool) {
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

// Fits reports whether segments are those of a route, and takes the parameters out.
func Fits(parts, segments []string, params map[string]string) bool {
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
		return segments[0] == parts[0] && Fits(parts[1:], segments[1:], params)
	case name == "type" || name == "git":
		params["type"] = repoTypeOf(segments[0])
		return params["type"] != "" && (name == "type" || params["type"] != "bucket") && Fits(parts[1:], segments[1:], params)
	case name == "repo":
		// Two segments if possible; the rest must match.
		for n := min(2, len(segments)); n > 0; n-- {
			if slices.ContainsFunc(segments[:n], func(s string) bool { return strings.Contains(s, "/") }) {
				continue
			}
			if Fits(parts[1:], segments[n:], params) {
				params["repo"] = strings.Join(segments[:n], "/")
				return true
			}
		}
		return false
	}
	params[name] = segments[0]
	return Fits(parts[1:], segments[1:], params)
}
