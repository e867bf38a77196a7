package emitter

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/hubhook/hubhook/emitter/internal/payload"
	"github.com/hubhook/hubhook/emitter/internal/world"
	"github.com/hubhook/hubhook/reports/safetext"
)

// read sets the event that data describes. The error names the first value that no payload can have.
func (t *renderer) read(g *Generator, f *EventData) error {
	s := &t.state
	s.Webhook, s.Private = g.webhooks[0], world.Either
	if err := t.readHubURL(g, f.HubURL); err != nil {
		return err
	}
	var r dataReader
	if f.WebhookID != "" {
		r.id("WebhookID", f.WebhookID, &s.Webhook)
	}
	t.readRepo(&r, &f.Repo)
	if s.Given.MovedTo = f.MovedTo != nil; f.MovedTo != nil {
		r.name("MovedTo.Name", f.MovedTo.Name, &s.MovedTo)
		r.id("MovedTo.OwnerID", f.MovedTo.OwnerID, &s.MovedTo.ID)
	}
	if f.Private != nil {
		s.Private = world.ChoiceOf(*f.Private)
	}
	t.readRefs(&r, f.Refs)
	t.readFiles(&r, f.Files)
	t.readDiscussion(&r, f.Discussion)
	t.readComment(&r, f.Comment)
	return r.err
}

// readHubURL sets how URLs begin. Mostly all event data comes from one Hub, so that the last one is kept.
func (t *renderer) readHubURL(g *Generator, given string) error {
	if given == "" {
		t.state.HubURL = g.options.World.HubURL
		return nil
	}
	if given != t.hubURL {
		escaped, err := hubURL(given)
		if err != nil {
			return fmt.Errorf("HubURL: %w", err)
		}
		t.hubURL, t.escapedURL = given, escaped
	}
	t.state.HubURL = t.escapedURL
	return nil
}

func (t *renderer) readRepo(r *dataReader, f *RepoData) {
	kind := world.RepoKindNamed(f.Type)
	if kind == nil || kind.Future {
		r.fail("Repo.Type", f.Type, "repo types are "+strings.Join(world.RepoTypes("repo"), ", "))
		return
	}
	t.repo = world.Repo{Kind: kind, Private: f.Private, At: t.repo.At.Cleared()}
	r.name("Repo.Name", f.Name, &t.repo.Title)
	r.id("Repo.ID", f.ID, &t.repo.ID)
	r.id("Repo.OwnerID", f.OwnerID, &t.repo.Title.ID)
	if t.state.Given.Head = f.HeadSHA != ""; f.HeadSHA != "" {
		r.commit("Repo.HeadSHA", f.HeadSHA, &t.repo.Head)
	}
	t.state.Title = t.repo.Title
}

func (t *renderer) readRefs(r *dataReader, list []RefData) {
	s := &t.state
	for i := range list {
		f := &list[i]
		r.list, r.item = "Refs", i
		c := world.RefChange{Kind: world.RefNamed, Text: validUTF8(f.Name), Created: f.Old == "", Deleted: f.New == ""}
		if name, ok := strings.CutPrefix(c.Text, "refs/"); !ok || name == "" {
			r.fail("Name", f.Name, "a reference is written in full, such as "+world.MainRef)
		}
		if c.Created && c.Deleted {
			r.fail("Old", f.Old, "a reference without New was deleted, so there was a commit before")
		}
		if !c.Created {
			r.commit("Old", f.Old, &c.Old)
		}
		if !c.Deleted {
			r.commit("New", f.New, &c.New)
		}
		s.Refs = append(s.Refs, c)
	}
	r.list = ""
}

func (t *renderer) readFiles(r *dataReader, list []FileData) {
	s := &t.state
	s.Files = slices.Grow(s.Files, min(len(list), payload.MaxFilesListed))
	s.Given.More = !s.Repo.Kind.Git && len(list) > payload.MaxFilesListed
	for i := range list {
		f := &list[i]
		r.list, r.item = "Files", i
		c := world.FileChange{Text: validUTF8(f.Path), Deleted: f.Deleted, Size: f.Size}
		r.text("Path", f.Path)
		if !f.Deleted {
			r.hex("XetHash", f.XetHash, c.Hash[:], "a hash is 64 hex digits in lower case")
		}
		if i < payload.MaxFilesListed {
			s.Files = append(s.Files, c)
		}
	}
	r.list = ""
}

func (t *renderer) readDiscussion(r *dataReader, f *DiscussionData) {
	t.discussion, t.state.Discussion = world.Discussion{}, nil
	if f == nil {
		return
	}
	d := &t.discussion
	d.Num, d.Pull, d.Pinned, d.Status = f.Num, f.PullRequest, f.Pinned, f.Status
	t.state.Given.Title = validUTF8(f.Title)
	r.id("Discussion.ID", f.ID, &d.ID)
	r.text("Discussion.Title", f.Title)
	if f.Num == 0 {
		r.fail("Discussion.Num", "0", "discussions are counted from 1")
	}
	if !world.IsStatus(f.Status) {
		r.fail("Discussion.Status", f.Status, "it is one of "+strings.Join(world.Statuses(), ", "))
	}
	r.id("Discussion.AuthorID", f.AuthorID, &d.Author)
	if t.state.Given.MergeCommit = f.MergeCommitID != ""; f.MergeCommitID != "" {
		r.commit("Discussion.MergeCommitID", f.MergeCommitID, &d.Merge)
	}
	t.state.Discussion, t.state.Num = d, f.Num
}

func (t *renderer) readComment(r *dataReader, f *CommentData) {
	t.comment, t.state.Comment = world.Comment{}, nil
	if f == nil {
		return
	}
	c := &t.comment
	c.Hidden, t.state.Given.Content = f.Hidden, validUTF8(f.Content)
	r.id("Comment.ID", f.ID, &c.ID)
	r.id("Comment.AuthorID", f.AuthorID, &c.Author)
	if t.state.Discussion != nil {
		t.state.Comment, t.state.CommentID = c, c.ID
	}
}

// dataReader reads values of event data, and keeps the error of the first that is wrong.
type dataReader struct {
	list string // that is being read; empty outside of lists
	item int
	err  error
}

func (r *dataReader) fail(field, value, right string) {
	if r.err != nil {
		return
	}
	if r.list != "" {
		field = fmt.Sprintf("%s[%d].%s", r.list, r.item, field)
	}
	r.err = fmt.Errorf("%s is %q: %s", field, safetext.Truncate(value, payload.MaxExcerpt), right)
}

func (r *dataReader) id(field, text string, to *world.ObjectID) {
	r.hex(field, text, to[:], "an id is 24 hex digits in lower case")
}

func (r *dataReader) commit(field, text string, to *world.SHA) {
	r.hex(field, text, to[:], "a commit is 40 hex digits in lower case")
}

func (r *dataReader) hex(field, text string, to []byte, right string) {
	if !world.DecodeHex(to, text) {
		r.fail(field, text, right)
	}
}

func (r *dataReader) name(field, text string, to *world.RepoTitle) {
	if !world.IsRepoName(text) {
		r.fail(field, text, "a name is owner/name, of letters, digits, dots, hyphens and underscores")
	}
	to.Name.Text = text
}

func (r *dataReader) text(field, text string) {
	if text == "" {
		r.fail(field, text, "it is some text")
	}
}

// validUTF8 replaces each byte that is no UTF-8 by U+FFFD.
func validUTF8(text string) string {
	if utf8.ValidString(text) {
		return text
	}
	return string([]rune(text))
}
