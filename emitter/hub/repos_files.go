package hub

import (
	"crypto/sha1"
	_ "embed"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// gitAttributes is what a new repo has in its file .gitattributes.
//
//go:embed gitattributes.txt
var gitAttributes []byte

// sentFile is a file in the body that creates a repo.
type sentFile struct {
	Path     string `json:"path"`
	Content  string `json:"content"`
	Encoding string `json:"encoding"` // base64, or utf-8 where empty
}

// mostFirstFiles bounds with how many files a repo is created.
const mostFirstFiles = 1000

var licensePattern = regexp.MustCompile(`^[A-Za-z0-9.+-]{1,64}$`)

// files are those of the first commit.
func (b *createBody) files(r *Repo) (map[string][]byte, error) {
	files := map[string][]byte{".gitattributes": gitAttributes}
	if b.License != "" && !licensePattern.MatchString(b.License) {
		return nil, invalid("license is %q: it is an identifier such as apache-2.0", clipped(b.License))
	}
	if card := repoCard(b.License, r.SDK); card != "" {
		files["README.md"] = []byte(card)
	}
	if len(b.Files) > mostFirstFiles {
		return nil, invalid("files has %d entries: a repo is created with %d at most", len(b.Files), mostFirstFiles)
	}
	for i := range b.Files {
		f := &b.Files[i]
		if why := pathFault(f.Path); why != "" {
			return nil, invalid("files has a path that cannot be: %s", why)
		}
		content, err := f.decoded()
		if err != nil {
			return nil, err
		}
		files[f.Path] = content
	}
	return files, nil
}

// repoCard is a README.md that says what a repo is; empty where there is nothing to
// say.
func repoCard(license, sdk string) string {
	var lines []string
	if license != "" {
		lines = append(lines, "license: "+license)
	}
	if sdk != "" {
		lines = append(lines, "sdk: "+sdk)
	}
	if len(lines) == 0 {
		return ""
	}
	return "---\n" + strings.Join(lines, "\n") + "\n---\n"
}

func (f *sentFile) decoded() ([]byte, error) {
	switch f.Encoding {
	case "", "utf-8":
		return []byte(f.Content), nil
	case "base64":
		content, err := base64.StdEncoding.DecodeString(f.Content)
		if err != nil {
			return nil, invalid("the content of %q is not base64", clipped(f.Path))
		}
		return content, nil
	}
	return nil, invalid("the encoding of %q is %q: it can be base64 or utf-8", clipped(f.Path), clipped(f.Encoding))
}

// longestPath is how long the path of a file can be, in bytes.
const longestPath = 1024

// pathFault says why no file can have a path; empty where one can.
func pathFault(path string) string {
	switch {
	case path == "":
		return "it is empty"
	case len(path) > longestPath:
		return fmt.Sprintf("it is longer than %d bytes", longestPath)
	case !utf8.ValidString(path):
		return "it is not UTF-8"
	case strings.ContainsFunc(path, func(c rune) bool { return c < ' ' || c == 0x7f }):
		return "it has a control character in it"
	}
	for part := range strings.SplitSeq(path, "/") {
		switch strings.ToLower(part) {
		case "":
			return "it has an empty part"
		case ".", "..", ".git":
			return "it has " + part + " in it"
		}
	}
	return ""
}

// keepFiles keeps what is in files, and gives their tree.
func (tx *tx) keepFiles(r *Repo, files map[string][]byte) map[string]File {
	tree := make(map[string]File, len(files))
	for path, content := range files {
		f := File{OID: gitBlobOID(content), Size: int64(len(content))}
		tree[path] = f
		put(tx, tx.blobs, blobKey(r.ID, f.OID), &blob{Content: content})
	}
	return tree
}

// gitBlobOID is what Git calls a content.
func gitBlobOID(content []byte) string {
	sum := sha1.New()
	fmt.Fprintf(sum, "blob %d\x00", len(content))
	sum.Write(content)
	return hex.EncodeToString(sum.Sum(nil))
}

// rootCommit makes a commit that has no parent.
func (tx *tx) rootCommit(r *Repo, title, message string, tree map[string]File) *commit {
	c := &commit{
		Number: tx.number(), SHA: tx.newSHA(r.ID, title), Title: title, Message: message,
		Author: tx.user, At: tx.now, Whole: true, tree: tree,
	}
	for _, path := range slices.Sorted(maps.Keys(tree)) {
		f := tree[path]
		c.Changes = append(c.Changes, fileChange{Path: path, File: &f})
	}
	put(tx, tx.commits, commitKey(r.ID, c.SHA), c)
	return c
}
