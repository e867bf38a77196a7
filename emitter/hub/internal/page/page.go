// Package page shows a Hub on web pages to whoever runs it, with forms for its webhooks,
// triggers and time. It shows no secret.
package page

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"html/template"
	"io/fs"
	"log/slog"
	"net/http"
	"path"
	"slices"
	"strings"

	"github.com/hubhook/hubhook/emitter/hub/activity"
	"github.com/hubhook/hubhook/emitter/hub/internal/dispatch"
	"github.com/hubhook/hubhook/emitter/hub/internal/domain"
	"github.com/hubhook/hubhook/emitter/hub/internal/inspect"
	"github.com/hubhook/hubhook/emitter/hub/internal/problem"
	"github.com/hubhook/hubhook/emitter/hub/internal/router"
	"github.com/hubhook/hubhook/emitter/hub/internal/scenario"
)

//go:embed html
var pageFiles embed.FS

// Pages serves the web page. It shows all users' webhooks and deliveries, without their secrets.
type Pages struct {
	Config
	templates map[string]*template.Template
	assets    map[string]asset // by path
	routes    []Route
}

// Config configures Pages.
type Config struct {
	DB         *domain.DB
	Clock      *dispatch.Clock
	Dispatcher *dispatch.Dispatcher
	Scenario   *scenario.Runner
	Calls      *router.CallLog
	Inspector  *inspect.Inspector
	Log        *slog.Logger
	Origin     func(*http.Request) domain.Origin // who makes a request, and where it reached the Hub
	Strict     bool
	User       string // of any token
	Quota      int
	TimeScale  float64
}

// Route is one view, or one action of a form. Its path has the form of router.Route.Path.
type Route struct {
	Method, Path string
	serve        func(*visit) error
}

// Routes returns all routes. The first match counts.
func Routes() []Route {
	const webhook, delivery = "/_mock/webhooks/{id}", "/_mock/deliveries/{id}"
	return []Route{
		{"GET", "/", showHome},
		{"GET", "/_mock/webhooks", showWebhooks},
		{"POST", "/_mock/webhooks", createByForm},
		{"GET", "/_mock/webhooks/new", showNewWebhook},
		{"GET", webhook, showWebhook},
		{"POST", webhook, updateByForm},
		{"POST", webhook + "/enable", switchByForm(activity.Enabled, "enabled")},
		{"POST", webhook + "/disable", switchByForm(activity.DisabledByUser, "disabled")},
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

// New parses the page.
func New(config Config) (*Pages, error) {
	p := &Pages{Config: config, templates: map[string]*template.Template{}, routes: Routes()}
	var err error
	if p.assets, err = readAssets(); err != nil {
		return nil, err
	}
	funcs := template.FuncMap{"asset": p.assetURL, "plain": visible, "brief": brief, "comma": comma}
	shared, err := template.New("page").Funcs(funcs).ParseFS(pageFiles, "html/shared/*.html")
	if err != nil {
		return nil, fmt.Errorf("parse the page: %w", err)
	}
	files, err := fs.Glob(pageFiles, "html/*.html")
	if err != nil {
		return nil, fmt.Errorf("read the page: %w", err)
	}
	for _, file := range files {
		view, err := template.Must(shared.Clone()).ParseFS(pageFiles, file)
		if err != nil {
			return nil, fmt.Errorf("parse the page: %w", err)
		}
		p.templates[strings.TrimSuffix(path.Base(file), ".html")] = view
	}
	return p, nil
}

func (p *Pages) find(method, escapedPath string) (*Route, map[string]string, []string) {
	segments, ok := router.SplitPath(escapedPath)
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
		if !router.Fits(strings.Split(route.Path[1:], "/"), segments, params) ||
			strings.HasPrefix(params["repo"]+"/", "_mock/") {
			continue
		}
		if route.Method == method {
			return route, params, nil
		}
		methods = append(methods, route.Method)
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
		v.fail(&problem.Error{Status: http.StatusMethodNotAllowed, Text: "there is no " + r.Method + " here"})
	default:
		v.fail(problem.NotFound("", "there is nothing here"))
	}
}

// guardPage says what a browser may do with a page: nothing that the page does not bring along. Of
// the Referer, the origin stays: without it browsers send "null" as the Origin of a form, which is
// refused if they do not say Sec-Fetch-Site, as they do not for names that are not loopback.
func guardPage(head http.Header) {
	head.Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'")
	head.Set("X-Content-Type-Options", "nosniff")
	head.Set("Referrer-Policy", "same-origin")
	head.Set("Cross-Origin-Opener-Policy", "same-origin")
	head.Set("Cache-Control", "no-store")
}

// asset is a file that pages refer to. The URL names what is in it, so that browsers may keep it.
type asset struct {
	body, kind, hash string
}

var assetKinds = map[string]string{
	".css": "text/css; charset=utf-8",
	".js":  "text/javascript; charset=utf-8",
	".svg": "image/svg+xml",
}

func readAssets() (map[string]asset, error) {
	assets := map[string]asset{}
	for _, name := range []string{"page.css", "page.js", "icon.svg"} {
		body, err := pageFiles.ReadFile("html/" + name)
		if err != nil {
			return nil, fmt.Errorf("read the page: %w", err)
		}
		sum := sha256.Sum256(body)
		assets[name] = asset{string(body), assetKinds[path.Ext(name)], hex.EncodeToString(sum[:8])}
	}
	return assets, nil
}

func (p *Pages) assetURL(name string) string { return "/_mock/" + name + "?v=" + p.assets[name].hash }

func showAsset(v *visit) error {
	file := v.assets[path.Base(v.request.URL.Path)]
	head, tag := v.response.Header(), `"`+file.hash+`"`
	head.Set("Content-Type", file.kind)
	head.Set("ETag", tag)
	head.Set("Cache-Control", "no-cache")
	if v.asked("v") == file.hash {
		head.Set("Cache-Control", "public, max-age=31536000, immutable")
	}
	if strings.Contains(v.request.Header.Get("If-None-Match"), tag) {
		v.response.WriteHeader(http.StatusNotModified)
		return nil
	}
	fmt.Fprint(v.response, file.body)
	return nil
}
