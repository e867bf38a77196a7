package scenario

import (
	"slices"

	"github.com/hubhook/hubhook/emitter"
	"github.com/hubhook/hubhook/emitter/hub/internal/domain"
	"github.com/hubhook/hubhook/schemas"
)

type action struct {
	shape string
	needs need
	do    func(*scenario) (domain.Event, error)
}

// need is what must exist before an action. Each needs those before it.
type need uint8

const (
	needNothing need = iota
	needRepo
	needDiscussion
	needComment
)

func actions() []action {
	return []action{
		{"repo.create", needNothing, (*scenario).createRepo},
		{"repo.delete", needRepo, (*scenario).deleteRepo},
		{"repo.move", needRepo, (*scenario).moveRepo},
		{"repo.update", needRepo, (*scenario).updateRepo},
		{"repo.config.update", needRepo, (*scenario).updateConfig},
		{"repo.content.update", needRepo, (*scenario).updateContent},
		{"discussion.create", needRepo, (*scenario).createDiscussion},
		{"discussion.update", needDiscussion, (*scenario).updateDiscussion},
		{"discussion.delete", needDiscussion, (*scenario).deleteDiscussion},
		{"discussion.comment.create", needDiscussion, (*scenario).createComment},
		{"discussion.comment.update", needComment, (*scenario).updateComment},
	}
}

// actionOf returns the action of a shape. An unknown one shows things as they are, except that of a
// repo's content: something must have changed there.
func actionOf(set *schemas.Set, shape string) action {
	find := func(name string) int {
		return slices.IndexFunc(actions(), func(a action) bool { return a.shape == name })
	}
	if at := find(shape); at >= 0 {
		return actions()[at]
	}
	_, scope, _, _ := set.ShapeByName(shape)
	nearest, _ := schemas.Nearest(scope, func(scope string) bool { return find(scope+".update") >= 0 })
	switch nearest {
	case "repo.content":
		return action{shape, needRepo, (*scenario).updateContent}
	case "discussion":
		return action{shape, needDiscussion, (*scenario).changeNothing}
	case "discussion.comment":
		return action{shape, needComment, (*scenario).changeNothing}
	}
	return action{shape, needRepo, (*scenario).changeNothing}
}

// changeNothing returns the event of an unknown shape: with the latest discussion and comment if
// there are any, or if the shape demands them.
func (s *scenario) changeNothing() (domain.Event, error) {
	if s.comment == nil {
		s.lookUp()
	}
	e := domain.Event{Shape: s.Shape, Repo: s.repo, Discussion: s.discussion, Comment: s.comment, Private: s.Private}
	if _, err := s.tryRender(e); err == nil {
		return e, nil
	}
	if s.repo.Type != domain.TypeBucket {
		if err := s.need(needComment); err != nil {
			return e, err
		}
	}
	e.Discussion, e.Comment = s.discussion, s.comment
	_, err := s.tryRender(e)
	return e, err
}

func (s *scenario) createRepo() (domain.Event, error) {
	s.name = freeName(s.Tx, s.repoType, s.name)
	err := s.makeRepo()
	return domain.Event{Repo: s.repo}, err
}

func (s *scenario) deleteRepo() (domain.Event, error) {
	s.RemoveRepo(s.repo)
	return domain.Event{Repo: s.repo}, nil
}

// moveRepo leaves webhooks as they are: the next trigger names the same repo, and webhooks that
// watch it must get that event, too.
func (s *scenario) moveRepo() (domain.Event, error) {
	return s.RecordMove(s.repo, s.anotherName(s.repo)), nil
}

// updateRepo touches a repo: the event does not say what changed.
func (s *scenario) updateRepo() (domain.Event, error) {
	s.keep(s.edited())
	return domain.Event{Repo: s.repo}, nil
}

func (s *scenario) updateConfig() (domain.Event, error) {
	private := !s.repo.Private()
	if s.Private != nil {
		private = *s.Private
	}
	return s.RecordSettings(s.repo, domain.SettingsChange{Visibility: domain.Visibility(private)}), nil
}

// updateContent changes a small file: by a commit on main, or in a bucket.
func (s *scenario) updateContent() (domain.Event, error) {
	path, content := s.filePath(), []byte(s.remark()+"\n")
	if s.repo.Type == domain.TypeBucket {
		return s.store(path, content), nil
	}
	old := s.repo.Head()
	file := domain.GitFile(content)
	s.SaveContent(s.repo.ID, file.OID, content)
	r := s.CommitOn(s.edited(), domain.MainRef, &domain.Commit{
		Title: "Update " + path, Author: s.person(), Changes: []domain.FileChange{{Path: path, File: &file}},
	})
	s.keep(r)
	return domain.Event{Repo: r, Refs: []emitter.RefData{{Name: domain.MainRef, Old: old, New: r.Head()}}}, nil
}

func (s *scenario) store(path string, content []byte) domain.Event {
	r := s.edited()
	file := domain.File{OID: domain.SHA256(content), Size: int64(len(content))}
	s.StoreObject(r, path, file, content)
	s.keep(r)
	return domain.Event{Repo: r, Files: []emitter.FileData{{Path: path, XetHash: file.OID, Size: uint64(file.Size)}}}
}

func (s *scenario) createDiscussion() (domain.Event, error) {
	err := s.makeDiscussion(0)
	return domain.Event{Repo: s.repo, Discussion: s.discussion, Comment: s.comment}, err
}

// updateDiscussion closes a discussion, or opens it again; one that is merged gets another title.
func (s *scenario) updateDiscussion() (domain.Event, error) {
	t := s.discussionTx()
	var err error
	switch s.discussion.Status {
	case domain.StatusMerged:
		_, err = t.RecordTitle(s.title())
	case domain.StatusClosed:
		_, err = t.RecordStatus(domain.StatusOpen)
	default:
		_, err = t.RecordStatus(domain.StatusClosed)
	}
	return t.Event(s.Shape, nil), err
}

func (s *scenario) deleteDiscussion() (domain.Event, error) {
	t := s.discussionTx()
	t.RecordDelete()
	return t.Event(s.Shape, nil), nil
}

func (s *scenario) createComment() (domain.Event, error) {
	err := s.makeComment()
	return domain.Event{Repo: s.repo, Discussion: s.discussion, Comment: s.comment}, err
}

func (s *scenario) updateComment() (domain.Event, error) {
	t := s.DiscussionTx(s.repo, s.discussion)
	t.Author = s.comment.Author
	m, err := t.RecordEdit(s.comment.ID, s.remark())
	return t.Event(s.Shape, m), err
}
