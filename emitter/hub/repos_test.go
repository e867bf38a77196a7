package hub

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/hubhook/hubhook/emitter/hub/internal/api"
	"github.com/hubhook/hubhook/emitter/hub/internal/domain"
	"github.com/hubhook/hubhook/emitter/hub/internal/problem"
)

func TestReposAreCreated(t *testing.T) {
	for _, c := range []struct {
		what, user string
		body       any
		url        string // without the Hub's
		private    bool
		files      []string
	}{
		{"create_repo of the user", "mock-user", map[string]any{"name": "gpt2", "organization": nil}, "/mock-user/gpt2", false, []string{".gitattributes"}},
		{"create_repo of an organisation", "acme", map[string]any{"name": "d", "organization": "acme", "type": "dataset", "private": true}, "/datasets/acme/d", true, []string{".gitattributes"}},
		{"create_repo of a Space", "mock-user", map[string]any{"name": "s", "type": "space", "sdk": "gradio", "visibility": "protected"}, "/spaces/mock-user/s", false, []string{".gitattributes", "README.md"}},
		{"create_repo of a bucket", "mock-user", map[string]any{"name": "b", "type": "bucket", "visibility": "private"}, "/buckets/mock-user/b", true, nil},
		{"createRepo of @huggingface/hub", "me", map[string]any{
			"name": "m", "organization": "me", "type": "model", "license": "mit", "lfsmultipartthresh": 1,
			"files": []map[string]string{{"encoding": "base64", "path": "a/b.txt", "content": "aGk="}},
		}, "/mock-user/m", false, []string{".gitattributes", "README.md", "a/b.txt"}},
	} {
		t.Run(c.what, func(t *testing.T) {
			r := newRig(t, Options{})
			r.watch("user:mock-user", "org:acme")
			answer := r.call("POST", "/api/repos/create", c.body)
			if answer["url"] != r.url+c.url {
				t.Errorf("url is %v, wanted %s", answer["url"], c.url)
			}
			parts := strings.Split(c.url, "/")
			name := strings.Join(parts[len(parts)-2:], "/")
			event := r.onlyArrival("repo.create")
			event.expect(t, map[string]any{
				"repo.name": name, "repo.id": answer["id"], "repo.private": c.private, "repo.url.web": r.url + c.url,
			})
			if answer["name"] != name {
				t.Errorf("name is %v", answer["name"])
			}
			kind := event.at("repo.type").(string)
			if kind == "bucket" {
				if event.at("repo.headSha") != nil {
					t.Error("a bucket has a head")
				}
				return
			}
			head := r.headOf(kind, name, "main")
			if event.at("repo.headSha") != head.SHA || !head.Whole || len(head.Parents) != 0 {
				t.Errorf("the head is %v, the commit %+v", event.at("repo.headSha"), head)
			}
			var files []string
			r.db.View(func(s *domain.State) {
				for path, f := range s.TreeOf(s.RepoNamed(kind, name).ID, head) {
					files = append(files, path)
					if content, kept := s.Content(s.RepoNamed(kind, name).ID, f.OID); !kept || int64(len(content)) != f.Size {
						t.Errorf("%s is not kept", path)
					}
				}
			})
			if slices.Sort(files); !slices.Equal(files, c.files) {
				t.Errorf("the files are %v, wanted %v", files, c.files)
			}
		})
	}
}

// The object id of .gitattributes is that of every new model on the Hub.
func TestNewRepoHasTheHubsGitAttributes(t *testing.T) {
	attributes, err := os.ReadFile("internal/api/gitattributes.txt")
	if err != nil {
		t.Fatal(err)
	}
	if oid := domain.GitOID(attributes); oid != "a6344aac8c09253b3b630fb776ae94478aa0275b" {
		t.Error(oid)
	}
}

