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

// need is what must be there before an act. Each needs those before it.
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
func (a *scenario) changeNothing() (domain.Event, error) {
	if a.comment == nil {
		a.lookUp()
	}
	e := domain.Event{Shape: a.Shape, Repo: a.repo, Discussion: a.discussion, Comment: a.comment, Private: a.Private}
	if _, err := a.tryRender(e); err == nil {
		return e, nil
	}
	if a.repo.Type != domain.TypeBucket {
		if err := a.need(needComment); err != nil {
			return e, err
		}
	}
	e.Discussion, e.Comment = a.discussion, a.comment
	_, err := a.tryRender(e)
	return e, err
}

func (a *scenario) createRepo() (domain.Event, error) {
	a.name = freeName(a.Tx, a.repoType, a.name)
	err := a.makeRepo()
	return domain.Event{Repo: a.repo}, err
}

func (a *scenario) deleteRepo() (domain.Event, error) {
	a.RemoveRepo(a.repo)
	return domain.Event{Repo: a.repo}, nil
}

// moveRepo leaves webhooks as they are: the next trigger names the same repo, and webhooks that
// watch it must get that event, too.
func (a *scenario) moveRepo() (domain.Event, error) {
	return a.RecordMove(a.repo, a.anotherName(a.repo)), nil
}

// updateRepo touches a repo: the event does not say what changed.
func (a *scenario) updateRepo() (domain.Event, error) {
	a.keep(a.edited())
	return domain.Event{Repo: a.repo}, nil
}

func (a *scenario) updateConfig() (domain.Event, error) {
	private := !a.repo.Private()
	if a.Private != nil {
		private = *a.Private
	}
	return a.RecordSettings(a.repo, domain.SettingsChange{Visibility: domain.Visibility(private)}), nil
}

// updateContent changes a small file: by a commit on main, or in a bucket.
func (a *scenario) updateContent() (domain.Event, error) {
	path, content := a.filePath(), []byte(a.remark()+"\n")
	if a.repo.Type == domain.TypeBucket {
		return a.store(path, content), nil
	}
	old := a.repo.Head()
	r := a.CommitFile(a.edited(), a.person(), "Update "+path, path, content)
	a.keep(r)
	return domain.Event{Repo: r, Refs: []emitter.RefData{{Name: domain.MainRef, Old: old, New: r.Head()}}}, nil
}

func (a *scenario) store(path string, content []byte) domain.Event {
	r := a.edited()
	file := domain.File{OID: domain.SHA256(content), Size: int64(len(content))}
	a.StoreObject(r, path, file, content)
	a.keep(r)
	return domain.Event{Repo: r, Files: []emitter.FileData{{Path: path, XetHash: file.OID, Size: uint64(file.Size)}}}
}

func (a *scenario) createDiscussion() (domain.Event, error) {
	err := a.makeDiscussion(0)
	return domain.Event{Repo: a.repo, Discussion: a.discussion, Comment: a.comment}, err
}

// updateDiscussion closes a discussion, or opens it again; one that is merged gets another title.
func (a *scenario) updateDiscussion() (domain.Event, error) {
	t := a.discussionTx()
	var err error
	switch a.discussion.Status {
	case domain.StatusMerged:
		_, err = t.RecordTitle(a.title())
	case domain.StatusClosed:
		_, err = t.RecordStatus(domain.StatusOpen)
	default:
		_, err = t.RecordStatus(domain.StatusClosed)
	}
	return t.Event(a.Shape, nil), err
}

func (a *scenario) deleteDiscussion() (domain.Event, error) {
	t := a.discussionTx()
	t.RecordDelete()
	return t.Event(a.Shape, nil), nil
}

func (a *scenario) createComment() (domain.Event, error) {
	err := a.makeComment()
	return domain.Event{Repo: a.repo, Discussion: a.discussion, Comment: a.comment}, err
}

func (a *scenario) updateComment() (domain.Event, error) {
	t := a.DiscussionTx(a.repo, a.discussion)
	t.Author = a.comment.Author
	m, err := t.RecordEdit(a.comment.ID, a.remark())
	return t.Event(a.Shape, m), err
}
