package hub

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"time"
)

// repoView is a repo, to be read.
type repoView struct {
	Repo         repoName
	ID           string
	Visibility   string
	Gated, SDK   string
	Created      moment
	Modified     moment
	Secrets      []string
	Refs         []refView
	MoreRefs     int
	Files        []fileView
	MoreFiles    int
	Commits      []commitView
	Discussions  []discussionRow
	MoreTalk     int
	ActivityPath string
	Bucket       bool
}

// refView is a Git reference; Kind is what refKind calls it.
type refView struct{ Kind, Name, SHA string }

// fileView is a file, with its size in words.
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
	err := v.look(func(s *state) error {
		r, err := v.repo(s)
		if err == nil {
			shown = repoViewOf(s, r, now)
		}
		return err
	})
	if err != nil {
		return err
	}
	return v.show("repo", view{Title: shown.Repo.Name, Body: shown})
}

// repo is the one that the path names.
func (v *visit) repo(s *state) (*repo, error) {
	repoType := Match{Params: v.params}.RepoType()
	if r := s.RepoNamed(repoType, v.params["repo"]); r != nil {
		return r, nil
	}
	return nil, notFound(codeRepo, "there is no %s %s", repoType, brief(v.params["repo"], 120))
}

func repoViewOf(s *state, r *repo, now time.Time) *repoView {
	shown := &repoView{
		Repo: repoNamed(r.Type, r.Name), ID: r.ID, Visibility: r.Visibility, Gated: r.Gated, SDK: r.SDK,
		Created: momentAt(r.Created, now), Modified: momentAt(r.Modified, now), Secrets: r.Secrets, Bucket: r.Type == "bucket",
	}
	hidden := hidingFor(s)
	shown.Refs, shown.MoreRefs = refsOf(r, hidden)
	files := r.Objects
	if head := s.Commit(r.ID, r.head()); head != nil {
		files = head.tree
	}
	shown.Files, shown.MoreFiles = filesOf(files, hidden)
	shown.Commits = commitsOf(s, r, hidden, now)
	shown.Discussions, shown.MoreTalk = discussionsOf(s, r, hidden, now)
	return shown
}

func refsOf(r *repo, hidden *hiding) (list []refView, more int) {
	names := slices.Sorted(maps.Keys(r.Refs))
	more = max(len(names)-refsShown, 0)
	for _, name := range names[:len(names)-more] {
		list = append(list, refView{refKind(name), brief(hidden.text(name), 200), r.Refs[name].SHA})
	}
	return list, more
}

// refKind is what a Git reference is.
func refKind(name string) string {
	for _, k := range []choice{{headsRefs, "branch"}, {tagRefs, "tag"}, {pullRefs, "pull request"}} {
		if strings.HasPrefix(name, k.Value) {
			return k.Name
		}
	}
	return "ref"
}

func filesOf(files map[string]keptFile, hidden *hiding) (list []fileView, more int) {
	paths := slices.Sorted(maps.Keys(files))
	more = max(len(paths)-filesShown, 0)
	for _, path := range paths[:len(paths)-more] {
		f := fileView{Path: brief(hidden.text(path), 300), Size: bytesText(files[path].Size)}
		if files[path].LFS {
			f.Note = "LFS"
		}
		list = append(list, f)
	}
	return list, more
}

func commitsOf(s *state, r *repo, hidden *hiding, now time.Time) (list []commitView) {
	commits := s.Commits(r.ID)
	slices.SortFunc(commits, func(a, b *commit) int { return cmp.Compare(b.Number, a.Number) })
	for _, c := range commits[:min(len(commits), commitsShown)] {
		list = append(list, commitView{c.SHA, brief(hidden.text(c.Title), 200), brief(c.Author, 60), momentAt(c.At, now)})
	}
	return list
}

func discussionsOf(s *state, r *repo, hidden *hiding, now time.Time) (list []discussionRow, more int) {
	all := s.Discussions(r.ID)
	slices.Reverse(all)
	more = max(len(all)-discussionsShown, 0)
	for _, d := range all[:len(all)-more] {
		row := discussionRow{
			Num: d.Num, Path: discussionPath(r.Type, r.Name, d.Num), Title: brief(hidden.text(d.Title), 200), Author: brief(d.Author, 60),
			Pull: d.Pull, Status: d.Status, Created: momentAt(d.Created, now),
		}
		for _, m := range s.Messages(r.ID, d.Num) {
			if m.Type == "comment" {
				row.Comments++
			}
		}
		list = append(list, row)
	}
	return list, more
}
