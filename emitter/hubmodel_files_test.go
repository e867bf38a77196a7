package emitter_test

import "regexp"

// modelBucket is what is known of a bucket's files: whether each is there. A
// list that was cut short leaves the rest open.
type modelBucket struct {
	files map[string]bool
	whole bool // whether a file that no payload listed is absent
}

func newModelBucket() modelBucket { return modelBucket{files: map[string]bool{}, whole: true} }

// mostFiles are as many as a payload lists.
const mostFiles = 10_000

var xetForm = regexp.MustCompile(`^[0-9a-f]{64}$`)

var fileRules = []rule{
	{"file.form", func(m *hubModel, e *event) *finding {
		for _, file := range e.payload.UpdatedFiles {
			if !file.wellFormed() {
				return &finding{"add with xetHash and size, or delete with neither", file.Action + " " + file.Path}
			}
		}
		return nil
	}},
	{"file.twice", func(m *hubModel, e *event) *finding {
		seen := map[string]bool{}
		for _, file := range e.payload.UpdatedFiles {
			if seen[file.Path] {
				return &finding{"a path once in a payload", file.Path}
			}
			seen[file.Path] = true
		}
		return nil
	}},
	{"file.gone", func(m *hubModel, e *event) *finding {
		for _, file := range e.payload.UpdatedFiles {
			there, listed := e.repo.bucket.files[file.Path]
			if file.Action == "delete" && !there && (listed || e.repo.bucket.whole) {
				return &finding{"to delete a file that is there", file.Path}
			}
		}
		return nil
	}},
	{"files.truncated", func(m *hubModel, e *event) *finding {
		n := len(e.payload.UpdatedFiles)
		return unless(n == mostFiles || n < mostFiles && !e.payload.UpdatedFilesTruncated, "10,000 files at most, and no fewer where the list is cut short", n)
	}},
}

func (f *fileJSON) wellFormed() bool {
	switch f.Action {
	case "add":
		return f.Path != "" && f.XetHash != nil && xetForm.MatchString(*f.XetHash) && f.Size != nil && *f.Size >= 0
	case "delete":
		return f.Path != "" && f.XetHash == nil && f.Size == nil
	}
	return false
}

func (r *modelRepo) rememberFiles(m *hubModel, e *event) {
	if e.payload.UpdatedFilesTruncated {
		r.bucket = modelBucket{files: map[string]bool{}}
	}
	for _, file := range e.payload.UpdatedFiles {
		m.note(fileChange(file, r.bucket.files[file.Path]))
		r.bucket.files[file.Path] = file.Action == "add"
	}
}

// fileChange describes what happens to a file.
func fileChange(file fileJSON, there bool) string {
	switch {
	case file.Action == "delete":
		return "file deleted"
	case there:
		return "file overwritten"
	}
	return "file added"
}
