package hub

import (
	"cmp"
	"maps"
	"strconv"
	"unicode/utf8"

	"github.com/hubhook/hubhook/emitter"
)

// discussionRoutes are discussions and pull requests (community.py of the official
// client, and the Hub's OpenAPI for those that it does not call).
func discussionRoutes() []route {
	const (
		all     = "/api/{type}/{repo}/discussions"
		one     = all + "/{num}"
		comment = one + "/comment/{comment}"
	)
	return []route{
		{name: "get_repo_discussions", method: "GET", path: all, serve: listDiscussions},
		{name: "get_discussion_details", method: "GET", path: one, serve: discussionDetails},
		// create_pull_request makes the same call.
		{name: "create_discussion", method: "POST", path: all, serve: createDiscussion},
		{name: "comment_discussion", method: "POST", path: one + "/comment", serve: commentDiscussion},
		{name: "edit_discussion_comment", method: "POST", path: comment + "/edit", serve: editComment},
		{name: "hide_discussion_comment", method: "POST", path: comment + "/hide", serve: hideComment},
		{name: "rename_discussion", method: "POST", path: one + "/title", serve: renameDiscussion},
		{name: "change_discussion_status", method: "POST", path: one + "/status", serve: changeStatus},
		{name: "merge_pull_request", method: "POST", path: one + "/merge", serve: mergePull},
		// OpenAPI only.
		{name: "pin_discussion", method: "POST", path: one + "/pin", serve: pinDiscussion},
		{name: "delete_discussion", method: "DELETE", path: one, serve: deleteDiscussion},
		{name: "delete_pull_request_ref", method: "DELETE", path: one + "/ref", serve: deletePullRef},
	}
}

// Bounds of titles and comments, in characters (OpenAPI).
const (
	shortestTalkTitle = 3
	longestTalkTitle  = 200
	longestComment    = 65_536
)

// Bounds of how many there can be.
const (
	mostDiscussions = 100_000 // of a repo, with those that were deleted
	mostMessages    = 100_000 // of a discussion
)

// Statuses of a discussion.
const (
	statusDraft  = "draft" // of pull requests alone
	statusOpen   = "open"
	statusClosed = "closed"
	statusMerged = "merged"
)

func pullRef(num int) string { return pullRefs + strconv.Itoa(num) }

// thread is a discussion that something happens to.
type thread struct {
	*tx
	repo       *repo       // as it is by now
	discussion *discussion // as it is by now
}

// thread makes a change to the discussion that the path names.
func (c *call) thread(do func(*thread) error) error {
	return c.change(func(tx *tx) error {
		r, d, err := c.discussion(tx.state)
		if err != nil {
			return err
		}
		return do(&thread{tx, r, d})
	})
}

// discussion is the one that the path names, and its repo.
func (c *call) discussion(s *state) (*repo, *discussion, error) {
	r, err := c.talkingRepo(s)
	if err != nil {
		return nil, nil, err
	}
	num, err := c.number("num")
	if err != nil {
		return nil, nil, err
	}
	if d := s.discussions.rows[discussionKey(r.ID, num)]; d != nil {
		return r, d, nil
	}
	return nil, nil, notFound("", "%s %s has no discussion %d", r.Type, r.Name, num)
}

// talkingRepo is the repo that the path names, if it is one that has discussions.
func (c *call) talkingRepo(s *state) (*repo, error) {
	r, err := c.repo(s)
	if err != nil {
		return nil, err
	}
	return r, hasTalk(r)
}

func hasTalk(r *repo) error {
	if r.Type == "bucket" {
		return invalid("a bucket has no discussions")
	}
	return nil
}

// become has the discussion be otherwise.
func (t *thread) become(edit func(*discussion)) {
	d := *t.discussion
	edit(&d)
	put(t.tx, t.discussions, discussionKey(d.Repo, d.Num), &d)
	t.discussion = &d
}

// moveRef has a Git reference of the repo point to a commit, or be gone where it is
// empty. It tells nobody.
func (t *thread) moveRef(name, sha string) emitter.RefData {
	moved := emitter.RefData{Name: name, Old: t.repo.Refs[name].SHA, New: sha}
	r := *t.repo
	r.Refs = maps.Clone(r.Refs)
	if name == mainRef {
		r.Modified = t.now
	}
	if sha == "" {
		delete(r.Refs, name)
	} else {
		r.Refs[name] = gitRef{SHA: sha}
	}
	put(t.tx, t.repos, r.ID, &r)
	t.repo = &r
	return moved
}

