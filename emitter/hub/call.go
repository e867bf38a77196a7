package hub

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
)

// call is a request to the API.
type call struct {
	hub      *Hub
	request  *http.Request
	response http.ResponseWriter
	match
	user string
	url  string // where the Hub was reached: "http://127.0.0.1:8027"
	// changed tells that something was changed.
	changed bool
}

// raw is an answer that is no JSON.
type raw struct {
	status int
	header http.Header
	body   []byte
}

// answer answers a request to the API, or shows the page.
func (h *Hub) answer(w http.ResponseWriter, r *http.Request) {
	found, known := h.routes.find(r.Method, r.URL.EscapedPath())
	switch {
	case len(found) > 0:
		h.call(w, r, h.meant(found))
	case known:
		writeProblem(w, problem{status: http.StatusMethodNotAllowed, text: "there is no " + r.Method + " here"})
	case strings.HasPrefix(r.URL.Path, "/api/"), strings.HasPrefix(r.URL.Path, mockRoot+"/"), strings.HasPrefix(r.URL.Path, casPath+"/"):
		writeProblem(w, problem{status: http.StatusNotFound, text: "this Hub has no such call: " + r.Method + " " + r.URL.EscapedPath()})
	default:
		h.servePage(w, r)
	}
}

// meant is the route whose repo there is, or else the first.
func (h *Hub) meant(found []match) match {
	chosen := found[0]
	if len(found) == 1 {
		return chosen
	}
	h.view(func(s *state) {
		for _, m := range found {
			if name := m.params["repo"]; name != "" && s.repoNamed(m.repoType(), name) != nil {
				chosen = m
				return
			}
		}
	})
	return chosen
}

// repoType is the type of the repo that a path names.
func (m match) repoType() string {
	if t := m.params["type"]; t != "" {
		return t
	}
	return "model"
}

func (h *Hub) call(w http.ResponseWriter, r *http.Request, m match) {
	c := &call{hub: h, request: r, response: w, match: m, url: h.urlOf(r)}
	var ok bool
	if c.user, ok = h.userOf(r); !ok && !m.open {
		writeProblem(w, problem{status: http.StatusUnauthorized, text: "a token is needed: Authorization: Bearer …, with any token that is not empty"})
		return
	}
	limit := m.limit
	if limit == 0 {
		limit = bodyLimit
	}
	r.Body = http.MaxBytesReader(w, r.Body, limit)
	if m.isOwn() {
		c.respond(m.serve(c))
		return
	}
	c.imagine()
	answer, err := m.serve(c)
	// Who has the answer finds the call listed.
	h.calls.add(Call{At: h.clock.now(), User: c.user, Name: m.name, Method: r.Method, Path: firstBytes(r.URL.EscapedPath(), longestPathLogged), Status: statusOf(answer, err), Changed: c.changed})
	h.watchers.notify()
	c.respond(answer, err)
}

// statusOf is the status with which is answered what a call gave.
func statusOf(answer any, err error) int {
	if err != nil {
		return problemOf(err).status
	}
	switch answer := answer.(type) {
	case streamed:
		return int(answer)
	case raw:
		return answer.status
	}
	return http.StatusOK
}

// respond writes what a call gave, where that is not written already.
func (c *call) respond(answer any, err error) {
	if err != nil {
		p := problemOf(err)
		if p.status >= 500 {
			c.hub.log.Error("a call failed", "call", c.name, "error", err)
		}
		writeProblem(c.response, p)
		return
	}
	switch answer := answer.(type) {
	case streamed:
	case raw:
		for name, values := range answer.header {
			c.response.Header()[name] = values
		}
		c.response.WriteHeader(answer.status)
		c.response.Write(answer.body)
	default:
		writeJSON(c.response, http.StatusOK, answer)
	}
}

// streamed is the status of an answer that has been written already.
type streamed int

func writeJSON(w http.ResponseWriter, status int, v any) {
	body, err := json.Marshal(v)
	if err != nil {
		status, body = http.StatusInternalServerError, []byte(`{"error":"the answer cannot be written"}`)
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(status)
	w.Write(append(body, '\n'))
}

// change makes a change, which is on disk when it returns.
func (c *call) change(do func(*tx) error) error {
	err := c.hub.changeFrom(origin{url: c.url, user: c.user}, do)
	c.changed = c.changed || err == nil
	return err
}

// view reads the state.
func (c *call) view(read func(*state) error) (err error) {
	c.hub.view(func(s *state) { err = read(s) })
	return err
}

// read reads the body, a JSON object. An empty one leaves what is there.
func (c *call) read(into any) error {
	body, err := io.ReadAll(c.request.Body)
	if err != nil {
		return bodyProblem(err)
	}
	if len(strings.TrimSpace(string(body))) == 0 {
		return nil
	}
	if err := json.Unmarshal(body, into); err != nil {
		return invalid("the body is not what this call takes: %v", describe(err))
	}
	return nil
}

// bodyProblem says why a body could not be read.
func bodyProblem(err error) error {
	var long *http.MaxBytesError
	if errors.As(err, &long) {
		return &problem{status: http.StatusRequestEntityTooLarge, text: fmt.Sprintf("the body is longer than %d bytes", long.Limit)}
	}
	return invalid("the body could not be read")
}

// describe says what is wrong with JSON, without Go's names for it.
func describe(err error) string {
	var kind *json.UnmarshalTypeError
	if errors.As(err, &kind) {
		return fmt.Sprintf("%s cannot be %s", orBody(kind.Field), withArticle(kind.Value))
	}
	return strings.TrimPrefix(err.Error(), "json: ")
}

func withArticle(kind string) string {
	if strings.ContainsAny(kind[:1], "aeiou") {
		return "an " + kind
	}
	return "a " + kind
}

func orBody(field string) string {
	if field == "" {
		return "it"
	}
	return field
}

// number is a parameter that counts.
func (c *call) number(name string) (int, error) {
	n, err := strconv.Atoi(c.params[name])
	if err != nil || n < 1 || n > highestNum {
		return 0, notFound("", "there is no %s %q", name, c.params[name])
	}
	return n, nil
}

// repo is the repo that the path names.
func (c *call) repo(s *state) (*repo, error) {
	repoType, name := c.repoType(), c.params["repo"]
	if r := s.repoNamed(repoType, name); r != nil {
		return r, nil
	}
	return nil, noRepo(repoType, name)
}

// urlOf is where a request reached the Hub.
func (h *Hub) urlOf(r *http.Request) string {
	if h.options.URL != "" {
		return h.options.URL
	}
	if r.TLS != nil {
		return "https://" + r.Host
	}
	return "http://" + r.Host
}
