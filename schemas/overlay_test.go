package schemas_test

import (
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync/atomic"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/hubhook/hubhook/schemas"
)

const doisUpdate = "repo.config.dois.update"

// overlay is a tree with one file.
func overlay(name, text string) schemas.Options {
	return schemas.Options{Overlay: fstest.MapFS{name: {Data: []byte(text)}}}
}

func TestOverlayAddsAShape(t *testing.T) {
	set := loadWith(t, schemas.Options{Overlay: os.DirFS("testdata/overlay")})
	if got, want := len(set.Shapes()), len(load(t).Shapes())+1; got != want || !set.Knows("repo.config.dois") {
		t.Errorf("%d shapes, want %d", got, want)
	}
	for _, c := range []struct{ scope, action, want string }{
		{"repo.config.dois", "update", doisUpdate},
		{"repo.config.dois", "minted", "repo.config.*"},
		{"repo.config.dois.versions", "update", "repo.config.*"}, // no narrower one is described
		{"repo.config", "update", "repo.config.update"},
	} {
		if shape, err := set.Find(c.scope, c.action); err != nil || shape.Name != c.want {
			t.Errorf("Find(%q, %q) = %q, %v; want %q", c.scope, c.action, shape.Name, err, c.want)
		}
	}
	shape, scope, action, err := set.Named(doisUpdate)
	want := schemas.Shape{Name: doisUpdate, Scope: "repo.config.dois", Action: "update"}
	if err != nil || shape != want || scope != want.Scope || action != want.Action {
		t.Errorf("Named: %+v, %q, %q, %v", shape, scope, action, err)
	}
}

func TestOverlayShapeIsJudgedLikeAnyOther(t *testing.T) {
	set := loadWith(t, schemas.Options{Overlay: os.DirFS("testdata/overlay")})
	doc := changed(t, sample(t, repoUpdate), change{"event.scope", `"repo.config.dois"`})
	for _, c := range []struct {
		name, dois string
		want       []finding
	}{
		{"right", `["10.57967/hf/0001"]`, nil},
		{"missing", ``, []finding{{"", "required", "event, repo, webhook"}}},
		{"wrong item", `["10.57967/hf/0001", 2]`, []finding{{"/updatedDois/1", "type", `2`}}},
	} {
		for _, reading := range []schemas.Reading{schemas.Open, schemas.Strict} {
			got, err := set.Judge(decode(t, changed(t, doc, change{"updatedDois", c.dois})), reading)
			if err != nil || got.Schema != doisUpdate {
				t.Errorf("%s: judged by %q, %v", c.name, got.Schema, err)
			}
			if diff := cmp.Diff(c.want, findings(got.Problems)); diff != "" {
				t.Errorf("%s, %s: %s", c.name, reading, diff)
			}
		}
	}
}

func TestOverlayReplacesAPart(t *testing.T) {
	set := loadWith(t, overlay("parts/account.json", `{"type": "object", "required": ["id", "name"]}`))
	got, err := set.Judge(decode(t, sample(t, repoUpdate)), schemas.Open)
	want := []finding{{"/repo/owner", "required", "id"}}
	if diff := cmp.Diff(want, findings(got.Problems)); err != nil || diff != "" {
		t.Errorf("%v: %s", err, diff)
	}
}

func TestOverlayNarrowsAScopeOfItsOwn(t *testing.T) {
	set := loadWith(t, overlay("narrowed/repo.config.dois.json", `{"type": "object", "required": ["dois"]}`))
	got, err := set.Judge(decode(t, changed(t, sample(t, repoUpdate), change{"event.scope", `"repo.config.dois.versions"`})), schemas.Open)
	if err != nil || got.Schema != "repo.config.dois.*" || got.Valid() {
		t.Errorf("judged by %q: %v, %v", got.Schema, got.Problems, err)
	}
}

func TestOverlayLeavesOtherFilesAlone(t *testing.T) {
	set := loadWith(t, overlay("README.md", "# Our schemas"))
	if diff := cmp.Diff(load(t).Shapes(), set.Shapes()); diff != "" {
		t.Error(diff)
	}
}

