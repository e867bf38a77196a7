package hub

import (
	_ "embed"
	"encoding/base64"
	"regexp"
	"strings"
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
func (b *createBody) files(r *repo) (map[string][]byte, error) {
	files := map[string][]byte{".gitattributes": gitAttributes}
	if b.License != "" && !licensePattern.MatchString(b.License) {
		return nil, invalid("license is %q: it is an identifier such as apache-2.0", inShort(b.License))
	}
	if card := repoCard(b.License, r.SDK); card != "" {
		files["README.md"] = []byte(card)
	}
	if len(b.Files) > mostFirstFiles {
		return nil, invalid("files has %d entries: a repo is created with %d at most", len(b.Files), mostFirstFiles)
	}
	for i := range b.Files {
		f := &b.Files[i]
		if err := checkPath(f.Path); err != nil {
			return nil, err
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
			return nil, invalid("the content of %q is not base64", inShort(f.Path))
		}
		return content, nil
	}
	return nil, invalid("the encoding of %q is %q: it can be base64 or utf-8", inShort(f.Path), inShort(f.Encoding))
}
