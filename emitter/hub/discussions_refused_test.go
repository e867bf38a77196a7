package hub

import (
	"fmt"
	"strings"
	"testing"

	"github.com/hubhook/hubhook/emitter/hub/internal/domain"
	"github.com/hubhook/hubhook/emitter/hub/internal/router"
)

// records is all that a Hub keeps when nothing is under way, as it would be written.
func (h *Hub) records(t *testing.T) string {
	t.Helper()
	if err := h.Idle(t.Context()); err != nil {
		t.Fatal(err)
	}
	var all string
	h.db.View(func(s *domain.State) { all = fmt.Sprint(stateRows(s)) }) // in the order of keys
	return all
}

func TestDiscussionCallsAreRefused(t *testing.T) {
	k := newDiscussionRig(t, "model")
	discussion, draft, pull, shut, done := k.opens("A discussion", false), k.opens("A draft", true), k.opensPull(), k.opens("It is closed", false), k.opensPull()
	k.call("POST", shut+"/status", map[string]any{"status": "closed"})
	k.call("POST", done+"/merge", nil)
	comments := events(k.stands(shut))
	visible, change := comments[0]["id"].(string), comments[1]["id"].(string)
	hidden := events(k.stands(discussion))[0]["id"].(string)
	k.call("POST", discussion+"/comment/"+hidden+"/hide", nil)
	k.newEvents()

	type object = map[string]any
	long := strings.Repeat("é", domain.MaxComment+1)
	for _, c := range []struct {
		name, method, path string
		body               any
		status             int
	}{
		{"create_discussion without a title", "POST", k.api, object{"description": "x"}, 400},
		{"create_discussion with a title that is too short", "POST", k.api, object{"title": "é!", "description": "x"}, 400},
		{"create_discussion with a title that is too long", "POST", k.api, object{"title": strings.Repeat("é", domain.MaxTitle+1), "description": "x"}, 400},
		{"create_discussion without a description", "POST", k.api, object{"title": "A title"}, 400},
		{"create_discussion with a description that is too long", "POST", k.api, object{"title": "A title", "description": long}, 400},
		{"create_discussion with a title that is no text", "POST", k.api, object{"title": 5, "description": "x"}, 400},
		{"create_discussion with no JSON", "POST", k.api, "{", 400},
		{"create_discussion with a list", "POST", k.api, "[]", 400},
		{"create_discussion with nothing", "POST", k.api, nil, 400},
		{"create_discussion with a body that is too long", "POST", k.api, object{"title": "A title", "description": strings.Repeat("x", router.MaxBody)}, 413},
		{"create_discussion in no repo", "POST", "/api/models/mock-user/none/discussions", object{"title": "A title", "description": "x"}, 404},
		{"create_discussion in a repo of another type", "POST", "/api/spaces/mock-user/demo/discussions", object{"title": "A title", "description": "x"}, 404},
		{"comment_discussion without a comment", "POST", discussion + "/comment", nil, 400},
		{"comment_discussion with an empty comment", "POST", discussion + "/comment", object{"comment": ""}, 400},
		{"comment_discussion with a comment that is too long", "POST", discussion + "/comment", object{"comment": long}, 400},
		{"comment_discussion that is not there", "POST", k.api + "/99/comment", object{"comment": "x"}, 404},
		{"comment_discussion of no number", "POST", k.api + "/x/comment", object{"comment": "x"}, 404},
		{"comment_discussion of too large a number", "POST", k.api + "/99999999999999999999/comment", object{"comment": "x"}, 404},
		{"edit_discussion_comment that is not there", "POST", shut + "/comment/" + strings.Repeat("0", 24) + "/edit", object{"content": "x"}, 404},
		{"edit_discussion_comment of another discussion", "POST", discussion + "/comment/" + visible + "/edit", object{"content": "x"}, 404},
		{"edit_discussion_comment that is none", "POST", shut + "/comment/" + change + "/edit", object{"content": "x"}, 400},
		{"edit_discussion_comment that is hidden", "POST", discussion + "/comment/" + hidden + "/edit", object{"content": "x"}, 409},
		{"edit_discussion_comment to nothing", "POST", shut + "/comment/" + visible + "/edit", object{"content": ""}, 400},
		{"hide_discussion_comment that is none", "POST", shut + "/comment/" + change + "/hide", nil, 400},
		{"hide_discussion_comment that is hidden", "POST", discussion + "/comment/" + hidden + "/hide", nil, 409},
		{"rename_discussion to the same", "POST", discussion + "/title", object{"title": "A discussion"}, 409},
		{"rename_discussion to nothing", "POST", discussion + "/title", object{"title": ""}, 400},
		{"change_discussion_status to the same", "POST", discussion + "/status", object{"status": "open", "comment": "x"}, 409},
		{"change_discussion_status to what there is not", "POST", discussion + "/status", object{"status": "draft"}, 400},
		{"change_discussion_status to merged", "POST", pull + "/status", object{"status": "merged"}, 400},
		{"change_discussion_status of what is merged", "POST", done + "/status", object{"status": "closed", "comment": "x"}, 409},
		{"change_discussion_status with a comment that is too long", "POST", discussion + "/status", object{"status": "closed", "comment": long}, 400},
		{"merge_pull_request of a discussion", "POST", discussion + "/merge", object{"comment": "x"}, 400},
		{"merge_pull_request of a draft", "POST", draft + "/merge", object{"comment": "x"}, 409},
		{"merge_pull_request of what is merged", "POST", done + "/merge", nil, 409},
		{"pin_discussion without saying how", "POST", discussion + "/pin", nil, 400},
		{"pin_discussion as it is", "POST", discussion + "/pin", object{"pinned": false}, 409},
		{"delete_discussion that is not there", "DELETE", k.api + "/99", nil, 404},
		{"delete_pull_request_ref of a discussion", "DELETE", shut + "/ref", nil, 400},
		{"get_discussion_details of what is not there", "GET", k.api + "/99", nil, 404},
		{"get_repo_discussions of no repo", "GET", "/api/models/mock-user/none/discussions", nil, 404},
	} {
		t.Run(c.name, func(t *testing.T) {
			before := k.records(t)
			answer := k.send(c.method, c.path, c.body)
			if answer.status != c.status || !strings.HasPrefix(string(answer.body), `{"error":"`) {
				t.Errorf("%d %s, wanted %d", answer.status, answer.body, c.status)
			}
			if k.records(t) != before {
				t.Error("something was changed")
			}
		})
	}
	if arrived := k.newEvents(); len(arrived) > 0 {
		t.Errorf("%d events were told", len(arrived))
	}
}