func TestRepoIsThereAlready(t *testing.T) {
	r := newRig(t, Options{})
	r.watch("user:mock-user")
	r.makes("model:x", "bucket:x")
	for path, body := range map[string]any{
		"/api/repos/create":           map[string]any{"name": "X"},
		"/api/buckets/mock-user/x":    nil,
		"/api/repos/create?exist_ok=": map[string]any{"name": "x", "type": "bucket"},
	} {
		answer := r.send("POST", path, body)
		var object struct{ Error, URL string }
		if err := json.Unmarshal(answer.body, &object); err != nil {
			t.Fatal(err)
		}
		if answer.status != http.StatusConflict || object.Error == "" || !strings.HasSuffix(object.URL, "/mock-user/x") {
			t.Errorf("%s: %d %s", path, answer.status, answer.body)
		}
	}
	if arrived := r.arrivals(); len(arrived) != 0 {
		t.Errorf("events of what did not happen: %v", shapesOf(arrived))
	}
}

func TestReposAreDeleted(t *testing.T) {
	r := newRig(t, Options{})
	r.watch("user:mock-user")
	r.makes("model:x", "model:y", "dataset:x")
	id := r.row("model", "mock-user/x").ID
	r.addDiscussion("model", "mock-user/x")
	r.addDiscussion("model", "mock-user/y")
	t.Run("delete_repo", func(t *testing.T) {
		r.call("DELETE", "/api/repos/delete", map[string]any{"name": "x", "organization": nil})
		r.onlyArrival("repo.delete").expect(t, map[string]any{"repo.id": id, "repo.name": "mock-user/x", "repo.type": "model"})
	})
	r.db.View(func(s *domain.State) {
		for key := range stateRows(s) {
			if strings.Contains(key, " "+id) {
				t.Errorf("%s is left", key)
			}
		}
		if n := kinds(s); n["message"] != 2 || n["discussion"] != 1 || n["commit"] != 2 {
			t.Error("what belongs to others is gone")
		}
	})
	if r.row("dataset", "mock-user/x") == nil {
		t.Error("the dataset of the same name is gone")
	}
	answer := r.send("DELETE", "/api/repos/delete", map[string]any{"name": "x", "type": "model"})
	if answer.status != http.StatusNotFound || answer.header.Get("X-Error-Code") != problem.CodeRepo {
		t.Errorf("again: %d %v", answer.status, answer.header)
	}
}

// A repo of one segment, as the Hub's oldest are.
func TestOldestReposAreDeleted(t *testing.T) {
	r := newRig(t, Options{})
	r.watch("model:gpt2")
	err := r.db.Update(func(tx *domain.Tx) error {
		made, err := tx.CreateRepo(&domain.Repo{Type: "model", Name: "gpt2", Visibility: "public"}, "", map[string][]byte{})
		if err != nil {
			return err
		}
		return tx.Publish(domain.Event{Shape: "repo.create", Repo: made})
	})
	if err != nil {
		t.Fatal(err)
	}
	r.onlyArrival("repo.create")
	r.call("POST", "/api/models/gpt2/branch/b", nil)
	r.onlyArrival("repo.content.update").expect(t, map[string]any{"repo.name": "gpt2"})
	r.call("DELETE", "/api/repos/delete", map[string]any{"name": "gpt2"})
	r.onlyArrival("repo.delete").expect(t, map[string]any{"repo.name": "gpt2"})
}

// addDiscussion adds a discussion of two messages to a repo.
func (r *rig) addDiscussion(kind, name string) {
	r.t.Helper()
	err := r.db.Update(func(tx *domain.Tx) error {
		id := tx.RepoNamed(kind, name).ID
		d := &domain.Discussion{ID: tx.NewID(), Repo: id, Num: 1, Status: "open", Entries: 2}
		tx.SaveDiscussion(d)
		for seq := range 2 {
			tx.SaveEntry(d, &domain.Entry{ID: tx.NewID(), Seq: seq, Type: "comment"})
		}
		return nil
	})
	if err != nil {
		r.t.Fatal(err)
	}
}

