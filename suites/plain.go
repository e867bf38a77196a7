package suites

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/hubhook/hubhook/emitter"
)

// plain is a scene with nothing special in it: an open pull request of a model,
// a push to main. What a handler makes of what is special is each a check of its
// own, and must not fail those that are about something else.
func plain() emitter.Scene {
	return emitter.Scene{
		RepoType:    "model",
		PullRequest: emitter.Yes,
		Status:      "open",
		Hidden:      emitter.No,
		Refs:        []emitter.Ref{{Name: "refs/heads/main", Change: emitter.RefUpdated}},
	}
}

// special is plain but for what is asked for, and of the repo that the target is
// said to care for.
func (t *Target) special(asked emitter.Scene) emitter.Scene {
	scene := plain()
	scene.Canonical = asked.Canonical
	if !asked.Canonical {
		scene.RepoName = t.Scene.RepoName
	}
	scene.RepoType = cmp.Or(t.Scene.RepoType, scene.RepoType)
	if asked.RepoType != "" {
		scene.RepoType = asked.RepoType
	}
	if asked.PullRequest != emitter.Any {
		scene.PullRequest = asked.PullRequest
	}
	if asked.Status != "" {
		scene.Status = asked.Status
	}
	if asked.Hidden != emitter.Any {
		scene.Hidden = asked.Hidden
	}
	if len(asked.Refs) > 0 {
		scene.Refs = asked.Refs
	}
	if scene.RepoType == "bucket" {
		scene.Refs = nil // it has no Git
	}
	return scene
}

// payloadsPerCheck leaves each check payloads of its own.
const payloadsPerCheck = 1 << 15

// firstIndex is that of a check's first payload: no two checks tell of the same
// repo, and a check that is run alone sends what it always sends. An ID is the
// area's, a number below 64 and at times a letter, so that all of them fit below
// the index from which on ids repeat.
func firstIndex(check Check) uint64 {
	_, id, _ := strings.Cut(check.ID, "-")
	digits := strings.TrimRight(id, "abcdefghijklmnopqrstuvwxyz")
	number, _ := strconv.ParseUint(digits, 10, 6)
	place := uint64(slices.Index(Areas(), check.Area)+1)<<6 | number
	entry := uint64(0)
	if letter := strings.TrimPrefix(id, digits); letter != "" {
		entry = uint64(letter[0] - 'a' + 1)
	}
	return (place<<5 | entry) * payloadsPerCheck
}
