package domain

import (
	"cmp"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"

	"github.com/hubhook/hubhook/emitter"
	"github.com/hubhook/hubhook/emitter/hub/internal/problem"
)

// TypeBucket is the type of a bucket, which has neither commits nor discussions.
const TypeBucket = "bucket"

// RepoTypes returns the types of repos, in the order in which a name is looked up.
func RepoTypes() []string { return []string{"model", "dataset", "space", TypeBucket} }

// CheckType returns the type that is asked for; "model" if it is empty.
func CheckType(asked string) (string, error) {
	if repoType := cmp.Or(asked, "model"); slices.Contains(RepoTypes(), repoType) {
		return repoType, nil
	}
	return "", problem.Invalid("type is %q: it can be one of %s", problem.Short(asked), strings.Join(RepoTypes(), ", "))
}

// maxName is how long each part of a repo's name can be, in bytes
// (validate_repo_id of the official client).
const maxName = 96

// NewName is what each part of a new name looks like, and the name of a user.
var NewName = regexp.MustCompile(`^\w([\w.-]*\w)?$`)

// anyName is what the name of a repo looks like, be it older than what is asked of new
// ones: "owner/name", or only "name".
var anyName = regexp.MustCompile(`^(\w[\w.-]{0,95}/)?\w[\w.-]{0,95}$`)

// IsRepoName reports whether there may be a repo of a name, on this Hub or another one.
func IsRepoName(name string) bool { return anyName.MatchString(name) }

// CheckNewName returns an error for a name that a new repo cannot have.
func CheckNewName(name string) error {
	owner, own, found := strings.Cut(name, "/")
	if !found {
		return problem.Invalid("a repo is named owner/name, and %q has no owner", problem.Short(name))
	}
	for _, part := range []string{owner, own} {
		if len(part) > maxName || !NewName.MatchString(part) || strings.Contains(part, "--") ||
			strings.Contains(part, "..") {
			return problem.Invalid("a repo cannot be named %q: both parts are of letters, digits, '-', '_' and '.', at most %d, without '--' and '..', and neither begin nor end with '-' or '.'",
				problem.Short(name), maxName)
		}
	}
	for _, ending := range []string{".git", ".ipynb"} {
		if strings.HasSuffix(strings.ToLower(own), ending) {
			return problem.Invalid("a repo's name cannot end in %s", ending)
		}
	}
	return nil
}

// MaxRepos bounds how many repos there can be, buckets among them.
const MaxRepos = 10_000

// MaxObjects bounds the files of a bucket.
const MaxObjects = 100_000

// CreateRepo adds a repo, like the one that is wanted and with an id unless that has one.
// Its first commit has the files; without any it has no commit. It publishes nothing.
func (tx *Tx) CreateRepo(want *Repo, author string, files map[string][]byte) (*Repo, error) {
	if err := tx.checkFree(want.Type, want.Name); err != nil {
		return nil, err
	}
	if tx.RepoCount() >= MaxRepos {
		return nil, problem.Forbidden("there are %d repos already", MaxRepos)
	}
	r := *want
	if r.ID == "" {
		r.ID = tx.NewID()
	}
	r.Created, r.Modified = tx.Now, tx.Now
	if files != nil {
		tree, err := tx.keepFiles(&r, files)
		if err != nil {
			return nil, err
		}
		first := tx.RootCommit(&r, author, "initial commit", "", tree)
		r.Refs = map[string]Ref{MainRef: {SHA: first.SHA}}
	}
	tx.SaveRepo(&r)
	return &r, nil
}

func (tx *Tx) SaveRepo(r *Repo) { put(tx, tx.repos, r.ID, r) }

// RepoByID returns the repo of an id; nil if there is none.
func (s *State) RepoByID(id string) *Repo { return s.repos.rows[id] }

// checkFree returns an error if a name is taken. It has the repo's URL, which the official client
// needs if the repo may exist.
func (tx *Tx) checkFree(repoType, name string) error {
	r := tx.RepoNamed(repoType, name)
	if r == nil {
		return nil
	}
	return &problem.Error{
		Status: http.StatusConflict, Text: "there is a " + r.Type + " " + r.Name + " already",
		More: map[string]any{"url": WebURL(tx.URL, r)},
	}
}

