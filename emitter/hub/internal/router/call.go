package router

import (
	"cmp"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/hubhook/hubhook/emitter/hub/activity"
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

// Raw is a response as it is written.
type Raw struct {
	Status int
	Header http.Header
	Body   []byte

	streamed bool
}

// Streamed returns the response of a call that was written already.
func Streamed(status int) Raw { return Raw{Status: status, streamed: true} }

// JSON returns a response in JSON.
func JSON(status int, v any) Raw {
	body, err := json.Marshal(v)
	if err != nil {
		status, body = http.StatusInternalServerError, []byte(`{"error":"the answer cannot be written"}`)
	}
	return Raw{Status: status, Body: append(body, '\n'), Header: http.Header{
		"Content-Type": {"application/json; charset=utf-8"}, "X-Content-Type-Options": {"nosniff"},
	}}
}

func (a Raw) write(w http.ResponseWriter) {
	if a.streamed {
		return
	}
	maps.Copy(w.Header(), a.Header)
	w.WriteHeader(a.Status)
	w.Write(a.Body)
}

// RepoType returns the type of the repo that a path names.
func (m Match) RepoType() string { return cmp.Or(m.Params["type"], "model") }

func (c *Call) serve(log *slog.Logger) Raw {
	response, err := c.Serve(c)
	if err != nil {
		p := ProblemOf(err)
		if p.Status >= 500 {
			log.Error("a call failed", "call", c.Name, "error", err)
		}
		return problemResponse(p)
	}
	if raw, is := response.(Raw); is {
		return raw
	}
	return JSON(http.StatusOK, response)
}

// Origin returns who makes the call's changes.
func (c *Call) Origin() domain.Origin { return domain.Origin{URL: c.URL, User: c.User} }

// Update makes a change, and returns its result once it is on disk.
func (c *Call) Update(do func(*domain.Tx) (any, error)) (response any, err error) {
	err = c.db.UpdateFrom(c.Origin(), func(tx *domain.Tx) (err error) {
		response, err = do(tx)
		return err
	})
	c.Changed = c.Changed || err == nil
	return response, err
}

// View returns what is read from the state.
func (c *Call) View(read func(*domain.State) (any, error)) (response any, err error) {
	c.db.View(func(s *domain.State) { response, err = read(s) })
	return response, err
}

// Repo returns the repo that the path names.
func (c *Call) Repo(s *domain.State) (*domain.Repo, error) {
	return s.FindRepo(c.RepoType(), c.Params["repo"])
}

// UpdateRepo makes a change to the repo that the path names.
func (c *Call) UpdateRepo(do func(*domain.Tx, *domain.Repo) (any, error)) (any, error) {
	return UpdateFound(c, c.Repo, do)
}

// UpdateFound makes a change to what find returns.
func UpdateFound[T any](c *Call, find func(*domain.State) (T, error),
	do func(*domain.Tx, T) (any, error)) (any, error) {
	return c.Update(func(tx *domain.Tx) (any, error) {
		found, err := find(tx.State)
		if err != nil {
			return nil, err
		}
		return do(tx, found)
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

// maxPathLogged is how much of a call's path is remembered, in bytes.
const maxPathLogged = 1 << 10

// CallLog remembers the latest calls.
type CallLog struct {
	mu    sync.Mutex
	keep  int
	calls []activity.Call // the oldest first; up to twice as many as are kept
	total uint64
	// effects counts the calls that changed something, by their names.
	effects map[string]int
}

// NewCallLog returns a log that keeps the latest calls.
func NewCallLog(keep int) *CallLog {
	return &CallLog{keep: max(keep, 1), effects: map[string]int{}}
}

// Add logs a call.
func (l *CallLog) Add(c activity.Call) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.total++
	if c.Changed {
		l.effects[c.Name]++
	}
	if len(l.calls) == 2*l.keep {
		l.calls = append(l.calls[:0], l.kept()...)
	}
	l.calls = append(l.calls, c)
}

func (l *CallLog) kept() []activity.Call { return l.calls[max(len(l.calls)-l.keep, 0):] }

// List returns the calls that are remembered, the oldest first, and how many there have been.
func (l *CallLog) List() ([]activity.Call, uint64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Clone(l.kept()), l.total
}

// Forget forgets the calls, but not how many there have been.
func (l *CallLog) Forget() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.calls = nil
	clear(l.effects)
}

// Effects returns how often each call has changed something, by the call's name.
func (l *CallLog) Effects() map[string]int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return maps.Clone(l.effects)
}
