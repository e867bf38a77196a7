package schemas_test

import (
	"encoding/json"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/hubhook/hubhook/schemas"
)

func TestBroader(t *testing.T) {
	for _, c := range []struct {
		scope, want string
		ok          bool
	}{
		{"repo.config.dois", "repo.config", true},
		{"repo.config", "repo", true},
		{"repo", "", false},
		{"", "", false},
		{"repo.", "repo", true},
	} {
		if got, ok := schemas.Broader(c.scope); got != c.want || ok != c.ok {
			t.Errorf("Broader(%q) = %q, %v; want %q, %v", c.scope, got, ok, c.want, c.ok)
		}
	}
}

func TestNearest(t *testing.T) {
	known := map[string]bool{"repo": true, "repo.config": true, "discussion": true}
	for _, c := range []struct {
		scope, want string
		ok          bool
	}{
		{"repo", "repo", true},
		{"repo.config", "repo.config", true},
		{"repo.config.dois", "repo.config", true},
		{"repo.config.dois.versions.drafts", "repo.config", true},
		{"repo.stars", "repo", true},
		// Whole segments count, not what the text begins with.
		{"repo.configuration", "repo", true},
		{"repository.config", "", false},
		{"Repo.config", "", false},
		{"user.name", "", false},
		{"", "", false},
	} {
		got, ok := schemas.Nearest(c.scope, func(scope string) bool { return known[scope] })
		if got != c.want || ok != c.ok {
			t.Errorf("Nearest(%q) = %q, %v; want %q, %v", c.scope, got, ok, c.want, c.ok)
		}
	}
}

func TestNearestWalksOneSegmentAtATime(t *testing.T) {
	var asked []string
	schemas.Nearest("a.b.c", func(scope string) bool {
		asked = append(asked, scope)
		return false
	})
	if len(asked) != 3 || asked[0] != "a.b.c" || asked[1] != "a.b" || asked[2] != "a" {
		t.Errorf("asked %q", asked)
	}
}

// The shapes that the Hub documents, and one for the narrower scopes of each of its scopes.
var documented = []string{
	"repo.create", "repo.delete", "repo.move", "repo.update",
	"repo.config.update", "repo.content.update",
	"discussion.create", "discussion.delete", "discussion.update",
	"discussion.comment.create", "discussion.comment.update",
	"repo.*", "repo.config.*", "repo.content.*",
	"discussion.*", "discussion.comment.*",
}

