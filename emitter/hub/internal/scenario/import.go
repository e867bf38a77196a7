package scenario

import (
	"encoding/json"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/hubhook/hubhook/emitter/hub/activity"
	"github.com/hubhook/hubhook/emitter/hub/internal/domain"
	"github.com/hubhook/hubhook/emitter/hub/internal/problem"
)

type importedPayload struct {
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
	Files      []importedFile      `json:"updatedFiles"`
	Discussion *importedDiscussion `json:"discussion"` // nil: it tells of none
	Comment    *importedComment    `json:"comment"`    // likewise
}

type importedFile struct {
	Path   string `json:"path"`
	Action string `json:"action"`
	Hash   string `json:"xetHash"`
	Size   int64  `json:"size"`
}

type importedDiscussion struct {
	ID      string          `json:"id"`
	Title   string          `json:"title"`
	Status  string          `json:"status"`
	Num     int             `json:"num"`
	Pull    bool            `json:"isPullRequest"`
	Pinned  bool            `json:"pinned"`
	Author  importedAccount `json:"author"`
	Changes struct {
		Merge string `json:"mergeCommitId"`
	} `json:"changes"`
}

type importedComment struct {
	ID      string          `json:"id"`
	Content string          `json:"content"`
	Hidden  bool            `json:"hidden"`
	Author  importedAccount `json:"author"`
}

// importedAccount is a user or an organisation, of whom a payload has no name.
type importedAccount struct {
	ID string `json:"id"`
}

// Import is Hub.ImportPayload.
func (s *Runner) Import(payload []byte) error {
	var imported importedPayload
	if err := json.Unmarshal(payload, &imported); err != nil {
		return problem.Invalid("the payload is not one of the Hub's: %s", problem.DescribeJSON(err))
	}
	if err := imported.check(); err != nil {
		return err
	}
	return s.DB.Update(func(tx *domain.Tx) error { return importPayload(tx, &imported) })
}

// Forms of what can be adopted.
var (
	idForm   = regexp.MustCompile(`^[0-9a-f]{24}$`)
	typeForm = regexp.MustCompile(`^[a-z][\w-]{0,63}$`)
)

// Bounds of what can be adopted.
const (
	maxAdoptedTitle = 1000
	maxAdoptedPath  = 4096
	maxAdoptedRefs  = 1000
)

var statuses = []string{domain.StatusDraft, domain.StatusOpen, domain.StatusClosed, domain.StatusMerged}

type importedField struct {
	at, value string
	right     bool
}

func (p *importedPayload) check() error {
	if len(p.Refs) > maxAdoptedRefs {
		return problem.Invalid("the payload tells of %d references: %d at most are taken in", len(p.Refs), maxAdoptedRefs)
	}
	for _, f := range slices.Concat(p.repoFields(), p.discussionFields()) {
		if !f.right {
			return problem.Invalid("the payload is not one of the Hub's: %s is %q", f.at, problem.Short(f.value))
		}
	}
	if d := p.Discussion; d != nil && (d.Num < 1 || d.Num > domain.MaxNum) {
		return problem.Invalid("discussion.num is %d: discussions are counted from 1", d.Num)
	}
	return nil
}

func isSHA(text string) bool { return text == "" || domain.SHA1Form.MatchString(text) }

func (p *importedPayload) repoFields() []importedField {
	fields := []importedField{
		{"repo.type", p.Repo.Type, typeForm.MatchString(p.Repo.Type)},
		{"repo.name", p.Repo.Name, domain.IsRepoName(p.Repo.Name)},
		{"repo.id", p.Repo.ID, idForm.MatchString(p.Repo.ID)},
		{"repo.headSha", p.Repo.HeadSHA, isSHA(p.Repo.HeadSHA)},
	}
	if to := p.MovedTo; to != nil {
		fields = append(fields, importedField{"movedTo.name", to.Name, domain.IsRepoName(to.Name)})
	}
	for _, r := range p.Refs {
		fields = append(fields, importedField{"updatedRefs", r.Name + " " + r.New,
			strings.HasPrefix(r.Name, "refs/") && len(r.Name) <= maxAdoptedPath && isSHA(r.New)})
	}
	for _, f := range p.Files {
		fields = append(fields, importedField{"updatedFiles", f.Path, f.Path != "" && len(f.Path) <= maxAdoptedPath &&
			(f.Action != "add" || domain.SHA256Form.MatchString(f.Hash)) && f.Size >= 0})
	}
	return fields
}

func (p *importedPayload) discussionFields() (fields []importedField) {
	if d := p.Discussion; d != nil {
		fields = append(fields,
			importedField{"discussion.id", d.ID, idForm.MatchString(d.ID)},
			importedField{"discussion.title", d.Title, d.Title != "" && len(d.Title) <= maxAdoptedTitle},
			importedField{"discussion.status", d.Status, slices.Contains(statuses, d.Status)},
			importedField{"discussion.changes.mergeCommitId", d.Changes.Merge, isSHA(d.Changes.Merge)})
	}
	if c := p.Comment; c != nil {
		fields = append(fields, importedField{"comment.id", c.ID, idForm.MatchString(c.ID)})
	}
	return fields
}

