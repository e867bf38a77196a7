package hub

import (
	"testing"

	"github.com/hubhook/hubhook/emitter/hub/internal/domain"
)

// triggeredDiscussion triggers a shape, and returns the repo and the discussion of its event.
func (r *rig) triggeredDiscussion(shape string) (*domain.Repo, *domain.Discussion, []*domain.Entry) {
	r.t.Helper()
	r.fires(shape, map[string]any{})
	a := r.onlyArrival(shape)
	repo := r.repoOf(a)
	d, messages := r.discussion(repo, a.at("discussion.num"))
	return repo, d, messages
}

func TestTriggeredDeleteRemovesThePullReference(t *testing.T) {
	r := newRig(t, Options{})
	r.watch("user:mock-user")
	repo, _, _ := r.triggeredDiscussion("discussion.create")
	r.fill(func(tx *domain.Tx) {
		if _, _, err := tx.OpenDiscussion(tx.RepoByID(repo.ID), domain.Discussion{Title: "A change", Pull: true}, ""); err != nil {
			t.Error(err)
		}
	})
	r.arrivals()
	if repo, _, _ = r.triggeredDiscussion("discussion.delete"); repo.Nums != 2 || repo.Refs[domain.PullRefs+"2"].SHA != "" {
		t.Errorf("after the deletion: %+v", repo)
	}
}

func TestTriggeredEditKeepsHistory(t *testing.T) {
	r := newRig(t, Options{})
	r.watch("user:mock-user")
	_, _, before := r.triggeredDiscussion("discussion.create")
	_, _, after := r.triggeredDiscussion("discussion.comment.update")
	was, is := before[0], after[0]
	if len(is.History) != 1 || is.History[0].Content != was.Content || is.Editor != was.Author || is.Content == was.Content {
		t.Errorf("edited: %+v", is)
	}
}

func TestTriggerEditsACommentThatHasRoomForIt(t *testing.T) {
	r := newRig(t, Options{Quota: 1e6})
	r.watch("user:mock-user")
	repo, d, messages := r.triggeredDiscussion("discussion.create")
	r.fill(func(tx *domain.Tx) {
		full := *messages[0]
		full.History = make([]domain.CommentRevision, 1000)
		tx.SaveEntry(d, &full)
	})
	if _, _, after := r.triggeredDiscussion("discussion.comment.update"); len(after) != 2 || len(after[1].History) != 1 {
		t.Errorf("%s has %d messages", repo.Name, len(after))
	}
}

func TestTriggersAreBoundedAsTheAPI(t *testing.T) {
	r := newRig(t, Options{})
	r.watch("user:mock-user")
	_, d, _ := r.triggeredDiscussion("discussion.create")
	r.fill(func(tx *domain.Tx) {
		long := *d
		long.Entries = domain.MaxEntries - 1
		tx.SaveDiscussion(&long)
	})
	r.triggeredDiscussion("discussion.comment.create")
	r.fail(409, "POST", "/_mock/v1/trigger", map[string]any{"shape": "discussion.comment.create"})
}
