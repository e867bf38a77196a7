package emitter_test

import (
	"regexp"
	"strconv"
	"strings"
)

// modelGit is what is known of a repo's commits.
type modelGit struct {
	// refs are the heads. Until a payload first names main, nothing is known
	// of it: a new repo may have a commit or none.
	refs map[string]string
	// past are commits that a ref moved on from.
	past map[string]bool
	// announced is the number of a pull request whose ref was announced before it was
	// opened.
	announced int
	// merging was merged, but the push of that is still to come.
	merging *modelDiscussion
	// pushed reports whether main moved since the parquet ref did.
	pushed bool
}

func newModelGit() modelGit {
	return modelGit{refs: map[string]string{}, past: map[string]bool{}}
}

const (
	mainRef    = "refs/heads/main"
	parquetRef = "refs/convert/parquet"
	tagPrefix  = "refs/tags/"
	pullPrefix = "refs/pr/"
)

var (
	refForm = regexp.MustCompile(`^refs/(heads/.+|tags/.+|pr/[1-9][0-9]*|convert/parquet)$`)
	shaForm = regexp.MustCompile(`^[0-9a-f]{40}$`)
)

var refRules = []rule{
	{"sha.form", func(m *hubModel, e *event) *finding {
		for _, sha := range e.shas() {
			if sha != nil && !shaForm.MatchString(*sha) {
				return &finding{"40 hex digits", *sha}
			}
		}
		return nil
	}},
	{"head.scope", func(m *hubModel, e *event) *finding {
		allowed := e.onRepo() && e.payload.Repo.Type != "bucket"
		return unless(allowed || e.payload.Repo.HeadSha == nil, "headSha for Git repos on repo scopes alone", orNull(e.payload.Repo.HeadSha))
	}},
	{"head.main", func(m *hubModel, e *event) *finding {
		head := e.mainAfter()
		return unless(head == nil || e.payload.Repo.HeadSha == nil || *head == *e.payload.Repo.HeadSha, orNull(head), orNull(e.payload.Repo.HeadSha))
	}},
	{"ref.form", eachRef(func(e *event, r refJSON) *finding {
		return unless(refForm.MatchString(r.Ref), "refs/heads/*, refs/tags/*, refs/pr/N or "+parquetRef, r.Ref)
	})},
	{"ref.twice", func(m *hubModel, e *event) *finding {
		seen := map[string]bool{}
		for _, r := range e.payload.UpdatedRefs {
			if seen[r.Ref] {
				return &finding{"a ref once in a payload", r.Ref}
			}
			seen[r.Ref] = true
		}
		return nil
	}},
	{"ref.nothing", eachRef(func(e *event, r refJSON) *finding {
		return unless(textOf(r.OldSha) != textOf(r.NewSha), "a new commit for "+r.Ref, orNull(r.NewSha))
	})},
	{"ref.chain", eachRef(func(e *event, r refJSON) *finding {
		head, known := e.repo.git.refs[r.Ref]
		if !known && r.Ref == mainRef {
			return nil
		}
		if !known {
			return unless(r.OldSha == nil, "null for the new "+r.Ref, orNull(r.OldSha))
		}
		return unless(r.OldSha != nil && *r.OldSha == head, head+" for "+r.Ref, orNull(r.OldSha))
	})},
	{"ref.main", eachRef(func(e *event, r refJSON) *finding {
		return unless(r.Ref != mainRef || r.NewSha != nil, "that main stays", "null")
	})},
	{"ref.tag", eachRef(func(e *event, r refJSON) *finding {
		moved := strings.HasPrefix(r.Ref, tagPrefix) && r.OldSha != nil && r.NewSha != nil
		return unless(!moved, "a tag created or deleted", r.Ref+" updated")
	})},
	{"ref.parquet", eachRef(func(e *event, r refJSON) *finding {
		allowed := e.payload.Repo.Type == "dataset" && e.updatedRef(mainRef) == nil
		return unless(r.Ref != parquetRef || allowed, parquetRef+" for datasets alone, and not with main", r.Ref)
	})},
	{"ref.pull", eachRef(func(e *event, r refJSON) *finding {
		num, ok := pullNum(r.Ref)
		if !ok || r.NewSha == nil || num == e.repo.nums+1 {
			return nil
		}
		return unless(e.repo.hasPull(num), "a pull request of this repo, or the next one", r.Ref)
	})},
	// A new ref may point at any commit. One that moves goes to a new commit, or
	// to where another ref points.
	{"ref.commit", eachRef(func(e *event, r refJSON) *finding {
		again := r.OldSha != nil && r.NewSha != nil && e.repo.git.past[*r.NewSha] && !e.repo.git.isHead(*r.NewSha)
		return unless(!again, "a new commit for "+r.Ref, "an old one, "+textOf(r.NewSha))
	})},
}