// DeleteRepo deletes a repo with all that belongs to it, and publishes it as it was.
func (tx *Tx) DeleteRepo(r *Repo) error {
	tx.RemoveRepo(r)
	return tx.Publish(Event{Shape: "repo.delete", Repo: r})
}

// RemoveRepo removes a repo, with all that belongs to it.
func (tx *Tx) RemoveRepo(r *Repo) {
	for _, d := range tx.Discussions(r.ID) {
		tx.RemoveDiscussion(d)
	}
	for _, key := range tx.owned(kindCommit, r.ID) {
		put(tx, tx.commits, key, nil)
	}
	for _, key := range tx.owned(kindBlob, r.ID) {
		put(tx, tx.blobs, key, nil)
	}
	put(tx, tx.repos, r.ID, nil)
}

// MoveRepo renames a repo, and publishes it. Webhooks that watch it go on to do so.
func (tx *Tx) MoveRepo(old *Repo, name string) error {
	if err := CheckNewName(name); err != nil {
		return err
	}
	if other := tx.RepoNamed(old.Type, name); other != nil && (other.ID != old.ID || name == old.Name) {
		return tx.checkFree(old.Type, name)
	}
	e := tx.RecordMove(old, name)
	for _, w := range tx.Webhooks() {
		if w = following(w, e.Repo, old.Name); w != nil {
			tx.SaveWebhook(w)
		}
	}
	return tx.Publish(e)
}

// RecordMove renames a repo. It publishes nothing, and webhooks go on to watch the old name.
func (tx *Tx) RecordMove(old *Repo, name string) Event {
	r := *old
	r.Name, r.Modified = name, tx.Now
	tx.SaveRepo(&r)
	return Event{Shape: "repo.move", Repo: &r, OldName: old.Name}
}

// SettingsChange is what is asked for of a repo's settings.
type SettingsChange struct {
	Visibility string  // unchanged if empty
	Gated      *string // unchanged if nil
}

// ChangeSettings changes settings, and publishes it.
func (tx *Tx) ChangeSettings(old *Repo, change SettingsChange) (*Repo, error) {
	e := tx.RecordSettings(old, change)
	return e.Repo, tx.Publish(e)
}

// RecordSettings changes settings. The event has the visibility if that was asked for, even if it
// is as it was.
func (tx *Tx) RecordSettings(old *Repo, change SettingsChange) Event {
	r := *old
	r.Modified = tx.Now
	e := Event{Shape: "repo.config.update", Repo: &r}
	if change.Visibility != "" {
		r.Visibility = change.Visibility
		private := r.Private()
		e.Private = &private
	}
	if change.Gated != nil {
		r.Gated = *change.Gated
	}
	tx.SaveRepo(&r)
	return e
}

// ConfigureRepo replaces a repo whose settings changed, and publishes that something has
// changed. What it is, no event says: updatedConfig is {}.
func (tx *Tx) ConfigureRepo(r *Repo) error {
	tx.SaveRepo(r)
	return tx.Publish(Event{Shape: "repo.config.update", Repo: r})
}

// UpdateBucket replaces the files of a bucket, and publishes those that changed. Of more than
// 10,000 the payload has the first.
func (tx *Tx) UpdateBucket(old *Repo, objects map[string]File, changed []emitter.FileData) error {
	r := *old
	r.Objects, r.Modified = objects, tx.Now
	tx.SaveRepo(&r)
	return tx.Publish(Event{Shape: "repo.content.update", Repo: &r, Files: changed})
}

// WebURL returns the URL of a repo's page.
func WebURL(hub string, r *Repo) string {
	if r.Type == "model" {
		return hub + "/" + r.Name
	}
	return hub + "/" + FolderOf(r.Type) + "/" + r.Name
}

// FolderOf returns what the API calls a type of repos.
func FolderOf(repoType string) string { return repoType + "s" }

// StoreObject puts a file with its content into a bucket that is to be saved.
func (tx *Tx) StoreObject(r *Repo, path string, file File, content []byte) {
	was := r.Objects[path]
	r.Objects = Applied(r.Objects, []FileChange{{Path: path, File: &file}})
	if was.OID != "" && !slices.Contains(slices.Collect(maps.Values(r.Objects)), was) {
		put(tx, tx.blobs, blobKey(r.ID, was.OID), nil)
	}
	tx.SaveContent(r.ID, file.OID, content)
}
