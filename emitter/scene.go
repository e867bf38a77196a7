package emitter

import "github.com/hubhook/hubhook/emitter/internal/world"

// Choice is yes, no, or left to the seed.
type Choice int8

// The choices.
const (
	Any Choice = iota // the seed draws it
	Yes
	No
)

// Scene says what a payload must be about. Fields that are zero are drawn by the seed.
type Scene struct {
	RepoType    string // model, dataset, space or bucket
	RepoName    string // "owner/name", or only "name"
	Private     Choice // whether the repo is private, after the event
	Canonical   bool   // a repo without namespace, as the Hub's oldest are: "gpt2"
	PullRequest Choice // whether the discussion is a pull request
	Status      string // of the discussion: draft, open, closed or merged
	Num         uint64 // of the discussion; its URLs have it too
	Hidden      Choice // whether the comment is hidden, which leaves out its content
	CommentID   string // of the comment, 24 hex digits; its URL has it too
	Refs        []Ref  // what a push changes
}

// Ref is a Git reference that a push changes.
type Ref struct {
	Name   string    // "refs/heads/main", "refs/tags/v1.0", "refs/pr/4"
	Change RefChange // RefUpdated if zero
}

// RefChange is what happens to a reference.
type RefChange int8

// The changes of a reference.
const (
	RefUpdated RefChange = iota // from one SHA to another
	RefCreated                  // no old SHA
	RefDeleted                  // no new SHA
)

// constraints returns what the scene asks of an event. It appends to refs those that a push must change.
func (s *Scene) constraints(refs []world.RefConstraint) world.Constraints {
	for _, r := range s.Refs {
		refs = append(refs, world.RefConstraint{
			Name: r.Name, Created: r.Change == RefCreated, Deleted: r.Change == RefDeleted,
		})
	}
	return world.Constraints{
		RepoType: s.RepoType, RepoName: s.RepoName, Private: world.Choice(s.Private), Canonical: s.Canonical,
		PullRequest: world.Choice(s.PullRequest), Status: s.Status, Num: s.Num, Hidden: world.Choice(s.Hidden),
		CommentID: s.CommentID, Refs: refs,
	}
}
