package page

import (
	"cmp"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/hubhook/hubhook/emitter/hub/internal/domain"
	"github.com/hubhook/hubhook/emitter/hub/internal/problem"
	"github.com/hubhook/hubhook/emitter/hub/internal/router"
	"github.com/hubhook/hubhook/emitter/redact"
)

type repoView struct {
	*domain.Repo
	Title           repoName
	Created         moment
	Modified        moment
	Refs            []refView
	MoreRefs        int
	Files           []fileView
	MoreFiles       int
	Commits         []commitView
	Discussions     []discussionRow
	MoreDiscussions int
}

type refView struct{ Kind, Name, SHA string }

type fileView struct{ Path, Size, Note string }

type commitView struct {
	SHA, Title, Author string
	At                 moment
}

type discussionRow struct {
	Num           int
	Path          string
	Title, Author string
	Pull          bool
	Status        string
	Created       moment
	Comments      int
}

// How much a repo's page shows.
const (
	filesShown       = 200
	refsShown        = 100
	commitsShown     = 15
	discussionsShown = 100
)

func showRepo(v *visit) error {
	now := v.DB.Now()
	var shown *repoView
	err := v.look(func(s *domain.State) error {
		r, err := v.repo(s)
		if err == nil {
			shown = repoViewOf(s, r, now)
		}
		return err
	})
	if err != nil {
		return err
	}
	return v.show("repo", view{Title: shown.Title.Name, Body: shown})
}

func (v *visit) repo(s *domain.State) (*domain.Repo, error) {
	repoType := router.Match{Params: v.params}.RepoType()
	if r := s.RepoNamed(repoType, v.params["repo"]); r != nil {
		return r, nil
	}
	return nil, problem.NoRepo(repoType, brief(v.params["repo"], 120))
}

func repoViewOf(s *domain.State, r *domain.Repo, now time.Time) *repoView {
	shown := &repoView{
		Repo: r, Title: repoNamed(r.Type, r.Name), Created: momentAt(r.Created, now), Modified: momentAt(r.Modified, now),
	}
	hidden := secretsOf(s)
	shown.Refs, shown.MoreRefs = refsOf(r, hidden)
	files := r.Objects
	if head := s.Commit(r.ID, r.Head()); head != nil {
		files = head.Tree
	}
	shown.Files, shown.MoreFiles = filesOf(files, hidden)
	shown.Commits = commitsOf(s, r, hidden, now)
	shown.Discussions, shown.MoreDiscussions = discussionsOf(s, r, hidden, now)
	return shown
}

func refsOf(r *domain.Repo, hidden *redact.Mask) (list []refView, more int) {
	names, more := firstOf(slices.Sorted(maps.Keys(r.Refs)), refsShown)
	for _, name := range names {
		list = append(list, refView{refKind(name), brief(hidden.Text(name), 200), r.Refs[name].SHA})
	}
	return list, more
}

func refKind(name string) string {
	for _, k := range []choice{{domain.HeadsRefs, "branch"}, {domain.TagRefs, "tag"}, {domain.PullRefs, "pull request"}} {
		if strings.HasPrefix(name, k.Value) {
			return k.Name
		}
	}
	return "ref"
}

func filesOf(files map[string]domain.File, hidden *redact.Mask) (list []fileView, more int) {
	paths, more := firstOf(slices.Sorted(maps.Keys(files)), filesShown)
	for _, path := range paths {
		f := fileView{Path: brief(hidden.Text(path), 300), Size: bytesText(files[path].Size)}
		if files[path].LFS {
			f.Note = "LFS"
		}
		list = append(list, f)
	}
	return list, more
}

func commitsOf(s *domain.State, r *domain.Repo, hidden *redact.Mask, now time.Time) (list []commitView) {
	commits := s.Commits(r.ID)
	slices.SortFunc(commits, func(a, b *domain.Commit) int { return cmp.Compare(b.Number, a.Number) })
	commits, _ = firstOf(commits, commitsShown)
	for _, c := range commits {
		list = append(list, commitView{c.SHA, brief(hidden.Text(c.Title), 200), brief(c.Author, 60), momentAt(c.At, now)})
	}
	return list
}

func discussionsOf(s *domain.State, r *domain.Repo, hidden *redact.Mask, now time.Time) (list []discussionRow,
	more int) {
	all := s.Discussions(r.ID)
	slices.Reverse(all)
	all, more = firstOf(all, discussionsShown)
	for _, d := range all {
		list = append(list, discussionRowOf(s, r, d, hidden, now))
	}
	return list, more
}

func discussionRowOf(s *domain.State, r *domain.Repo, d *domain.Discussion, hidden *redact.Mask,
	now time.Time) discussionRow {
	row := discussionRow{
		Num: d.Num, Path: discussionPath(r.Type, r.Name, d.Num), Title: brief(hidden.Text(d.Title), 200),
		Author: brief(d.Author, 60), Pull: d.Pull, Status: d.Status, Created: momentAt(d.Created, now),
	}
	for _, m := range s.Entries(r.ID, d.Num) {
		if m.Type == domain.EntryComment {
			row.Comments++
		}
	}
	return row
}

type discussionView struct {
	Repo    repoName
	Row     discussionRow
	Title   string
	Merge   string
	Entries []entryView
	More    int // messages that are not shown
}

type entryView struct {
	ID, Type, Author string
	At, Edited       moment
	Content          string // not shown if it is Hidden
	Hidden           bool
	From, To         string
}

// entriesShown is how many entries of a discussion a page shows: the latest.
const entriesShown = 500

func showDiscussion(v *visit) error {
	num, err := strconv.Atoi(v.params["num"])
	if err != nil || num < 1 {
		return problem.NotFound("", "there is no discussion %q", brief(v.params["num"], 40))
	}
	var shown *discussionView
	err = v.look(func(s *domain.State) error {
		r, err := v.repo(s)
		if err != nil {
			return err
		}
		d := s.Discussion(r.ID, num)
		if d == nil {
			return problem.NotFound("", "there is no discussion %d in %s", num, r.Name)
		}
		shown = discussionViewOf(s, r, d, v.DB.Now())
		return nil
	})
	if err != nil {
		return err
	}
	return v.show("discussion", view{Title: brief(shown.Title, 80) + " · " + shown.Repo.Name, Body: shown})
}

func discussionViewOf(s *domain.State, r *domain.Repo, d *domain.Discussion, now time.Time) *discussionView {
	hidden, messages := secretsOf(s), s.Entries(r.ID, d.Num)
	shown := &discussionView{
		Repo: repoNamed(r.Type, r.Name), Title: hidden.Text(d.Title), Merge: d.Merge,
		More: max(len(messages)-entriesShown, 0), Row: discussionRowOf(s, r, d, hidden, now),
	}
	for _, m := range messages[shown.More:] {
		shown.Entries = append(shown.Entries, entryView{
			ID: m.ID, Type: m.Type, Author: brief(m.Author, 60), At: momentAt(m.At, now), Edited: momentAt(m.Edited, now),
			Hidden: m.Hidden, Content: hidden.Text(m.Content), From: brief(hidden.Text(m.From), 300),
			To: brief(hidden.Text(m.To), 300),
		})
	}
	return shown
}
