package hub

import (
	"encoding/base64"
	"strings"
)

// operation is what a line asks for.
func (l *commitLine) operation() (FileOperation, error) {
	v := &l.Value
	op := FileOperation{Path: v.Path, Old: v.OldPath}
	var err error
	switch l.Key {
	case "file":
		op.Kind = PutFile
		err = l.readFile(&op)
	case "lfsFile":
		op.Kind = PutFile
		err = l.readLFS(&op)
	case "deletedFile":
		op.Kind = DeleteFile
	case "deletedFolder":
		op.Kind, op.Path = DeleteFolder, strings.TrimSuffix(op.Path, "/")
	default:
		err = invalid("the key %q is none of file, lfsFile, deletedFile and deletedFolder", inShort(l.Key))
	}
	if err != nil {
		return op, err
	}
	if op.Old != "" {
		if err := checkPath(op.Old); err != nil {
			return op, err
		}
	}
	return op, checkPath(op.Path)
}

// readFile takes the content of a file from its line, if it has one: a file that is
// renamed has none.
func (l *commitLine) readFile(op *FileOperation) error {
	v := &l.Value
	if v.Content == "" && v.OldPath != "" {
		return nil
	}
	switch v.Encoding {
	case "base64":
		var err error
		if op.Content, err = base64.StdEncoding.DecodeString(v.Content); err != nil {
			return invalid("the content of %q is not in base64", inShort(v.Path))
		}
	case "", "utf-8":
		op.Content = []byte(v.Content)
	default:
		return invalid("the encoding %q is neither base64 nor utf-8", inShort(v.Encoding))
	}
	if len(op.Content) > longestFile {
		return tooLarge("%q has %d bytes: this Hub takes files of up to %d", inShort(v.Path), len(op.Content), longestFile)
	}
	op.Old = ""
	op.File = keptFile{OID: gitOID(op.Content), Size: int64(len(op.Content))}
	return nil
}

// readLFS takes what points to a file in LFS from its line.
func (l *commitLine) readLFS(op *FileOperation) error {
	v := &l.Value
	if v.OID == "" && v.OldPath != "" {
		return nil
	}
	if v.Algo != "sha256" && v.Algo != "" || !SHA256Form.MatchString(v.OID) {
		return invalid("the oid of %q is no SHA-256 in lower case", inShort(v.Path))
	}
	op.Old = ""
	op.File = keptFile{OID: v.OID, LFS: true, Size: UnknownSize}
	if v.Size != nil {
		if *v.Size < 0 {
			return invalid("the size of %q is below zero", inShort(v.Path))
		}
		op.File.Size = *v.Size
	}
	return nil
}