// eachRef makes a rule for one ref into one for a payload. The repo is known:
// a new one brings no refs.
func eachRef(check func(e *event, r refJSON) *finding) func(m *hubModel, e *event) *finding {
	return func(_ *hubModel, e *event) *finding {
		for _, r := range e.payload.UpdatedRefs {
			if f := check(e, r); f != nil {
				return f
			}
		}
		return nil
	}
}

// shas lists the commits in a payload.
func (e *event) shas() []*string {
	all := []*string{e.payload.Repo.HeadSha}
	for _, r := range e.payload.UpdatedRefs {
		all = append(all, r.OldSha, r.NewSha)
	}
	if e.payload.Discussion != nil {
		all = append(all, e.payload.Discussion.mergeCommit())
	}
	return all
}

// updatedRef finds a ref in a payload.
func (e *event) updatedRef(name string) *refJSON {
	for i, r := range e.payload.UpdatedRefs {
		if r.Ref == name {
			return &e.payload.UpdatedRefs[i]
		}
	}
	return nil
}

// mainAfter is the head of main after the event, nil where that is not known.
func (e *event) mainAfter() *string {
	if r := e.updatedRef(mainRef); r != nil {
		return r.NewSha
	}
	if e.repo == nil {
		return nil
	}
	if head, ok := e.repo.git.refs[mainRef]; ok {
		return &head
	}
	return nil
}

// pullNum reads the number off refs/pr/N.
func pullNum(ref string) (int, bool) {
	text, ok := strings.CutPrefix(ref, pullPrefix)
	num, err := strconv.Atoi(text)
	return num, ok && err == nil
}

func (g *modelGit) isHead(sha string) bool {
	for _, head := range g.refs {
		if head == sha {
			return true
		}
	}
	return false
}

func (r *modelRepo) rememberRefs(m *hubModel, e *event) {
	for _, got := range e.payload.UpdatedRefs {
		m.note(refChange(got))
		r.rememberRef(got)
	}
	if e.updatedRef(mainRef) != nil {
		r.rememberPush(m)
	}
	if e.updatedRef(parquetRef) != nil && r.git.pushed {
		m.note("parquet ref after a push")
		r.git.pushed = false
	}
	if e.payload.Repo.HeadSha != nil {
		r.git.refs[mainRef] = *e.payload.Repo.HeadSha
	}
}

// rememberPush remembers a push to main. Where one was due for a merge, it is
// this one.
func (r *modelRepo) rememberPush(m *hubModel) {
	r.git.pushed = true
	if r.git.merging != nil && r.git.merging.wasDraft {
		m.note("draft merged with its push")
	}
	r.git.merging = nil
}

func (r *modelRepo) rememberRef(got refJSON) {
	if got.OldSha != nil && got.NewSha != nil {
		r.git.past[*got.OldSha] = true
	}
	if got.NewSha == nil {
		delete(r.git.refs, got.Ref)
		return
	}
	r.git.refs[got.Ref] = *got.NewSha
	if num, ok := pullNum(got.Ref); ok && num == r.nums+1 {
		r.git.announced = num
	}
}

// refChange describes what happens to a ref: "branch created".
func refChange(r refJSON) string {
	what := "branch"
	switch {
	case r.Ref == mainRef:
		what = "main"
	case r.Ref == parquetRef:
		what = "parquet ref"
	case strings.HasPrefix(r.Ref, tagPrefix):
		what = "tag"
	case strings.HasPrefix(r.Ref, pullPrefix):
		what = "pull request's ref"
	}
	switch {
	case r.OldSha == nil:
		return what + " created"
	case r.NewSha == nil:
		return what + " deleted"
	}
	return what + " updated"
}
