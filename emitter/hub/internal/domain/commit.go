package domain

import (
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/hubhook/hubhook/emitter"
	"github.com/hubhook/hubhook/emitter/hub/internal/problem"
)

// CommitRequest describes a commit to be made.
type CommitRequest struct {
	Summary     string
	Description string
	Parent      string // a SHA, or some digits of one; empty: whichever it is
	Operations  []FileOperation
}

// FileOperation is one thing that a commit does to a tree.
type FileOperation struct {
	Kind    FileOperationKind
	Path    string
	Old     string // where the file is taken from, without content
	File    File
	Content []byte
}

// FileOperationKind is what a FileOperation does.
type FileOperationKind int

const (
	PutFile FileOperationKind = iota
	DeleteFile
	DeleteFolder
)

// CommitOnRef makes a commit on a branch or a pull request that there is, and publishes it.
func (tx *Tx) CommitOnRef(r *Repo, rev string, body *CommitRequest) (*Repo, *Commit, error) {
	head, ref, err := tx.resolveBranch(r, rev)
	if err != nil {
		return nil, nil, err
	}
	if err := tx.checkParent(r, head, body.Parent); err != nil {
		return nil, nil, err
	}
	pull, err := tx.pullToCommitTo(r, ref)
	if err != nil {
		return nil, nil, err
	}
	made, err := tx.addCommit(r, head, body)
	if err != nil {
		return nil, nil, err
	}
	r = tx.pointRef(r, ref, made.SHA)
	if pull != nil {
		if err := tx.noteCommit(r, pull, made); err != nil {
			return nil, nil, err
		}
	}
	tx.dropTree(r, head)
	tx.pruneCommits(r)
	return r, made, tx.Publish(Event{
		Shape: "repo.content.update", Repo: r, Refs: []emitter.RefData{{Name: ref, Old: head.SHA, New: made.SHA}},
	})
}

// CommitOnNewPull makes a commit on a pull request that is opened for it. It is based
// on main, for a discussion says of no other base.
func (tx *Tx) CommitOnNewPull(r *Repo, rev string, body *CommitRequest) (*Repo, *Commit, *Discussion, error) {
	base, ref, err := tx.resolveBranch(r, rev)
	if err != nil {
		return nil, nil, nil, err
	}
	if ref != MainRef {
		return nil, nil, nil, problem.Invalid("pull requests are made against main here, not against %q", problem.Short(rev))
	}
	if body.Parent != "" {
		if base = tx.commitNamed(r, body.Parent); base == nil {
			return nil, nil, nil, NoRevision(r, body.Parent)
		}
	}
	made, err := tx.addCommit(r, base, body)
	if err != nil {
		return nil, nil, nil, err
	}
	r, pull, err := tx.openDiscussionAt(r, Discussion{Title: made.Title, Pull: true}, body.Description, made.SHA)
	if err != nil {
		return nil, nil, nil, err
	}
	if err := tx.noteCommit(r, pull, made); err != nil {
		return nil, nil, nil, err
	}
	tx.pruneCommits(r)
	return r, made, pull, nil
}

// resolveBranch finds the commit and the full name of a reference that commits can be added to.
func (s *State) resolveBranch(r *Repo, rev string) (*Commit, string, error) {
	head, ref, err := s.Resolve(r, rev)
	if err == nil && (ref == "" || strings.HasPrefix(ref, TagRefs)) {
		err = NoRevision(r, rev)
	}
	return head, ref, err
}

// pullToCommitTo returns the pull request of a reference; nil if there is none. One that
// is merged or closed takes no more commits.
func (s *State) pullToCommitTo(r *Repo, ref string) (*Discussion, error) {
	num, err := strconv.Atoi(strings.TrimPrefix(ref, PullRefs))
	if err != nil {
		return nil, nil
	}
	d := s.Discussion(r.ID, num)
	if d != nil && (d.Status == StatusMerged || d.Status == StatusClosed) {
		return nil, problem.Conflict("pull request %d is %s", num, d.Status)
	}
	return d, nil
}

