package hub

import (
	"slices"

	"github.com/hubhook/hubhook/emitter"
	"github.com/hubhook/hubhook/schemas"
)

// act is what happens where an event of a shape is asked for.
type act struct {
	shape string
	needs need
	do    func(*scenario) (happening, error)
}

// need is what must be there before an act. Each needs those before it.
type need uint8

const (
	needNothing need = iota
	needRepo
	needDiscussion
	needComment
)

// acts are those that there are.
func acts() []act {
	return []act{
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

// actOf is the act of a shape. What nobody knows is told of things as they are, but for
// what tells of a repo's content: something must have changed there.
func actOf(set *schemas.Set, shape string) act {
	find := func(name string) int {
		return slices.IndexFunc(acts(), func(a act) bool { return a.shape == name })
	}
	if at := find(shape); at >= 0 {
		return acts()[at]
	}
	_, scope, _, _ := set.ShapeByName(shape)
	nearest, _ := schemas.Nearest(scope, func(scope string) bool { return find(scope+".update") >= 0 })
	switch nearest {
	case "repo.content":
		return act{shape, needRepo, (*scenario).updateContent}
	case "discussion":
		return act{shape, needDiscussion, (*scenario).standStill}
	case "discussion.comment":
		return act{shape, needComment, (*scenario).standStill}
	}
	return act{shape, needRepo, (*scenario).standStill}
}

// standStill is what happens where nobody knows what does: the latest discussion and
// comment are told of where there are any, or where the shape demands it.
func (a *scenario) standStill() (happening, error) {
	if a.comment == nil {
		a.lookUp()
	}
	e := happening{shape: a.Shape, repo: a.repo, discussion: a.discussion, comment: a.comment, private: a.Private}
	if _, err := a.trial(e); err == nil {
		return e, nil
	}
	if a.repo.Type != TypeBucket {
		if err := a.need(needComment); err != nil {
			return e, err
		}
	}
	e.discussion, e.comment = a.discussion, a.comment
	_, err := a.trial(e)
	return e, err
}

func (a *scenario) createRepo() (happening, error) {
	a.name = freeName(a.tx, a.repoType, a.name)
	err := a.makeRepo()
	return happening{repo: a.repo}, err
}

func (a *scenario) deleteRepo() (happening, error) {
	a.ForgetRepo(a.repo)
	return happening{repo: a.repo}, nil
}

func (a *scenario) moveRepo() (happening, error) {
	was, r := a.repo.Name, a.edited()
	r.Name = a.anotherName(r)
	a.keep(r)
	return happening{repo: r, was: was}, nil
}

// updateRepo touches a repo: what else changed is not told.
func (a *scenario) updateRepo() (happening, error) {
	a.keep(a.edited())
	return happening{repo: a.repo}, nil
}

// updateConfig has a repo become private, or public.
func (a *scenario) updateConfig() (happening, error) {
	r, private := a.edited(), !a.repo.private()
	if a.Private != nil {
		private = *a.Private
	}
	r.Visibility = visibility(private)
	a.keep(r)
	return happening{repo: r, private: &private}, nil
}

// updateContent changes a small file: by a commit on main, or in a bucket.
func (a *scenario) updateContent() (happening, error) {
	path, content := a.filePath(), a.remark()+"\n"
	if a.repo.Type == TypeBucket {
		return a.store(path, []byte(content)), nil
	}
	old := a.repo.head()
	r := a.CommitFile(a.edited(), a.person(), "Update "+path, path, []byte(content))
	a.keep(r)
	return happening{repo: r, refs: []emitter.RefData{{Name: mainRef, Old: old, New: r.head()}}}, nil
}

// store puts a file into a bucket.
func (a *scenario) store(path string, content []byte) happening {
	r := a.edited()
	file := keptFile{OID: SHA256(content), Size: int64(len(content))}
	a.StoreObject(r, path, file, content)
	a.keep(r)
	return happening{repo: r, files: []emitter.FileData{{Path: path, XetHash: file.OID, Size: uint64(file.Size)}}}
}

func (a *scenario) createDiscussion() (happening, error) {
	err := a.makeDiscussion(0)
	return happening{repo: a.repo, discussion: a.discussion, comment: a.comment}, err
}

// updateDiscussion closes a discussion, or opens it again; one that is merged gets
// another title.
func (a *scenario) updateDiscussion() (happening, error) {
	d := *a.discussion
	m := message{Type: "status-change", Author: a.person()}
	switch d.Status {
	case "merged":
		m.Type, m.From = "title-change", d.Title
		d.Title = a.title()
		m.To = d.Title
	case "closed":
		d.Status = "open"
		m.To = d.Status
	default:
		d.Status = "closed"
		m.To = d.Status
	}
	err := a.say(&d, m)
	return happening{repo: a.repo, discussion: a.discussion}, err
}

func (a *scenario) deleteDiscussion() (happening, error) {
	a.ForgetDiscussion(a.discussion)
	return happening{repo: a.repo, discussion: a.discussion}, nil
}

func (a *scenario) createComment() (happening, error) {
	err := a.makeComment()
	return happening{repo: a.repo, discussion: a.discussion, comment: a.comment}, err
}

func (a *scenario) updateComment() (happening, error) {
	m := *a.comment
	m.Content, m.Edited = a.remark(), a.now
	a.SaveMessage(a.discussion, &m)
	return happening{repo: a.repo, discussion: a.discussion, comment: &m}, nil
}
