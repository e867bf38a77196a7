package hub

import (
	"maps"
	"slices"
	"strings"
)

// treeDraft is a tree while a commit's operations are done to it, one after the other.
type treeDraft struct {
	before   map[string]keptFile
	after    map[string]*keptFile // what differs; nil: it is deleted
	contents map[string][]byte
	folders  int
	sizes    map[string]int64 // of what is in LFS before, by oid; worked out when asked for
}

// draftOf does operations to a tree.
func draftOf(before map[string]keptFile, operations []commitOperation) (*treeDraft, error) {
	d := &treeDraft{before: before, after: make(map[string]*keptFile, len(operations)), contents: map[string][]byte{}}
	for i := range operations {
		if err := operations[i].do(d, &operations[i]); err != nil {
			return nil, err
		}
	}
	return d, nil
}

// file is what stands at a path by now.
func (d *treeDraft) file(path string) (keptFile, bool) {
	if f, changed := d.after[path]; changed {
		if f == nil {
			return keptFile{}, false
		}
		return *f, true
	}
	f, found := d.before[path]
	return f, found
}

func (d *treeDraft) putFile(op *commitOperation) error {
	f := op.file
	if op.old != "" {
		var found bool
		if f, found = d.file(op.old); !found {
			return noEntry(op.old)
		}
		d.after[op.old] = nil
	}
	if f.Size == unknownSize {
		f.Size = d.sizeOf(f.OID)
	}
	d.after[op.path] = &f
	if op.content != nil {
		d.contents[f.OID] = op.content
	}
	return nil
}

// deleteFile deletes a file; or a folder, for which the official JavaScript client has
// no other word.
func (d *treeDraft) deleteFile(op *commitOperation) error {
	if _, found := d.file(op.path); found {
		d.after[op.path] = nil
		return nil
	}
	return d.deleteFolder(op)
}

func (d *treeDraft) deleteFolder(op *commitOperation) error {
	if d.folders++; d.folders > mostFolders {
		return tooLarge("a commit deletes at most %d folders", mostFolders)
	}
	var gone []string
	for path := range d.before {
		if f, changed := d.after[path]; strings.HasPrefix(path, op.path+"/") && !(changed && f == nil) {
			gone = append(gone, path)
		}
	}
	for path, f := range d.after {
		if f != nil && strings.HasPrefix(path, op.path+"/") {
			gone = append(gone, path)
		}
	}
	if len(gone) == 0 {
		return noEntry(op.path)
	}
	for _, path := range gone {
		d.after[path] = nil
	}
	return nil
}

func noEntry(path string) error {
	return notFound(codeEntry, "there is no file %q", inShort(path))
}

// sizeOf is how long a file in LFS is, as far as the tree tells.
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

// changes are what differs in the end, by path.
func (d *treeDraft) changes() []fileChange {
	var changes []fileChange
	for _, path := range slices.Sorted(maps.Keys(d.after)) {
		f := d.after[path]
		old, existed := d.before[path]
		if f == nil && !existed || f != nil && existed && *f == old {
			continue
		}
		changes = append(changes, fileChange{Path: path, File: f})
	}
	return changes
}

// check finds what no tree can be: a path that is a file and a folder, or too many.
func (d *treeDraft) check(tree map[string]keptFile, changes []fileChange) error {
	if len(tree) > mostFiles {
		return tooLarge("a repo has at most %d files", mostFiles)
	}
	fresh := map[string]bool{}
	for _, c := range changes {
		if _, existed := d.before[c.Path]; existed || c.File == nil {
			continue
		}
		fresh[c.Path] = true
		for folder := range foldersAbove(c.Path) {
			if _, isFile := tree[folder]; isFile {
				return twofold(folder)
			}
		}
	}
	if len(fresh) == 0 {
		return nil
	}
	for path := range tree {
		for folder := range foldersAbove(path) {
			if fresh[folder] {
				return twofold(folder)
			}
		}
	}
	return nil
}

func twofold(path string) error {
	return invalid("%q would be a file and a folder", path)
}
