package emitter_test

import (
	"regexp"
	"strings"
)

// modelRepo is the current state of a repo.
type modelRepo struct {
	kind, name, owner string
	private, deleted  bool
	git               modelGit
	bucket            modelBucket
	discussions       map[int]*modelDiscussion
	nums              int // the last number of a discussion or a pull request
}

var (
	nameForm      = regexp.MustCompile(`^([^/\s]+/)?[^/\s]+$`)
	subdomainForm = regexp.MustCompile(`^[a-z0-9-]+$`)
)

// repoRules hold for every payload.
var repoRules = []rule{
	{"webhook.constant", func(m *hubModel, e *event) *finding {
		if e.payload.Webhook == nil {
			return &finding{"a webhook", "none"}
		}
		return unless(m.webhook == nil || *m.webhook == *e.payload.Webhook, orNull(m.webhook), *e.payload.Webhook)
	}},
	{"name.form", func(m *hubModel, e *event) *finding {
		for _, name := range e.names() {
			if !nameForm.MatchString(name) {
				return &finding{"owner/name, or one segment", name}
			}
		}
		return nil
	}},
	{"name.taken", func(m *hubModel, e *event) *finding {
		name, taking := e.takes()
		holder := m.names[nameKey(e.payload.Repo.Type, name)]
		return unless(!taking || holder == nil || holder == e.repo, "a name that no other repo has", name)
	}},
	{"owner.name", func(m *hubModel, e *event) *finding {
		ids, names := map[string]string{}, map[string]string{}
		for _, o := range e.owners() {
			if f := first(agrees(m.ownerIDs, ids, o.name, o.id), agrees(m.ownerNames, names, o.id, o.name)); f != nil {
				return f
			}
		}
		return nil
	}},
	{"repo.url", func(m *hubModel, e *event) *finding { return expect(m.repoURL(e), e.payload.Repo.URL) }},
	{"subdomain.space", func(m *hubModel, e *event) *finding {
		allowed := e.payload.Repo.Type == "space" && e.onRepo()
		return unless(allowed || e.payload.Repo.Subdomain == nil, "a subdomain for Spaces on repo scopes alone", orNull(e.payload.Repo.Subdomain))
	}},
	{"subdomain.form", func(m *hubModel, e *event) *finding {
		subdomain := e.payload.Repo.Subdomain
		return unless(subdomain == nil || subdomainForm.MatchString(*subdomain), "lower-case letters, digits and dashes", orNull(subdomain))
	}},
	{"subdomain.name", func(m *hubModel, e *event) *finding {
		before, known := m.subdomains[e.payload.Repo.Name]
		subdomain := e.payload.Repo.Subdomain
		return unless(!known || subdomain == nil || *subdomain == before, before, orNull(subdomain))
	}},
}

// knownRepoRules hold once a repo is created.
var knownRepoRules = []rule{
	{"repo.name", func(m *hubModel, e *event) *finding { return expect(e.repo.name, e.payload.Repo.Name) }},
	{"repo.owner", func(m *hubModel, e *event) *finding { return expect(e.repo.owner, e.payload.Repo.Owner.ID) }},
	{"move.nowhere", func(m *hubModel, e *event) *finding {
		return unless(e.payload.MovedTo == nil || e.payload.MovedTo.Name != e.repo.name, "another name", e.repo.name)
	}},
	{"repo.private", func(m *hubModel, e *event) *finding {
		if e.setsPrivate() != nil {
			return nil
		}
		return expect(e.repo.private, e.payload.Repo.Private)
	}},
	{"config.private", func(m *hubModel, e *event) *finding {
		private := e.setsPrivate()
		return unless(private == nil || *private == e.payload.Repo.Private, e.payload.Repo.Private, orNull(private))
	}},
	{"config.change", func(m *hubModel, e *event) *finding {
		private := e.setsPrivate()
		return unless(private == nil || *private != e.repo.private, !e.repo.private, orNull(private))
	}},
}

