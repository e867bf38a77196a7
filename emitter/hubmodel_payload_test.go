package emitter_test

// What the model reads of a payload. It looks at the fewest properties that its
// rules need; whether a payload has the right shape is for the schemas to say.
type (
	payloadJSON struct {
		Event                 struct{ Action, Scope string }
		Repo                  repoJSON
		Webhook               *webhookJSON
		MovedTo               *moveJSON
		UpdatedConfig         *struct{ Private *bool }
		UpdatedRefs           []refJSON
		UpdatedFiles          []fileJSON
		UpdatedFilesTruncated bool
		Discussion            *discussionJSON
		Comment               *commentJSON
	}
	accountJSON struct{ ID string }
	urlJSON     struct{ Web, API string }
	webhookJSON struct {
		ID      string
		Version int
	}
	repoJSON struct {
		Type, Name, ID     string
		Private            bool
		URL                urlJSON
		Owner              accountJSON
		HeadSha, Subdomain *string
	}
	moveJSON struct {
		Name  string
		Owner accountJSON
	}
	refJSON struct {
		Ref            string
		OldSha, NewSha *string
	}
	fileJSON struct {
		Path, Action string
		XetHash      *string
		Size         *int64
	}
	discussionJSON struct {
		ID, Title, Status string
		URL               urlJSON
		Author            accountJSON
		Num               int
		IsPullRequest     bool
		Changes           *changesJSON
		Pinned            *bool
	}
	changesJSON struct {
		Base          string
		MergeCommitID *string
	}
	commentJSON struct {
		ID      string
		Author  accountJSON
		Content *string
		Hidden  bool
		URL     urlJSON
	}
)

// orNull shows what may be left out, or null.
func orNull[T any](v *T) any {
	if v == nil {
		return "null"
	}
	return *v
}

// textOf is empty where there is no text.
func textOf(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}
