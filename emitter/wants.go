package emitter

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// Choice is yes, no, or left to the seed.
type Choice int8

// The choices.
const (
	Any Choice = iota // the seed draws it
	Yes
	No
)

// Scene asks for something special in a payload. What is left zero is drawn by
// the seed.
type Scene struct {
	RepoType    string // model, dataset, space or bucket
	RepoName    string // "owner/name", or "name" alone
	Private     Choice // whether the repo is private, after the event
	Canonical   bool   // a repo without namespace, as the Hub's oldest are: "gpt2"
	PullRequest Choice // whether the discussion is a pull request
	Status      string // of the discussion: draft, open, closed or merged
	Num         uint64 // of the discussion; it is in its URLs too
	Hidden      Choice // whether the comment is hidden, which leaves out its content
	CommentID   string // of the comment, 24 hex digits; it is in its URL too
	Refs        []Ref  // what a push changes

	// What values that are set by hand ask for besides.
	git     bool       // a repo that has commits, of whatever type
	kind    *repoKind  // of a future, that a repo of today is told to be of
	head    *sha       // of main, after the event
	files   []fileWish // of a push to a bucket
	movedTo string     // the new name of a repo that moves
}

// or fills what a scene leaves to chance with what another one asks for.
func (w Scene) or(other *Scene) Scene {
	w.RepoType, w.RepoName = cmp.Or(w.RepoType, other.RepoType), cmp.Or(w.RepoName, other.RepoName)
	w.Private, w.PullRequest, w.Hidden = cmp.Or(w.Private, other.Private), cmp.Or(w.PullRequest, other.PullRequest), cmp.Or(w.Hidden, other.Hidden)
	w.Status, w.Num, w.CommentID = cmp.Or(w.Status, other.Status), cmp.Or(w.Num, other.Num), cmp.Or(w.CommentID, other.CommentID)
	w.Canonical, w.git = w.Canonical || other.Canonical, w.git || other.git
	w.head, w.kind = cmp.Or(w.head, other.head), cmp.Or(w.kind, other.kind)
	w.files, w.movedTo = append(slices.Clip(other.files), w.files...), cmp.Or(w.movedTo, other.movedTo)
	if len(w.Refs) == 0 {
		w.Refs = other.Refs
	}
	return w
}

// Ref is a Git reference that a push changes.
type Ref struct {
	Name   string    // "refs/heads/main", "refs/tags/v1.0", "refs/pr/4"
	Change RefChange // RefUpdated where zero
}

// RefChange says what happens to a reference.
type RefChange int8

// The changes of a reference.
const (
	RefUpdated RefChange = iota // from one SHA to another
	RefCreated                  // no old SHA
	RefDeleted                  // no new SHA
)

// repoTypes are the types of today; buckets have no Git and no discussions.
func repoTypes(scope string) []string {
	root, _, _ := strings.Cut(scope, ".")
	var names []string
	for _, kind := range repoKinds[:firstFutureKind] {
		if kind.git || root != "discussion" {
			names = append(names, kind.name)
		}
	}
	return names
}

// statuses are what a discussion can be.
func statuses() []string { return []string{draft, open, closed, merged} }

// repoNames are the names that the Hub allows.
var repoNames = regexp.MustCompile(`^([\w.-]+/)?[\w.-]+$`)

// check refuses what cannot be. A new discussion is not yet closed.
func (w *Scene) check(scope, action string) error {
	if w.RepoType != "" && !slices.Contains(repoTypes(scope), w.RepoType) {
		return fmt.Errorf("no %s here: repo types are %s", w.RepoType, strings.Join(repoTypes(scope), ", "))
	}
	if w.RepoName != "" && !repoNames.MatchString(w.RepoName) {
		return fmt.Errorf("the repo cannot be called %q: a name is owner/name, of letters, digits, dots, hyphens and underscores", w.RepoName)
	}
	if w.Status != "" && !slices.Contains(statuses(), w.Status) {
		return fmt.Errorf("unknown status %q: it is one of %s", w.Status, strings.Join(statuses(), ", "))
	}
	if w.PullRequest == No && (w.Status == merged || w.Status == draft) {
		return fmt.Errorf("a discussion that is no pull request cannot be %s", w.Status)
	}
	if scope == "discussion" && action == "create" && (w.Status == merged || w.Status == closed) {
		return fmt.Errorf("a discussion that was just opened cannot be %s", w.Status)
	}
	if w.CommentID != "" && !isObjectID(w.CommentID) {
		return fmt.Errorf("the comment's id cannot be %q: ids are 24 hex digits", w.CommentID)
	}
	if w.RepoType == repoKinds[bucketKind].name && (w.git || len(w.Refs) > 0) {
		return fmt.Errorf("a bucket has no Git references")
	}
	return nil
}