func (s *State) checkParent(r *Repo, head *Commit, parent string) error {
	if parent == "" {
		return nil
	}
	if !shorthandForm.MatchString(strings.ToLower(parent)) {
		return problem.Invalid("parentCommit is no SHA: 40 hex digits, or the first 5 of them and more")
	}
	if s.commitNamed(r, parent) == head {
		return nil
	}
	// The Hub's words, which users of the official client know.
	return &problem.Error{
		Status: http.StatusPreconditionFailed, Text: "A commit has happened since. Please refresh and try again.",
	}
}

// addCommit makes a commit on top of another. No reference points to it yet.
func (tx *Tx) addCommit(r *Repo, parent *Commit, body *CommitRequest) (*Commit, error) {
	before := tx.TreeOf(r.ID, parent)
	d, err := draftOf(before, body.Operations)
	if err != nil {
		return nil, err
	}
	changes := d.changes()
	if err := d.check(changes); err != nil {
		return nil, err
	}
	for _, change := range changes {
		if change.File == nil {
			continue
		}
		if err := tx.keepContent(r, change.File.OID, d.contents[change.File.OID]); err != nil {
			return nil, err
		}
	}
	return tx.saveCommit(r.ID, &Commit{
		SHA: tx.NewSHA(r.ID, parent.SHA, body.Summary), Parents: []string{parent.SHA}, Title: body.Summary,
		Message: body.Description, Author: tx.User, Changes: changes, Tree: d.after,
	}), nil
}

// saveCommit keeps a commit, which is made now.
func (tx *Tx) saveCommit(repoID string, c *Commit) *Commit {
	c.Number, c.At = tx.NextNumber(), tx.Now
	put(tx, tx.commits, commitKey(repoID, c.SHA), c)
	return c
}

func (tx *Tx) keepFiles(r *Repo, files map[string][]byte) (map[string]File, error) {
	tree := make(map[string]File, len(files))
	for path, content := range files {
		tree[path] = GitFile(content)
		if err := tx.keepContent(r, tree[path].OID, content); err != nil {
			return nil, err
		}
	}
	return tree, nil
}

// RootCommit makes a commit that has no parent.
func (tx *Tx) RootCommit(r *Repo, author, title, message string, tree map[string]File) *Commit {
	c := &Commit{SHA: tx.NewSHA(r.ID, title), Title: title, Message: message, Author: author, Whole: true, Tree: tree}
	for _, path := range slices.Sorted(maps.Keys(tree)) {
		f := tree[path]
		c.Changes = append(c.Changes, FileChange{Path: path, File: &f})
	}
	return tx.saveCommit(r.ID, c)
}

// keepContent keeps what is in a file; nil if it was not sent.
func (tx *Tx) keepContent(r *Repo, oid string, content []byte) error {
	if _, kept := tx.Content(r.ID, oid); content == nil || kept {
		return nil
	}
	if int64(len(content)) > tx.Config.MaxStored-tx.storedBytes {
		return NoRoom()
	}
	tx.SaveContent(r.ID, oid, content)
	return nil
}

// pointRef points a reference to a commit. A repo is modified when main is.
func (tx *Tx) pointRef(r *Repo, ref, sha string) *Repo {
	next := r.WithRef(ref, Ref{SHA: sha})
	if ref == MainRef {
		next.Modified = tx.Now
	}
	tx.SaveRepo(next)
	return next
}

// CommitOn puts a commit after the one that a reference points to, and returns the repo
// whose reference points to it. It does not save the repo, and publishes nothing.
func (tx *Tx) CommitOn(old *Repo, ref string, c *Commit) *Repo {
	var before map[string]File
	if parent := old.Refs[ref].SHA; parent != "" {
		c.Parents = append([]string{parent}, c.Parents...)
		before = tx.TreeOf(old.ID, tx.Commit(old.ID, parent))
	}
	if c.SHA == "" {
		c.SHA = tx.NewSHA(old.ID, c.Title)
	}
	c.Tree = Applied(before, c.Changes)
	tx.saveCommit(old.ID, c)
	r := old.WithRef(ref, Ref{SHA: c.SHA})
	tx.dropTree(r, tx.Parent(old.ID, c))
	tx.pruneCommits(r)
	return r
}

func (tx *Tx) SaveContent(repoID, oid string, content []byte) {
	put(tx, tx.blobs, blobKey(repoID, oid), &blob{content})
}