func importPayload(tx *domain.Tx, p *importedPayload) error {
	a := scenarioFor(tx, &activity.Trigger{}, p.Repo.Type, p.Repo.Name)
	if err := a.importRepo(p); err != nil {
		return err
	}
	switch event := p.Event.Scope + "." + p.Event.Action; {
	case event == "repo.delete":
		a.RemoveRepo(a.repo)
		return nil
	case p.Discussion == nil:
		return nil
	case event == "discussion.delete":
		if old := a.Discussion(a.repo.ID, p.Discussion.Num); old != nil {
			tx.DiscussionTx(a.repo, old).RecordDelete()
		}
		return nil
	}
	return a.importDiscussion(p.Discussion, p.Comment)
}

func (a *scenario) importRepo(p *importedPayload) error {
	name := p.Repo.Name
	if p.MovedTo != nil {
		name = p.MovedTo.Name
	}
	if other := a.RepoNamed(p.Repo.Type, name); other != nil && other.ID != p.Repo.ID {
		a.RemoveRepo(other)
	}
	known := a.RepoByID(p.Repo.ID)
	if known == nil {
		var err error
		if known, err = a.CreateRepo(&domain.Repo{ID: p.Repo.ID, Type: p.Repo.Type, Name: name}, "", nil); err != nil {
			return err
		}
	}
	r := *known
	r.Type, r.Name, r.Visibility, r.Modified = p.Repo.Type, name, domain.Visibility(p.Repo.Private), a.Now
	a.repo = &r
	if r.Type == domain.TypeBucket {
		a.importFiles(p.Files)
	} else {
		a.importRefs(p)
	}
	if len(a.repo.Objects) > domain.MaxObjects || len(a.repo.Refs) > domain.MaxRefs {
		return problem.Conflict("with what the payload tells of, %s %s has more than %d files or %d references",
			r.Type, r.Name, domain.MaxObjects, domain.MaxRefs)
	}
	a.keep(a.repo)
	return nil
}

func (a *scenario) importFiles(files []importedFile) {
	a.repo.Objects = domain.Applied(a.repo.Objects, nil)
	for _, f := range files {
		if f.Action == "add" {
			a.repo.Objects[f.Path] = domain.File{OID: f.Hash, Size: f.Size}
		} else {
			delete(a.repo.Objects, f.Path)
		}
	}
}

// importRefs points references to where the payload says. A repo without a head in the
// payload gets a first commit of its own.
func (a *scenario) importRefs(p *importedPayload) {
	for _, ref := range p.Refs {
		if ref.New != "" {
			a.pointTo(ref.Name, ref.New)
			continue
		}
		a.repo = a.repo.WithRef(ref.Name, domain.Ref{})
	}
	switch {
	case p.Repo.HeadSHA != "":
		a.pointTo(domain.MainRef, p.Repo.HeadSHA)
	case a.repo.Head() == "":
		a.pointTo(domain.MainRef, a.NewSHA(a.repo.ID))
	}
}

// pointTo has a reference point to a commit. One that is not known is taken to change nothing.
func (a *scenario) pointTo(ref, sha string) {
	if a.Commit(a.repo.ID, sha) == nil {
		a.repo = a.CommitOn(a.repo, ref, &domain.Commit{SHA: sha, Title: "a commit elsewhere", Author: a.Config.User})
		return
	}
	a.repo = a.repo.WithRef(ref, domain.Ref{SHA: sha})
}

func (a *scenario) importDiscussion(imported *importedDiscussion, comment *importedComment) error {
	d := domain.Discussion{Repo: a.repo.ID, Num: imported.Num, Created: a.Now}
	if old := a.Discussion(d.Repo, d.Num); old != nil && old.ID == imported.ID {
		d = *old
	} else if old != nil {
		a.RemoveDiscussion(old)
	} else if err := a.roomForDiscussion(); err != nil {
		return err
	}
	d.ID, d.Title, d.Status, d.Pull, d.Pinned = imported.ID, imported.Title, imported.Status, imported.Pull,
		imported.Pinned
	d.Author, d.Merge = accountOf(imported.Author.ID), imported.Changes.Merge
	a.SaveDiscussion(&d)
	a.importNum(&d)
	if comment == nil {
		return nil
	}
	for _, m := range a.Entries(d.Repo, d.Num) {
		if m.ID == comment.ID {
			edited := *m
			edited.Content, edited.Hidden, edited.Edited = comment.Content, comment.Hidden, a.Now
			a.SaveEntry(&d, &edited)
			return nil
		}
	}
	return a.say(a.DiscussionTx(a.repo, &d), domain.Entry{
		ID: comment.ID, Type: domain.EntryComment, Author: accountOf(comment.Author.ID), Content: comment.Content,
		Hidden: comment.Hidden,
	})
}

// importNum has the repo count the discussion, and have the reference of a pull request.
func (a *scenario) importNum(d *domain.Discussion) {
	r := *a.repo
	r.Nums = max(r.Nums, d.Num)
	a.repo = &r
	if ref := domain.PullRefs + strconv.Itoa(d.Num); d.Pull && r.Refs[ref].SHA == "" && r.Head() != "" {
		a.pointTo(ref, r.Head())
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
