package hub

import (
	"encoding/json"
	"io"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// adoptLimit is how long a payload may be that is adopted, in bytes. The longest that
// the Hub sends, with 10,000 files of a bucket, has about 1.5 MB.
const adoptLimit = 4 << 20

// adopted is what a payload tells of.
type adopted struct {
	Event struct {
		Scope  string `json:"scope"`
		Action string `json:"action"`
	} `json:"event"`
	Repo struct {
		Type    string `json:"type"`
		Name    string `json:"name"`
		ID      string `json:"id"`
		Private bool   `json:"private"`
		HeadSHA string `json:"headSha"`
	} `json:"repo"`
	MovedTo *struct {
		Name string `json:"name"`
	} `json:"movedTo"`
	Refs []struct {
		Name string `json:"ref"`
		New  string `json:"newSha"`
	} `json:"updatedRefs"`
	Files      []adoptedFile      `json:"updatedFiles"`
	Discussion *adoptedDiscussion `json:"discussion"` // nil: it tells of none
	Comment    *adoptedComment    `json:"comment"`    // likewise
}

// adoptedFile is a change to a file of a bucket.
type adoptedFile struct {
	Path   string `json:"path"`
	Action string `json:"action"`
	Hash   string `json:"xetHash"`
	Size   int64  `json:"size"`
}

type adoptedDiscussion struct {
	ID      string         `json:"id"`
	Title   string         `json:"title"`
	Status  string         `json:"status"`
	Num     int            `json:"num"`
	Pull    bool           `json:"isPullRequest"`
	Pinned  bool           `json:"pinned"`
	Author  adoptedAccount `json:"author"`
	Changes struct {
		Merge string `json:"mergeCommitId"`
	} `json:"changes"`
}

type adoptedComment struct {
	ID      string         `json:"id"`
	Content string         `json:"content"`
	Hidden  bool           `json:"hidden"`
	Author  adoptedAccount `json:"author"`
}

// adoptedAccount is a user or an organisation, of whom a payload tells no name.
type adoptedAccount struct {
	ID string `json:"id"`
}

// Adopt has what a payload tells of be so on this Hub, whoever sent it: the repo, what
// its references point to or what files it has, the discussion, the comment. A handler
// that was sent the payload can then call the API on them. What was there of the same
// name gives way; of a repo or a discussion that was deleted, nothing is left. No event
// tells of it. Accounts, of which a payload tells the id alone, go by names that are
// made of it.
//
// The error is about the payload, or says that nothing can be written.
func (h *Hub) Adopt(payload []byte) error {
	var told adopted
	if err := json.Unmarshal(payload, &told); err != nil {
		return invalid("the payload is not one of the Hub's: %s", describe(err))
	}
	if err := told.check(); err != nil {
		return err
	}
	return h.change(func(tx *tx) error { return tx.adopt(&told) })
}

// mockAdopt has what a payload tells of be so on this Hub: see Hub.Adopt. The body is
// the payload. Answer: {"success": true}.
func mockAdopt(c *call) (any, error) {
	if _, err := c.query(); err != nil {
		return nil, err
	}
	body, err := io.ReadAll(c.request.Body)
	if err != nil {
		return nil, bodyProblem(err)
	}
	return map[string]bool{"success": true}, c.hub.Adopt(body)
}

// Forms of what can be adopted.
var (
	idForm   = regexp.MustCompile(`^[0-9a-f]{24}$`)
	typeForm = regexp.MustCompile(`^[a-z][\w-]{0,63}$`)
)

// Bounds of what can be adopted.
const (
	longestAdoptedTitle = 1000
	longestAdoptedPath  = 4096
	highestNum          = 1_000_000_000
	mostRefsAdopted     = 1000
)

// statuses are those of a discussion.
var statuses = []string{statusDraft, statusOpen, statusClosed, statusMerged}

// check finds what cannot be.
func (p *adopted) check() error {
	for _, c := range []struct {
		at, value string
		right     bool
	}{
		{"repo.type", p.Repo.Type, typeForm.MatchString(p.Repo.Type)},
		{"repo.name", p.Repo.Name, isRepoName(p.Repo.Name)},
		{"repo.id", p.Repo.ID, idForm.MatchString(p.Repo.ID)},
		{"repo.headSha", p.Repo.HeadSHA, p.Repo.HeadSHA == "" || sha1Form.MatchString(p.Repo.HeadSHA)},
	} {
		if !c.right {
			return unadoptable(c.at, c.value)
		}
	}
	if p.MovedTo != nil && !isRepoName(p.MovedTo.Name) {
		return unadoptable("movedTo.name", p.MovedTo.Name)
	}
	if len(p.Refs) > mostRefsAdopted {
		return invalid("the payload tells of %d references: %d at most are taken in", len(p.Refs), mostRefsAdopted)
	}
	for _, ref := range p.Refs {
		if !strings.HasPrefix(ref.Name, "refs/") || len(ref.Name) > longestAdoptedPath || ref.New != "" && !sha1Form.MatchString(ref.New) {
			return unadoptable("updatedRefs", ref.Name+" "+ref.New)
		}
	}
	for _, file := range p.Files {
		if file.Path == "" || len(file.Path) > longestAdoptedPath || file.Action == "add" && !sha256Form.MatchString(file.Hash) || file.Size < 0 {
			return unadoptable("updatedFiles", file.Path)
		}
	}
	return p.checkTalk()
}

func (p *adopted) checkTalk() error {
	if d := p.Discussion; d != nil {
		switch {
		case !idForm.MatchString(d.ID):
			return unadoptable("discussion.id", d.ID)
		case d.Title == "" || len(d.Title) > longestAdoptedTitle:
			return unadoptable("discussion.title", d.Title)
		case !slices.Contains(statuses, d.Status):
			return unadoptable("discussion.status", d.Status)
		case d.Num < 1 || d.Num > highestNum:
			return invalid("discussion.num is %d: discussions are counted from 1", d.Num)
		case d.Changes.Merge != "" && !sha1Form.MatchString(d.Changes.Merge):
			return unadoptable("discussion.changes.mergeCommitId", d.Changes.Merge)
		}
	}
	if p.Comment != nil && !idForm.MatchString(p.Comment.ID) {
		return unadoptable("comment.id", p.Comment.ID)
	}
	return nil
}

func unadoptable(at, value string) error {
	return invalid("the payload is not one of the Hub's: %s is %q", at, inShort(value))
}

// adopt has what a payload tells of be so.
func (tx *tx) adopt(p *adopted) error {
	a := tx.actor(&Trigger{}, p.Repo.Type, p.Repo.Name)
	if err := a.adoptRepo(p); err != nil {
		return err
	}
	switch event := p.Event.Scope + "." + p.Event.Action; {
	case event == "repo.delete":
		a.forgetRepo(a.repo)
		return nil
	case p.Discussion == nil:
		return nil
	case event == "discussion.delete":
		if old := a.discussions.rows[discussionKey(a.repo.ID, p.Discussion.Num)]; old != nil {
			a.forgetDiscussion(old)
		}
		return nil
	}
	return a.adoptTalk(p.Discussion, p.Comment)
}

// adoptRepo has the repo be as it is told.
func (a *acting) adoptRepo(p *adopted) error {
	name := p.Repo.Name
	if p.MovedTo != nil {
		name = p.MovedTo.Name
	}
	if other := a.repoNamed(p.Repo.Type, name); other != nil && other.ID != p.Repo.ID {
		a.forgetRepo(other)
	}
	r := repo{ID: p.Repo.ID, Created: a.now}
	if known := a.repos.rows[p.Repo.ID]; known != nil {
		r = *known
	} else if len(a.repos.rows) >= mostRepos {
		return tooManyRepos()
	}
	r.Type, r.Name, r.Visibility, r.Modified = p.Repo.Type, name, visibility(p.Repo.Private), a.now
	a.repo = &r
	if r.Type == bucketType {
		a.adoptFiles(p.Files)
	} else {
		a.adoptRefs(p)
	}
	if len(a.repo.Objects) > mostObjects || len(a.repo.Refs) > mostRefs {
		return conflict("with what the payload tells of, %s %s has more than %d files or %d references", r.Type, r.Name, mostObjects, mostRefs)
	}
	a.keep(a.repo)
	return nil
}

func (a *acting) adoptFiles(files []adoptedFile) {
	a.repo.Objects = maps.Clone(a.repo.Objects)
	if a.repo.Objects == nil {
		a.repo.Objects = map[string]keptFile{}
	}
	for _, f := range files {
		if f.Action == "add" {
			a.repo.Objects[f.Path] = keptFile{OID: f.Hash, Size: f.Size}
		} else {
			delete(a.repo.Objects, f.Path)
		}
	}
}

// adoptRefs has references point to where they are told to. A repo of which no head is
// told has a first commit of its own.
func (a *acting) adoptRefs(p *adopted) {
	for _, ref := range p.Refs {
		if ref.New != "" {
			a.pointTo(ref.Name, ref.New)
			continue
		}
		refs := maps.Clone(a.repo.Refs)
		delete(refs, ref.Name)
		a.repo.Refs = refs
	}
	switch {
	case p.Repo.HeadSHA != "":
		a.pointTo(mainRef, p.Repo.HeadSHA)
	case a.repo.head() == "":
		a.pointTo(mainRef, a.newSHA(a.repo.ID))
	}
}

// pointTo has a reference point to a commit. One that is not known is taken to change
// nothing.
func (a *acting) pointTo(ref, sha string) {
	if a.commits.rows[commitKey(a.repo.ID, sha)] == nil {
		a.repo = a.commitOn(a.repo, ref, &commit{SHA: sha, Title: "a commit elsewhere", Author: a.hub.options.User})
		return
	}
	a.repo.Refs = maps.Clone(a.repo.Refs)
	if a.repo.Refs == nil {
		a.repo.Refs = map[string]gitRef{}
	}
	a.repo.Refs[ref] = gitRef{SHA: sha}
}

// adoptTalk has the discussion and its comment be as they are told.
func (a *acting) adoptTalk(told *adoptedDiscussion, comment *adoptedComment) error {
	d := discussion{Repo: a.repo.ID, Num: told.Num, Created: a.now}
	if old := a.discussions.rows[discussionKey(d.Repo, d.Num)]; old != nil && old.ID == told.ID {
		d = *old
	} else if old != nil {
		a.forgetDiscussion(old)
	} else if err := a.roomForDiscussion(); err != nil {
		return err
	}
	d.ID, d.Title, d.Status, d.Pull, d.Pinned = told.ID, told.Title, told.Status, told.Pull, told.Pinned
	d.Author, d.Merge = accountOf(told.Author.ID), told.Changes.Merge
	put(a.tx, a.discussions, discussionKey(d.Repo, d.Num), &d)
	a.adoptNum(&d)
	if comment == nil {
		return nil
	}
	for _, m := range a.said[discussionKey(d.Repo, d.Num)] {
		if m.ID == comment.ID {
			edited := *m
			edited.Content, edited.Hidden, edited.Edited = comment.Content, comment.Hidden, a.now
			put(a.tx, a.messages, messageKey(d.Repo, d.Num, m.Seq), &edited)
			return nil
		}
	}
	return a.sayAs(comment.ID, &d, message{
		Type: "comment", Author: accountOf(comment.Author.ID), Content: comment.Content, Hidden: comment.Hidden,
	})
}

// adoptNum has the repo count the discussion, and have the reference of a pull request.
func (a *acting) adoptNum(d *discussion) {
	r := *a.repo
	r.Nums = max(r.Nums, d.Num)
	a.repo = &r
	if ref := pullRefs + strconv.Itoa(d.Num); d.Pull && r.Refs[ref].SHA == "" && r.head() != "" {
		a.pointTo(ref, r.head())
	}
	a.keep(a.repo)
}

// accountOf names an account of which only the id is known.
func accountOf(id string) string {
	if !idForm.MatchString(id) {
		return "somebody"
	}
	return "user-" + id
}
