package router

import (
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"strconv"
	"strings"

	"github.com/hubhook/hubhook/emitter/hub/internal/domain"
	"github.com/hubhook/hubhook/emitter/hub/internal/problem"
)

// Call is a request to the API.
type Call struct {
	Request  *http.Request
	Response http.ResponseWriter
	Match
	User    string
	URL     string // where the Hub was reached: "http://127.0.0.1:8027"
	Changed bool   // something was changed

	db *domain.DB
}

// Raw is an answer that is no JSON.
type Raw struct {
	Status int
	Header http.Header
	Body   []byte
}

// RepoType returns the type of the repo that a path names.
func (m Match) RepoType() string {
	if t := m.Params["type"]; t != "" {
		return t
	}
	return "model"
}

func statusOf(answer any, err error) int {
	if err != nil {
		return ProblemOf(err).Status
	}
	switch answer := answer.(type) {
	case Streamed:
		return int(answer)
	case Raw:
		return answer.Status
	}
	return http.StatusOK
}

// respond writes what a call gave, where that is not written already.
func (c *Call) respond(log *slog.Logger, answer any, err error) {
	if err != nil {
		p := ProblemOf(err)
		if p.Status >= 500 {
			log.Error("a call failed", "call", c.Name, "error", err)
		}
		writeProblem(c.Response, p)
		return
	}
	switch answer := answer.(type) {
	case Streamed:
	case Raw:
		for name, values := range answer.Header {
			c.Response.Header()[name] = values
		}
		c.Response.WriteHeader(answer.Status)
		c.Response.Write(answer.Body)
	default:
		writeJSON(c.Response, http.StatusOK, answer)
	}
}

// Streamed is the status of an answer that has been written already.
type Streamed int

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

// Origin says who makes the call's changes.
func (c *Call) Origin() domain.Origin { return domain.Origin{URL: c.URL, User: c.User} }

// Update makes a change, which is on disk when it returns.
func (c *Call) Update(do func(*domain.Tx) error) error {
	err := c.db.UpdateFrom(c.Origin(), do)
	c.Changed = c.Changed || err == nil
	return err
}

// View reads the state.
func (c *Call) View(read func(*domain.State) error) (err error) {
	c.db.View(func(s *domain.State) { err = read(s) })
	return err
}

// Repo returns the repo that the path names.
func (c *Call) Repo(s *domain.State) (*domain.Repo, error) {
	repoType, name := c.RepoType(), c.Params["repo"]
	if r := s.RepoNamed(repoType, name); r != nil {
		return r, nil
	}
	return nil, problem.NoRepo(repoType, name)
}

// UpdateRepo makes a change to the repo that the path names.
func (c *Call) UpdateRepo(do func(*domain.Tx, *domain.Repo) error) error {
	return c.Update(func(tx *domain.Tx) error {
		r, err := c.Repo(tx.State)
		if err != nil {
			return err
		}
		return do(tx, r)
	})
}

// Read reads the body, a JSON object. An empty one leaves what is there.
func (c *Call) Read(into any) error {
	body, err := io.ReadAll(c.Request.Body)
	if err != nil {
		return BodyProblem(err)
	}
	if len(strings.TrimSpace(string(body))) == 0 {
		return nil
	}
	if err := json.Unmarshal(body, into); err != nil {
		return problem.Invalid("the body is not what this call takes: %v", problem.DescribeJSON(err))
	}
	return nil
}

// BodyProblem says why a body could not be read.
func BodyProblem(err error) error {
	var long *http.MaxBytesError
	if errors.As(err, &long) {
		return problem.TooLarge("the body is longer than %d bytes", long.Limit)
	}
	return problem.Invalid("the body could not be read")
}

// Number returns a parameter that counts.
func (c *Call) Number(name string) (int, error) {
	n, err := strconv.Atoi(c.Params[name])
	if err != nil || n < 1 || n > domain.MaxNum {
		return 0, problem.NotFound("", "there is no %s %q", name, c.Params[name])
	}
	return n, nil
}
