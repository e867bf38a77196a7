package emitter_test

// What the model reads of a payload. It looks at the fewest properties that its
// rules need; whether a payload has the right shape is for the schemas to say.
type (
	toldPayload struct {
		Event                 struct{ Action, Scope string }
		Repo                  toldRepo
		Webhook               *toldWebhook
		MovedTo               *toldMove
		UpdatedConfig         *struct{ Private *bool }
		UpdatedRefs           []toldRef
		UpdatedFiles          []toldFile
		UpdatedFilesTruncated bool
		Discussion            *toldDiscussion
		Comment               *toldComment
	}
	toldAccount struct{ ID string }
	toldURL     struct{ Web, API string }
	toldWebhook struct {
		ID      string
		Version int
	}
	toldRepo struct {
		Type, Name, ID     string
		Private            bool
		URL                toldURL
		Owner              toldAccount
		HeadSha, Subdomain *string
	}
	toldMove struct {
		Name  string
		Owner toldAccount
	}
	toldRef struct {
		Ref            string
		OldSha, NewSha *string
	}
	toldFile struct {
		Path, Action string
		XetHash      *string
		Size         *int64
	}
	toldDiscussion struct {
		ID, Title, Status string
		URL               toldURL
		Author            toldAccount
		Num               int
		IsPullRequest     bool
		Changes           *toldChanges
		Pinned            *bool
	}
	toldChanges struct {
		Base          string
		MergeCommitID *string
	}
	toldComment struct {
		ID      string
		Author  toldAccount
		Content *string
		Hidden  bool
		URL     toldURL
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
