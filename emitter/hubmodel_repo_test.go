package emitter_test

import (
	"regexp"
	"strings"
)

// modelRepo is a repo as it stands.
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
		if e.told.Webhook == nil {
			return &finding{"a webhook", "none"}
		}
		return unless(m.webhook == nil || *m.webhook == *e.told.Webhook, orNull(m.webhook), *e.told.Webhook)
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
		holder := m.names[nameKey(e.told.Repo.Type, name)]
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
	{"repo.url", func(m *hubModel, e *event) *finding { return expect(m.repoURL(e), e.told.Repo.URL) }},
	{"subdomain.space", func(m *hubModel, e *event) *finding {
		allowed := e.told.Repo.Type == "space" && e.onRepo()
		return unless(allowed || e.told.Repo.Subdomain == nil, "a subdomain for Spaces on repo scopes alone", orNull(e.told.Repo.Subdomain))
	}},
	{"subdomain.form", func(m *hubModel, e *event) *finding {
		subdomain := e.told.Repo.Subdomain
		return unless(subdomain == nil || subdomainForm.MatchString(*subdomain), "lower-case letters, digits and dashes", orNull(subdomain))
	}},
	{"subdomain.name", func(m *hubModel, e *event) *finding {
		before, known := m.subdomains[e.told.Repo.Name]
		subdomain := e.told.Repo.Subdomain
		return unless(!known || subdomain == nil || *subdomain == before, before, orNull(subdomain))
	}},
}

// knownRepoRules hold once a repo is created.
var knownRepoRules = []rule{
	{"repo.name", func(m *hubModel, e *event) *finding { return expect(e.repo.name, e.told.Repo.Name) }},
	{"repo.owner", func(m *hubModel, e *event) *finding { return expect(e.repo.owner, e.told.Repo.Owner.ID) }},
	{"move.nowhere", func(m *hubModel, e *event) *finding {
		return unless(e.told.MovedTo == nil || e.told.MovedTo.Name != e.repo.name, "another name", e.repo.name)
	}},
	{"repo.private", func(m *hubModel, e *event) *finding {
		if e.setsPrivate() != nil {
			return nil
		}
		return expect(e.repo.private, e.told.Repo.Private)
	}},
	{"config.private", func(m *hubModel, e *event) *finding {
		private := e.setsPrivate()
		return unless(private == nil || *private == e.told.Repo.Private, e.told.Repo.Private, orNull(private))
	}},
	{"config.change", func(m *hubModel, e *event) *finding {
		private := e.setsPrivate()
		return unless(private == nil || *private != e.repo.private, !e.repo.private, orNull(private))
	}},
}

// takes gives the name that the repo has from this event on.
func (e *event) takes() (string, bool) {
	if e.told.MovedTo != nil {
		return e.told.MovedTo.Name, true
	}
	return e.told.Repo.Name, e.key == "repo.create"
}

func (e *event) setsPrivate() *bool {
	if e.told.UpdatedConfig == nil {
		return nil
	}
	return e.told.UpdatedConfig.Private
}

// names lists the names of repos in a payload.
func (e *event) names() []string {
	if e.told.MovedTo != nil {
		return []string{e.told.Repo.Name, e.told.MovedTo.Name}
	}
	return []string{e.told.Repo.Name}
}

type owner struct{ name, id string }

// owners lists the owners that a payload names. A name without a slash tells
// nothing about its owner.
func (e *event) owners() []owner {
	ids := []string{e.told.Repo.Owner.ID}
	if e.told.MovedTo != nil {
		ids = append(ids, e.told.MovedTo.Owner.ID)
	}
	var all []owner
	for i, name := range e.names() {
		if name, _, ok := strings.Cut(name, "/"); ok {
			all = append(all, owner{name, ids[i]})
		}
	}
	return all
}

// agrees finds that a key has another value, told before or here.
func agrees(before, here map[string]string, key, value string) *finding {
	for _, told := range []map[string]string{before, here} {
		if known, ok := told[key]; ok && known != value {
			return &finding{known + " for " + key, value}
		}
	}
	here[key] = value
	return nil
}

// prefixes come before the name in the URLs of a repo.
var prefixes = map[string]toldURL{
	"model":   {"/", "/api/models/"},
	"dataset": {"/datasets/", "/api/datasets/"},
	"space":   {"/spaces/", "/api/spaces/"},
	"bucket":  {"/buckets/", "/api/buckets/"},
}

func (m *hubModel) repoURL(e *event) toldURL {
	prefix, name := prefixes[e.told.Repo.Type], e.told.Repo.Name
	return toldURL{m.hubURL + prefix.Web + name, m.hubURL + prefix.API + name}
}

func nameKey(kind, name string) string { return kind + " " + name }

func (m *hubModel) rememberRepo(e *event) {
	told := &e.told.Repo
	for _, o := range e.owners() {
		m.ownerIDs[o.name], m.ownerNames[o.id] = o.id, o.name
	}
	if told.Subdomain != nil {
		m.subdomains[told.Name] = *told.Subdomain
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
		told := &e.told.Repo
		repo := &modelRepo{
			kind: told.Type, name: told.Name, owner: told.Owner.ID, private: told.Private,
			git: newModelGit(), bucket: newModelBucket(), discussions: map[int]*modelDiscussion{},
		}
		m.repos[told.ID], m.names[nameKey(told.Type, told.Name)] = repo, repo
	},
	"repo.move": func(m *hubModel, e *event) {
		to := e.told.MovedTo
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
