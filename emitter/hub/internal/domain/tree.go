package domain

import (
	"crypto/sha1"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/hubhook/hubhook/emitter/hub/internal/clip"
	"github.com/hubhook/hubhook/emitter/hub/internal/problem"
)

// Bounds of what is kept.
const (
	MaxFolders = 1000 // that a commit deletes
	maxFiles   = 100_000
	// MaxStored is in bytes of all files, over all repos.
	MaxStored = 1 << 30
)

var (
	SHA1Form   = regexp.MustCompile(`^[0-9a-f]{40}$`)
	SHA256Form = regexp.MustCompile(`^[0-9a-f]{64}$`)
	// shorthandForm is what may stand for a parent commit (create_commit of the official client).
	shorthandForm = regexp.MustCompile(`^[0-9a-f]{5,40}$`)
)

// treeDraft is a tree while a commit's operations are done to it, one after the other.
type treeDraft struct {
	before   map[string]File
	after    map[string]*File // what differs; nil: it is deleted
	contents map[string][]byte
	folders  int
	sizes    map[string]int64 // of what is in LFS before, by oid; worked out when asked for
}

func draftOf(before map[string]File, operations []FileOperation) (*treeDraft, error) {
	d := &treeDraft{before: before, after: make(map[string]*File, len(operations)), contents: map[string][]byte{}}
	for i := range operations {
		if err := d.do(&operations[i]); err != nil {
			return nil, err
		}
	}
	return d, nil
}

func (d *treeDraft) do(op *FileOperation) error {
	switch op.Kind {
	case DeleteFile:
		return d.deleteFile(op)
	case DeleteFolder:
		return d.deleteFolder(op)
	}
	return d.putFile(op)
}

func (d *treeDraft) file(path string) (File, bool) {
	if f, changed := d.after[path]; changed {
		if f == nil {
			return File{}, false
		}
		return *f, true
	}
	f, found := d.before[path]
	return f, found
}

func (d *treeDraft) putFile(op *FileOperation) error {
	f := op.File
	if op.Old != "" {
		var found bool
		if f, found = d.file(op.Old); !found {
			return NoEntry(op.Old)
		}
		d.after[op.Old] = nil
	}
	if f.Size == UnknownSize {
		f.Size = d.sizeOf(f.OID)
	}
	d.after[op.Path] = &f
	if op.Content != nil {
		d.contents[f.OID] = op.Content
	}
	return nil
}

// deleteFile deletes a file; or a folder, for which the official JavaScript client has
// no other word.
func (d *treeDraft) deleteFile(op *FileOperation) error {
	if _, found := d.file(op.Path); found {
		d.after[op.Path] = nil
		return nil
	}
	return d.deleteFolder(op)
}

func (d *treeDraft) deleteFolder(op *FileOperation) error {
	if d.folders++; d.folders > MaxFolders {
		return problem.TooLarge("a commit deletes at most %d folders", MaxFolders)
	}
	var gone []string
	for path := range d.before {
		if f, changed := d.after[path]; strings.HasPrefix(path, op.Path+"/") && !(changed && f == nil) {
			gone = append(gone, path)
		}
	}
	for path, f := range d.after {
		if f != nil && strings.HasPrefix(path, op.Path+"/") {
			gone = append(gone, path)
		}
	}
	if len(gone) == 0 {
		return NoEntry(op.Path)
	}
	for _, path := range gone {
		d.after[path] = nil
	}
	return nil
}

func NoEntry(path string) error {
	return problem.NotFound(problem.CodeEntry, "there is no file %q", clip.Short(path))
}

// sizeOf returns the size of a file in LFS if the tree has it, in bytes.
func (d *treeDraft) sizeOf(oid string) int64 {
	if d.sizes == nil {
		d.sizes = map[string]int64{}
		for _, f := range d.before {
			if f.LFS {
				d.sizes[f.OID] = f.Size
			}
		}
	}
	return d.sizes[oid]
}

