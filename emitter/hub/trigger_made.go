package hub

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"

	"github.com/brianvoe/gofakeit/v7"
	"github.com/tidwall/gjson"

	"github.com/hubhook/hubhook/emitter"
)

// acting is somebody who makes things happen, and with what.
type acting struct {
	*tx
	*Trigger
	repoType, name string
	repo           *repo       // nil until it is needed
	discussion     *discussion // likewise
	comment        *message
	words          *gofakeit.Faker
}

// demoRepo is what the repo is called that is made where none is named.
const demoRepo = "demo"

// acting finds what a trigger is about.
func (tx *tx) acting(t *Trigger) (*acting, error) {
	a := tx.actor(t, t.Type, cmp.Or(t.Repo, tx.hub.options.User+"/"+demoRepo))
	for _, repoType := range repoTypes {
		if a.repoType == "" && tx.repoNamed(repoType, a.name) != nil {
			a.repoType = repoType
		}
	}
	a.repoType = cmp.Or(a.repoType, "model")
	if a.repoType == bucketType && strings.HasPrefix(t.Shape, "discussion") {
		return nil, invalid("%s: a bucket has no discussions", t.Shape)
	}
	return a, nil
}

// actor is somebody who is about to do something to a repo.
func (tx *tx) actor(t *Trigger, repoType, name string) *acting {
	words := gofakeit.NewFaker(rand.NewPCG(mixed(tx.seed), tx.count()), false)
	return &acting{tx: tx, Trigger: t, repoType: repoType, name: name, words: words}
}

// need has what an act needs be there. What is made for it is not told.
func (a *acting) need(n need) error {
	if n >= needRepo && a.repo == nil {
		if a.repo = a.repoNamed(a.repoType, a.name); a.repo == nil {
			if err := a.makeRepo(); err != nil {
				return err
			}
		}
	}
	if n >= needDiscussion && a.discussion == nil {
		if err := a.needDiscussion(); err != nil {
			return err
		}
	}
	if n >= needComment && a.comment == nil {
		if a.lookUp(); a.comment == nil {
			return a.makeComment()
		}
	}
	return nil
}

func (a *acting) needDiscussion() error {
	a.lookUp()
	switch {
	case a.discussion != nil:
		return nil
	case a.Num != 0:
		return notFound("", "%s %s has no discussion %d", a.repoType, a.name, a.Num)
	}
	return a.makeDiscussion(0)
}

// lookUp finds the discussion that is meant, and its latest comment that is not hidden.
func (a *acting) lookUp() {
	for _, key := range a.owned("discussion", a.repo.ID) {
		d := a.discussions.rows[key]
		if d.Num == a.Num || a.Num == 0 && (a.discussion == nil || d.Num > a.discussion.Num) {
			a.discussion = d
		}
	}
	if a.discussion == nil {
		return
	}
	for _, m := range a.said[discussionKey(a.repo.ID, a.discussion.Num)] {
		if m.Type == "comment" && !m.Hidden {
			a.comment = m
		}
	}
}

// Bounds of what is made.
const (
	mostDiscussionsMade = 10_000 // of a repo
	mostMessagesMade    = 10_000 // of a discussion
)

// makeRepo makes the repo, with a first commit where it has Git.
func (a *acting) makeRepo() error {
	if len(a.repos.rows) >= mostRepos {
		return tooManyRepos()
	}
	private := a.Private != nil && *a.Private
	r := &repo{
		ID: a.newID(), Type: a.repoType, Name: a.name, Visibility: visibility(private), Created: a.now, Modified: a.now,
	}
	if r.Type == "space" {
		r.SDK = "gradio"
	}
	if r.Type != bucketType {
		r = a.commit(r, "initial commit", "README.md", []byte("# "+r.Name+"\n"))
	}
	a.keep(r)
	return nil
}

func visibility(private bool) string {
	if private {
		return "private"
	}
	return "public"
}

// edited is a copy of the repo, to be changed.
func (a *acting) edited() *repo {
	r := *a.repo
	r.Modified = a.now
	return &r
}

// keep puts the repo in its place.
func (a *acting) keep(r *repo) {
	a.repo = r
	put(a.tx, a.repos, r.ID, r)
}

// commit commits a file on main.
func (a *acting) commit(r *repo, title, path string, content []byte) *repo {
	file := keptFile{OID: gitOID(content), Size: int64(len(content))}
	put(a.tx, a.blobs, blobKey(r.ID, file.OID), &blob{content})
	c := &commit{Title: title, Author: a.person(), Changes: []fileChange{{path, &file}}}
	return a.tx.commitOn(r, mainRef, c)
}

// commitOn puts a commit after the one that a reference points to, and gives the repo
// whose reference points to it.
func (tx *tx) commitOn(old *repo, ref string, c *commit) *repo {
	var before map[string]keptFile
	if parent := old.Refs[ref].SHA; parent != "" {
		c.Parents = []string{parent}
		before = tx.treeOf(old.ID, tx.commits.rows[commitKey(old.ID, parent)])
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
		if parent := tx.commits.rows[commitKey(old.ID, c.Parents[0])]; parent != nil {
			tx.shed(&r, parent)
		}
	}
	tx.forgetCommits(&r)
	return &r
}