func TestOverlayThatIsNoSchemaFailsAtOnce(t *testing.T) {
	for _, c := range []struct {
		name, file, text string
		says             []string
	}{
		{"broken JSON", doisUpdate + ".json", "{\n  \"type\": \"object\",\n  oops\n}", []string{doisUpdate + ".json", "line 3"}},
		{"unfinished", doisUpdate + ".json", "{\n  \"type\":", []string{doisUpdate + ".json", "line 2"}},
		{"two values", doisUpdate + ".json", "{}\n{}", []string{doisUpdate + ".json", "line 2", "more than one"}},
		{"empty", "parts/doi.json", "", []string{"parts/doi.json", "line 1"}},
		{"no object", "parts/doi.json", "true", []string{"parts/doi.json", "object"}},
		{"name without action", "dois.json", "{}", []string{"dois.json", "repo.config.dois.update.json"}},
		{"name in an unknown folder", "v4/repo.update.json", "{}", []string{"v4/repo.update.json", "narrowed/SCOPE.json"}},
		{"name that ends with a dot", "repo..json", "{}", []string{"repo..json"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := schemas.Load(overlay(c.file, c.text))
			checkSays(t, err, c.says)
		})
	}
}

func TestMistakeInASchemaTellsItsPlace(t *testing.T) {
	for _, c := range []struct {
		name, text string
		says       []string
	}{
		{"x-from of a wrong type", `{"properties": {"doi": {"x-from": 5}}}`, []string{"x-from", "5"}},
		{"x-from of no kind", `{"properties": {"doi": {"x-from": "repo.name"}}}`, []string{"x-from", `"repo.name"`, "world:NAME"}},
		{"x-from of an unknown kind", `{"x-from": "moon:repo.name"}`, []string{"x-from", `"moon:repo.name"`}},
		{"x-from without a name", `{"x-from": "fake:"}`, []string{"x-from", `"fake:"`}},
		{"keyword of a wrong type", `{"properties": {"doi": {"minLength": "3"}}}`, []string{"/properties/doi/minLength"}},
		{"unknown type", `{"type": "text"}`, []string{"/type"}},
		{"mistake under x-strict", `{"x-strict": {"$ref": "parts/nowhere.json"}}`, []string{"parts/nowhere.json"}},
		{"file that is not there", `{"$ref": "parts/nowhere.json"}`, []string{"parts/nowhere.json"}},
		{"file of this machine", `{"$ref": "file:///etc/hostname"}`, []string{"file:///etc/hostname"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := schemas.Load(overlay(doisUpdate+".json", c.text))
			checkSays(t, err, append(c.says, doisUpdate+".json"))
		})
	}
}

func checkSays(t *testing.T, err error, says []string) {
	t.Helper()
	if err == nil {
		t.Error("no error")
		return
	}
	for _, part := range says {
		if !strings.Contains(err.Error(), part) {
			t.Errorf("%q does not say %q", err, part)
		}
	}
	if strings.Contains(err.Error(), "\n") {
		t.Errorf("%q is longer than a line", err)
	}
}

func TestSchemaReachesNoNetwork(t *testing.T) {
	var asked atomic.Int32
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		asked.Add(1)
		w.Write([]byte(`{}`))
	}))
	defer server.Close()
	for _, text := range []string{
		`{"$ref": "` + server.URL + `/x.json"}`,
		`{"$schema": "` + server.URL + `/x.json"}`,
		`{"$id": "` + server.URL + `/x.json", "$ref": "y.json"}`,
	} {
		_, err := schemas.Load(overlay(doisUpdate+".json", text))
		checkSays(t, err, []string{server.URL, doisUpdate})
	}
	if n := asked.Load(); n != 0 {
		t.Errorf("the server was asked %d times", n)
	}
}

func TestSchemaThatLeadsBackToItselfHasNoTree(t *testing.T) {
	set := loadWith(t, overlay(doisUpdate+".json", `{"type": "object", "properties": {"parent": {"$ref": "#"}}}`))
	_, err := set.Tree(doisUpdate)
	checkSays(t, err, []string{doisUpdate + ".json", "itself"})
}

func TestTreeKeepsTheOrderInWhichPropertiesAreWritten(t *testing.T) {
	tree, err := load(t).Tree("repo.update")
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, field := range tree.Fields {
		got = append(got, field.Name)
		for _, inner := range field.Value.Fields {
			got = append(got, field.Name+"."+inner.Name)
		}
	}
	want := []string{
		"event", "event.action", "event.scope",
		"repo", "repo.type", "repo.name", "repo.id", "repo.private", "repo.subdomain", "repo.url", "repo.headSha", "repo.owner",
		"webhook", "webhook.id", "webhook.version",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}
