package check

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/tidwall/gjson"
	"github.com/tidwall/sjson"

	"github.com/hubhook/hubhook/emitter"
)

// UsualShape is the shape of most deliveries that a webhook gets.
const UsualShape = "repo.content.update"

// DefaultScene returns a scene with nothing special in it: an open pull request of a
// model, a push to main. Each special case has a check of its own, and must not fail those
// that are about something else.
func DefaultScene() emitter.Scene {
	return emitter.Scene{
		RepoType:    "model",
		Private:     emitter.No,
		PullRequest: emitter.Yes,
		Status:      "open",
		Hidden:      emitter.No,
		Refs:        []emitter.Ref{{Name: "refs/heads/main", Change: emitter.RefUpdated}},
	}
}

// mergeDefaults returns a scene with defaults, about a repo that the webhook watches.
func (t Target) mergeDefaults(asked emitter.Scene) emitter.Scene {
	scene := DefaultScene()
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

// usualType returns the repo type of ordinary deliveries: the one that the target asks
// for, or else the first that is watched, preferably one with Git, which has everything.
// It is empty if any type will do.
func (t Target) usualType() string {
	if t.Scene.RepoType != "" || len(t.Watches) == 0 {
		return t.Scene.RepoType
	}
	if i := slices.IndexFunc(t.Watches, hasGit); i >= 0 {
		return t.Watches[i]
	}
	return t.Watches[0]
}

// BucketType is the repo type that has no Git and no discussions.
const BucketType = "bucket"

func hasGit(repoType string) bool { return repoType != BucketType }

// unsendableReason returns why no webhook sends such a payload; empty if one does.
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

// withSetting adds a setting to an empty updatedConfig: that it may be empty is a check of
// its own.
func withSetting(body []byte) ([]byte, error) {
	if gjson.GetBytes(body, "updatedConfig").Raw != "{}" {
		return body, nil
	}
	return sjson.SetBytes(body, "updatedConfig.private", false)
}

// payloadsPerCheck is how many payloads of its own each check has.
const payloadsPerCheck = 1 << 15

// firstIndex returns the index of a check's first payload: no two checks are about the
// same repo, and a check that is run by itself sends what it always sends. An ID is the area's
// prefix, a number below 64 and at times a letter, so that all of them fit below the index
// at which IDs repeat.
func firstIndex(c Check) uint64 {
	_, digits, _ := strings.Cut(c.Table(), "-")
	number, _ := strconv.ParseUint(digits, 10, 6)
	place := uint64(slices.Index(Areas(), c.Area)+1)<<6 | number
	entry := uint64(0)
	if letter := strings.TrimPrefix(c.ID, c.Table()); letter != "" {
		entry = uint64(letter[0] - 'a' + 1)
	}
	return (place<<5 | entry) * payloadsPerCheck
}
