package payload

import (
	"cmp"
	"encoding/hex"
	"encoding/json"
	"regexp"
	"slices"
	"strconv"

	"github.com/hubhook/hubhook/emitter/internal/world"
)

// editedValue is a value that an edit sets.
type editedValue struct {
	raw  string // as JSON; empty if a part of it is set
	item int    // which item of an array it concerns, or EveryItem
}

// constraint adds what an edited value asks of an event; false if no event can have it.
type constraint = func(*world.Constraints, editedValue) bool

// constrain adds what edits ask of the events of a shape, so that what follows from the values that they set fits.
// What no event can have is not asked for.
func (b *builder) constrain(t *Shape) error {
	for i, e := range b.edits {
		forgotten := slices.ContainsFunc(b.edits[i+1:], func(later Edit) bool { return later.covers(e) })
		if e.Remove || forgotten || valueAt(t.Tree, e.Path) == nil {
			continue
		}
		edited := editedValue{item: world.EveryItem}
		for n := range e.Path {
			v := valueAt(t.Tree, e.Path[:n+1])
			if n > 0 && isNumber(e.Path[n]) && valueAt(t.Tree, e.Path[:n]).Items == v {
				edited.item, _ = strconv.Atoi(e.Path[n])
			}
			if n == len(e.Path)-1 {
				var err error
				if edited.raw, err = e.json(v); err != nil {
					return err
				}
			}
			if v.From.Kind == "world" {
				b.sources[v.From.Name].addConstraint(t, edited)
			}
		}
	}
	return nil
}

// addConstraint asks for events with an edited value of the source, if there can be some.
func (from valueSource) addConstraint(t *Shape, edited editedValue) {
	want := t.Want
	if from.constrain == nil || !from.constrain(&want, edited) {
		return
	}
	if want.Check(t.Scope, t.Action) != nil {
		t.Unfit = true
		return
	}
	t.Want = want
}

// constrainText asks for a text. One that no event can have is written all the same, but nothing follows from it.
func constrainText(field func(*world.Constraints) *string, can func(string) bool) constraint {
	return func(c *world.Constraints, edited editedValue) bool {
		var text string
		if json.Unmarshal([]byte(edited.raw), &text) != nil || !can(text) {
			return false
		}
		*field(c) = text
		return true
	}
}

func constrainChoice(field func(*world.Constraints) *world.Choice) constraint {
	return func(c *world.Constraints, edited editedValue) bool {
		*field(c) = map[string]world.Choice{"true": world.Yes, "false": world.No}[edited.raw]
		return *field(c) != world.Either
	}
}

func privateChoice(c *world.Constraints) *world.Choice { return &c.Private }

// constrainKind asks for a repo type. One of the future is given to a repo of today, whose URLs are then those of the
// type.
func constrainKind(c *world.Constraints, edited editedValue) bool {
	var name string
	if json.Unmarshal([]byte(edited.raw), &name) != nil || !newKindNames.MatchString(name) {
		return false
	}
	if kind := world.RepoKindNamed(name); kind != nil && !kind.Future {
		c.RepoType = name
		return true
	}
	c.Kind = world.FutureRepoKind(name)
	c.Git = c.Kind.Git
	return true
}

// newKindNames are names of which URLs can be made.
var newKindNames = regexp.MustCompile(`^[\w-]+$`)

func constrainNum(c *world.Constraints, edited editedValue) bool {
	num, err := strconv.ParseUint(edited.raw, 10, 64)
	c.Num = num
	return err == nil && num > 0
}

// constrainVisible asks for a comment that has content, whatever it is.
func constrainVisible(c *world.Constraints, _ editedValue) bool {
	c.Hidden = cmp.Or(c.Hidden, world.No)
	return true
}

// constrainPull asks for a pull request: only these have changes.
func constrainPull(c *world.Constraints, _ editedValue) bool {
	c.PullRequest = cmp.Or(c.PullRequest, world.Yes)
	return true
}

// constrainMerged asks for a pull request that is merged: only these have a merge commit.
func constrainMerged(c *world.Constraints, edited editedValue) bool {
	c.Status = cmp.Or(c.Status, world.StatusMerged)
	return constrainPull(c, edited)
}

// constrainGit asks for a repo that has commits and references at all.
func constrainGit(c *world.Constraints, _ editedValue) bool {
	c.Git = true
	return true
}

// constrainHead asks for a commit at the head of main, to which a push to main moves it.
func constrainHead(c *world.Constraints, edited editedValue) bool {
	c.Git = true
	var text string
	head := new(world.SHA)
	if json.Unmarshal([]byte(edited.raw), &text) == nil && len(text) == hex.EncodedLen(len(head)) {
		if _, err := hex.Decode(head[:], []byte(text)); err == nil {
			c.Head = head
		}
	}
	return true
}

// constrainRepoType asks for a repo type that has such a value at all.
func constrainRepoType(name string) constraint {
	return func(c *world.Constraints, _ editedValue) bool {
		c.RepoType = cmp.Or(c.RepoType, name)
		return true
	}
}

// constrainFile asks for a change to a file: what is added has a hash and a size, what is deleted has neither.
func constrainFile(c *world.Constraints, edited editedValue) bool {
	deleted := edited.raw == `"delete"`
	c.Files = append(slices.Clip(c.Files), world.FileConstraint{Item: edited.item, Deleted: deleted})
	return deleted || edited.raw == `"add"`
}

func constrainAdded(c *world.Constraints, edited editedValue) bool {
	return constrainFile(c, editedValue{`"add"`, edited.item})
}