// tellTalk tells of the discussion, and of a comment where there is one.
func (t *thread) tellTalk(shape string, comment *message) error {
	return t.tell(happening{shape: shape, repo: t.repo, discussion: t.discussion, comment: comment})
}

// tellRef tells that a reference was moved.
func (t *thread) tellRef(moved emitter.RefData) error {
	return t.tell(happening{shape: "repo.content.update", repo: t.repo, refs: []emitter.RefData{moved}})
}

func createDiscussion(c *call) (answer any, err error) {
	var body struct {
		Title       *string `json:"title"`
		Description *string `json:"description"`
		Pull        bool    `json:"pullRequest"`
	}
	if err := c.read(&body); err != nil {
		return nil, err
	}
	if err := checkTitle(body.Title); err != nil {
		return nil, err
	}
	if err := checkText("description", body.Description); err != nil {
		return nil, err
	}
	err = c.change(func(tx *tx) error {
		r, err := c.repo(tx.state)
		if err != nil {
			return err
		}
		_, d, _, err := tx.openDiscussion(r, discussion{Title: *body.Title, Pull: body.Pull}, *body.Description)
		if err == nil {
			answer = map[string]any{"num": d.Num, "pullRequest": d.Pull}
		}
		return err
	})
	return answer, err
}

// openDiscussion opens a discussion or a pull request, of which the description is the
// first comment, and tells of it. It is the user's, and a pull request is a draft,
// unless d says otherwise; a title or a description that is too long is cut. The
// reference of a pull request begins at the head of main. The repo that it returns is
// the one to go on with.
func (tx *tx) openDiscussion(r *repo, d discussion, description string) (*repo, *discussion, *message, error) {
	return tx.openDiscussionAt(r, d, description, r.head())
}

// openDiscussionAt opens one as openDiscussion does, but the reference of a pull request
// begins at a commit.
func (tx *tx) openDiscussionAt(r *repo, d discussion, description, sha string) (*repo, *discussion, *message, error) {
	if err := mayOpen(r, &d); err != nil {
		return nil, nil, nil, err
	}
	counted := *r
	counted.Nums++
	put(tx, tx.repos, r.ID, &counted)

	d.ID, d.Repo, d.Num, d.Created, d.Messages = tx.newID(), r.ID, counted.Nums, tx.now, 0
	d.Title = firstCharacters(d.Title, longestTalkTitle)
	d.Author = cmp.Or(d.Author, tx.user)
	if d.Status == "" {
		d.Status = firstStatus(d.Pull)
	}
	t := &thread{tx, &counted, &d}
	first, err := t.say(message{Type: messageComment, Author: d.Author, Content: firstCharacters(description, longestComment)})
	if err == nil {
		err = t.tellOpened(first, sha)
	}
	return t.repo, t.discussion, first, err
}

func mayOpen(r *repo, d *discussion) error {
	switch err := hasTalk(r); {
	case err != nil:
		return err
	case d.Title == "":
		return invalid("title is missing")
	case r.Nums >= mostDiscussions:
		return conflict("%s has had %d discussions, and can have no more", r.Name, mostDiscussions)
	case d.Pull && r.head() == "":
		return conflict("%s has no branch main to open a pull request on", r.Name)
	}
	return nil
}

// firstStatus is how a discussion begins that a program opens.
func firstStatus(pull bool) string {
	if pull {
		return statusDraft
	}
	return statusOpen
}

func (t *thread) tellOpened(first *message, sha string) error {
	if !t.discussion.Pull {
		return t.tellTalk("discussion.create", first)
	}
	moved := t.moveRef(pullRef(t.discussion.Num), sha)
	if err := t.tellTalk("discussion.create", first); err != nil {
		return err
	}
	return t.tellRef(moved)
}

// checkTitle finds what no title can be.
func checkTitle(title *string) error {
	if title == nil {
		return invalid("title is missing")
	}
	if n := utf8.RuneCountInString(*title); n < shortestTalkTitle || n > longestTalkTitle {
		return invalid("title has %d characters: it can have %d to %d", n, shortestTalkTitle, longestTalkTitle)
	}
	return nil
}

// checkText finds what no comment can be but the first, which may be empty.
func checkText(name string, text *string) error {
	if text == nil {
		return invalid("%s is missing", name)
	}
	if n := utf8.RuneCountInString(*text); n > longestComment {
		return invalid("%s has %d characters: it can have %d", name, n, longestComment)
	}
	return nil
}
