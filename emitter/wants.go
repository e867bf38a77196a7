package emitter

import (
	"fmt"
	"slices"
	"strings"
)

// Choice is yes, no, or left to the seed.
type Choice int8

// The choices.
const (
	Any Choice = iota
	Yes
	No
)

// Scene asks for something special in a payload. What is left zero is drawn by
// the seed.
type Scene struct {
	RepoType    string // model, dataset, space or bucket
	Canonical   bool   // a repo without namespace, as the Hub's oldest are: "gpt2"
	PullRequest Choice
	Status      string // of the discussion: draft, open, closed or merged
	Hidden      Choice // whether the comment is hidden, which leaves out its content
	Refs        []Ref  // what a push changes
}

// Ref is a Git reference that a push changes.
type Ref struct {
	Name   string // "refs/heads/main", "refs/tags/v1.0", "refs/pr/4"
	Change RefChange
}

// RefChange says what happens to a reference.
type RefChange int8

// The changes of a reference.
const (
	RefUpdated RefChange = iota
	RefCreated           // no old SHA
	RefDeleted           // no new SHA
)

// repoTypes are the types of today; buckets have no Git and no discussions.
func repoTypes(scope string) []string {
	git := []string{"model", "dataset", "space"}
	if root, _, _ := strings.Cut(scope, "."); root == "discussion" {
		return git
	}
	return append(git, "bucket")
}

// possibleTypes are the types that fit what is asked for.
func (w Scene) possibleTypes(scope string) []string {
	types := repoTypes(scope)
	if len(w.Refs) > 0 {
		return slices.DeleteFunc(types, func(kind string) bool { return kind == "bucket" })
	}
	return types
}

// check refuses what cannot be.
func (w Scene) check(scope string) error {
	if types := repoTypes(scope); w.RepoType != "" && !slices.Contains(types, w.RepoType) {
		return fmt.Errorf("no %s here: repo types are %s", w.RepoType, strings.Join(types, ", "))
	}
	if statuses := []string{"", "draft", "open", "closed", "merged"}; !slices.Contains(statuses, w.Status) {
		return fmt.Errorf("unknown status %q: it is one of %s", w.Status, strings.Join(statuses[1:], ", "))
	}
	if w.PullRequest == No && (w.Status == "merged" || w.Status == "draft") {
		return fmt.Errorf("a discussion that is no pull request cannot be %s", w.Status)
	}
	if w.RepoType == "bucket" && len(w.Refs) > 0 {
		return fmt.Errorf("a bucket has no Git references")
	}
	return nil
}
