package hub

// contentRoutes are the calls by which files of Git repos change.
func contentRoutes() []route {
	const repo = "/api/{git}/{repo}"
	return []route{
		{name: "validate_yaml", method: "POST", path: "/api/validate-yaml", limit: longestLine, serve: validateYAML},
		{name: "preupload", method: "POST", path: repo + "/preupload/{rev}", limit: longestPreupload, serve: preupload},
		{name: "create_commit", method: "POST", path: repo + "/commit/{rev}", limit: longestCommit, serve: createCommit},
	}
}

// Bounds of what a Hub takes.
const (
	longestCommit        = 512 << 20 // the body, in bytes
	longestPreupload     = 32 << 20  // samples of 25,000 files fit
	longestFile          = 64 << 20  // once it is decoded, in bytes
	longestLine          = longestFile/3*4 + 64<<10
	longestSummary       = 4 << 10
	longestDescription   = 64 << 10
	mostCommitOperations = 25_000 // of a commit
)

// validateYAML finds nothing wrong with the head of a README: what it says means
// nothing here.
func validateYAML(c *call) (any, error) {
	var body struct {
		Content  string `json:"content"`
		RepoType string `json:"repoType"`
	}
	if err := c.Read(&body); err != nil {
		return nil, err
	}
	return map[string][]any{"warnings": {}, "errors": {}}, nil
}

// uploadMode is how a file is to be sent.
type uploadMode struct {
	Path         string `json:"path"`
	UploadMode   string `json:"uploadMode"`
	ShouldIgnore bool   `json:"shouldIgnore"`
}

// preupload has each file be sent within the commit: there is no store beside it. The
// answer has no oid, for clients leave out what they take for unchanged.
func preupload(c *call) (any, error) {
	var body struct {
		Files []struct {
			Path string `json:"path"`
			Size int64  `json:"size"`
		} `json:"files"`
	}
	if err := c.Read(&body); err != nil {
		return nil, err
	}
	if len(body.Files) > mostCommitOperations {
		return nil, tooLarge("a commit has at most %d files", mostCommitOperations)
	}
	modes := make([]uploadMode, len(body.Files))
	for i, f := range body.Files {
		if err := checkPath(f.Path); err != nil {
			return nil, err
		}
		if f.Size > longestFile {
			return nil, tooLarge("%q has %d bytes: this Hub takes files of up to %d", inShort(f.Path), f.Size, longestFile)
		}
		modes[i] = uploadMode{Path: f.Path, UploadMode: "regular"}
	}
	return map[string][]uploadMode{"files": modes}, c.View(func(s *state) error {
		r, err := c.Repo(s)
		if err != nil {
			return err
		}
		_, _, err = s.resolve(r, c.Params["rev"])
		return err
	})
}