func TestBucketsHaveNoDiscussions(t *testing.T) {
	k := newDiscussionRig(t, "bucket")
	for _, c := range []struct{ method, path string }{
		{"GET", ""}, {"POST", ""}, {"GET", "/1"}, {"POST", "/1/comment"}, {"DELETE", "/1"},
	} {
		body := map[string]any{"title": "A title", "description": "x", "comment": "x"}
		if text := k.fail(400, c.method, k.api+c.path, body); text != "a bucket has no discussions" {
			t.Errorf("%s %s: %s", c.method, c.path, text)
		}
	}
}

func TestDiscussionsAreBounded(t *testing.T) {
	k := newDiscussionRig(t, "model")
	path := k.opens("A discussion", false)
	id := events(k.stands(path))[0]["id"].(string)
	comment := map[string]any{"comment": "One more."}

	holds := func(num, messages int) {
		k.changes(func(tx *domain.Tx) error {
			d := *tx.Discussion(k.repo, num)
			d.Entries = messages
			tx.SaveDiscussion(&d)
			return nil
		})
	}
	t.Run("messages", func(t *testing.T) {
		holds(1, domain.MaxEntries-1)
		k.call("POST", path+"/comment", comment)
		k.fail(409, "POST", path+"/comment", comment)
		holds(1, domain.MaxEntries-1)
		before := k.records(t)
		k.fail(409, "POST", path+"/status", map[string]any{"status": "closed", "comment": "It fits, the change does not."})
		if k.records(t) != before {
			t.Error("half of it was done")
		}
	})
	t.Run("messages of a merge", func(t *testing.T) {
		pull := k.opensPull(adds("new.txt", 'b'))
		holds(2, domain.MaxEntries)
		before := k.records(t)
		k.fail(409, "POST", pull+"/merge", nil)
		if k.records(t) != before {
			t.Error("half of it was merged")
		}
	})
	t.Run("discussions", func(t *testing.T) {
		k.changes(func(tx *domain.Tx) error {
			r := *tx.RepoByID(k.repo)
			r.Nums = domain.MaxDiscussions - 1
			tx.SaveRepo(&r)
			return nil
		})
		if last := k.opens("The last one", false); last != k.api+"/100000" {
			t.Errorf("it is %s", last)
		}
		k.fail(409, "POST", k.api, map[string]any{"title": "One more", "description": ""})
	})
	t.Run("editions", func(t *testing.T) {
		big := map[string]any{"content": strings.Repeat("é", domain.MaxComment)}
		done := 0
		for ; done < 20; done++ {
			if k.send("POST", path+"/comment/"+id+"/edit", big).status != 200 {
				break
			}
		}
		if done < 5 || done == 20 {
			t.Errorf("edited %d times", done)
		}
		k.fail(409, "POST", path+"/comment/"+id+"/edit", big)
	})
	t.Run("a long title of a program", func(t *testing.T) {
		k.changes(func(tx *domain.Tx) error {
			r := *tx.RepoByID(k.repo)
			r.Nums = 1
			_, d, err := tx.OpenDiscussion(&r, domain.Discussion{Title: strings.Repeat("é", 300), Status: "closed", Author: "somebody"}, strings.Repeat("é", domain.MaxComment+1))
			if err != nil {
				return err
			}
			if m := tx.Entries(r.ID, d.Num)[0]; d.Title != strings.Repeat("é", domain.MaxTitle) || len(m.Content) != 2*domain.MaxComment || d.Status != "closed" || m.Author != "somebody" {
				t.Errorf("opened %+v", d)
			}
			return nil
		})
	})
}
