package hub

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
)

// bucketType is the type of what has no Git: neither commits nor discussions.
const bucketType = "bucket"

// repoTypes are those that there are, in the order in which a name is looked up.
var repoTypes = []string{"model", "dataset", "space", bucketType}

// checkedType is the type that is asked for; a model where nothing is said.
func checkedType(asked string) (string, error) {
	if repoType := cmp.Or(asked, "model"); slices.Contains(repoTypes, repoType) {
		return repoType, nil
	}
	return "", invalid("type is %q: it can be one of %s", inShort(asked), strings.Join(repoTypes, ", "))
}

// longestName is how long each part of a repo's name can be, in bytes
// (validate_repo_id of the official client).
const longestName = 96

// newPart is what each part of a new name looks like, and the name of a user.
var newPart = regexp.MustCompile(`^\w([\w.-]*\w)?$`)

// anyName is what the name of a repo looks like, be it older than what is asked of new
// ones: "owner/name", or "name" alone.
var anyName = regexp.MustCompile(`^(\w[\w.-]{0,95}/)?\w[\w.-]{0,95}$`)

// isRepoName tells whether there may be a repo of a name, on this Hub or another one.
func isRepoName(name string) bool { return anyName.MatchString(name) }

// checkNewName finds a name that a new repo cannot have.
func checkNewName(name string) error {
	owner, own, found := strings.Cut(name, "/")
	if !found {
		return invalid("a repo is named owner/name, and %q has no owner", inShort(name))
	}
	for _, part := range []string{owner, own} {
		if len(part) > longestName || !newPart.MatchString(part) || strings.Contains(part, "--") || strings.Contains(part, "..") {
			return invalid("a repo cannot be named %q: both parts are of letters, digits, '-', '_' and '.', at most %d, without '--' and '..', and neither begin nor end with '-' or '.'",
				inShort(name), longestName)
		}
	}
	for _, ending := range []string{".git", ".ipynb"} {
		if strings.HasSuffix(strings.ToLower(own), ending) {
			return invalid("a repo's name cannot end in %s", ending)
		}
	}
	return nil
}
