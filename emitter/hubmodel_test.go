package emitter_test

import (
	"encoding/json"
	"fmt"
	"strings"
)

// hubModel is an independent model of the Hub. Payloads are applied to it in the
// order of their events. It remembers what follows from them, and finds those that
// contradict earlier ones. It knows what the Hub's documentation says, and nothing
// of how payloads are made.
//
// The story starts from nothing: every repo is created in it. Accounts were
// there before.
type hubModel struct {
	hubURL      string
	repos       map[string]*modelRepo // by id, the deleted ones too
	names       map[string]*modelRepo // by type and name, those that live
	discussions map[string]*modelDiscussion
	ownerIDs    map[string]string // by the owner part of a name
	ownerNames  map[string]string // the other way round
	subdomains  map[string]string // by name
	webhook     *webhookJSON
	ids         modelIDs
	// happened counts what took place, in words: "branch deleted".
	happened map[string]int
}

func newHubModel(hubURL string) *hubModel {
	return &hubModel{
		hubURL:      strings.TrimSuffix(hubURL, "/"),
		repos:       map[string]*modelRepo{},
		names:       map[string]*modelRepo{},
		discussions: map[string]*modelDiscussion{},
		ownerIDs:    map[string]string{},
		ownerNames:  map[string]string{},
		subdomains:  map[string]string{},
		ids:         modelIDs{kinds: map[string]string{}},
		happened:    map[string]int{},
	}
}

// contradiction is a rule that a payload breaks.
type contradiction struct {
	rule  string
	about string
	finding
}

func (c contradiction) Error() string {
	return fmt.Sprintf("rule %s, %s: expected %v, found %v", c.rule, c.about, c.want, c.got)
}

// finding is what a rule expected, and what it found instead.
type finding struct{ want, got any }

// expect finds nothing where both are the same.
func expect[T comparable](want, got T) *finding {
	return unless(want == got, want, got)
}

// unless finds nothing where the expectation holds.
func unless(holds bool, want, got any) *finding {
	if holds {
		return nil
	}
	return &finding{want, got}
}

// first takes the first finding of several.
func first(findings ...*finding) *finding {
	for _, f := range findings {
		if f != nil {
			return f
		}
	}
	return nil
}

// rule looks at one payload in the light of all before it. It changes nothing.
type rule struct {
	name  string
	check func(m *hubModel, e *event) *finding
}

// event is a payload with what the model knows of those that it is about.
type event struct {
	payload payloadJSON
	// key is the nearest known scope with the action: "repo.content.update". It
	// is empty if none is known.
	key        string
	narrowed   bool
	repo       *modelRepo       // nil where it is new
	discussion *modelDiscussion // nil where it is new
	comment    *modelComment    // nil where it is new
}

// apply returns the first contradiction between a payload and all earlier ones. A
// payload that contradicts them is not remembered.
func (m *hubModel) apply(payload []byte) error {
	e, found := m.contradictions(payload)
	if len(found) > 0 {
		return found[0]
	}
	m.remember(e)
	return nil
}

// contradictions returns all that is wrong with a payload. A gate that does not
// hold is the only one: past it, the model would not know what it looks at.
func (m *hubModel) contradictions(payload []byte) (*event, []contradiction) {
	e := &event{}
	if err := json.Unmarshal(payload, &e.payload); err != nil {
		return e, []contradiction{{rulePayload, "no repo", finding{"a payload", err}}}
	}
	m.recognise(e)
	about := fmt.Sprintf("%s %s (%s)", e.payload.Repo.Type, e.payload.Repo.Name, e.payload.Repo.ID)
	for _, gate := range gates {
		if f := gate.check(m, e); f != nil {
			return e, []contradiction{{gate.name, about, *f}}
		}
	}
	var found []contradiction
	for _, set := range ruleSets {
		if !set.when(e) {
			continue
		}
		for _, r := range set.rules {
			if f := r.check(m, e); f != nil {
				found = append(found, contradiction{r.name, about, *f})
			}
		}
	}
	return e, found
}

const rulePayload = "payload"

// ruleSets are the rules, with the payloads that they are for.
var ruleSets = []struct {
	when  func(e *event) bool
	rules []rule
}{
	{always, idRules},
	{always, repoRules},
	{func(e *event) bool { return e.repo != nil }, knownRepoRules},
	{always, refRules},
	{always, mergeRules},
	{always, fileRules},
	{func(e *event) bool { return e.payload.Discussion != nil }, discussionRules},
	{func(e *event) bool { return e.payload.Discussion != nil && e.discussion != nil }, knownDiscussionRules},
	{func(e *event) bool { return e.payload.Comment != nil }, commentRules},
}

func always(*event) bool { return true }

// recognise finds what a payload is about.
func (m *hubModel) recognise(e *event) {
	e.key, e.narrowed = nearestEvent(e.payload.Event.Scope, e.payload.Event.Action)
	e.repo = m.repos[e.payload.Repo.ID]
	if e.payload.Discussion == nil || e.key == "discussion.create" {
		return
	}
	e.discussion = m.discussions[e.payload.Discussion.ID]
	if e.discussion != nil && e.payload.Comment != nil && !e.makesComment() {
		e.comment = e.discussion.comments[e.payload.Comment.ID]
	}
}

// remember updates the model from a payload.
func (m *hubModel) remember(e *event) {
	m.webhook = e.payload.Webhook
	m.rememberIDs(e)
	m.rememberRepo(e)
	repo := m.repos[e.payload.Repo.ID]
	repo.rememberRefs(m, e)
	repo.rememberFiles(m, e)
	m.rememberDiscussion(e)
	m.note("type " + e.payload.Repo.Type)
	if !e.narrowed {
		m.note("shape " + e.key)
	}
}

func (m *hubModel) note(what string) { m.happened[what]++ }
