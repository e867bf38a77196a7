package emitter_test

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// lastFound applies a story to a new model. All payloads but the last must be right;
// it returns the contradictions of the last.
func lastFound(t *testing.T, story scenario) (*hubModel, []contradiction) {
	t.Helper()
	m := newHubModel(scenarioHub + "/")
	payloads := story.payloads(t)
	last := len(payloads) - 1
	for i, payload := range payloads[:last] {
		if err := m.apply(payload); err != nil {
			t.Fatalf("%s: %v\n%s", story[i], err, payload)
		}
	}
	_, found := m.contradictions(payloads[last])
	return m, found
}

func TestHubModelAcceptsRightStories(t *testing.T) {
	for name, story := range rightStories {
		t.Run(name, func(t *testing.T) {
			if _, found := lastFound(t, story); len(found) > 0 {
				t.Errorf("%s: %v", story[len(story)-1], found)
			}
		})
	}
}

func TestHubModelFindsEachContradiction(t *testing.T) {
	for _, c := range wrongStories {
		t.Run(c.rule+" "+c.about, func(t *testing.T) {
			m, found := lastFound(t, c.story)
			if len(found) != 1 || found[0].rule != c.rule {
				t.Fatalf("%s: found %v", c.story[len(c.story)-1], found)
			}
			// The model has not changed, so it finds the same again.
			payloads := c.story.payloads(t)
			for range 2 {
				if err := m.apply(payloads[len(payloads)-1]); fmt.Sprint(err) != found[0].Error() {
					t.Errorf("applied, it finds %v", err)
				}
			}
		})
	}
}

func TestEachRuleOfTheHubModelIsBroken(t *testing.T) {
	rules := map[string]bool{}
	for _, r := range gates {
		rules[r.name] = true
	}
	for _, set := range ruleSets {
		for _, r := range set.rules {
			rules[r.name] = true
		}
	}
	broken := map[string]bool{}
	for _, c := range wrongStories {
		broken[c.rule] = true
	}
	if want, got := slices.Sorted(maps.Keys(rules)), slices.Sorted(maps.Keys(broken)); !slices.Equal(want, got) {
		t.Errorf("the rules are\n%v, and stories break\n%v", want, got)
	}
}

func TestHubModelNamesRuleAndExpectation(t *testing.T) {
	story := scenario{created, "repo.content.update updatedRefs=refs/heads/main:#4>#2"}
	_, found := lastFound(t, story)
	if len(found) != 1 {
		t.Fatalf("found %v", found)
	}
	message := found[0].Error()
	commit := strings.Repeat("0", 39)
	want := "rule ref.chain, model ada/engine (664000000000000000000abc): expected " + commit + "1 for refs/heads/main, found " + commit + "4"
	if message != want {
		t.Errorf("it says %s", message)
	}
}

func TestHubModelRejectsInvalidPayloads(t *testing.T) {
	for _, text := range []string{``, `[]`, `{"repo":7}`, `{"event":"add","scope":"repo"}`} {
		var found contradiction
		if err := newHubModel(scenarioHub).apply([]byte(text)); !errors.As(err, &found) || found.rule != rulePayload {
			t.Errorf("%q: %v", text, err)
		}
	}
}

func TestHubModelKnowsTruncatedFileLists(t *testing.T) {
	var files []string
	for i := range mostFiles {
		files = append(files, fmt.Sprintf("+%d.txt", i))
	}
	whole := bucketPush + strings.Join(files, ",")
	for _, c := range []struct {
		rule  string // that the last line breaks
		story scenario
	}{
		{"", scenario{bucketCreated, whole}},
		{"files.truncated", scenario{bucketCreated, whole + ",+more.txt"}},
		// What was not listed may be there, and so may be deleted; but once.
		{"", scenario{bucketCreated, whole + " updatedFilesTruncated=true", bucketPush + "-more.txt"}},
		{"file.gone", scenario{bucketCreated, whole + " updatedFilesTruncated=true", bucketPush + "-more.txt", bucketPush + "-more.txt"}},
		{"file.gone", scenario{bucketCreated, whole, bucketPush + "-more.txt"}},
	} {
		_, found := lastFound(t, c.story)
		var got string
		if len(found) > 0 {
			got = found[0].rule
		}
		if got != c.rule {
			t.Errorf("want %q, found %v", c.rule, found)
		}
	}
}

// What a story must hold is judged by these counts, and so they are tested.
func TestHubModelCountsEvents(t *testing.T) {
	for _, c := range []struct {
		story string
		want  map[string]int
	}{
		{"a pull request from its draft to its push", map[string]int{
			"type model": 8, "shape repo.create": 1, "shape repo.content.update": 3, "shape discussion.create": 1,
			"shape discussion.update": 2, "shape discussion.comment.create": 1,
			"pull request's ref created": 1, "pull request's ref updated": 1, "main updated": 1, "comment written": 2,
			"discussion: draft to open": 1, "discussion: open to merged": 1, "draft merged with its push": 1,
		}},
		{"comments", map[string]int{
			"type model": 6, "shape repo.create": 1, "shape discussion.create": 1,
			"shape discussion.comment.create": 1, "shape discussion.comment.update": 3,
			"comment written": 2, "comment edited": 2, "comment hidden": 1,
		}},
		{"a discussion", map[string]int{
			"type model": 11, "shape repo.create": 1, "shape discussion.create": 2, "shape discussion.update": 5,
			"shape discussion.delete": 1, "shape discussion.comment.create": 2, "comment written": 4,
			"discussion: title": 1, "discussion: open to closed": 1, "discussion: closed to open": 1, "discussion: pinned": 2,
		}},
		{"a move, and a name taken again", map[string]int{
			"type model": 8, "shape repo.create": 3, "shape repo.move": 2, "shape repo.delete": 1, "shape discussion.create": 1,
			"shape discussion.comment.create": 1, "comment written": 2, "renamed": 1, "moved to another owner": 1,
		}},
		{"a Space", map[string]int{
			"type space": 5, "shape repo.create": 1, "shape repo.update": 2, "shape repo.move": 1, "shape discussion.create": 1,
			"comment written": 1, "renamed": 1,
		}},
		{"branches and tags", map[string]int{
			"type model": 9, "shape repo.create": 1, "shape repo.content.update": 8, "main updated": 2,
			"branch created": 2, "branch updated": 1, "branch deleted": 1, "tag created": 2, "tag deleted": 1,
		}},
		{"the bot of a dataset", map[string]int{
			"type dataset": 4, "shape repo.create": 1, "shape repo.content.update": 3, "main updated": 1,
			"parquet ref created": 1, "parquet ref updated": 1, "parquet ref after a push": 1,
		}},
		{"a bucket", map[string]int{
			"type bucket": 7, "shape repo.create": 1, "shape repo.content.update": 4, "shape repo.config.update": 1,
			"shape repo.delete": 1, "file added": 3, "file overwritten": 1, "file deleted": 3, "made private": 1,
		}},
		{"scopes of the future", map[string]int{
			"type model": 13, "shape repo.create": 1, "shape discussion.create": 1, "shape discussion.comment.update": 1,
			"made private": 1, "main updated": 1, "discussion: open to closed": 1, "comment written": 1, "comment hidden": 1,
		}},
	} {
		m := newHubModel(scenarioHub)
		for _, payload := range rightStories[c.story].payloads(t) {
			if err := m.apply(payload); err != nil {
				t.Fatal(err)
			}
		}
		if diff := cmp.Diff(c.want, m.happened); diff != "" {
			t.Errorf("%s: %s", c.story, diff)
		}
	}
}
