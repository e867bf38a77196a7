// Package scenario changes a Hub without a call of the API: for a trigger, and to create what a
// payload or a path names.
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

// scenario makes one change, with what it needs.
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
	s := scenarioFor(tx, t, t.Type, cmp.Or(t.Repo, tx.Config.User+"/demo"))
	for _, repoType := range domain.RepoTypes() {
		if s.repoType == "" && tx.RepoNamed(repoType, s.name) != nil {
			s.repoType = repoType
		}
	}
	s.repoType = cmp.Or(s.repoType, "model")
	if s.repoType == domain.TypeBucket && strings.HasPrefix(t.Shape, "discussion") {
		return nil, problem.Invalid("%s: a bucket has no discussions", t.Shape)
	}
	return s, nil
}

func scenarioFor(tx *domain.Tx, t *activity.Trigger, repoType, name string) *scenario {
	words := gofakeit.NewFaker(rand.NewPCG(domain.Mix(tx.Seed), tx.NextID()), false)
	return &scenario{Tx: tx, Trigger: t, repoType: repoType, name: name, words: words}
}

// need creates what an action needs. It publishes nothing.
func (s *scenario) need(n need) error {
	if n >= needRepo && s.repo == nil {
		if s.repo = s.RepoNamed(s.repoType, s.name); s.repo == nil {
			if err := s.makeRepo(); err != nil {
				return err
			}
		}
	}
	if n >= needDiscussion && s.discussion == nil {
		if err := s.needDiscussion(); err != nil {
			return err
		}
	}
	if n >= needComment && s.comment == nil {
		if s.lookUp(); s.comment == nil {
			return s.makeComment()
		}
	}
	return nil
}

func (s *scenario) needDiscussion() error {
	s.lookUp()
	switch {
	case s.discussion != nil:
		return nil
	case s.Num != 0:
		return problem.NotFound("", "%s %s has no discussion %d", s.repoType, s.name, s.Num)
	}
	return s.makeDiscussion(0)
}

// lookUp finds the trigger's discussion, and its latest comment that can be edited.
func (s *scenario) lookUp() {
	for _, d := range s.Discussions(s.repo.ID) {
		if d.Num == s.Num || s.Num == 0 && (s.discussion == nil || d.Num > s.discussion.Num) {
			s.discussion = d
		}
	}
	if s.discussion == nil {
		return
	}
	for _, m := range s.Entries(s.repo.ID, s.discussion.Num) {
		if m.Type == domain.EntryComment && !m.Hidden && m.CanBeEdited() {
			s.comment = m
		}
	}
}

func (s *scenario) edited() *domain.Repo {
	r := *s.repo
	r.Modified = s.Now
	return &r
}

func (s *scenario) keep(r *domain.Repo) {
	s.repo = r
	s.SaveRepo(r)
}

// makeRepo creates the repo, with a first commit if it has Git.
func (s *scenario) makeRepo() (err error) {
	want := &domain.Repo{Type: s.repoType, Name: s.name, Visibility: domain.Visibility(s.Private != nil && *s.Private)}
	if want.Type == "space" {
		want.SDK = "gradio"
	}
	if want.Type == domain.TypeBucket {
		s.repo, err = s.CreateRepo(want, "", nil)
		return err
	}
	files := map[string][]byte{"README.md": []byte("# " + want.Name + "\n")}
	s.repo, err = s.CreateRepo(want, s.person(), files)
	return err
}

// makeDiscussion creates a discussion with a first comment. Its number is the next one
// if it is not given.
func (s *scenario) makeDiscussion(num int) error {
	if err := s.roomForDiscussion(); err != nil {
		return err
	}
	d := domain.Discussion{ID: s.NewID(), Num: num, Title: s.title(), Author: s.person()}
	e, err := s.RecordDiscussion(s.repo, d, s.remark())
	s.repo, s.discussion, s.comment = e.Repo, e.Discussion, e.Comment
	return err
}

