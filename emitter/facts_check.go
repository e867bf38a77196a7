package emitter

import (
	"fmt"
	"slices"
	"strings"
)

// read puts facts on the scene. The error names the first of them that no payload
// can have.
func (t *telling) read(g *Generator, f *EventData) error {
	s := &t.scene
	s.facts, s.webhook, s.private = f, g.webhooks[0], Any
	if err := t.readHubURL(g, f.HubURL); err != nil {
		return err
	}
	var r factReader
	if f.WebhookID != "" {
		r.id("WebhookID", f.WebhookID, &s.webhook)
	}
	t.readRepo(&r, &f.Repo)
	if f.MovedTo != nil {
		r.name("MovedTo.Name", f.MovedTo.Name, &s.movedTo)
		r.id("MovedTo.OwnerID", f.MovedTo.OwnerID, &s.movedTo.id)
	}
	if f.Private != nil {
		s.private = No
		if *f.Private {
			s.private = Yes
		}
	}
	t.readRefs(&r, f.Refs)
	t.readFiles(&r, f.Files)
	t.readTalk(&r, f.Discussion)
	t.readComment(&r, f.Comment)
	return r.err
}

// readHubURL finds how a Hub's URL begins those of payloads. Mostly one Hub tells
// of all.
func (t *telling) readHubURL(g *Generator, given string) (err error) {
	s := &t.scene
	if given == "" {
		s.hubURL = g.hubURL
		return nil
	}
	if given != t.hubURL {
		var spoken string
		if spoken, err = hubURL(given); err != nil {
			return fmt.Errorf("HubURL: %w", err)
		}
		t.hubURL, t.spokenURL = given, spoken
	}
	s.hubURL = t.spokenURL
	return nil
}

func (t *telling) readRepo(r *factReader, f *RepoData) {
	kind := kindNamed(f.Type)
	if kind == nil || kind.future {
		r.fail("Repo.Type", f.Type, "repo types are "+strings.Join(repoTypes("repo"), ", "))
		return
	}
	t.repo = repo{kind: kind, private: f.Private, at: t.repo.at.cleared()}
	r.name("Repo.Name", f.Name, &t.repo.title)
	r.id("Repo.ID", f.ID, &t.repo.id)
	r.id("Repo.OwnerID", f.OwnerID, &t.repo.title.id)
	if f.HeadSHA != "" {
		r.commit("Repo.HeadSHA", f.HeadSHA, &t.repo.head)
	}
	t.scene.title = t.repo.title
}

func (t *telling) readRefs(r *factReader, list []RefData) {
	s := &t.scene
	for i := range list {
		f := &list[i]
		r.in("Refs", i)
		c := refChange{kind: refGiven, text: repaired(f.Name), created: f.Old == "", deleted: f.New == ""}
		if name, ok := strings.CutPrefix(c.text, "refs/"); !ok || name == "" {
			r.fail("Name", f.Name, "a reference is written in full, such as "+mainRef)
		}
		if c.created && c.deleted {
			r.fail("Old", f.Old, "a reference without New was deleted, so there was a commit before")
		}
		if !c.created {
			r.commit("Old", f.Old, &c.old)
		}
		if !c.deleted {
			r.commit("New", f.New, &c.new)
		}
		s.refs = append(s.refs, c)
	}
	r.out()
}

func (t *telling) readFiles(r *factReader, list []FileData) {
	s := &t.scene
	s.files = slices.Grow(s.files, min(len(list), mostFilesTold))
	for i := range list {
		f := &list[i]
		r.in("Files", i)
		c := fileChange{deleted: f.Deleted, size: f.Size}
		r.text("Path", f.Path)
		if !f.Deleted {
			r.hex("XetHash", f.XetHash, c.hash[:], "a hash is 64 hex digits in lower case")
		}
		if i < mostFilesTold {
			s.files = append(s.files, c)
		}
	}
	r.out()
}

func (t *telling) readTalk(r *factReader, f *DiscussionData) {
	t.talk, t.scene.talk = discussion{}, nil
	if f == nil {
		return
	}
	d := &t.talk
	d.num, d.pull, d.pinned, d.status = f.Num, f.PullRequest, f.Pinned, f.Status
	r.id("Discussion.ID", f.ID, &d.id)
	r.text("Discussion.Title", f.Title)
	if f.Num == 0 {
		r.fail("Discussion.Num", "0", "discussions are counted from 1")
	}
	if !isStatus(f.Status) {
		r.fail("Discussion.Status", f.Status, "it is one of "+strings.Join(statuses(), ", "))
	}
	r.id("Discussion.AuthorID", f.AuthorID, &d.author)
	if f.MergeCommitID != "" {
		r.commit("Discussion.MergeCommitID", f.MergeCommitID, &d.merge)
	}
	t.scene.talk, t.scene.num = d, f.Num
}

func (t *telling) readComment(r *factReader, f *CommentData) {
	t.comment, t.scene.comment = comment{}, nil
	if f == nil {
		return
	}
	c := &t.comment
	c.hidden = f.Hidden
	r.id("Comment.ID", f.ID, &c.id)
	r.id("Comment.AuthorID", f.AuthorID, &c.author)
	if t.scene.talk != nil {
		t.scene.comment, t.scene.commentID = c, c.id
	}
}

// factReader reads facts, and keeps what is wrong with the first that is.
type factReader struct {
	list string // the one that is being read; empty outside of lists
	item int
	err  error
}

func (r *factReader) in(list string, item int) { r.list, r.item = list, item }

func (r *factReader) out() { r.list = "" }

func (r *factReader) fail(field, value, right string) {
	if r.err != nil {
		return
	}
	if r.list != "" {
		field = fmt.Sprintf("%s[%d].%s", r.list, r.item, field)
	}
	r.err = fmt.Errorf("%s is %q: %s", field, shortened(value), right)
}

func (r *factReader) id(field, text string, to *objectID) {
	r.hex(field, text, to[:], "an id is 24 hex digits in lower case")
}

func (r *factReader) commit(field, text string, to *sha) {
	r.hex(field, text, to[:], "a commit is 40 hex digits in lower case")
}

func (r *factReader) hex(field, text string, to []byte, right string) {
	if !decodeHex(to, text) {
		r.fail(field, text, right)
	}
}

func (r *factReader) name(field, text string, to *repoTitle) {
	if !repoNames.MatchString(text) {
		r.fail(field, text, "a name is owner/name, of letters, digits, dots, hyphens and underscores")
	}
	to.name.text = text
}

func (r *factReader) text(field, text string) {
	if text == "" {
		r.fail(field, text, "it is some text")
	}
}

// decodeHex reads as many bytes as dst has, in lower-case hex.
func decodeHex(dst []byte, text string) bool {
	if len(text) != 2*len(dst) {
		return false
	}
	for i := range dst {
		high, low := hexValue(text[2*i]), hexValue(text[2*i+1])
		if high|low > 15 {
			return false
		}
		dst[i] = high<<4 | low
	}
	return true
}

// hexValue is what a hex digit stands for; above 15 where it is none.
func hexValue(c byte) byte {
	switch {
	case c >= '0' && c <= '9':
		return c - '0'
	case c >= 'a' && c <= 'f':
		return c - 'a' + 10
	}
	return 255
}
