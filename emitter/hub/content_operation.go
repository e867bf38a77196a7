package hub

import (
	"crypto/sha1"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"strings"
)

// operation is what a line asks for.
func (l *commitLine) operation() (commitOperation, error) {
	v := &l.Value
	op := commitOperation{path: v.Path, old: v.OldPath}
	var err error
	switch l.Key {
	case "file":
		op.do = (*treeDraft).putFile
		err = l.readFile(&op)
	case "lfsFile":
		op.do = (*treeDraft).putFile
		err = l.readLFS(&op)
	case "deletedFile":
		op.do = (*treeDraft).deleteFile
	case "deletedFolder":
		op.do, op.path = (*treeDraft).deleteFolder, strings.TrimSuffix(op.path, "/")
	default:
		err = invalid("the key %q is none of file, lfsFile, deletedFile and deletedFolder", inShort(l.Key))
	}
	if err != nil {
		return op, err
	}
	if op.old != "" {
		if err := checkPath(op.old); err != nil {
			return op, err
		}
	}
	return op, checkPath(op.path)
}

// readFile takes the content of a file from its line, if it has one: a file that is
// renamed has none.
func (l *commitLine) readFile(op *commitOperation) error {
	v := &l.Value
	if v.Content == "" && v.OldPath != "" {
		return nil
	}
	switch v.Encoding {
	case "base64":
		var err error
		if op.content, err = base64.StdEncoding.DecodeString(v.Content); err != nil {
			return invalid("the content of %q is not in base64", inShort(v.Path))
		}
	case "", "utf-8":
		op.content = []byte(v.Content)
	default:
		return invalid("the encoding %q is neither base64 nor utf-8", inShort(v.Encoding))
	}
	if len(op.content) > longestFile {
		return tooLarge("%q has %d bytes: this Hub takes files of up to %d", inShort(v.Path), len(op.content), longestFile)
	}
	op.old = ""
	op.file = keptFile{OID: gitOID(op.content), Size: int64(len(op.content))}
	return nil
}

// readLFS takes what points to a file in LFS from its line.
func (l *commitLine) readLFS(op *commitOperation) error {
	v := &l.Value
	if v.OID == "" && v.OldPath != "" {
		return nil
	}
	if v.Algo != "sha256" && v.Algo != "" || !sha256Form.MatchString(v.OID) {
		return invalid("the oid of %q is no SHA-256 in lower case", inShort(v.Path))
	}
	op.old = ""
	op.file = keptFile{OID: v.OID, LFS: true, Size: unknownSize}
	if v.Size != nil {
		if *v.Size < 0 {
			return invalid("the size of %q is below zero", inShort(v.Path))
		}
		op.file.Size = *v.Size
	}
	return nil
}

// unknownSize is that of a file in LFS which was copied: clients name only its oid.
const unknownSize = -1

// gitOID is how Git names a content: the SHA-1 of a blob.
func gitOID(content []byte) string {
	sum := sha1.New()
	fmt.Fprintf(sum, "blob %d\x00", len(content))
	sum.Write(content)
	return hex.EncodeToString(sum.Sum(nil))
}

// pointer is what Git keeps of a file in LFS (git-lfs, "Specification").
func (f *keptFile) pointer() []byte {
	return fmt.Appendf(nil, "version https://git-lfs.github.com/spec/v1\noid sha256:%s\nsize %d\n", f.OID, f.Size)
}
