package hub

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"log/slog"
	"net/http"
	"slices"
	"strings"

	"github.com/hubhook/hubhook/schemas"
)

//go:embed page
var pageFiles embed.FS

// Pages is the web page in its parts. It shows what the Hub keeps to whoever runs it:
// all users' webhooks and deliveries, without their secrets.
type Pages struct {
	PageConfig
	templates map[string]*template.Template
	assets    map[string]asset // by path
	routes    []pageRoute
}

// PageConfig is what the page shows, and works on.
type PageConfig struct {
	DB         *DB
	Clock      *clock
	Dispatcher *dispatcher
	Scenario   *Runner
	Calls      *CallLog
	Inspector  *Inspector
	Schemas    *schemas.Set
	Log        *slog.Logger
	Origin     func(*http.Request) Origin // who makes a request, and where it reached the Hub
	Strict     bool
	User       string // of any token
	Quota      int
	TimeScale  float64
}

// pageRoute is one view, or one thing that a form does. Its path is written as that of
// a route of the API.
type pageRoute struct {
	method, path string
	serve        func(*visit) error
}

// pageRoutes are all of them. The first that fits is meant.
func pageRoutes() []pageRoute {
	const webhook, delivery = "/_mock/webhooks/{id}", "/_mock/deliveries/{id}"
	return []pageRoute{
		{"GET", "/", showHome},
		{"GET", "/_mock/webhooks", showWebhooks},
		{"POST", "/_mock/webhooks", createByForm},
		{"GET", "/_mock/webhooks/new", showNewWebhook},
		{"GET", webhook, showWebhook},
		{"POST", webhook, updateByForm},
		{"POST", webhook + "/enable", switchByForm(Enabled, "enabled")},
		{"POST", webhook + "/disable", switchByForm(DisabledByUser, "disabled")},
		{"GET", webhook + "/delete", confirmDelete},
		{"POST", webhook + "/delete", deleteByForm},
		{"GET", delivery, showDelivery},
		{"GET", delivery + "/payload", showPayload},
		{"POST", delivery + "/replay", replayByForm},
		{"GET", "/_mock/trigger", showTrigger},
		{"POST", "/_mock/trigger", triggerByForm},
		{"GET", "/_mock/calls", showCalls},
		{"POST", "/_mock/clock", advanceByForm},
		{"GET", "/_mock/page.css", showAsset},
		{"GET", "/_mock/page.js", showAsset},
		{"GET", "/_mock/icon.svg", showAsset},
		{"GET", "/{type}/{repo}", showRepo},
		{"GET", "/{type}/{repo}/discussions/{num}", showDiscussion},
		{"GET", "/{repo}", showRepo},
		{"GET", "/{repo}/discussions/{num}", showDiscussion},
	}
}

// NewPages parses the page.
func NewPages(config PageConfig) (*Pages, error) {
	p := &Pages{PageConfig: config, templates: map[string]*template.Template{}, routes: pageRoutes()}
	var err error
	if p.assets, err = readAssets(); err != nil {
		return nil, err
	}
	shared, err := template.New("page").Funcs(p.funcs()).ParseFS(pageFiles, "page/shared/*.html")
	if err != nil {
		return nil, fmt.Errorf("parse the page: %w", err)
	}
	files, err := pageFiles.ReadDir("page")
	if err != nil {
		return nil, fmt.Errorf("read the page: %w", err)
	}
	for _, file := range files {
		name, isView := strings.CutSuffix(file.Name(), ".html")
		if !isView {
			continue
		}
		view, err := template.Must(shared.Clone()).ParseFS(pageFiles, "page/"+file.Name())
		if err != nil {
			return nil, fmt.Errorf("parse the page: %w", err)
		}
		p.templates[name] = view
	}
	return p, nil
}

// funcs are what templates can say beside what they are given.
func (p *Pages) funcs() template.FuncMap {
	return template.FuncMap{"asset": p.assetURL, "plain": visible, "comma": comma}
}

// find finds the route of a path, and the methods that its path knows.
func (p *Pages) find(method, escapedPath string) (*pageRoute, map[string]string, []string) {
	segments, ok := SplitPath(escapedPath)
	if !ok {
		return nil, nil, nil
	}
	if method == http.MethodHead {
		method = http.MethodGet
	}
	var methods []string
	for i := range p.routes {
		route, params := &p.routes[i], map[string]string{}
		// What is the mock's own is no repo.
		if !Fits(strings.Split(route.path[1:], "/"), segments, params) || strings.HasPrefix(params["repo"]+"/", "_mock/") {
			continue
		}
		if route.method == method {
			return route, params, nil
		}
		methods = append(methods, route.method)
	}
	slices.Sort(methods)
	return nil, nil, slices.Compact(methods)
}

// formLimit is how long what a form sends may be, in bytes.
const formLimit = 64 << 10

func (p *Pages) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	guardPage(w.Header())
	r.Body = http.MaxBytesReader(w, r.Body, formLimit)
	route, params, methods := p.find(r.Method, r.URL.EscapedPath())
	v := &visit{Pages: p, request: r, response: w, params: params}
	switch {
	case route != nil:
		if err := v.serve(route); err != nil {
			v.fail(err)
		}
	case len(methods) > 0:
		w.Header().Set("Allow", strings.Join(methods, ", "))
		v.fail(&problem{status: http.StatusMethodNotAllowed, text: "there is no " + r.Method + " here"})
	default:
		v.fail(notFound("", "there is nothing here"))
	}
}

// guardPage says what a browser may do with a page: nothing that the page does not
// bring along. Of the Referer, the origin stays: without it browsers send "null" as
// the Origin of a form, which is refused where they do not say Sec-Fetch-Site, as they
// do not for names that are not loopback.
func guardPage(head http.Header) {
	head.Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'")
	head.Set("X-Content-Type-Options", "nosniff")
	head.Set("Referrer-Policy", "same-origin")
	head.Set("Cross-Origin-Opener-Policy", "same-origin")
	head.Set("Cache-Control", "no-store")
}

// render writes a view.
func (p *Pages) render(name string, data any) ([]byte, error) {
	var out bytes.Buffer
	if err := p.templates[name].ExecuteTemplate(&out, "layout", data); err != nil {
		return nil, fmt.Errorf("write the page %s: %w", name, err)
	}
	return out.Bytes(), nil
}
