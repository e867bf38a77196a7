// Package scenario makes things happen on a Hub that nobody does by the API: for a trigger,
// and to have what a payload or a path names.
package scenario

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"

	"github.com/brianvoe/gofakeit/v7"
	"github.com/tidwall/gjson"

	"github.com/hubhook/hubhook/emitter"
	"github.com/hubhook/hubhook/emitter/hub/activity"
	"github.com/hubhook/hubhook/emitter/hub/internal/domain"
	"github.com/hubhook/hubhook/emitter/hub/internal/problem"
)

// scenario is somebody who makes something happen, and with what.
type scenario struct {
	*domain.Tx
	*activity.Trigger
	repoType, name string
	repo           *domain.Repo       // nil until it is needed
	discussion     *domain.Discussion // likewise
	comment        *domain.Entry
	words          *gofakeit.Faker
}

func newScenario(tx *domain.Tx, t *activity.Trigger) (*scenario, error) {
	a := scenarioFor(tx, t, t.Type, cmp.Or(t.Repo, tx.Config.User+"/demo"))
	for _, repoType := range domain.RepoTypes() {
		if a.repoType == "" && tx.RepoNamed(repoType, a.name) != nil {
			a.repoType = repoType
		}
	}
	a.repoType = cmp.Or(a.repoType, "model")
	if a.repoType == domain.TypeBucket && strings.HasPrefix(t.Shape, "discussion") {
		return nil, problem.Invalid("%s: a bucket has no discussions", t.Shape)
	}
	return a, nil
}

func scenarioFor(tx *domain.Tx, t *activity.Trigger, repoType, name string) *scenario {
	words := gofakeit.NewFaker(rand.NewPCG(domain.Mix(tx.Seed), tx.NextID()), false)
	return &scenario{Tx: tx, Trigger: t, repoType: repoType, name: name, words: words}
}

// need creates what an action needs. It publishes nothing.
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
		return problem.NotFound("", "%s %s has no discussion %d", a.repoType, a.name, a.Num)
	}
	return a.makeDiscussion(0)
}

// lookUp finds the discussion that is meant, and its latest comment that can be edited.
func (a *scenario) lookUp() {
	for _, d := range a.Discussions(a.repo.ID) {
		if d.Num == a.Num || a.Num == 0 && (a.discussion == nil || d.Num > a.discussion.Num) {
			a.discussion = d
		}
	}
	if a.discussion == nil {
		return
	}
	for _, m := range a.Entries(a.repo.ID, a.discussion.Num) {
		if m.Type == domain.EntryComment && !m.Hidden && m.CanBeEdited() {
			a.comment = m
		}
	}
}

func (a *scenario) edited() *domain.Repo {
	r := *a.repo
	r.Modified = a.Now
	return &r
}

func (a *scenario) keep(r *domain.Repo) {
	a.repo = r
	a.SaveRepo(r)
}

// makeRepo makes the repo, with a first commit where it has Git.
func (a *scenario) makeRepo() (err error) {
	want := &domain.Repo{Type: a.repoType, Name: a.name, Visibility: domain.Visibility(a.Private != nil && *a.Private)}
	if want.Type == "space" {
		want.SDK = "gradio"
	}
	if want.Type == domain.TypeBucket {
		a.repo, err = a.CreateRepo(want, "", nil)
		return err
	}
	files := map[string][]byte{"README.md": []byte("# " + want.Name + "\n")}
	a.repo, err = a.CreateRepo(want, a.person(), files)
	return err
}

// makeDiscussion makes a discussion with a first comment. Its number is the next one
// where it is not given.
func (a *scenario) makeDiscussion(num int) error {
	if err := a.roomForDiscussion(); err != nil {
		return err
	}
	d := domain.Discussion{ID: a.NewID(), Num: num, Title: a.title(), Author: a.person()}
	e, err := a.RecordDiscussion(a.repo, d, a.remark())
	a.repo, a.discussion, a.comment = e.Repo, e.Discussion, e.Comment
	return err
}