func (d *treeDraft) changes() []FileChange {
	var changes []FileChange
	for _, path := range slices.Sorted(maps.Keys(d.after)) {
		f := d.after[path]
		old, existed := d.before[path]
		if f == nil && !existed || f != nil && existed && *f == old {
			continue
		}
		changes = append(changes, FileChange{Path: path, File: f})
	}
	return changes
}

// check finds what no tree can be: a path that is a file and a folder, or too many.
func (d *treeDraft) check(tree map[string]File, changes []FileChange) error {
	if len(tree) > maxFiles {
		return problem.TooLarge("a repo has at most %d files", maxFiles)
	}
	fresh := map[string]bool{}
	for _, c := range changes {
		if _, existed := d.before[c.Path]; existed || c.File == nil {
			continue
		}
		fresh[c.Path] = true
		for folder := range FoldersAbove(c.Path) {
			if _, isFile := tree[folder]; isFile {
				return twofold(folder)
			}
		}
	}
	if len(fresh) == 0 {
		return nil
	}
	for path := range tree {
		for folder := range FoldersAbove(path) {
			if fresh[folder] {
				return twofold(folder)
			}
		}
	}
	return nil
}

func twofold(path string) error {
	return problem.Invalid("%q would be a file and a folder", path)
}

// Applied returns a copy of a tree with changes made to it.
func Applied(before map[string]File, changes []FileChange) map[string]File {
	tree := maps.Clone(before)
	if tree == nil {
		tree = make(map[string]File, len(changes))
	}
	for _, c := range changes {
		if c.File == nil {
			delete(tree, c.Path)
		} else {
			tree[c.Path] = *c.File
		}
	}
	return tree
}

// UnknownSize is that of a file in LFS which was copied: clients name only its oid.
const UnknownSize = -1

// GitOID returns how Git names a content: the SHA-1 of a blob.
func GitOID(content []byte) string {
	sum := sha1.New()
	fmt.Fprintf(sum, "blob %d\x00", len(content))
	sum.Write(content)
	return hex.EncodeToString(sum.Sum(nil))
}

// Pointer returns what Git keeps of a file in LFS (git-lfs, "Specification").
func (f *File) Pointer() []byte {
	return fmt.Appendf(nil, "version https://git-lfs.github.com/spec/v1\noid sha256:%s\nsize %d\n", f.OID, f.Size)
}

// Bounds of a file's path.
const (
	MaxPath  = 1024 // bytes
	MaxDepth = 64   // parts
)

// CheckPath finds a path that Git does not keep, or that leads somebody out of the
// folder into which they download.
func CheckPath(path string) error {
	if path == "" || len(path) > MaxPath || strings.Count(path, "/") >= MaxDepth || !utf8.ValidString(path) ||
		strings.ContainsRune(path, 0) {
		return badPath(path)
	}
	for part := range strings.SplitSeq(path, "/") {
		if part == "" || part == "." || part == ".." || strings.EqualFold(part, ".git") {
			return badPath(path)
		}
	}
	return nil
}

func badPath(path string) error {
	return problem.Invalid("%q is no path that a file can have: relative, of up to %d bytes and %d parts, of which none is empty, . or .. or .git",
		clip.Short(path), MaxPath, MaxDepth)
}

// FoldersAbove returns each folder in which a path lies, the nearest first.
func FoldersAbove(path string) func(yield func(string) bool) {
	return func(yield func(string) bool) {
		for at := strings.LastIndexByte(path, '/'); at > 0; at = strings.LastIndexByte(path[:at], '/') {
			if !yield(path[:at]) {
				return
			}
		}
	}
}

func NoRoom() error {
	return problem.TooLarge("this Hub keeps up to %d bytes of files, and has no room for these: delete repos", MaxStored)
}

// SHA256 returns how LFS and buckets name a content.
func SHA256(content []byte) string {
	sum := sha256.Sum256(content)
	return hex.EncodeToString(sum[:])
}