// A file is all that a shape needs, so there may be more than the documented ones.
func TestShapesAreInOrder(t *testing.T) {
	want := slices.Concat(filesIn(t, "v3", ""), filesIn(t, "v3/narrowed", ".*"))
	var got []string
	for _, shape := range load(t).Shapes() {
		got = append(got, shape.Name)
		if shape.Narrowed != strings.HasSuffix(shape.Name, ".*") || shape.Narrowed != (shape.Action == "") {
			t.Errorf("%+v does not fit its name", shape)
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	known := slices.DeleteFunc(got, func(name string) bool { return !slices.Contains(documented, name) })
	if diff := cmp.Diff(documented, known); diff != "" {
		t.Error(diff)
	}
}

// filesIn returns the names of the schemas in a folder, each with an ending: those below repo
// first, and a scope before its narrower ones.
func filesIn(t *testing.T, dir, ending string) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*.json"))
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, file := range files {
		names = append(names, strings.TrimSuffix(filepath.Base(file), ".json")+ending)
	}
	slices.SortFunc(names, func(a, b string) int {
		scopeA, _ := schemas.Broader(a)
		scopeB, _ := schemas.Broader(b)
		if ofRepo := strings.HasPrefix(a, "repo."); ofRepo != strings.HasPrefix(b, "repo.") {
			if ofRepo {
				return -1
			}
			return 1
		}
		return strings.Compare(scopeA+" "+a, scopeB+" "+b)
	})
	return names
}

func TestParts(t *testing.T) {
	want := []string{
		"account", "comment", "discussion", "event", "movedTo", "objectId", "repo",
		"sha", "updatedConfig", "updatedFiles", "updatedRefs", "webhook",
	}
	if diff := cmp.Diff(want, load(t).Parts()); diff != "" {
		t.Error(diff)
	}
}

func TestListsAreCopies(t *testing.T) {
	set := load(t)
	set.Shapes()[0].Name = "broken"
	source, err := set.Source("repo.create")
	if err != nil {
		t.Fatal(err)
	}
	clear(source)
	again, err := set.Source("repo.create")
	if err != nil || set.Shapes()[0].Name != "repo.create" || !json.Valid(again) {
		t.Error("a caller's changes reach the set")
	}
}

func TestSchemasCompileAndHaveIDs(t *testing.T) {
	set := load(t)
	if err := set.Compile(); err != nil {
		t.Error(err)
	}
	for _, name := range set.Parts() {
		checkID(t, set, name, "parts/"+name)
	}
	for _, shape := range set.Shapes() {
		file := shape.Name
		if shape.Narrowed {
			file = "narrowed/" + shape.Scope
		}
		checkID(t, set, shape.Name, file)
	}
}

// checkID compares a schema's $id with its file: references are resolved against the ID,
// and read from the file.
func checkID(t *testing.T, set *schemas.Set, name, file string) {
	t.Helper()
	source, err := set.Source(name)
	if err != nil {
		t.Error(err)
		return
	}
	var head struct {
		ID          string `json:"$id"`
		Description string `json:"description"`
	}
	if err := json.Unmarshal(source, &head); err != nil {
		t.Error(err)
	}
	if want := schemas.BaseURL + file + ".json"; head.ID != want || head.Description == "" {
		t.Errorf("%s: $id is %s, want %s; description is %q", name, head.ID, want, head.Description)
	}
}

func TestShapeOf(t *testing.T) {
	set := load(t)
	for _, c := range []struct{ scope, action, want string }{
		{"repo", "update", "repo.update"},
		{"repo.content", "update", "repo.content.update"},
		{"discussion.comment", "create", "discussion.comment.create"},
		{"repo.config.dois", "update", "repo.config.*"},
		{"repo.config.dois", "minted", "repo.config.*"},
		{"repo.content.lfs.locks.stale", "create", "repo.content.*"},
		{"repo.stars", "create", "repo.*"},
		{"discussion.comment.reaction", "create", "discussion.comment.*"},
		{"discussion.reviewers", "delete", "discussion.*"},
		// An action that a known scope does not have counts as update there.
		{"repo", "archived", "repo.*"},
		{"discussion.comment", "delete", "discussion.comment.*"},
		{"repo", "", "repo.*"},
	} {
		shape, err := set.ShapeOf(c.scope, c.action)
		if err != nil || shape.Name != c.want {
			t.Errorf("Find(%q, %q) = %q, %v; want %q", c.scope, c.action, shape.Name, err, c.want)
		}
	}
}

func TestShapeOfRejectsUnknownRoots(t *testing.T) {
	set := load(t)
	for _, scope := range []string{"user", "org.members", "", ".repo", "repository"} {
		if shape, err := set.ShapeOf(scope, "update"); err == nil || !strings.Contains(err.Error(), `"`+scope+`"`) {
			t.Errorf("Find(%q) = %v, %v; want an error that names the scope", scope, shape, err)
		}
	}
}

func TestShapeByNameOfNarrowedScopes(t *testing.T) {
	set := load(t)
	for _, c := range []struct{ name, shape, scope, action string }{
		{"repo.update", "repo.update", "repo", "update"},
		{"discussion.comment.create", "discussion.comment.create", "discussion.comment", "create"},
		{"repo.config.*", "repo.config.*", "repo.config", ""},
		{"repo.stars.create", "repo.*", "repo.stars", "create"},
		{"repo.config.dois.minted", "repo.config.*", "repo.config.dois", "minted"},
		{"repo.config.dois.versions.drafts.update", "repo.config.*", "repo.config.dois.versions.drafts", "update"},
		{"repo.content.lfs.update", "repo.content.*", "repo.content.lfs", "update"},
		{"discussion.reviewers.create", "discussion.*", "discussion.reviewers", "create"},
		{"repo.config.dois.*", "repo.config.*", "repo.config.dois", ""},
		{"discussion.reviewers.*", "discussion.*", "discussion.reviewers", ""},
		{"discussion.comment.reaction.delete", "discussion.comment.*", "discussion.comment.reaction", "delete"},
	} {
		shape, scope, action, err := set.ShapeByName(c.name)
		if err != nil || shape.Name != c.shape || scope != c.scope || action != c.action {
			t.Errorf("Named(%q) = %q, %q, %q, %v; want %q, %q, %q", c.name, shape.Name, scope, action, err, c.shape, c.scope, c.action)
		}
	}
}

func TestShapeByNameRejectsUnknownNames(t *testing.T) {
	set := load(t)
	for _, name := range []string{
		"", ".", "repo", "repo.", ".update", "repo..x", "repo.config..minted", "repo.config.dois.",
		"user.update", "org.members.update", // unknown roots
		"repo.archived", "discussion.updated", // unknown actions of known scopes
		"Repo.update", "repo.update ", "updatedRefs", "*", "repo.**", "repo.*.update", "user.*", "repo.st ars.create", "repo.stars.create\n",
	} {
		shape, _, _, err := set.ShapeByName(name)
		if err == nil {
			t.Errorf("Named(%q) = %q; want an error", name, shape.Name)
			continue
		}
		// Whoever mistypes a name wants to see the right ones.
		if !strings.Contains(err.Error(), "repo.update") || !strings.Contains(err.Error(), "repo.config.*") {
			t.Errorf("Named(%q): %v lists no known names", name, err)
		}
	}
}

func TestParseReading(t *testing.T) {
	for name, want := range map[string]schemas.Reading{"open": schemas.Open, "strict": schemas.Strict} {
		if got, err := schemas.ParseReading(name); err != nil || got != want {
			t.Errorf("ParseReading(%q) = %q, %v", name, got, err)
		}
	}
	for _, name := range []string{"", "Open", "lax"} {
		if got, err := schemas.ParseReading(name); err == nil {
			t.Errorf("ParseReading(%q) = %q; want an error", name, got)
		}
	}
}

func TestSetIsSafeForConcurrentUse(t *testing.T) {
	set := loadWith(t, schemas.Options{})
	doc := decode(t, sample(t, repoUpdate))
	var group sync.WaitGroup
	for range 4 {
		group.Go(func() {
			for _, shape := range set.Shapes() {
				if tree, err := set.Tree(shape.Name); err != nil || len(tree.Fields) < 3 {
					t.Errorf("%s: %v, %v", shape.Name, tree, err)
				}
				if got, err := set.Judge(doc, schemas.Strict); err != nil || !got.Valid() {
					t.Errorf("%v, %v", got, err)
				}
			}
		})
	}
	group.Wait()
}