func TestReposAreMoved(t *testing.T) {
	for _, kind := range []string{"model", "dataset", "space", "bucket"} {
		t.Run("move_repo of a "+kind, func(t *testing.T) {
			r := newRig(t, Options{})
			r.makes(kind+":x", kind+":taken")
			id := r.watch(kind+":mock-user/X", kind+":acme/y", "user:someone")
			r.call("POST", "/api/repos/move", map[string]any{"fromRepo": "mock-user/x", "toRepo": "acme/Y", "type": kind})
			r.onlyArrival("repo.move").expect(t, map[string]any{
				"repo.name": "mock-user/x", "movedTo.name": "acme/Y", "movedTo.owner.id": domain.UserID("acme"),
			})
			if r.row(kind, "mock-user/x") != nil || r.row(kind, "acme/y") == nil {
				t.Error("it is not where it moved to")
			}
			var watched []Watched
			r.db.View(func(s *domain.State) { watched = s.Webhook(id).Watched })
			if want := []Watched{{Type: kind, Name: "acme/Y"}, {Type: "user", Name: "someone"}}; !slices.Equal(watched, want) {
				t.Errorf("watched: %v", watched)
			}
			r.fail(http.StatusConflict, "POST", "/api/repos/move", map[string]any{"fromRepo": "acme/y", "toRepo": "mock-user/taken", "type": kind})
			r.fail(http.StatusConflict, "POST", "/api/repos/move", map[string]any{"fromRepo": "acme/y", "toRepo": "acme/Y", "type": kind})
			r.call("POST", "/api/repos/move", map[string]any{"fromRepo": "acme/y", "toRepo": "acme/y", "type": kind})
			r.onlyArrival("repo.move").expect(t, map[string]any{"movedTo.name": "acme/y"})
		})
	}
}

func TestSettingsArePublished(t *testing.T) {
	r := newRig(t, Options{})
	r.watch("user:mock-user")
	r.makes("model:m", "space:s", "bucket:b")
	for _, c := range []struct {
		path, body string
		private    any // of the repo
		config     string
	}{
		{"models/mock-user/m", `{"private":true}`, true, `{"private":true}`},
		{"models/mock-user/m", `{"gated":"auto"}`, true, `{}`},
		{"models/mock-user/m", `{"gated":false,"visibility":"public"}`, false, `{"private":false}`},
		{"models/mock-user/m", `{"xetEnabled":true,"private":null}`, false, `{}`},
		{"spaces/mock-user/s", `{"visibility":"protected"}`, false, `{"private":false}`},
		{"buckets/mock-user/b", `{"visibility":"private"}`, true, `{"private":true}`},
	} {
		t.Run("update_repo_settings "+c.body, func(t *testing.T) {
			answer := r.call("PUT", "/api/"+c.path+"/settings", c.body)
			if answer["private"] != c.private {
				t.Errorf("the answer: %v", answer)
			}
			event := r.onlyArrival("repo.config.update")
			event.expect(t, map[string]any{"repo.private": c.private})
			if config, _ := json.Marshal(event.payload["updatedConfig"]); string(config) != c.config {
				t.Errorf("updatedConfig is %s, wanted %s", config, c.config)
			}
		})
	}
	r.call("PUT", "/api/models/mock-user/m/settings", `{"gated":"manual"}`)
	r.arrivals()
	r.call("PUT", "/api/models/mock-user/m/settings", `{}`)
	if arrived := r.arrivals(); len(arrived) != 0 || r.row("model", "mock-user/m").Gated != "manual" {
		t.Errorf("nothing was asked for: %v", shapesOf(arrived))
	}
}

