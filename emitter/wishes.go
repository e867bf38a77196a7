package emitter

import (
	"encoding/hex"
	"encoding/json"
	"regexp"
	"slices"
	"strconv"
)

// What a value that is set by hand asks of the scene.

// wished is what a value that is set by hand asks of a scene.
type wished struct {
	raw  string // the value as JSON; empty where a part of it is set
	item int    // which item of an array it is about, or everyItem
}

const everyItem = -1

// wishes adds what edits ask of the scenes of a shape, so that what follows from
// the values that they set fits. What no scene can have is not asked for.
func (c *planner) wishes(t *tale, want *Scene) error {
	for i, e := range c.edits {
		forgotten := slices.ContainsFunc(c.edits[i+1:], func(later Edit) bool { return later.covers(e) })
		if e.Remove || forgotten || valueAt(t.tree, e.Path) == nil {
			continue
		}
		w := wished{item: everyItem}
		for n := range e.Path {
			v := valueAt(t.tree, e.Path[:n+1])
			if n > 0 && isNumber(e.Path[n]) && valueAt(t.tree, e.Path[:n]).Items == v {
				w.item, _ = strconv.Atoi(e.Path[n])
			}
			if n == len(e.Path)-1 {
				var err error
				if w.raw, err = e.json(v); err != nil {
					return err
				}
			}
			if v.From.Kind == "world" {
				c.sources[v.From.Name].ask(t, want, w)
			}
		}
	}
	return nil
}

// ask asks for scenes with a value of the source, where there can be some.
func (from source) ask(t *tale, want *Scene, w wished) {
	asked := *want
	if from.wish == nil || !from.wish(&asked, w) {
		return
	}
	if asked.check(t.scope, t.action) != nil {
		t.unfit = true
		return
	}
	*want = asked
}

// wishText asks for a text. One that no scene can have is written all the same,
// but nothing follows from it.
func wishText(field func(*Scene) *string, can func(string) bool) func(*Scene, wished) bool {
	return func(scene *Scene, w wished) bool {
		var text string
		if json.Unmarshal([]byte(w.raw), &text) != nil || !can(text) {
			return false
		}
		*field(scene) = text
		return true
	}
}

func isStatus(text string) bool { return slices.Contains(statuses(), text) }

func wishChoice(field func(*Scene) *Choice) func(*Scene, wished) bool {
	return func(scene *Scene, w wished) bool {
		*field(scene) = map[string]Choice{"true": Yes, "false": No}[w.raw]
		return *field(scene) != Any
	}
}

func wishedPrivate(w *Scene) *Choice { return &w.Private }

// wishKind asks for a repo type. One of a future is told of a repo of today, whose
// URLs are then those of the type.
func wishKind(scene *Scene, w wished) bool {
	var name string
	if json.Unmarshal([]byte(w.raw), &name) != nil || !newKindNames.MatchString(name) {
		return false
	}
	if kind := kindNamed(name); kind != nil && !kind.future {
		scene.RepoType = name
		return true
	}
	scene.kind = kindCalled(name)
	scene.git = scene.kind.git
	return true
}

// newKindNames are names of which URLs can be made.
var newKindNames = regexp.MustCompile(`^[\w-]+$`)

func wishNum(scene *Scene, w wished) bool {
	num, err := strconv.ParseUint(w.raw, 10, 64)
	scene.Num = num
	return err == nil && num > 0
}

// wishVisible asks for a comment that has content, whatever it is.
func wishVisible(scene *Scene, _ wished) bool {
	if scene.Hidden == Any {
		scene.Hidden = No
	}
	return true
}

// wishPull asks for a pull request, which alone has changes.
func wishPull(scene *Scene, _ wished) bool {
	if scene.PullRequest == Any {
		scene.PullRequest = Yes
	}
	return true
}

// wishMerged asks for a pull request that is merged, which alone has a merge
// commit.
func wishMerged(scene *Scene, w wished) bool {
	if scene.Status == "" {
		scene.Status = merged
	}
	return wishPull(scene, w)
}

// wishGit asks for a repo that has commits and references at all.
func wishGit(scene *Scene, _ wished) bool {
	scene.git = true
	return true
}

// wishHead asks for a commit at the head of main, which is what a push to main
// moves it to.
func wishHead(scene *Scene, w wished) bool {
	scene.git = true
	var text string
	head := new(sha)
	if json.Unmarshal([]byte(w.raw), &text) == nil && len(text) == hex.EncodedLen(len(head)) {
		if _, err := hex.Decode(head[:], []byte(text)); err == nil {
			scene.head = head
		}
	}
	return true
}

// wishRepoType asks for a repo type that has such a value at all.
func wishRepoType(kind int) func(*Scene, wished) bool {
	return func(scene *Scene, _ wished) bool {
		if scene.RepoType == "" {
			scene.RepoType = repoKinds[kind].name
		}
		return true
	}
}

// fileWish says whether a file of a push is to be one that was deleted.
type fileWish struct {
	item    int // or everyItem
	deleted bool
}

// wishFile asks for what happened to a file: what is added has a hash and a size,
// what is deleted has neither.
func wishFile(scene *Scene, w wished) bool {
	deleted := w.raw == `"delete"`
	scene.files = append(slices.Clip(scene.files), fileWish{item: w.item, deleted: deleted})
	return deleted || w.raw == `"add"`
}

// wishAdded asks for a file that is there.
func wishAdded(scene *Scene, w wished) bool { return wishFile(scene, wished{`"add"`, w.item}) }