func (a *scenario) roomForDiscussion() error {
	if a.DiscussionCount(a.repo.ID) >= domain.MaxDiscussions {
		return problem.Conflict("%s %s has %d discussions already", a.repo.Type, a.repo.Name, domain.MaxDiscussions)
	}
	return nil
}

func (a *scenario) makeComment() error {
	return a.say(a.discussionTx(), domain.Entry{Type: domain.EntryComment, Content: a.remark()})
}

// say adds a comment to a discussion, which becomes the one that the event is about.
func (a *scenario) say(t *domain.DiscussionTx, m domain.Entry) (err error) {
	a.comment, err = t.Record(m)
	a.discussion = t.Event(a.Shape, nil).Discussion
	return err
}

// thread returns the discussion to be changed by somebody.
func (a *scenario) discussionTx() *domain.DiscussionTx {
	t := a.DiscussionTx(a.repo, a.discussion)
	t.Author = a.person()
	return t
}

// person invents somebody who does something. It is not the user of the Hub: handlers
// take no notice of what they do themselves.
func (a *scenario) person() string { return strings.ToLower(a.words.Username()) }

func (a *scenario) title() string { return cmp.Or(a.invented("discussion.title"), "A question") }

func (a *scenario) remark() string { return cmp.Or(a.invented("comment.content"), "Thank you!") }

// invented returns a text as the generator writes it in payloads, by its path there.
func (a *scenario) invented(path string) string {
	repoType := a.repo.Type
	if repoType == domain.TypeBucket {
		repoType = "dataset" // for nobody talks about a bucket
	}
	body, err := a.Config.Generator.Payload(emitter.Request{
		Shape: "discussion.comment.create", Index: a.NextID(),
		Scene: emitter.Scene{
			RepoType: repoType, RepoName: a.repo.Name, PullRequest: emitter.No, Status: "open", Hidden: emitter.No,
		},
	})
	if err != nil {
		return "" // the schemas are a user's, and have no place for it
	}
	text := gjson.GetBytes(body, path).String()
	if a.URL != "" {
		text = strings.ReplaceAll(text, emitter.DefaultHubURL, a.URL)
	}
	return text
}

// filePath invents where a file stands. There are not many, so that a repo does not grow for ever.
func (a *scenario) filePath() string { return fmt.Sprintf("notes/%02d.md", a.words.IntRange(1, 20)) }

// anotherName invents a name for a repo that moves, of the same owner.
func (a *scenario) anotherName(r *domain.Repo) string {
	name := strings.ToLower(a.words.AdjectiveDescriptive() + "-" + a.words.Animal())
	name = strings.Map(func(c rune) rune {
		if c >= 'a' && c <= 'z' {
			return c
		}
		return '-'
	}, name)
	if owner := r.Owner(); owner != "" {
		name = owner + "/" + name
	}
	return freeName(a.Tx, r.Type, name)
}

// AutoCreate creates a repo, and its discussion of a number above zero, unless they are
// there. It publishes nothing. What cannot be created stays missing.
func (s *Runner) AutoCreate(from domain.Origin, repoType, name string, num int) error {
	if !domain.IsRepoName(name) || num < 0 || num > domain.MaxNum || !s.lacks(repoType, name, num) {
		return nil
	}
	return s.DB.UpdateFrom(from, func(tx *domain.Tx) error { return autoCreate(tx, repoType, name, num) })
}

func (s *Runner) lacks(repoType, name string, num int) (missing bool) {
	s.DB.View(func(s *domain.State) {
		r := s.RepoNamed(repoType, name)
		missing = r == nil || num > 0 && r.Type != domain.TypeBucket && s.Discussion(r.ID, num) == nil
	})
	return missing
}

func autoCreate(tx *domain.Tx, repoType, name string, num int) error {
	if !slices.Contains(domain.RepoTypes(), repoType) {
		return nil
	}
	a := scenarioFor(tx, &activity.Trigger{Num: num}, repoType, name)
	if err := a.need(needRepo); err != nil {
		return err
	}
	if num < 1 || repoType == domain.TypeBucket {
		return nil
	}
	if a.lookUp(); a.discussion != nil {
		return nil
	}
	return a.makeDiscussion(num)
}
