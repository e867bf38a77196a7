package schemas

import "strings"

// actionWords are what people take for the actions that the Hub has: words of
// version 2, of other services, and of plain English.
func actionWords() map[string]string {
	return map[string]string{
		"add": "create", "added": "create", "created": "create", "new": "create", "open": "create", "opened": "create", "publish": "create", "published": "create",
		"remove": "delete", "removed": "delete", "deleted": "delete", "destroy": "delete", "destroyed": "delete",
		"change": "update", "changed": "update", "updated": "update", "edit": "update", "edited": "update", "modified": "update", "push": "update", "pushed": "update",
		"close": "update", "closed": "update", "reopened": "update", "merge": "update", "merged": "update", "hide": "update", "hidden": "update",
		"moved": "move", "rename": "move", "renamed": "move", "transfer": "move", "transferred": "move",
	}
}

// scopeWords are what people take for the scopes that the Hub has.
func scopeWords() map[string]string {
	return map[string]string{
		"comment": "discussion.comment", "comments": "discussion.comment", "issue_comment": "discussion.comment",
		"issue": "discussion", "issues": "discussion", "pull_request": "discussion", "pullrequest": "discussion", "pr": "discussion",
		"content": "repo.content", "push": "repo.content", "commit": "repo.content", "config": "repo.config", "settings": "repo.config",
		"repository": "repo", "model": "repo", "dataset": "repo", "space": "repo", "bucket": "repo",
	}
}

// formerName is a property that payloads had once.
type formerName struct {
	file string // of the object that had it
	name string
	now  string // the property that took its place; empty where none did
	hint string
}

func formerNames() []formerName {
	const repo, config = partsDir + "repo" + extension, partsDir + "updatedConfig" + extension
	return []formerName{
		{repo, "authorId", "owner", "repo.authorId was that of version 2: it is repo.owner.id now"},
		{repo, "author", "owner", "repo.author was that of a draft of version 3: it is repo.owner now"},
		{repo, "gitalyUid", "", "repo.gitalyUid was that of version 2: nothing took its place"},
		{repo, "tags", "", "repo.tags is no longer sent"},
		{config, "xetEnabled", "", "updatedConfig.xetEnabled is no longer sent"},
	}
}

// reason says why a property is, or is not, where the strict reading looks.
type reason struct {
	file string // what the schema's path begins with, "narrowed/" left out
	name string
	why  string
}

func (r reason) fits(s *slip, name string) bool {
	return r.name == name && strings.HasPrefix(strings.TrimPrefix(s.file, narrowedDir), r.file)
}

// whyMissing says what a property that is missing would tell.
func whyMissing() []reason {
	return []reason{
		{"parts/updatedRefs", "oldSha", "oldSha is null where a ref was created, and never left out"},
		{"parts/updatedRefs", "newSha", "newSha is null where a ref was deleted, and never left out"},
		{"parts/updatedFiles", "xetHash", "a file that was added has both hash and size"},
		{"parts/updatedFiles", "size", "a file that was added has both hash and size"},
		{"parts/comment", "content", "only a hidden comment comes without its content"},
		{"parts/discussion", "changes", "a pull request tells in changes what it is based on"},
		{"repo.content", "updatedRefs", "a push tells which refs it changed"},
		{"repo.content", "updatedFiles", "a bucket tells which files changed"},
		{"", "webhook", `each payload names the registration that it is for: {"id": "…", "version": 3}`},
	}
}

// whyMisplaced says why a property does not belong where it is.
func whyMisplaced() []reason {
	const repoOnly = "it comes with events whose scope begins with repo"
	return []reason{
		{"parts/comment", "content", "the Hub leaves out the content of a hidden comment"},
		{"parts/discussion", "changes", "only a pull request has changes, and isPullRequest is not true"},
		{"parts/repo", "headSha", "a bucket is no Git repo and has no commits"},
		{"parts/updatedFiles", "xetHash", "a deleted file has neither hash nor size"},
		{"parts/updatedFiles", "size", "a deleted file has neither hash nor size"},
		{"discussion", "headSha", repoOnly},
		{"discussion", "subdomain", repoOnly},
		{"repo.content", "updatedRefs", "a bucket is no Git repo: it tells updatedFiles"},
		{"repo.content", "updatedFiles", "it comes with buckets alone"},
		{"repo.content", "updatedFilesTruncated", "it comes with buckets alone"},
	}
}
