package domain

import (
	"cmp"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/hubhook/hubhook/emitter/hub/internal/problem"
)

// checkMerge returns an error for what cannot be merged, such as a draft (hub docs, Pull
// Requests, "Draft mode").
func (t *DiscussionTx) checkMerge() error {
	switch d := t.discussion; {
	case !d.Pull:
		return noPull(d)
	case d.Status != StatusOpen:
		return problem.Conflict("pull request %d is %s: one that is open can be merged", d.Num, d.Status)
	case t.repo.Refs[pullRef(d.Num)].SHA == "":
		return problem.Conflict("the reference of pull request %d is deleted", d.Num)
	case t.repo.Head() == "":
		return problem.Conflict("%s has no branch main to merge into", t.repo.Name)
	}
	return nil
}

// Merge adds a comment, unless it is empty, merges the pull request into main by one commit,
// and publishes both.
func (t *DiscussionTx) Merge(comment string) error {
	if err := t.checkMerge(); err != nil {
		return err
	}
	if err := t.addRemark(comment); err != nil {
		return err
	}
	m := t.mergeOf(t.repo, t.discussion.Num)
	if len(m.conflicts) > 0 {
		return &problem.Error{
			Status: http.StatusConflict,
			Text:   fmt.Sprintf("pull request %d conflicts with main in %s", t.discussion.Num, joinSome(m.conflicts)),
			More:   map[string]any{"filesWithConflicts": m.conflicts},
		}
	}
	c := t.commitMerge(m)
	before := t.Commit(t.repo.ID, t.repo.Head())
	moved := t.moveRef(MainRef, c.SHA)
	t.update(func(d *Discussion) { d.Merge = c.SHA })
	t.dropTree(t.repo, before)
	t.pruneCommits(t.repo)
	if _, err := t.setStatus(StatusMerged); err != nil {
		return err
	}
	return t.publishRef(moved)
}

// commitMerge makes the commit of a merge. As on the Hub, all of a pull request is
// squashed into one, which is named after it and lists what it was made of.
func (t *DiscussionTx) commitMerge(m mergePlan) *Commit {
	d, head := t.discussion, t.repo.Head()
	tree := t.TreeOf(t.repo.ID, t.Commit(t.repo.ID, head))
	return t.saveCommit(t.repo.ID, &Commit{
		SHA: t.NewSHA(t.repo.ID, head, d.ID), Parents: []string{head}, Title: fmt.Sprintf("%s (#%d)", d.Title, d.Num),
		Message: m.message(), Author: t.User, Changes: m.changes, Tree: Applied(tree, m.changes),
	})
}

// Conflicts returns the paths in which a pull request conflicts with main, sorted.
func (s *State) Conflicts(r *Repo, num int) []string { return s.mergeOf(r, num).conflicts }

type mergePlan struct {
	changes   []FileChange // to main, by path
	conflicts []string     // paths, sorted
	commits   []*Commit    // of the pull request, the oldest first
}

// maxNamed is how many commits the message of a merge lists, and how many
// conflicts the words of an error.
const maxNamed = 20

func (m *mergePlan) message() string {
	var text strings.Builder
	for i, c := range m.commits {
		if i == maxNamed {
			text.WriteString("- …\n")
			break
		}
		fmt.Fprintf(&text, "- %s (%s)\n", c.Title, c.SHA)
	}
	return text.String()
}

func joinSome(names []string) string {
	if len(names) > maxNamed {
		return strings.Join(names[:maxNamed], ", ") + ", …"
	}
	return strings.Join(names, ", ")
}

func (s *State) mergeOf(r *Repo, num int) mergePlan {
	main, head := s.Commit(r.ID, r.Head()), s.Commit(r.ID, r.Refs[pullRef(num)].SHA)
	if main == nil || head == nil {
		return mergePlan{}
	}
	ofMain := s.ancestry(r.ID, main)
	var base *Commit
	var own []*Commit
	for sha, c := range s.ancestry(r.ID, head) {
		switch {
		case ofMain[sha] == nil:
			own = append(own, c)
		case base == nil || c.Number > base.Number:
			base = c
		}
	}
	slices.SortFunc(own, func(a, b *Commit) int { return cmp.Compare(a.Number, b.Number) })
	m := threeWay(s.TreeOf(r.ID, base), s.TreeOf(r.ID, main), s.TreeOf(r.ID, head))
	m.commits = own
	return m
}

// ancestry returns a commit with all those before it that are kept, by their SHAs.
func (s *State) ancestry(repoID string, of *Commit) map[string]*Commit {
	known := map[string]*Commit{of.SHA: of}
	for next := []*Commit{of}; len(next) > 0; {
		last := next[len(next)-1]
		next = next[:len(next)-1]
		for _, sha := range last.Parents {
			if c := s.Commit(repoID, sha); c != nil && known[sha] == nil {
				known[sha] = c
				next = append(next, c)
			}
		}
	}
	return known
}

// threeWay compares what two trees made of the one that both come from; nil if that
// is not kept. What both did alike is no conflict, as in Git.
func threeWay(base, main, head map[string]File) (m mergePlan) {
	paths := map[string]File{}
	maps.Copy(paths, base)
	maps.Copy(paths, head)
	for path := range paths {
		was, here := base[path], main[path] // zero if there is no file
		now, exists := head[path]
		switch {
		case now == was, now == here:
		case here != was:
			m.conflicts = append(m.conflicts, path)
		case exists:
			m.changes = append(m.changes, FileChange{Path: path, File: &now})
		default:
			m.changes = append(m.changes, FileChange{Path: path})
		}
	}
	slices.SortFunc(m.changes, func(a, b FileChange) int { return strings.Compare(a.Path, b.Path) })
	for folder, path := range clashes(main, Applied(main, m.changes), m.changes) {
		if _, isMains := main[folder]; isMains {
			m.conflicts = append(m.conflicts, path)
		} else {
			m.conflicts = append(m.conflicts, folder)
		}
	}
	slices.Sort(m.conflicts)
	m.conflicts = slices.Compact(m.conflicts)
	return m
}
