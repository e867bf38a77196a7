package hub

import (
	"fmt"
	"strings"
	"testing"
)

func TestWebhooksOfTheLibrary(t *testing.T) {
	r := newRig(t, Options{})
	added, err := r.AddWebhook(Webhook{URL: r.handler.url + "?secret=inTheURL", Secret: "s3cret", Watched: []Watched{{"user", "mock-user"}}})
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
	if _, err := r.AddWebhook(Webhook{Watched: []Watched{{"user", "mock-user"}}}); err == nil {
		t.Error("a webhook without URL is registered")
	}
	made, err := r.Trigger(Trigger{Shape: "repo.update"})
	if err != nil || len(made) != 1 || made[0].Webhook != added.ID {
		t.Fatalf("%v %v", made, err)
	}
	if a := r.arrivals(); len(a) != 1 || a[0].header.Get("X-Webhook-Secret") != "s3cret" {
		t.Errorf("arrived: %v", a)
	}
}