func (s *scenario) roomForDiscussion() error {
	if s.DiscussionCount(s.repo.ID) >= domain.MaxDiscussions {
		return problem.Conflict("%s %s has %d discussions already", s.repo.Type, s.repo.Name, domain.MaxDiscussions)
	}
	return nil
}

func (s *scenario) makeComment() error {
	return s.say(s.discussionTx(), domain.Entry{Type: domain.EntryComment, Content: s.remark()})
}

// say adds a comment to a discussion, which becomes the one that the event is about.
func (s *scenario) say(t *domain.DiscussionTx, m domain.Entry) (err error) {
	s.comment, err = t.Record(m)
	s.discussion = t.Event(s.Shape, nil).Discussion
	return err
}

// discussionTx returns the discussion, to be changed by an invented person.
func (s *scenario) discussionTx() *domain.DiscussionTx {
	t := s.DiscussionTx(s.repo, s.discussion)
	t.Author = s.person()
	return t
}

// person invents a user's name. It is not the user of the Hub: handlers ignore what they do themselves.
func (s *scenario) person() string { return strings.ToLower(s.words.Username()) }

func (s *scenario) title() string { return cmp.Or(s.invented("discussion.title"), "A question") }

func (s *scenario) remark() string { return cmp.Or(s.invented("comment.content"), "Thank you!") }

// invented returns a text as the generator writes it in payloads, by its path there.
func (s *scenario) invented(path string) string {
	repoType := s.repo.Type
	if repoType == domain.TypeBucket {
		repoType = "dataset" // a bucket has no discussions
	}
	body, err := s.Config.Generator.Payload(emitter.Request{
		Shape: "discussion.comment.create", Index: s.NextID(),
		Scene: emitter.Scene{
			RepoType: repoType, RepoName: s.repo.Name, PullRequest: emitter.No, Status: "open", Hidden: emitter.No,
		},
	})
	if err != nil {
		return "" // the schemas are a user's, and have no place for it
	}
	text := gjson.GetBytes(body, path).String()
	if s.URL != "" {
		text = strings.ReplaceAll(text, emitter.DefaultHubURL, s.URL)
	}
	return text
}

// filePath invents the path of a file. There are few, so that a repo does not grow forever.
func (s *scenario) filePath() string { return fmt.Sprintf("notes/%02d.md", s.words.IntRange(1, 20)) }

// anotherName invents a name for a repo that moves, of the same owner.
func (s *scenario) anotherName(r *domain.Repo) string {
	name := strings.ToLower(s.words.AdjectiveDescriptive() + "-" + s.words.Animal())
	name = strings.Map(func(c rune) rune {
		if c >= 'a' && c <= 'z' {
			return c
		}
		return '-'
	}, name)
	if owner := r.Owner(); owner != "" {
		name = owner + "/" + name
	}
	return freeName(s.Tx, r.Type, name)
}

// AutoCreate creates a repo, and its discussion of a number above zero, unless they
// exist. It publishes nothing. What cannot be created stays missing.
func (r *Runner) AutoCreate(from domain.Origin, repoType, name string, num int) error {
	if !domain.IsRepoName(name) || num < 0 || num > domain.MaxNum || !r.lacks(repoType, name, num) {
		return nil
	}
	return r.DB.UpdateFrom(from, func(tx *domain.Tx) error { return autoCreate(tx, repoType, name, num) })
}

func (r *Runner) lacks(repoType, name string, num int) (missing bool) {
	r.DB.View(func(s *domain.State) {
		r := s.RepoNamed(repoType, name)
		missing = r == nil || num > 0 && r.Type != domain.TypeBucket && s.Discussion(r.ID, num) == nil
	})
	return missing
}

func autoCreate(tx *domain.Tx, repoType, name string, num int) error {
	if !slices.Contains(domain.RepoTypes(), repoType) {
		return nil
	}
	s := scenarioFor(tx, &activity.Trigger{Num: num}, repoType, name)
	if err := s.need(needRepo); err != nil {
		return err
	}
	if num < 1 || repoType == domain.TypeBucket {
		return nil
	}
	if s.lookUp(); s.discussion != nil {
		return nil
	}
	return s.makeDiscussion(num)
}
