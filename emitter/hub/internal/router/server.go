// Package router checks requests, finds the call that each one makes, and writes what the
// call returns. [Server] is the way in; the calls are in packages api and control.
package router

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"maps"
	"net/http"
	"strings"

	"github.com/hubhook/hubhook/emitter/hub/activity"
	"github.com/hubhook/hubhook/emitter/hub/internal/domain"
	"github.com/hubhook/hubhook/emitter/hub/internal/problem"
	"github.com/hubhook/hubhook/reports/safetext"
)

// Config configures a Server.
type Config struct {
	URL    string            // where clients reach the Hub; taken from each request if empty
	Hosts  []string          // names that it may be called besides that of URL and loopback addresses
	Token  string            // the only token that is let in, if set
	User   string            // the user of any other token
	Users  map[string]string // by token
	Log    *slog.Logger
	Before func(*Call)  // is called before a call of the Hub's API is served; nil is allowed
	Page   http.Handler // serves what is no call of an API
}

// Server serves requests.
type Server struct {
	http.Handler // guarded

	config Config
	db     *domain.DB
	calls  *CallLog
	routes routeTable
}

// Roots of paths that are not the Hub's.
const (
	MockRoot = "/_mock/v1"  // the mock's own API
	CASRoot  = "/_mock/cas" // the store of chunks
)

// New returns a server of routes.
func New(config Config, db *domain.DB, calls *CallLog, routes []Route) *Server {
	s := &Server{config: config, db: db, calls: calls, routes: newRouteTable(routes)}
	s.Handler = s.guard(http.HandlerFunc(s.response))
	return s
}

func (s *Server) response(w http.ResponseWriter, r *http.Request) {
	found, known := s.routes.find(r.Method, r.URL.EscapedPath())
	switch {
	case len(found) > 0:
		s.call(w, r, s.meant(found))
	case known:
		refuse(w, http.StatusMethodNotAllowed, "there is no "+r.Method+" here")
	case strings.HasPrefix(r.URL.Path, "/api/"), strings.HasPrefix(r.URL.Path, MockRoot+"/"),
		strings.HasPrefix(r.URL.Path, CASRoot+"/"):
		refuse(w, http.StatusNotFound, "this Hub has no such call: "+r.Method+" "+r.URL.EscapedPath())
	default:
		s.config.Page.ServeHTTP(w, r)
	}
}

// meant returns the route whose repo there is, or else the first.
func (s *Server) meant(found []Match) Match {
	chosen := found[0]
	if len(found) == 1 {
		return chosen
	}
	s.db.View(func(state *domain.State) {
		for _, m := range found {
			if name := m.Params["repo"]; name != "" && state.RepoNamed(m.RepoType(), name) != nil {
				chosen = m
				return
			}
		}
	})
	return chosen
}

func (s *Server) call(w http.ResponseWriter, r *http.Request, m Match) {
	c := &Call{Request: r, Response: w, Match: m, URL: s.URLOf(r), db: s.db}
	var ok bool
	if c.User, ok = s.UserOf(r); !ok && !m.Open {
		refuse(w, http.StatusUnauthorized,
			"a token is needed: Authorization: Bearer …, with any token that is not empty")
		return
	}
	r.Body = http.MaxBytesReader(w, r.Body, cmp.Or(m.Limit, MaxBody))
	if strings.HasPrefix(m.Path, MockRoot) {
		c.serve(s.config.Log).write(w)
		return
	}
	if s.config.Before != nil {
		s.config.Before(c)
	}
	response := c.serve(s.config.Log)
	// Listed before the response is sent: a client that has it finds the call.
	s.calls.Add(activity.Call{
		At: s.db.Now(), User: c.User, Name: m.Name, Method: r.Method,
		Path: safetext.CutBytes(r.URL.EscapedPath(), maxPathLogged), Status: response.Status, Changed: c.Changed,
	})
	s.db.Watchers.Notify()
	response.write(w)
}

// URLOf returns where a request reached the Hub.
func (s *Server) URLOf(r *http.Request) string {
	if s.config.URL != "" {
		return s.config.URL
	}
	if r.TLS != nil {
		return "https://" + r.Host
	}
	return "http://" + r.Host
}

// ProblemOf returns the problem to respond with for an error. It does not describe faults of the Hub.
func ProblemOf(err error) problem.Error {
	var p *problem.Error
	switch {
	case errors.As(err, &p):
		return *p
	case errors.Is(err, domain.ErrStorage):
		return problem.Error{Status: http.StatusInsufficientStorage,
			Text: domain.ErrStorage.Error() + ": nothing was changed"}
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return problem.Error{Status: http.StatusRequestTimeout, Text: "the call ended before there was an answer"}
	case errors.Is(err, domain.ErrClosed):
		return problem.Error{Status: http.StatusServiceUnavailable, Text: domain.ErrClosed.Error()}
	}
	return problem.Error{Status: http.StatusInternalServerError, Text: "the Hub made a mistake; its log says which"}
}

func refuse(w http.ResponseWriter, status int, text string) {
	problemResponse(problem.Error{Status: status, Text: text}).write(w)
}

func problemResponse(p problem.Error) Raw {
	content := map[string]any{"error": p.Text}
	maps.Copy(content, p.More)
	response := JSON(p.Status, content)
	if p.Code != "" {
		response.Header.Set("X-Error-Code", p.Code)
	}
	response.Header.Set("X-Error-Message", problem.HeaderText(p.Text))
	return response
}

// Origin says who makes a request, and where it reached the Hub.
func (s *Server) Origin(r *http.Request) domain.Origin {
	user, _ := s.UserOf(r)
	return domain.Origin{URL: s.URLOf(r), User: user}
}