func sha256Of(content []byte) string {
	sum := sha256.Sum256(content)
	return hex.EncodeToString(sum[:])
}

// makeDiscussion makes a discussion with a first comment. Its number is the next one
// where it is not given.
func (a *acting) makeDiscussion(num int) error {
	if err := a.roomForDiscussion(); err != nil {
		return err
	}
	r := *a.repo
	if num == 0 {
		num = r.Nums + 1
	}
	r.Nums = max(r.Nums, num)
	a.keep(&r)
	d := discussion{
		ID: a.newID(), Repo: r.ID, Num: num, Title: a.title(), Status: "open", Author: a.person(), Created: a.now,
	}
	return a.say(&d, message{Type: "comment", Author: d.Author, Content: a.remark()})
}

func (a *acting) roomForDiscussion() error {
	if len(a.ofRepo["discussion "+a.repo.ID]) >= mostDiscussionsMade {
		return conflict("%s %s has %d discussions already", a.repo.Type, a.repo.Name, mostDiscussionsMade)
	}
	return nil
}

// makeComment has somebody comment on the discussion.
func (a *acting) makeComment() error {
	d := *a.discussion
	return a.say(&d, message{Type: "comment", Author: a.person(), Content: a.remark()})
}

// say puts a message at the end of a discussion, which becomes the one that is told of.
func (a *acting) say(d *discussion, m message) error { return a.sayAs(a.newID(), d, m) }

// sayAs is say with the message's id.
func (a *acting) sayAs(id string, d *discussion, m message) error {
	if d.Messages >= mostMessagesMade {
		return conflict("discussion %d has %d messages already", d.Num, mostMessagesMade)
	}
	m.ID, m.Seq, m.At = id, d.Messages, a.now
	d.Messages++
	put(a.tx, a.messages, messageKey(d.Repo, d.Num, m.Seq), &m)
	put(a.tx, a.discussions, discussionKey(d.Repo, d.Num), d)
	a.discussion = d
	if m.Type == "comment" {
		a.comment = &m
	}
	return nil
}

// forgetRepo takes a repo away, with all that belongs to it.
func (tx *tx) forgetRepo(r *repo) {
	// What is owned is listed in a copy, for the list changes on the way.
	for _, key := range slices.Clone(tx.owned("discussion", r.ID)) {
		tx.forgetDiscussion(tx.discussions.rows[key])
	}
	for _, key := range slices.Clone(tx.owned("commit", r.ID)) {
		put(tx, tx.commits, key, nil)
	}
	for _, key := range slices.Clone(tx.owned("blob", r.ID)) {
		put(tx, tx.blobs, key, nil)
	}
	put(tx, tx.repos, r.ID, nil)
}

// forgetDiscussion takes a discussion away, with what was said in it.
func (tx *tx) forgetDiscussion(d *discussion) {
	// The last first, so that to undo it brings them back in their order.
	for _, m := range slices.Backward(tx.said[discussionKey(d.Repo, d.Num)]) {
		put(tx, tx.messages, messageKey(d.Repo, d.Num, m.Seq), nil)
	}
	put(tx, tx.discussions, discussionKey(d.Repo, d.Num), nil)
}

// person invents somebody who does something. It is not the user of the Hub: handlers
// take no notice of what they do themselves.
func (a *acting) person() string { return strings.ToLower(a.words.Username()) }

// title invents the title of a discussion.
func (a *acting) title() string { return cmp.Or(a.invented("discussion.title"), "A question") }

// remark invents what somebody writes.
func (a *acting) remark() string { return cmp.Or(a.invented("comment.content"), "Thank you!") }

// invented is a text as the generator writes it in payloads, by its path there.
func (a *acting) invented(path string) string {
	repoType := a.repo.Type
	if repoType == bucketType {
		repoType = "dataset" // for nobody talks about a bucket
	}
	body, err := a.hub.tell.generator.Payload(emitter.Request{
		Shape: "discussion.comment.create", Index: a.count(),
		Scene: emitter.Scene{RepoType: repoType, RepoName: a.repo.Name, PullRequest: emitter.No, Status: "open", Hidden: emitter.No},
	})
	if err != nil {
		return "" // the schemas are a user's, and have no place for it
	}
	text := gjson.GetBytes(body, path).String()
	if a.url != "" {
		text = strings.ReplaceAll(text, emitter.DefaultHubURL, a.url)
	}
	return text
}

// filePath invents where a file stands. There are not many, so that a repo does not grow
// for ever.
func (a *acting) filePath() string {
	return fmt.Sprintf("notes/%02d.md", a.words.IntRange(1, 20))
}

// anotherName invents a name for a repo that moves, of the same owner.
func (a *acting) anotherName(r *repo) string {
	name := strings.ToLower(a.words.AdjectiveDescriptive() + "-" + a.words.Animal())
	name = strings.Map(func(c rune) rune {
		if c >= 'a' && c <= 'z' {
			return c
		}
		return '-'
	}, name)
	if owner := r.owner(); owner != "" {
		name = owner + "/" + name
	}
	return a.free(r.Type, name)
}
