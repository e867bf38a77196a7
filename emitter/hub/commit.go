package hub

import (
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/hubhook/hubhook/emitter"
)

// CommitRequest is what a commit is asked to be.
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
	File    keptFile
	Content []byte
}

// FileOperationKind says what becomes of a path.
type FileOperationKind int

const (
	PutFile FileOperationKind = iota
	DeleteFile
	DeleteFolder
)

// CommitOnRef makes a commit on a branch or a pull request that there is, and publishes it.
func (tx *tx) CommitOnRef(r *repo, rev string, body *CommitRequest) (*repo, *commit, error) {
	head, ref, err := tx.resolve(r, rev)
	if err != nil {
		return nil, nil, err
	}
	if ref == "" || strings.HasPrefix(ref, tagRefs) {
		return nil, nil, noRevision(r, rev)
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
		if err := tx.noteCommit(r, pull.Num, made); err != nil {
			return nil, nil, err
		}
	}
	tx.shed(r, head)
	tx.forgetCommits(r)
	return r, made, tx.tell(happening{
		shape: "repo.content.update", repo: r, refs: []emitter.RefData{{Name: ref, Old: head.SHA, New: made.SHA}},
	})
}

// CommitOnNewPull makes a commit on a pull request that is opened for it. It is based
// on main, for a discussion says of no other base.
func (tx *tx) CommitOnNewPull(r *repo, rev string, body *CommitRequest) (*repo, *commit, *discussion, error) {
	base, ref, err := tx.resolve(r, rev)
	if err != nil {
		return nil, nil, nil, err
	}
	if ref == "" || strings.HasPrefix(ref, tagRefs) {
		return nil, nil, nil, noRevision(r, rev)
	}
	if ref != mainRef {
		return nil, nil, nil, invalid("pull requests are made against main here, not against %q", inShort(rev))
	}
	if body.Parent != "" {
		if base = tx.commitNamed(r, body.Parent); base == nil {
			return nil, nil, nil, noRevision(r, body.Parent)
		}
	}
	made, err := tx.addCommit(r, base, body)
	if err != nil {
		return nil, nil, nil, err
	}
	r, pull, _, err := tx.OpenDiscussionAt(r, discussion{Title: made.Title, Pull: true}, body.Description, made.SHA)
	if err != nil {
		return nil, nil, nil, err
	}
	if err := tx.noteCommit(r, pull.Num, made); err != nil {
		return nil, nil, nil, err
	}
	tx.forgetCommits(r)
	return r, made, pull, nil
}

// pullToCommitTo is the pull request that a reference is of; nil where it is of none.
// What is merged or closed takes no more.
func (s *state) pullToCommitTo(r *repo, ref string) (*discussion, error) {
	num, err := strconv.Atoi(strings.TrimPrefix(ref, pullRefs))
	if err != nil {
		return nil, nil
	}
	d := s.Discussion(r.ID, num)
	if d != nil && (d.Status == "merged" || d.Status == "closed") {
		return nil, conflict("pull request %d is %s", num, d.Status)
	}
	return d, nil
}

// checkParent finds that somebody else was faster.
func (s *state) checkParent(r *repo, head *commit, parent string) error {
	if parent == "" {
		return nil
	}
	if !shorthandForm.MatchString(strings.ToLower(parent)) {
		return invalid("parentCommit is no SHA: 40 hex digits, or the first 5 of them and more")
	}
	if s.commitNamed(r, parent) == head {
		return nil
	}
	// The Hub's words, by which users of the official client tell it.
	return &problem{status: http.StatusPreconditionFailed, text: "A commit has happened since. Please refresh and try again."}
}

// addCommit makes a commit on top of another. No reference points to it yet.
func (tx *tx) addCommit(r *repo, parent *commit, body *CommitRequest) (*commit, error) {
	before := tx.treeOf(r.ID, parent)
	d, err := draftOf(before, body.Operations)
	if err != nil {
		return nil, err
	}
	changes := d.changes()
	tree := applied(before, changes)
	if err := d.check(tree, changes); err != nil {
		return nil, err
	}
	for _, change := range changes {
		if err := tx.keepContent(r, change.File, d.contents); err != nil {
			return nil, err
		}
	}
	made := &commit{
		Number: tx.number(), SHA: tx.newSHA(r.ID, parent.SHA, body.Summary), Parents: []string{parent.SHA},
		Title: body.Summary, Message: body.Description, Author: tx.user, At: tx.now, Changes: changes, tree: tree,
	}
	put(tx, tx.commits, commitKey(r.ID, made.SHA), made)
	return made, nil
}

