package hub

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
)

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

var namePart = regexp.MustCompile(`^[A-Za-z0-9_]([A-Za-z0-9_.-]*[A-Za-z0-9_])?$`)

// checkRepoName finds a name that a new repo cannot have.
func checkRepoName(name string) error {
	owner, own, found := strings.Cut(name, "/")
	if !found {
		return invalid("a repo is named owner/name, and %q has no owner", inShort(name))
	}
	for _, part := range []string{owner, own} {
		if len(part) > longestName || !namePart.MatchString(part) || strings.Contains(part, "--") || strings.Contains(part, "..") {
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

// inShort is as much of a text as an error needs of it.
func inShort(text string) string {
	const enough = 120
	if len(text) <= enough {
		return text
	}
	return strings.ToValidUTF8(text[:enough], "") + "…"
}
