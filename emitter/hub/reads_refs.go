package hub

import (
	"maps"
	"slices"
	"strconv"
	"strings"
)

// refAnswer is a reference (GitRefInfo of the official client).
type refAnswer struct {
	Name   string `json:"name"`
	Ref    string `json:"ref"`
	Commit string `json:"targetCommit"`
}

// refFolders are the lists that references are answered in.
var refFolders = []struct{ prefix, list string }{
	{headsRefs, "branches"}, {"refs/convert/", "converts"}, {tagRefs, "tags"}, {pullRefs, "pullRequests"},
}

// listRefs lists references; those of pull requests on request.
func listRefs(c *call) (any, error) {
	var r *repo
	if err := c.View(func(s *state) (err error) {
		r, err = c.Repo(s)
		return err
	}); err != nil {
		return nil, err
	}
	answer := map[string][]refAnswer{"branches": {}, "converts": {}, "tags": {}}
	if pulls, _ := strconv.ParseBool(c.Request.URL.Query().Get("include_prs")); pulls {
		answer["pullRequests"] = []refAnswer{}
	}
	for _, ref := range slices.Sorted(maps.Keys(r.Refs)) {
		for _, folder := range refFolders {
			name, fits := strings.CutPrefix(ref, folder.prefix)
			if list, asked := answer[folder.list]; fits && asked {
				answer[folder.list] = append(list, refAnswer{Name: name, Ref: ref, Commit: r.Refs[ref].SHA})
			}
		}
	}
	return answer, nil
}