func TestSpacesAreConfigured(t *testing.T) {
	r := newRig(t, Options{})
	r.watch("space:mock-user/s")
	r.makes("space:s", "model:m")
	const secrets, variables = "/api/spaces/mock-user/s/secrets", "/api/spaces/mock-user/s/variables"
	change := func(name, method, path string, body any) {
		t.Run(name, func(t *testing.T) {
			r.call(method, path, body)
			event := r.onlyArrival("repo.config.update")
			if config, known := event.payload["updatedConfig"].(map[string]any); !known || len(config) != 0 {
				t.Errorf("updatedConfig is %v", event.payload["updatedConfig"])
			}
		})
	}
	change("add_space_secret", "POST", secrets, map[string]string{"key": "TOKEN", "value": "hunter2-value"})
	change("add_space_secret again", "POST", secrets, map[string]string{"key": "TOKEN", "value": "hunter2-other"})
	change("add_space_secret", "POST", secrets, map[string]string{"key": "A", "value": "x"})
	if got := r.row("space", "mock-user/s").Secrets; !slices.Equal(got, []string{"A", "TOKEN"}) {
		t.Errorf("secrets: %v", got)
	}
	change("delete_space_secret", "DELETE", secrets, map[string]string{"key": "A"})
	change("add_space_variable", "POST", variables, map[string]string{"key": "V", "value": "1", "description": "of it"})
	t.Run("get_space_variables", func(t *testing.T) {
		answer := r.call("GET", variables, nil)
		if at(answer, "V.value") != "1" || at(answer, "V.description") != "of it" || at(answer, "V.updatedAt") != domain.FormatTime(r.Now()) {
			t.Errorf("%v", answer)
		}
	})
	change("delete_space_variable", "DELETE", variables, map[string]string{"key": "V"})
	row, err := json.Marshal(r.row("space", "mock-user/s"))
	if err != nil || strings.Contains(string(row), "hunter2") {
		t.Errorf("a secret's value is kept: %s", row)
	}
}