// keepFiles keeps what is in files, and gives their tree.
func (tx *tx) keepFiles(r *repo, files map[string][]byte) (map[string]keptFile, error) {
	tree := make(map[string]keptFile, len(files))
	for path, content := range files {
		f := keptFile{OID: gitOID(content), Size: int64(len(content))}
		tree[path] = f
		if err := tx.keepContent(r, &f, map[string][]byte{f.OID: content}); err != nil {
			return nil, err
		}
	}
	return tree, nil
}

// RootCommit makes a commit that has no parent.
func (tx *tx) RootCommit(r *repo, author, title, message string, tree map[string]keptFile) *commit {
	c := &commit{
		Number: tx.number(), SHA: tx.newSHA(r.ID, title), Title: title, Message: message,
		Author: author, At: tx.now, Whole: true, tree: tree,
	}
	for _, path := range slices.Sorted(maps.Keys(tree)) {
		f := tree[path]
		c.Changes = append(c.Changes, fileChange{Path: path, File: &f})
	}
	put(tx, tx.commits, commitKey(r.ID, c.SHA), c)
	return c
}

// keepContent keeps what is in a file, if it was sent.
func (tx *tx) keepContent(r *repo, f *keptFile, contents map[string][]byte) error {
	if f == nil {
		return nil
	}
	content, sent := contents[f.OID]
	if _, kept := tx.Content(r.ID, f.OID); !sent || kept {
		return nil
	}
	if int64(len(content)) > tx.config.MaxStored-tx.stored {
		return noRoom()
	}
	tx.SaveContent(r.ID, f.OID, content)
	return nil
}

// pointRef has a reference point to a commit. A repo is modified when main is.
func (tx *tx) pointRef(r *repo, ref, sha string) *repo {
	next := *r
	next.Refs = maps.Clone(r.Refs)
	next.Refs[ref] = gitRef{SHA: sha}
	if ref == mainRef {
		next.Modified = tx.now
	}
	tx.SaveRepo(&next)
	return &next
}

// CommitFile is CommitOn main with a file and its content.
func (tx *tx) CommitFile(r *repo, author, title, path string, content []byte) *repo {
	file := keptFile{OID: gitOID(content), Size: int64(len(content))}
	tx.SaveContent(r.ID, file.OID, content)
	return tx.CommitOn(r, mainRef, &commit{Title: title, Author: author, Changes: []fileChange{{path, &file}}})
}

// CommitOn puts a commit after the one that a reference points to, and returns the repo
// whose reference points to it. It does not save the repo, and publishes nothing.
func (tx *tx) CommitOn(old *repo, ref string, c *commit) *repo {
	var before map[string]keptFile
	if parent := old.Refs[ref].SHA; parent != "" {
		c.Parents = append([]string{parent}, c.Parents...)
		before = tx.treeOf(old.ID, tx.Commit(old.ID, parent))
	}
	if c.SHA == "" {
		c.SHA = tx.newSHA(old.ID, c.Title)
	}
	c.Number, c.At, c.tree = tx.number(), tx.now, applied(before, c.Changes)
	put(tx, tx.commits, commitKey(old.ID, c.SHA), c)
	r := *old
	r.Refs = maps.Clone(r.Refs)
	if r.Refs == nil {
		r.Refs = map[string]gitRef{}
	}
	r.Refs[ref] = gitRef{SHA: c.SHA}
	if len(c.Parents) > 0 {
		if parent := tx.Commit(old.ID, c.Parents[0]); parent != nil {
			tx.shed(&r, parent)
		}
	}
	tx.forgetCommits(&r)
	return &r
}

// SaveContent keeps what is in a file of a repo.
func (tx *tx) SaveContent(repoID, oid string, content []byte) {
	put(tx, tx.blobs, blobKey(repoID, oid), &blob{content})
}
