package hub

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"strings"

	"github.com/brianvoe/gofakeit/v7"
	"github.com/tidwall/gjson"

	"github.com/hubhook/hubhook/emitter"
)

// scenario is somebody who makes something happen, and with what.
type scenario struct {
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

// newScenario finds what a trigger is about.
func newScenario(tx *tx, t *Trigger) (*scenario, error) {
	a := scenarioFor(tx, t, t.Type, cmp.Or(t.Repo, tx.config.User+"/"+demoRepo))
	for _, repoType := range RepoTypes {
		if a.repoType == "" && tx.RepoNamed(repoType, a.name) != nil {
			a.repoType = repoType
		}
	}
	a.repoType = cmp.Or(a.repoType, "model")
	if a.repoType == TypeBucket && strings.HasPrefix(t.Shape, "discussion") {
		return nil, invalid("%s: a bucket has no discussions", t.Shape)
	}
	return a, nil
}

// scenarioFor returns a scenario about a repo.
func scenarioFor(tx *tx, t *Trigger, repoType, name string) *scenario {
	words := gofakeit.NewFaker(rand.NewPCG(mixed(tx.seed), tx.count()), false)
	return &scenario{tx: tx, Trigger: t, repoType: repoType, name: name, words: words}
}

// need has what an act needs be there. What is made for it is not told.
func (a *scenario) need(n need) error {
	if n >= needRepo && a.repo == nil {
		if a.repo = a.RepoNamed(a.repoType, a.name); a.repo == nil {
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

func (a *scenario) needDiscussion() error {
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
func (a *scenario) lookUp() {
	for _, d := range a.Discussions(a.repo.ID) {
		if d.Num == a.Num || a.Num == 0 && (a.discussion == nil || d.Num > a.discussion.Num) {
			a.discussion = d
		}
	}
	if a.discussion == nil {
		return
	}
	for _, m := range a.Messages(a.repo.ID, a.discussion.Num) {
		if m.Type == messageComment && !m.Hidden {
			a.comment = m
		}
	}
}

// Bounds of what is made.
const (
	mostDiscussionsMade = 10_000 // of a repo
	mostMessagesMade    = 10_000 // of a discussion
)

// edited is a copy of the repo, to be changed.
func (a *scenario) edited() *repo {
	r := *a.repo
	r.Modified = a.now
	return &r
}

// keep puts the repo in its place.
func (a *scenario) keep(r *repo) {
	a.repo = r
	a.SaveRepo(r)
}

// makeRepo makes the repo, with a first commit where it has Git.
func (a *scenario) makeRepo() (err error) {
	want := &repo{Type: a.repoType, Name: a.name, Visibility: visibility(a.Private != nil && *a.Private)}
	if want.Type == "space" {
		want.SDK = "gradio"
	}
	var author string
	var files map[string][]byte
	if want.Type != TypeBucket {
		author = a.person()
		files = map[string][]byte{"README.md": []byte("# " + want.Name + "\n")}
	}
	a.repo, err = a.CreateRepo(want, author, files)
	return err
}

// makeDiscussion makes a discussion with a first comment. Its number is the next one
// where it is not given.
func (a *scenario) makeDiscussion(num int) error {
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
	return a.say(&d, message{Type: messageComment, Author: d.Author, Content: a.remark()})
}

func (a *scenario) roomForDiscussion() error {
	if len(a.Discussions(a.repo.ID)) >= mostDiscussionsMade {
		return conflict("%s %s has %d discussions already", a.repo.Type, a.repo.Name, mostDiscussionsMade)
	}
	return nil
}

// makeComment has somebody comment on the discussion.
func (a *scenario) makeComment() error {
	d := *a.discussion
	return a.say(&d, message{Type: messageComment, Author: a.person(), Content: a.remark()})
}

// say adds a message to a discussion, which becomes the one that the event is about.
func (a *scenario) say(d *discussion, m message) error {
	if d.Messages >= mostMessagesMade {
		return conflict("discussion %d has %d messages already", d.Num, mostMessagesMade)
	}
	var said *message
	a.discussion, said = a.AddMessage(d, m)
	if m.Type == messageComment {
		a.comment = said
	}
	return nil
}

// person invents somebody who does something. It is not the user of the Hub: handlers
// take no notice of what they do themselves.
func (a *scenario) person() string { return strings.ToLower(a.words.Username()) }

// title invents the title of a discussion.
func (a *scenario) title() string { return cmp.Or(a.invented("discussion.title"), "A question") }

// remark invents what somebody writes.
func (a *scenario) remark() string { return cmp.Or(a.invented("comment.content"), "Thank you!") }

// invented is a text as the generator writes it in payloads, by its path there.
func (a *scenario) invented(path string) string {
	repoType := a.repo.Type
	if repoType == TypeBucket {
		repoType = "dataset" // for nobody talks about a bucket
	}
	body, err := a.config.Generator.Payload(emitter.Request{
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
func (a *scenario) filePath() string {
	return fmt.Sprintf("notes/%02d.md", a.words.IntRange(1, 20))
}

// anotherName invents a name for a repo that moves, of the same owner.
func (a *scenario) anotherName(r *repo) string {
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
	return freeName(a.tx, r.Type, name)
}
