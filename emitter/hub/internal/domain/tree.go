package domain

import (
	"crypto/sha1"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"iter"
	"maps"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

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
	before, after map[string]File
	touched       map[string]bool // paths that may differ
	contents      map[string][]byte
	folders       int
	sizes         map[string]int64 // of what is in LFS before, by oid; worked out when asked for
}

func draftOf(before map[string]File, operations []FileOperation) (*treeDraft, error) {
	d := &treeDraft{
		before: before, after: Applied(before, nil), touched: make(map[string]bool, len(operations)),
		contents: map[string][]byte{},
	}
	do := map[FileOperationKind]func(*FileOperation) error{
		PutFile: d.putFile, DeleteFile: d.deleteFile, DeleteFolder: d.deleteFolder,
	}
	for i := range operations {
		if err := do[operations[i].Kind](&operations[i]); err != nil {
			return nil, err
		}
	}
	return d, nil
}

func (d *treeDraft) remove(path string) {
	delete(d.after, path)
	d.touched[path] = true
}

func (d *treeDraft) putFile(op *FileOperation) error {
	f := op.File
	if op.Old != "" {
		var found bool
		if f, found = d.after[op.Old]; !found {
			return NoFile(op.Old)
		}
		d.remove(op.Old)
	}
	if f.Size == UnknownSize {
		f.Size = d.sizeOf(f.OID)
	}
	d.after[op.Path], d.touched[op.Path] = f, true
	if op.Content != nil {
		d.contents[f.OID] = op.Content
	}
	return nil
}

// deleteFile deletes a file; or a folder, for which the official JavaScript client has
// no other word.
func (d *treeDraft) deleteFile(op *FileOperation) error {
	if _, found := d.after[op.Path]; found {
		d.remove(op.Path)
		return nil
	}
	return d.deleteFolder(op)
}

func (d *treeDraft) deleteFolder(op *FileOperation) error {
	if d.folders++; d.folders > MaxFolders {
		return problem.TooLarge("a commit deletes at most %d folders", MaxFolders)
	}
	found := false
	for path := range d.after {
		if strings.HasPrefix(path, op.Path+"/") {
			found = true
			d.remove(path)
		}
	}
	if !found {
		return NoFile(op.Path)
	}
	return nil
}

// NoFile returns the error for a file that does not exist.
func NoFile(path string) error {
	return problem.NotFound(problem.CodeEntry, "there is no file %q", problem.Short(path))
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
	for _, path := range slices.Sorted(maps.Keys(d.touched)) {
		old, existed := d.before[path]
		switch f, exists := d.after[path]; {
		case exists && f != old:
			changes = append(changes, FileChange{Path: path, File: &f})
		case existed && !exists:
			changes = append(changes, FileChange{Path: path})
		}
	}
	return changes
}

// check returns an error for a path that is a file and a folder, and for too many files.
func (d *treeDraft) check(changes []FileChange) error {
	if len(d.after) > maxFiles {
		return problem.TooLarge("a repo has at most %d files", maxFiles)
	}
	var folders []string
	for folder := range clashes(d.before, d.after, changes) {
		folders = append(folders, folder)
	}
	if len(folders) > 0 {
		return problem.Invalid("%q would be a file and a folder", slices.Min(folders))
	}
	return nil
}

// clashes returns the files that would be folders too, each with a file in it, after changes
// that add one of both.
func clashes(before, after map[string]File, changes []FileChange) iter.Seq2[string, string] {
	added := map[string]bool{}
	for _, c := range changes {
		if _, existed := before[c.Path]; c.File != nil && !existed {
			added[c.Path] = true
		}
	}
	return func(yield func(folder, path string) bool) {
		if len(added) == 0 {
			return
		}
		for path := range after {
			for folder := range FoldersAbove(path) {
				if !added[folder] && !added[path] {
					continue
				}
				if _, isFile := after[folder]; isFile && !yield(folder, path) {
					return
				}
			}
		}
	}
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

// GitFile returns a file in Git with a content.
func GitFile(content []byte) File { return File{OID: GitOID(content), Size: int64(len(content))} }

// Pointer returns what Git keeps of a file in LFS (git-lfs, "Specification").
func (f *File) Pointer() []byte {
	return fmt.Appendf(nil, "version https://git-lfs.github.com/spec/v1\noid sha256:%s\nsize %d\n", f.OID, f.Size)
}

// Bounds of a file's path.
const (
	MaxPath  = 1024 // bytes
	MaxDepth = 64   // parts
)

// CheckPath returns an error for a path that Git does not keep, or that leads out of the folder
// of a download.
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
		problem.Short(path), MaxPath, MaxDepth)
}

// FoldersAbove returns each folder in which a path lies, the nearest first.
func FoldersAbove(path string) iter.Seq[string] {
	return func(yield func(string) bool) {
		for at := strings.LastIndexByte(path, '/'); at > 0; at = strings.LastIndexByte(path[:at], '/') {
			if !yield(path[:at]) {
				return
			}
		}
	}
}

// NoRoom returns the error for content beyond MaxStored.
func NoRoom() error {
	return problem.TooLarge("this Hub keeps up to %d bytes of files, and has no room for these: delete repos", MaxStored)
}

// SHA256 returns how LFS and buckets name a content.
func SHA256(content []byte) string {
	sum := sha256.Sum256(content)
	return hex.EncodeToString(sum[:])
}
