package hub

import (
	"crypto/sha1"
	"encoding/hex"
	"fmt"
	"strings"
	"unicode/utf8"
)

// longestPath is how long the path of a file can be, in bytes.
const longestPath = 1024

// checkPath finds a path that no file can have.
func checkPath(path string) error {
	if path == "" || len(path) > longestPath || !utf8.ValidString(path) || strings.ContainsRune(path, 0) {
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
	return invalid("%q is no path that a file can have: relative, of up to %d bytes, without empty parts, dots and .git", inShort(path), longestPath)
}

// gitOID is what Git calls a content.
func gitOID(content []byte) string {
	sum := sha1.New()
	fmt.Fprintf(sum, "blob %d\x00", len(content))
	sum.Write(content)
	return hex.EncodeToString(sum.Sum(nil))
}

// webFolders begin the paths of repos on the web.
var webFolders = map[string]string{"model": "/", "dataset": "/datasets/", "space": "/spaces/", "bucket": "/buckets/"}

// webURL is where a repo is on the web.
func webURL(hub string, r *Repo) string { return hub + webFolders[r.Type] + r.Name }
