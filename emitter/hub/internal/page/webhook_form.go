package page

import (
	"slices"
	"strings"

	"github.com/hubhook/hubhook/emitter/hub/activity"
	"github.com/hubhook/hubhook/emitter/hub/internal/domain"
	"github.com/hubhook/hubhook/emitter/hub/internal/mask"
	"github.com/hubhook/hubhook/emitter/hub/internal/problem"
)

// webhookForm is the form of a webhook, with what it holds. The secret is typed and
// never shown again.
type webhookForm struct {
	ID         string // empty: it makes a new one
	URL        string
	Hidden     string // the URL without its secrets, if it has any: then the field is left empty to keep it
	Job        string
	Watched    string // one on each line: "model me/x"
	Repo       bool
	Discussion bool
	Has        bool // a secret
	Remove     bool
	Wrong      map[string]string // by field

	secret  string   // as typed
	secrets []string // that must not be shown
}

func newForm() webhookForm { return webhookForm{Repo: true, Discussion: true} }

func formOf(w *activity.Webhook) webhookForm {
	f := webhookForm{
		ID: w.ID, Job: w.JobID, Has: w.Secret != "", secrets: []string{w.Secret},
		Repo: domain.Subscribes(w, "repo"), Discussion: domain.Subscribes(w, "discussion"),
	}
	if shown := mask.URL(w); shown == w.URL {
		f.URL = w.URL
	} else {
		f.Hidden = shown
	}
	var lines []string
	for _, on := range w.Watched {
		lines = append(lines, on.Type+" "+on.Name)
	}
	f.Watched = strings.Join(lines, "\n")
	return f
}

func (v *visit) webhookForm(f webhookForm) webhookForm {
	f.URL, f.Job = v.field("url"), v.field("job")
	f.Watched = v.field("watched")
	f.Repo, f.Discussion = v.field("repo") != "", v.field("discussion") != ""
	f.Remove = v.field("remove") != ""
	f.secret = v.request.PostForm.Get("secret")
	f.secrets = append(f.secrets, f.secret)
	return f
}

func (f *webhookForm) applyTo(w *activity.Webhook, strict bool) error {
	watched, err := f.watched()
	if err != nil {
		return err
	}
	domains := f.domains()
	switch {
	case len(domains) == 0:
		return problem.InvalidField("domains", "domains are missing: a webhook hears of repos, of discussions, or of both")
	case f.Remove && f.secret != "":
		return problem.InvalidField("secret", "secret is to be removed, and there is a new one: do one of both")
	case f.URL == "" && f.Job == "" && (f.Hidden == "" || w.URL == ""):
		return problem.InvalidField("url", "url is missing: give the address of a handler, or the id of a Job")
	}
	body := domain.WebhookChange{URL: &f.URL, JobID: &f.Job, Watched: &watched, Domains: &domains}
	if f.Remove || f.secret != "" {
		body.Secret = &f.secret
	}
	return body.Apply(w, strict)
}

func (f *webhookForm) domains() (list []string) {
	if f.Repo {
		list = append(list, "repo")
	}
	if f.Discussion {
		list = append(list, "discussion")
	}
	return list
}

// watched reads what is to be watched: a type and a name on each line.
func (f *webhookForm) watched() ([]activity.Watched, error) {
	list := []activity.Watched{}
	for i, line := range strings.Split(f.Watched, "\n") {
		words := strings.Fields(line)
		if len(words) == 1 {
			words = strings.SplitN(words[0], ":", 2) // as the official command line has it
		}
		switch len(words) {
		case 0:
			continue
		case 2:
		default:
			return nil, problem.InvalidField("watched", "line %d is not a type and a name, such as: model me/x", i+1)
		}
		on := activity.Watched{Type: strings.ToLower(words[0]), Name: words[1]}
		if !slices.Contains(domain.WatchedTypes(), on.Type) {
			return nil, problem.InvalidField("watched", "line %d has the type %q: it can be one of %s",
				i+1, brief(words[0], 40), strings.Join(domain.WatchedTypes(), ", "))
		}
		if !slices.Contains(list, on) {
			list = append(list, on)
		}
	}
	if len(list) == 0 {
		return nil, problem.InvalidField("watched", "watched is empty: a webhook watches a repo, a user or an organisation")
	}
	return list, nil
}

// masked returns a form that may be shown again: what was typed, without secrets. A URL
// that has any must be typed again.
func (f webhookForm) masked() webhookForm {
	wrong := map[string]string{}
	for field, text := range f.Wrong {
		wrong[field] = f.mask(text)
	}
	hasSecret := strings.ContainsAny(f.URL, "@?") || f.URL != f.mask(f.URL)
	if f.URL != "" && mask.URL(&activity.Webhook{URL: f.URL}) != f.URL && hasSecret {
		f.URL = ""
		if wrong["url"] == "" {
			wrong["url"] = "url holds a password or parameters, which are not shown: please type it again"
		}
	}
	f.URL, f.Job, f.Watched, f.Wrong = f.mask(f.URL), f.mask(f.Job), f.mask(f.Watched), wrong
	return f
}

func (f *webhookForm) mask(text string) string {
	for _, s := range f.secrets {
		text = mask.For(&activity.Webhook{Secret: s}).Text(text)
	}
	return text
}