// takes returns the name that the repo has from this event on.
func (e *event) takes() (string, bool) {
	if e.payload.MovedTo != nil {
		return e.payload.MovedTo.Name, true
	}
	return e.payload.Repo.Name, e.key == "repo.create"
}

func (e *event) setsPrivate() *bool {
	if e.payload.UpdatedConfig == nil {
		return nil
	}
	return e.payload.UpdatedConfig.Private
}

// names lists the names of repos in a payload.
func (e *event) names() []string {
	if e.payload.MovedTo != nil {
		return []string{e.payload.Repo.Name, e.payload.MovedTo.Name}
	}
	return []string{e.payload.Repo.Name}
}

type owner struct{ name, id string }

// owners lists the owners that a payload names. A name without a slash tells
// nothing about its owner.
func (e *event) owners() []owner {
	ids := []string{e.payload.Repo.Owner.ID}
	if e.payload.MovedTo != nil {
		ids = append(ids, e.payload.MovedTo.Owner.ID)
	}
	var all []owner
	for i, name := range e.names() {
		if name, _, ok := strings.Cut(name, "/"); ok {
			all = append(all, owner{name, ids[i]})
		}
	}
	return all
}

// agrees finds that a key has another value, earlier or in this payload.
func agrees(before, here map[string]string, key, value string) *finding {
	for _, got := range []map[string]string{before, here} {
		if known, ok := got[key]; ok && known != value {
			return &finding{known + " for " + key, value}
		}
	}
	here[key] = value
	return nil
}

// prefixes come before the name in the URLs of a repo.
var prefixes = map[string]urlJSON{
	"model":   {"/", "/api/models/"},
	"dataset": {"/datasets/", "/api/datasets/"},
	"space":   {"/spaces/", "/api/spaces/"},
	"bucket":  {"/buckets/", "/api/buckets/"},
}

func (m *hubModel) repoURL(e *event) urlJSON {
	prefix, name := prefixes[e.payload.Repo.Type], e.payload.Repo.Name
	return urlJSON{m.hubURL + prefix.Web + name, m.hubURL + prefix.API + name}
}

func nameKey(kind, name string) string { return kind + " " + name }

func (m *hubModel) rememberRepo(e *event) {
	got := &e.payload.Repo
	for _, o := range e.owners() {
		m.ownerIDs[o.name], m.ownerNames[o.id] = o.id, o.name
	}
	if got.Subdomain != nil {
		m.subdomains[got.Name] = *got.Subdomain
	}
	if private := e.setsPrivate(); private != nil {
		e.repo.private = *private
		m.note(map[bool]string{true: "made private", false: "made public"}[*private])
	}
	if change, ok := lives[e.key]; ok {
		change(m, e)
	}
}

// lives are the events that begin, change or end the life of a repo.
var lives = map[string]func(m *hubModel, e *event){
	"repo.create": func(m *hubModel, e *event) {
		got := &e.payload.Repo
		repo := &modelRepo{
			kind: got.Type, name: got.Name, owner: got.Owner.ID, private: got.Private,
			git: newModelGit(), bucket: newModelBucket(), discussions: map[int]*modelDiscussion{},
		}
		m.repos[got.ID], m.names[nameKey(got.Type, got.Name)] = repo, repo
	},
	"repo.move": func(m *hubModel, e *event) {
		to := e.payload.MovedTo
		if to.Owner.ID == e.repo.owner {
			m.note("renamed")
		} else {
			m.note("moved to another owner")
		}
		delete(m.names, nameKey(e.repo.kind, e.repo.name))
		e.repo.name, e.repo.owner = to.Name, to.Owner.ID
		m.names[nameKey(e.repo.kind, to.Name)] = e.repo
	},
	"repo.delete": func(m *hubModel, e *event) {
		delete(m.names, nameKey(e.repo.kind, e.repo.name))
		e.repo.deleted = true
	},
}
