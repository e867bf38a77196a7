package hub

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/hubhook/hubhook/emitter"
	"github.com/hubhook/hubhook/schemas"
)

// requestOf is the request of a delivery, without secrets.
func (h *Hub) requestOf(d *Delivery, w *Webhook) requestView {
	shown := requestView{Method: http.MethodPost}
	if last := d.last(); last != nil {
		shown.URL = last.URL
	}
	if w != nil && shown.URL == "" {
		shown.URL = shownURL(w)
	}
	shown.Header = []Field{
		{"Content-Type", h.options.ContentType}, {"User-Agent", h.options.UserAgent}, {"Webhook-Id", d.WebhookID},
	}
	if w != nil && w.Secret != "" {
		shown.Header = append(shown.Header, Field{emitter.SecretHeader, "•••"})
	}
	if h.options.Chunked {
		return shown.with(Field{"Transfer-Encoding", "chunked"})
	}
	return shown.with(Field{"Content-Length", strconv.Itoa(d.Size)})
}

func (r requestView) with(f Field) requestView {
	r.Header = append(r.Header, f)
	slices.SortFunc(r.Header, func(a, b Field) int { return compare(a.Name, b.Name) })
	return r
}

// verdictOf judges a payload by the schemas.
func verdictOf(set *schemas.Set, body []byte) verdictView {
	doc, err := schemas.Decode(body)
	if err != nil {
		return verdictView{Failed: err.Error()}
	}
	judged, err := set.Judge(doc, schemas.Open)
	if err != nil {
		return verdictView{Failed: err.Error()}
	}
	return verdictView{Valid: judged.Valid(), Schema: judged.Schema, Problems: judged.Problems}
}

// curlOf is a command that sends a delivery. The secret comes from the environment.
func curlOf(d *Delivery, w *Webhook, body []byte) string {
	if w == nil || w.URL == "" {
		return ""
	}
	o := emitter.FormOptions{To: strings.ReplaceAll(shownURL(w), "•••", "MASKED"), SecretIn: emitter.InHeader}
	if w.Secret == "" {
		o.SecretIn = emitter.InNone
	}
	form, err := emitter.NewForm("curl", o)
	if err != nil {
		return ""
	}
	text, err := form.Append(form.AppendHead(nil), emitter.Message{Shape: d.Shape, ID: d.WebhookID, Body: body})
	if err != nil {
		return ""
	}
	return string(text)
}

// fire has an event be told of a repo, whether there is one of that name or not.
func (v *visit) fire(f triggerForm) (made []Delivery, err error) {
	if _, _, _, err := v.hub.schemas.Named(f.Shape); err != nil {
		return nil, invalid("there is no event %q", brief(f.Shape, 60))
	}
	if repoPath(f.Type, f.Repo) == "" || len(f.Repo) > 200 || !slices.Contains([]string{"model", "dataset", "space", "bucket"}, f.Type) {
		return nil, invalid("the repo is none: give a type and a name, such as model me/x")
	}
	return made, v.change(func(tx *tx) error {
		if f.Webhook != "" && tx.webhooks.rows[f.Webhook] == nil {
			return invalid("there is no webhook %s any more", brief(f.Webhook, 60))
		}
		e := tx.imagined(f)
		for _, id := range tx.webhooks.keys() {
			w := tx.webhooks.rows[id]
			if f.Webhook != "" && f.Webhook != id || f.Webhook == "" && (w.Disabled == ByHand || !w.hears(f.Shape) || !e.watchedBy(w)) {
				continue
			}
			d, err := tx.owe(w, e)
			if err != nil {
				return invalid("%s", err)
			}
			made = append(made, *d)
		}
		return nil
	})
}

// imagined is an event of a shape, with a discussion and a comment that nobody wrote.
func (tx *tx) imagined(f triggerForm) happening {
	e := happening{shape: f.Shape, repo: tx.repoNamed(f.Type, f.Repo)}
	if e.repo == nil {
		e.repo = &Repo{ID: tx.newID(), Type: f.Type, Name: f.Repo, Refs: map[string]Ref{mainRef: {SHA: tx.newSHA()}}}
	}
	if f.Shape == "repo.move" {
		moved := *e.repo
		moved.Name += "-moved"
		e.was, e.repo = e.repo.Name, &moved
	}
	if f.Shape == "repo.content.update" && f.Type != "bucket" {
		e.refs = []emitter.RefFacts{{Name: mainRef, Old: tx.newSHA("old"), New: e.repo.head()}}
	}
	if strings.HasPrefix(f.Shape, "discussion") {
		e.discussion = &discussion{ID: tx.newID(), Num: 1, Title: "A question", Status: "open", Author: tx.user}
		e.comment = &message{ID: tx.newID(), Type: "comment", Author: tx.user, Content: "Hello from the mock Hub!"}
	}
	return e
}

// beginning are commands that begin with a Hub.
func beginning(hubURL string) string {
	return strings.Join([]string{
		"export HF_ENDPOINT=" + emitter.ShellWord(hubURL) + " HF_TOKEN=hf_mock",
		"hf webhooks create --watch model:mock-user/demo --url http://127.0.0.1:8000/webhook",
		"hf repo create mock-user/demo",
	}, "\n")
}
