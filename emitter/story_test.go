package emitter_test

import (
	"fmt"
	"testing"

	"github.com/hubhook/hubhook/emitter"
)

// heard applies the first payloads of a seed's story to a new model, which must
// believe each of them.
func heard(t *testing.T, seed uint64, count int) *hubModel {
	t.Helper()
	feed, err := generator(t, emitter.Options{Seed: seed}).Feed(emitter.FeedOptions{Story: true})
	if err != nil {
		t.Fatal(err)
	}
	m := newHubModel(emitter.DefaultHubURL)
	var payload []byte
	for i := range count {
		if payload, err = feed.Append(payload[:0]); err != nil {
			t.Fatal(err)
		}
		if err := m.apply(payload); err != nil {
			t.Fatalf("seed %d, event %d: %v\n%s", seed, i+1, err, payload)
		}
		m.note("payload of " + eventOf(payload))
	}
	return m
}

func TestStoryHasNoContradiction(t *testing.T) {
	seeds := uint64(20)
	if testing.Short() { // where each takes ten times as long
		seeds = 4
	}
	for seed := range seeds {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			t.Parallel()
			heard(t, seed, 3_000)
		})
	}
}

// A story that seldom says anything has no contradictions either.
func TestStoryHasAllEventsOfTheHub(t *testing.T) {
	m := heard(t, 7, 20_000)
	wanted := []string{
		"type model", "type dataset", "type space", "type bucket",
		"main updated", "branch created", "branch updated", "branch deleted", "tag created",
		"pull request's ref created", "pull request's ref updated", "parquet ref after a push",
		"made private", "made public", "renamed", "moved to another owner",
		"draft merged with its push", "discussion: title", "discussion: open to closed", "discussion: closed to open",
		"comment written", "comment edited", "comment hidden",
		"file added", "file overwritten", "file deleted",
	}
	for _, shape := range shapesToday(embeddedSet(t)) {
		wanted = append(wanted, "payload of "+shape.Name)
	}
	for _, what := range wanted {
		if m.happened[what] == 0 {
			t.Errorf("never: %s", what)
		}
	}
	if t.Failed() {
		t.Logf("what happened: %v", m.happened)
	}
}
