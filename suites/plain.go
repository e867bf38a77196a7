package suites

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/tidwall/gjson"
	"github.com/tidwall/sjson"

	"github.com/hubhook/hubhook/emitter"
)

// defaultScene is a scene with nothing special in it: an open pull request of a model,
// a push to main. What a handler makes of what is special is each a check of its
// own, and must not fail those that are about something else.
func defaultScene() emitter.Scene {
	return emitter.Scene{
		RepoType:    "model",
		Private:     emitter.No,
		PullRequest: emitter.Yes,
		Status:      "open",
		Hidden:      emitter.No,
		Refs:        []emitter.Ref{{Name: "refs/heads/main", Change: emitter.RefUpdated}},
	}
}

// mergeDefaults is plain but for what is asked for, and of a repo that the webhook
// watches.
func (t *Target) mergeDefaults(asked emitter.Scene) emitter.Scene {
	scene := defaultScene()
	scene.Canonical = asked.Canonical
	scene.RepoName = asked.RepoName
	if !asked.Canonical {
		scene.RepoName = cmp.Or(asked.RepoName, t.Scene.RepoName)
	}
	scene.RepoType = cmp.Or(asked.RepoType, t.usualType(), scene.RepoType)
	scene.Private = cmp.Or(asked.Private, scene.Private)
	scene.PullRequest = cmp.Or(asked.PullRequest, scene.PullRequest)
	scene.Status = cmp.Or(asked.Status, scene.Status)
	scene.Num = asked.Num
	scene.Hidden = cmp.Or(asked.Hidden, scene.Hidden)
	switch {
	case len(asked.Refs) > 0:
		scene.Refs = asked.Refs
	case !hasGit(scene.RepoType):
		scene.Refs = nil
	}
	return scene
}

// usualType is the type of repo that plain deliveries are about: the one that the
// target is said to care for, or else the first that is watched, one with Git where
// there is one, for that has everything. Empty where any type will do.
func (t *Target) usualType() string {
	if t.Scene.RepoType != "" || len(t.Watches) == 0 {
		return t.Scene.RepoType
	}
	if i := slices.IndexFunc(t.Watches, hasGit); i >= 0 {
		return t.Watches[i]
	}
	return t.Watches[0]
}

// bucketType is the type of repo that has no Git and no discussions.
const bucketType = "bucket"

func hasGit(repoType string) bool { return repoType != bucketType }

// unsendableReason tells why no webhook sends such a payload; empty where one does.
func unsendableReason(asked emitter.Request) string {
	switch root, _, _ := strings.Cut(asked.Shape, "."); {
	case hasGit(asked.Scene.RepoType):
		return ""
	case root == "discussion":
		return "a bucket has no discussions, so a webhook that watches nothing else never gets " + asked.Shape
	case len(asked.Scene.Refs) > 0:
		return "a bucket has no Git references, so a webhook that watches nothing else never gets any"
	}
	return ""
}

// withSetting has a change of settings say which: that it may not is a check of its
// own.
func withSetting(body []byte) ([]byte, error) {
	if gjson.GetBytes(body, "updatedConfig").Raw != "{}" {
		return body, nil
	}
	return sjson.SetBytes(body, "updatedConfig.private", false)
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
