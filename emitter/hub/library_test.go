package hub

import (
	"fmt"
	"strings"
	"testing"
)

func TestWebhooksOfTheLibrary(t *testing.T) {
	r := newRig(t, Options{})
	added, err := r.AddWebhook(Webhook{URL: r.handler.url + "?secret=inTheURL", Secret: "s3cret", Watched: []Watched{{Type: "user", Name: "mock-user"}}})
	if err != nil {
		t.Fatal(err)
	}
	list := r.Webhooks()
	if len(list) != 1 || list[0].ID != added.ID || list[0].User != DefaultUser || len(list[0].Domains) != 2 {
		t.Errorf("registered: %+v", list)
	}
	if text := fmt.Sprint(added, list); strings.Contains(text, "s3cret") || strings.Contains(text, "inTheURL") {
		t.Errorf("a secret is shown: %s", text)
	}
	if seen := r.call("GET", "/api/settings/webhooks/"+added.ID, nil); at(seen, "webhook.secret") != "s3cret" {
		t.Errorf("by the settings API: %v", seen)
	}
	if _, err := r.AddWebhook(Webhook{Watched: []Watched{{Type: "user", Name: "mock-user"}}}); err == nil {
		t.Error("a webhook without URL is registered")
	}
	made, err := r.Trigger(Trigger{Shape: "repo.update"})
	if err != nil || len(made) != 1 || made[0].RegistrationID != added.ID {
		t.Fatalf("%v %v", made, err)
	}
	if a := r.arrivals(); len(a) != 1 || a[0].header.Get("X-Webhook-Secret") != "s3cret" {
		t.Errorf("arrived: %v", a)
	}
}

func TestWebhookIsNamedWhereThereIsAnother(t *testing.T) {
	r := newRig(t, Options{})
	id := r.watch("user:mock-user")
	if _, alone := r.WebhookName(id); !alone {
		t.Error("the only one is not alone")
	}
	job, err := r.AddWebhook(Webhook{JobID: "me/\x1b[2J job", Watched: []Watched{{Type: "user", Name: "mock-user"}}})
	if err != nil {
		t.Fatal(err)
	}
	for asked, want := range map[string]string{
		id: strings.TrimPrefix(r.handler.url, "http://"), job.ID: `Job me/\u001b[2J job`, "0123456789abcdef01234567": "0123456789abcdef01234567",
	} {
		if name, alone := r.WebhookName(asked); name != want || alone {
			t.Errorf("%s is called %q, alone: %v", asked, name, alone)
		}
	}
	if r.call("DELETE", "/api/settings/webhooks/"+id, nil); r.Webhooks()[0].ID != job.ID {
		t.Fatalf("left: %v", r.Webhooks())
	}
	if name, alone := r.WebhookName(id); name != id || alone {
		t.Errorf("one that is deleted is called %q, alone: %v", name, alone)
	}
}