func TestRepoCallsThatAreRefused(t *testing.T) {
	r := newRig(t, Options{})
	r.watch("user:mock-user")
	r.makes("model:m", "space:s", "bucket:b")
	long := strings.Repeat("x", 97)
	for _, c := range []struct {
		status       int
		method, path string
		body         string
		words        string // in the error
	}{
		{400, "POST", "/api/repos/create", `{"name":""}`, "cannot be named"},
		{400, "POST", "/api/repos/create", `{"name":"a--b"}`, "'--'"},
		{400, "POST", "/api/repos/create", `{"name":"a..b"}`, "'..'"},
		{400, "POST", "/api/repos/create", `{"name":"-a"}`, "begin"},
		{400, "POST", "/api/repos/create", `{"name":"a."}`, "end"},
		{400, "POST", "/api/repos/create", `{"name":"a.git"}`, ".git"},
		{400, "POST", "/api/repos/create", `{"name":"é"}`, "letters"},
		{400, "POST", "/api/repos/create", `{"name":"a\n"}`, "letters"},
		{400, "POST", "/api/repos/create", `{"name":"a/b/c"}`, "letters"},
		{400, "POST", "/api/repos/create", `{"name":"` + long + `"}`, "96"},
		{400, "POST", "/api/repos/create", `{"name":"x","organization":"a b"}`, "cannot be named"},
		{400, "POST", "/api/repos/create", `{"name":"x","type":"kernel"}`, "model, dataset, space, bucket"},
		{400, "POST", "/api/repos/create", `{"name":"x","type":"space"}`, "sdk"},
		{400, "POST", "/api/repos/create", `{"name":"x","visibility":"hidden"}`, "public, private, protected"},
		{400, "POST", "/api/repos/create", `{"name":"x","visibility":"protected"}`, "Space"},
		{400, "POST", "/api/repos/create", `{"name":"x","license":"a\nb"}`, "license"},
		{400, "POST", "/api/repos/create", `{"name":"x","files":[{"path":"../a"}]}`, "path"},
		{400, "POST", "/api/repos/create", `{"name":"x","files":[{"path":"a","encoding":"base64","content":"!"}]}`, "base64"},
		{400, "POST", "/api/repos/create", `{"name":7}`, "name"},
		{400, "POST", "/api/repos/create", `[]`, "array"},
		{404, "DELETE", "/api/repos/delete", `{}`, "there is no model"},
		{404, "POST", "/api/repos/move", `{"fromRepo":"mock-user/x","toRepo":"a/b"}`, "there is no model"},
		{404, "POST", "/api/repos/move", `{"fromRepo":"mock-user/m","toRepo":"a/b","type":"dataset"}`, "there is no dataset"},
		{400, "POST", "/api/repos/move", `{"fromRepo":"mock-user/m","toRepo":"b"}`, "owner"},
		{400, "PUT", "/api/models/mock-user/m/settings", `{"private":"yes"}`, "private"},
		{400, "PUT", "/api/models/mock-user/m/settings", `{"visibility":1}`, "visibility"},
		{400, "PUT", "/api/models/mock-user/m/settings", `{"gated":true}`, "gated"},
		{400, "PUT", "/api/spaces/mock-user/s/settings", `{"gated":"auto"}`, "gated"},
		{404, "PUT", "/api/models/mock-user/x/settings", `{}`, "there is no model"},
		{404, "POST", "/api/models/mock-user/m/secrets", `{"key":"A","value":""}`, "only a Space"},
		{400, "POST", "/api/spaces/mock-user/s/secrets", `{"key":"1A"}`, "key"},
		{404, "DELETE", "/api/spaces/mock-user/s/secrets", `{"key":"A"}`, "no secret"},
		{404, "DELETE", "/api/spaces/mock-user/s/variables", `{"key":"A"}`, "no variable"},
		{400, "POST", "/api/spaces/mock-user/s/variables", `{"key":"A","value":"` + strings.Repeat("x", api.MaxVariableValue+1) + `"}`, "4096"},
	} {
		t.Run(fmt.Sprintf("%s %s %.60s", c.method, c.path, c.body), func(t *testing.T) {
			inner := *r
			inner.t = t
			if words := inner.fail(c.status, c.method, c.path, c.body); !strings.Contains(words, c.words) || strings.Contains(words, "\n") {
				t.Errorf("the error is %q", words)
			}
		})
	}
	if arrived := r.arrivals(); len(arrived) != 0 {
		t.Errorf("events of what did not happen: %v", shapesOf(arrived))
	}
}

func TestOnlyWatchersReceiveEvents(t *testing.T) {
	r := newRig(t, Options{})
	watchers := map[string]bool{
		"model:mock-user/m": true, "user:mock-user": true, "org:MOCK-USER": true, "model:Mock-User/M": true,
		"dataset:mock-user/m": false, "model:mock-user/other": false, "user:someone": false, "space:mock-user/m": false,
	}
	want := map[string]int{}
	for watched, event := range watchers {
		if id := r.watch(watched); event {
			want[id] = 1
		}
	}
	r.call("POST", "/api/settings/webhooks", map[string]any{
		"url": r.handler.url, "watched": []Watched{{Type: "user", Name: "mock-user"}}, "domains": []string{"discussion"},
	})
	for _, step := range []struct {
		shape, method, path string
		body                any
	}{
		{"repo.create", "POST", "/api/repos/create", map[string]any{"name": "m"}},
		{"repo.config.update", "PUT", "/api/models/mock-user/m/settings", map[string]any{"private": true}},
		{"repo.content.update", "POST", "/api/models/mock-user/m/branch/b", nil},
		{"repo.delete", "DELETE", "/api/repos/delete", map[string]any{"name": "m"}},
	} {
		r.call(step.method, step.path, step.body)
		got := map[string]int{}
		for _, a := range r.validArrivals() {
			if a.shape() != step.shape {
				t.Errorf("event: %s", a.shape())
			}
			got[a.at("webhook.id").(string)]++
		}
		if fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("%s was heard by %v, wanted %v", step.shape, got, want)
		}
	}
}
