package hub

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"strings"
)

// Config says how a Server is reached, and who its users are.
type ServerConfig struct {
	URL    string            // where clients reach the Hub; taken from each request if empty
	Hosts  []string          // names that it may be called besides that of URL and loopback addresses
	Token  string            // the only token that is let in, if set
	User   string            // the user of any other token
	Users  map[string]string // by token
	Log    *slog.Logger
	Before func(*Call_) // is called before a call of the Hub's API is served; nil is allowed
	Page   http.Handler // serves what is no call of an API
}

// Server answers requests.
type Server struct {
	config  ServerConfig
	db      *DB
	calls   *CallLog
	routes  *routeTable
	guarded http.Handler
}

// Roots of paths that are not the Hub's.
const (
	MockRoot = "/_mock/v1"  // the mock's own API
	CASRoot  = "/_mock/cas" // the store of chunks
)

// NewServer returns a server of routes.
func NewServer(config ServerConfig, db *DB, calls *CallLog, routes []Route) *Server {
	s := &Server{config: config, db: db, calls: calls, routes: newRouteTable(routes)}
	s.guarded = s.guard(http.HandlerFunc(s.answer))
	return s
}

func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.guarded.ServeHTTP(w, r) }

// answer answers a request to the API, or shows the page.
func (s *Server) answer(w http.ResponseWriter, r *http.Request) {
	found, known := s.routes.find(r.Method, r.URL.EscapedPath())
	switch {
	case len(found) > 0:
		s.call(w, r, s.meant(found))
	case known:
		writeProblem(w, problem{status: http.StatusMethodNotAllowed, text: "there is no " + r.Method + " here"})
	case strings.HasPrefix(r.URL.Path, "/api/"), strings.HasPrefix(r.URL.Path, MockRoot+"/"), strings.HasPrefix(r.URL.Path, CASRoot+"/"):
		writeProblem(w, problem{status: http.StatusNotFound, text: "this Hub has no such call: " + r.Method + " " + r.URL.EscapedPath()})
	default:
		s.config.Page.ServeHTTP(w, r)
	}
}

// meant is the route whose repo there is, or else the first.
func (s *Server) meant(found []Match) Match {
	chosen := found[0]
	if len(found) == 1 {
		return chosen
	}
	s.db.View(func(state *state) {
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
	c := &Call_{Request: r, Response: w, Match: m, URL: s.URLOf(r), db: s.db}
	var ok bool
	if c.User, ok = s.UserOf(r); !ok && !m.Open {
		writeProblem(w, problem{status: http.StatusUnauthorized, text: "a token is needed: Authorization: Bearer …, with any token that is not empty"})
		return
	}
	limit := m.Limit
	if limit == 0 {
		limit = bodyLimit
	}
	r.Body = http.MaxBytesReader(w, r.Body, limit)
	if strings.HasPrefix(m.Path, MockRoot) {
		answer, err := m.Serve(c)
		c.respond(s.config.Log, answer, err)
		return
	}
	if s.config.Before != nil {
		s.config.Before(c)
	}
	answer, err := m.Serve(c)
	// Who has the answer finds the call listed.
	s.calls.Add(Call{
		At: s.db.Now(), User: c.User, Name: m.Name, Method: r.Method, Path: firstBytes(r.URL.EscapedPath(), longestPathLogged), Status: statusOf(answer, err), Changed: c.Changed,
	})
	s.db.Watchers.Notify()
	c.respond(s.config.Log, answer, err)
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

// ProblemOf is what is answered for an error. What the user cannot know is not said.
func ProblemOf(err error) problem {
	var p *problem
	switch {
	case errors.As(err, &p):
		return *p
	case errors.Is(err, ErrStorage):
		return problem{status: http.StatusInsufficientStorage, text: ErrStorage.Error() + ": nothing was changed"}
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return problem{status: http.StatusRequestTimeout, text: "the call ended before there was an answer"}
	case errors.Is(err, ErrClosed):
		return problem{status: http.StatusServiceUnavailable, text: ErrClosed.Error()}
	}
	return problem{status: http.StatusInternalServerError, text: "the Hub made a mistake; its log says which"}
}

func writeProblem(w http.ResponseWriter, p problem) {
	if p.code != "" {
		w.Header().Set("X-Error-Code", p.code)
	}
	w.Header().Set("X-Error-Message", headerText(p.text))
	answer := map[string]any{"error": p.text}
	for name, value := range p.more {
		answer[name] = value
	}
	writeJSON(w, p.status, answer)
}

// Origin says who makes a request, and where it reached the Hub.
func (s *Server) Origin(r *http.Request) Origin {
	user, _ := s.UserOf(r)
	return Origin{URL: s.URLOf(r), User: user}
}
