package hub

import (
	"maps"
	"net/http"
	"strconv"
	"strings"

	"github.com/hubhook/hubhook/emitter"
)

// commitAnswer is what came of a commit (CommitInfo of the official client).
type commitAnswer struct {
	Success    bool   `json:"success"`
	URL        string `json:"commitUrl"`
	OID        string `json:"commitOid"`
	Pull       string `json:"pullRequestUrl,omitempty"`
	HookOutput string `json:"hookOutput"`
}

// createCommit makes a commit on a branch, on a pull request, or with create_pr on a
// pull request that is opened for it. As on the Hub it may change nothing: it is for
// clients not to make empty commits.
func createCommit(c *call) (answer any, err error) {
	body, err := c.readCommit()
	if err != nil {
		return nil, err
	}
	create, _ := strconv.ParseBool(c.request.URL.Query().Get("create_pr"))
	err = c.change(func(tx *tx) error {
		r, err := c.repo(tx.state)
		if err != nil {
			return err
		}
		if create {
			answer, err = c.commitOnNewPull(tx, r, body)
		} else {
			answer, err = c.commitOnRef(tx, r, body)
		}
		return err
	})
	return answer, err
}

func (c *call) committed(r *repo, made *commit) commitAnswer {
	return commitAnswer{Success: true, URL: webURL(c.url, r) + "/commit/" + made.SHA, OID: made.SHA}
}

// webURL is where people look at a repo.
func webURL(hub string, r *repo) string {
	if r.Type == "model" {
		return hub + "/" + r.Name
	}
	return hub + "/" + folderOf(r.Type) + "/" + r.Name
}

// commitOnRef makes a commit on a branch or a pull request that there is.
func (c *call) commitOnRef(tx *tx, r *repo, body *commitBody) (any, error) {
	rev := c.params["rev"]
	head, ref, err := tx.resolve(r, rev)
	if err != nil {
		return nil, err
	}
	if ref == "" || strings.HasPrefix(ref, tagRefs) {
		return nil, noRevision(r, rev)
	}
	if err := tx.checkParent(r, head, body.parent); err != nil {
		return nil, err
	}
	pull, err := tx.pullToCommitTo(r, ref)
	if err != nil {
		return nil, err
	}
	made, err := tx.addCommit(r, head, body)
	if err != nil {
		return nil, err
	}
	r = tx.pointRef(r, ref, made.SHA)
	if pull != nil {
		if err := tx.noteCommit(r, pull.Num, made); err != nil {
			return nil, err
		}
	}
	tx.shed(r, head)
	tx.forgetCommits(r)
	return c.committed(r, made), tx.tell(happening{
		shape: "repo.content.update", repo: r, refs: []emitter.RefData{{Name: ref, Old: head.SHA, New: made.SHA}},
	})
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
func (tx *tx) addCommit(r *repo, parent *commit, body *commitBody) (*commit, error) {
	before := tx.treeOf(r.ID, parent)
	d, err := draftOf(before, body.operations)
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
		Number: tx.number(), SHA: tx.newSHA(r.ID, parent.SHA, body.summary), Parents: []string{parent.SHA},
		Title: body.summary, Message: body.description, Author: tx.user, At: tx.now, Changes: changes, tree: tree,
	}
	put(tx, tx.commits, commitKey(r.ID, made.SHA), made)
	return made, nil
}

// keepContent keeps what is in a file, if it was sent.
func (tx *tx) keepContent(r *repo, f *keptFile, contents map[string][]byte) error {
	if f == nil {
		return nil
	}
	content, sent := contents[f.OID]
	key := blobKey(r.ID, f.OID)
	if !sent || tx.blobs.rows[key] != nil {
		return nil
	}
	if tx.stored+int64(len(content)) > mostStored {
		return noRoom()
	}
	put(tx, tx.blobs, key, &blob{content})
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
	put(tx, tx.repos, r.ID, &next)
	return &next
}
