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
	Discussion *importedDiscussion `json:"discussion"` // nil: it has none
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

// importedAccount is a user or an organization; a payload has no names of accounts.
type importedAccount struct {
	ID string `json:"id"`
}

// Import is Hub.ImportPayload.
func (r *Runner) Import(payload []byte) error {
	var imported importedPayload
	if err := json.Unmarshal(payload, &imported); err != nil {
		return problem.Invalid("the payload is not one of the Hub's: %s", problem.DescribeJSON(err))
	}
	if err := imported.check(); err != nil {
		return err
	}
	return r.DB.Update(func(tx *domain.Tx) error { return importPayload(tx, &imported) })
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
	s := scenarioFor(tx, &activity.Trigger{}, p.Repo.Type, p.Repo.Name)
	if err := s.importRepo(p); err != nil {
		return err
	}
	switch event := p.Event.Scope + "." + p.Event.Action; {
	case event == "repo.delete":
		s.RemoveRepo(s.repo)
		return nil
	case p.Discussion == nil:
		return nil
	case event == "discussion.delete":
		if old := s.Discussion(s.repo.ID, p.Discussion.Num); old != nil {
			tx.DiscussionTx(s.repo, old).RecordDelete()
		}
		return nil
	}
	return s.importDiscussion(p.Discussion, p.Comment)
}

func (s *scenario) importRepo(p *importedPayload) error {
	name := p.Repo.Name
	if p.MovedTo != nil {
		name = p.MovedTo.Name
	}
	if other := s.RepoNamed(p.Repo.Type, name); other != nil && other.ID != p.Repo.ID {
		s.RemoveRepo(other)
	}
	known := s.RepoByID(p.Repo.ID)
	if known == nil {
		var err error
		if known, err = s.CreateRepo(&domain.Repo{ID: p.Repo.ID, Type: p.Repo.Type, Name: name}, "", nil); err != nil {
			return err
		}
	}
	r := *known
	r.Type, r.Name, r.Visibility, r.Modified = p.Repo.Type, name, domain.Visibility(p.Repo.Private), s.Now
	s.repo = &r
	if r.Type == domain.TypeBucket {
		s.importFiles(p.Files)
	} else {
		s.importRefs(p)
	}
	if len(s.repo.Objects) > domain.MaxObjects || len(s.repo.Refs) > domain.MaxRefs {
		return problem.Conflict("with what the payload tells of, %s %s has more than %d files or %d references",
			r.Type, r.Name, domain.MaxObjects, domain.MaxRefs)
	}
	s.keep(s.repo)
	return nil
}

func (s *scenario) importFiles(files []importedFile) {
	s.repo.Objects = domain.Applied(s.repo.Objects, nil)
	for _, f := range files {
		if f.Action == "add" {
			s.repo.Objects[f.Path] = domain.File{OID: f.Hash, Size: f.Size}
		} else {
			delete(s.repo.Objects, f.Path)
		}
	}
}

// importRefs points references to where the payload says. A repo without a head in the
// payload gets a first commit of its own.
func (s *scenario) importRefs(p *importedPayload) {
	for _, ref := range p.Refs {
		if ref.New != "" {
			s.pointTo(ref.Name, ref.New)
			continue
		}
		s.repo = s.repo.WithRef(ref.Name, domain.Ref{})
	}
	switch {
	case p.Repo.HeadSHA != "":
		s.pointTo(domain.MainRef, p.Repo.HeadSHA)
	case s.repo.Head() == "":
		s.pointTo(domain.MainRef, s.NewSHA(s.repo.ID))
	}
}

// pointTo points a reference to a commit. An unknown commit is assumed to change nothing.
func (s *scenario) pointTo(ref, sha string) {
	if s.Commit(s.repo.ID, sha) == nil {
		s.repo = s.CommitOn(s.repo, ref, &domain.Commit{SHA: sha, Title: "a commit elsewhere", Author: s.Config.User})
		return
	}
	s.repo = s.repo.WithRef(ref, domain.Ref{SHA: sha})
}

func (s *scenario) importDiscussion(imported *importedDiscussion, comment *importedComment) error {
	d := domain.Discussion{Repo: s.repo.ID, Num: imported.Num, Created: s.Now}
	if old := s.Discussion(d.Repo, d.Num); old != nil && old.ID == imported.ID {
		d = *old
	} else if old != nil {
		s.RemoveDiscussion(old)
	} else if err := s.roomForDiscussion(); err != nil {
		return err
	}
	d.ID, d.Title, d.Status, d.Pull, d.Pinned = imported.ID, imported.Title, imported.Status, imported.Pull,
		imported.Pinned
	d.Author, d.Merge = accountOf(imported.Author.ID), imported.Changes.Merge
	s.SaveDiscussion(&d)
	s.importNum(&d)
	if comment == nil {
		return nil
	}
	for _, m := range s.Entries(d.Repo, d.Num) {
		if m.ID == comment.ID {
			edited := *m
			edited.Content, edited.Hidden, edited.Edited = comment.Content, comment.Hidden, s.Now
			s.SaveEntry(&d, &edited)
			return nil
		}
	}
	return s.say(s.DiscussionTx(s.repo, &d), domain.Entry{
		ID: comment.ID, Type: domain.EntryComment, Author: accountOf(comment.Author.ID), Content: comment.Content,
		Hidden: comment.Hidden,
	})
}

// importNum counts the discussion in the repo, and adds the reference of a pull request.
func (s *scenario) importNum(d *domain.Discussion) {
	r := *s.repo
	r.Nums = max(r.Nums, d.Num)
	s.repo = &r
	if ref := domain.PullRefs + strconv.Itoa(d.Num); d.Pull && r.Refs[ref].SHA == "" && r.Head() != "" {
		s.pointTo(ref, r.Head())
	}
	s.keep(s.repo)
}

// accountOf names an account of which only the id is known.
func accountOf(id string) string {
	if !idForm.MatchString(id) {
		return "somebody"
	}
	return "user-" + id
}
