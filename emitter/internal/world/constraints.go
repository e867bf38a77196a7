package world

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// Choice is yes, no, or left to chance.
type Choice int8

const (
	Either Choice = iota
	Yes
	No
)

// is reports whether a choice leaves or demands a value.
func (c Choice) is(value bool) bool { return c == Either || (c == Yes) == value }

// ChoiceOf returns the choice of a value.
func ChoiceOf(value bool) Choice {
	if value {
		return Yes
	}
	return No
}

// Constraints say what an event must be like. Fields that are zero leave it to chance.
type Constraints struct {
	RepoType    string // model, dataset, space or bucket
	RepoName    string // "owner/name", or "name" alone
	Private     Choice // whether the repo is private, after the event
	Canonical   bool   // a repo without namespace
	PullRequest Choice // whether the discussion is a pull request
	Status      string // of the discussion
	Num         uint64 // of the discussion
	Hidden      Choice // whether the comment is hidden
	CommentID   string // 24 hex digits
	Refs        []RefConstraint

	// Edits set these, which no Scene asks for.
	Git     bool             // a repo that has commits, of whatever type
	Kind    *RepoKind        // a type of the future, that the payload gives to a repo of today
	Head    *SHA             // of main, after the event
	Files   []FileConstraint // of a push to a bucket
	MovedTo string           // the new name of a repo that moves
}

// RefConstraint is a Git reference that a push must change.
type RefConstraint struct {
	Name             string
	Created, Deleted bool // updated if neither
}

// EveryItem is the item of constraints that hold for each item of an array.
const EveryItem = -1

// FileConstraint says whether a file of a push must be one that was deleted.
type FileConstraint struct {
	Item    int // or EveryItem
	Deleted bool
}

// Applies reports whether the file with an index must become another than it is.
func (c *FileConstraint) Applies(index int, f *FileChange) bool {
	return (c.Item == index || c.Item == EveryItem) && f.Deleted != c.Deleted
}

// Or returns constraints in which those of another fill what c leaves to chance.
func (c Constraints) Or(other *Constraints) Constraints {
	c.RepoType, c.RepoName = cmp.Or(c.RepoType, other.RepoType), cmp.Or(c.RepoName, other.RepoName)
	c.Private, c.PullRequest = cmp.Or(c.Private, other.Private), cmp.Or(c.PullRequest, other.PullRequest)
	c.Hidden, c.CommentID = cmp.Or(c.Hidden, other.Hidden), cmp.Or(c.CommentID, other.CommentID)
	c.Status, c.Num = cmp.Or(c.Status, other.Status), cmp.Or(c.Num, other.Num)
	c.Canonical, c.Git = c.Canonical || other.Canonical, c.Git || other.Git
	c.Head, c.Kind = cmp.Or(c.Head, other.Head), cmp.Or(c.Kind, other.Kind)
	c.Files, c.MovedTo = append(slices.Clip(other.Files), c.Files...), cmp.Or(c.MovedTo, other.MovedTo)
	if len(c.Refs) == 0 {
		c.Refs = other.Refs
	}
	return c
}

// RepoTypes returns the repo types of today that a scope can concern: buckets have no discussions.
func RepoTypes(scope string) []string {
	root, _, _ := strings.Cut(scope, ".")
	var names []string
	for _, kind := range repoKinds[:firstFutureKind] {
		if kind.Git || root != "discussion" {
			names = append(names, kind.Name)
		}
	}
	return names
}

// Statuses returns the statuses of discussions.
func Statuses() []string { return []string{statusDraft, statusOpen, statusClosed, StatusMerged} }

func IsStatus(text string) bool { return slices.Contains(Statuses(), text) }

var repoNames = regexp.MustCompile(`^([\w.-]+/)?[\w.-]+$`)

// IsRepoName reports whether the Hub allows a name, with or without its owner.
func IsRepoName(text string) bool { return repoNames.MatchString(text) }

// Check returns an error if no event of a shape can satisfy the constraints. A new discussion is not yet closed.
func (c *Constraints) Check(scope, action string) error {
	switch {
	case c.RepoType != "" && !slices.Contains(RepoTypes(scope), c.RepoType):
		return fmt.Errorf("no %s here: repo types are %s", c.RepoType, strings.Join(RepoTypes(scope), ", "))
	case c.RepoName != "" && !IsRepoName(c.RepoName):
		return fmt.Errorf(
			"the repo cannot be called %q: a name is owner/name, of letters, digits, dots, hyphens and underscores",
			c.RepoName)
	case c.Status != "" && !IsStatus(c.Status):
		return fmt.Errorf("unknown status %q: it is one of %s", c.Status, strings.Join(Statuses(), ", "))
	case c.PullRequest == No && (c.Status == StatusMerged || c.Status == statusDraft):
		return fmt.Errorf("a discussion that is no pull request cannot be %s", c.Status)
	case scope == "discussion" && action == "create" && (c.Status == StatusMerged || c.Status == statusClosed):
		return fmt.Errorf("a discussion that was just opened cannot be %s", c.Status)
	case c.CommentID != "" && !IsObjectID(c.CommentID):
		return fmt.Errorf("the comment's id cannot be %q: ids are 24 hex digits", c.CommentID)
	case c.RepoType == repoKinds[bucketKind].Name && (c.Git || len(c.Refs) > 0):
		return fmt.Errorf("a bucket has no Git references")
	}
	return nil
}

func (c *Constraints) fits(r *Repo) bool {
	switch {
	case c.RepoType != "" && r.Kind.Name != c.RepoType, c.Git && !r.Kind.Git, !c.Private.is(r.Private):
		return false
	case c.RepoName != "":
		return r.Title.is(c.RepoName)
	}
	return !c.Canonical || r.Title.owner == nil
}
