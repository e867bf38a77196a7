package hub

import (
	"strings"
	"testing"
	"time"

	"github.com/hubhook/hubhook/emitter/hub/internal/domain"
)

const (
	opened   = "discussion.create"
	altered  = "discussion.update"
	deleted  = "discussion.delete"
	written  = "discussion.comment.create"
	reworked = "discussion.comment.update"
	pushed   = "repo.content.update"
)

// hostile is text that means something to somebody.
const hostile = "<script>alert('&')</script>\u2028 \x00 \"{{.}}\" ![](javascript:x) 🤗"

func TestDiscussionCalls(t *testing.T) {
	t.Run("create_discussion", func(t *testing.T) {
		for _, repoType := range []string{"model", "dataset", "space"} {
			k := newDiscussionRig(t, repoType)
			answer := k.call("POST", k.api, map[string]any{"title": "A title " + hostile, "description": hostile, "pullRequest": false})
			is(t, answer, map[string]any{"num": 1, "pullRequest": false})
			e := k.expectEvents(opened)[0]
			web := k.url + strings.TrimPrefix(strings.TrimPrefix(k.api, "/api"), "/models")
			is(t, e.payload, map[string]any{
				"repo.type": repoType, "repo.name": "mock-user/demo", "repo.id": k.repo,
				"discussion.num": 1, "discussion.title": "A title " + hostile, "discussion.status": "open", "discussion.isPullRequest": false,
				"discussion.author.id": domain.UserID("mock-user"), "discussion.url.web": web + "/1", "discussion.url.api": k.url + k.api + "/1",
				"comment.content": hostile, "comment.hidden": false, "comment.author.id": domain.UserID("mock-user"),
				"comment.url.web": web + "/1#" + e.at("comment.id").(string),
			})
			stands := k.stands(k.api + "/1")
			is(t, stands, map[string]any{
				"num": 1, "title": "A title " + hostile, "status": "open", "isPullRequest": false, "createdAt": domain.FormatTime(k.Now()),
				"author.name": "mock-user", "repo.type": repoType, "repo.name": "mock-user/demo",
			})
			for _, name := range []string{"changes", "filesWithConflicts"} {
				if _, there := stands[name]; there {
					t.Errorf("a discussion has %s, which is a pull request's", name)
				}
			}
			first := events(stands)[0]
			is(t, first, map[string]any{
				"id": e.at("comment.id"), "type": "comment", "author.name": "mock-user", "createdAt": domain.FormatTime(k.Now()),
				"data.edited": false, "data.hidden": false, "data.latest.raw": hostile, "data.history": []any{},
			})
			html := at(first, "data.latest.html").(string)
			if strings.Contains(html, "<script") || !strings.HasPrefix(html, "<p>&lt;script&gt;") {
				t.Errorf("the HTML is not safe: %s", html)
			}
		}
	})
	t.Run("create_pull_request", func(t *testing.T) {
		k := newDiscussionRig(t, "model")
		k.opens("A discussion", false)
		is(t, k.call("POST", k.api, map[string]any{"title": "A pull request", "description": "", "pullRequest": true}), map[string]any{"num": 2, "pullRequest": true})
		arrived := k.expectEvents(opened, pushed)
		is(t, arrived[0].payload, map[string]any{
			"discussion.num": 2, "discussion.status": "draft", "discussion.isPullRequest": true, "discussion.changes.base": domain.MainRef, "comment.content": "",
		})
		head := k.sha(domain.MainRef)
		ref := arrived[1].at("updatedRefs").([]any)[0]
		is(t, ref, map[string]any{"ref": "refs/pr/2", "oldSha": nil, "newSha": head})
		is(t, arrived[1].payload, map[string]any{"repo.headSha": head})
		is(t, k.stands(k.api+"/2"), map[string]any{
			"status": "draft", "isPullRequest": true, "changes.base": domain.MainRef, "changes.mergeCommitId": nil, "filesWithConflicts": []any{},
		})
	})
	t.Run("comment_discussion", func(t *testing.T) {
		k := newDiscussionRig(t, "model")
		path := k.opens("A discussion", false)
		m := k.call("POST", path+"/comment", map[string]any{"comment": hostile})["newMessage"]
		is(t, m, map[string]any{"type": "comment", "author.name": "mock-user", "data.latest.raw": hostile})
		e := k.expectEvents(written)[0]
		is(t, e.payload, map[string]any{
			"comment.id": at(m, "id"), "comment.content": hostile, "comment.hidden": false, "discussion.num": 1, "discussion.status": "open",
		})
		if list := events(k.stands(path)); len(list) != 2 || list[1]["id"] != at(m, "id") {
			t.Errorf("what stands there: %v", list)
		}
	})
	t.Run("edit_discussion_comment", func(t *testing.T) {
		k := newDiscussionRig(t, "model")
		path := k.opens("A discussion", false)
		id := events(k.stands(path))[0]["id"].(string)
		written := domain.FormatTime(k.Now())
		for _, content := range []string{"Second.", "Third."} {
			k.Advance(time.Minute)
			m := k.call("POST", path+"/comment/"+id+"/edit", map[string]any{"content": content})["updatedComment"]
			is(t, m, map[string]any{"id": id, "data.edited": true, "data.latest.raw": content, "data.latest.author.name": "mock-user"})
			is(t, k.expectEvents(reworked)[0].payload, map[string]any{"comment.id": id, "comment.content": content, "comment.hidden": false})
		}
		data := events(k.stands(path))[0]["data"]
		is(t, data, map[string]any{"edited": true, "latest.raw": "Third.", "latest.updatedAt": domain.FormatTime(k.Now())})
		history := at(data, "history").([]any)
		if len(history) != 2 {
			t.Fatalf("the history: %v", history)
		}
		is(t, history[0], map[string]any{"raw": "The first comment.", "updatedAt": written})
		is(t, history[1], map[string]any{"raw": "Second.", "html": "<p>Second.</p>"})
		k.call("POST", path+"/comment/"+strings.ToUpper(id)+"/edit", map[string]any{"content": "Fourth."})
	})
	t.Run("hide_discussion_comment", func(t *testing.T) {
		k := newDiscussionRig(t, "model")
		path := k.opens("A discussion", false)
		id := events(k.stands(path))[0]["id"].(string)
		k.call("POST", path+"/comment/"+id+"/edit", map[string]any{"content": "Second."})
		k.newEvents()
		is(t, k.call("POST", path+"/comment/"+id+"/hide", nil)["updatedComment"], map[string]any{"id": id, "data.hidden": true})
		e := k.expectEvents(reworked)[0]
		is(t, e.payload, map[string]any{"comment.id": id, "comment.hidden": true, "comment.content": nil})
		answer := k.send("GET", path, nil)
		for _, gone := range []string{"The first comment.", "Second."} {
			if strings.Contains(string(answer.body), gone) {
				t.Errorf("what was hidden can be read: %s", answer.body)
			}
		}
		is(t, events(k.stands(path))[0], map[string]any{"data.hidden": true, "data.edited": true})
	})
	t.Run("rename_discussion", func(t *testing.T) {
		k := newDiscussionRig(t, "model")
		path := k.opens("A discussion", false)
		m := k.call("POST", path+"/title", map[string]any{"title": hostile})["newTitle"]
		is(t, m, map[string]any{"type": "title-change", "data.from": "A discussion", "data.to": hostile, "author.name": "mock-user"})
		is(t, k.expectEvents(altered)[0].payload, map[string]any{"discussion.title": hostile, "discussion.status": "open", "comment": nil})
		is(t, k.stands(path), map[string]any{"title": hostile})
		is(t, events(k.stands(path))[1], map[string]any{"id": at(m, "id"), "type": "title-change"})
	})
	t.Run("change_discussion_status", func(t *testing.T) {
		k := newDiscussionRig(t, "model")
		path := k.opens("A discussion", false)
		for _, status := range []string{"closed", "open"} {
			m := k.call("POST", path+"/status", map[string]any{"status": status})["newStatus"]
			is(t, m, map[string]any{"type": "status-change", "data.status": status})
			is(t, k.expectEvents(altered)[0].payload, map[string]any{"discussion.status": status, "comment": nil})
			is(t, k.stands(path), map[string]any{"status": status})
		}
	})
	t.Run("change_discussion_status with a comment", func(t *testing.T) {
		k := newDiscussionRig(t, "model")
		path := k.opens("A discussion", false)
		k.call("POST", path+"/status", map[string]any{"status": "closed", "comment": "That is all."})
		arrived := k.expectEvents(written, altered)
		is(t, arrived[0].payload, map[string]any{"comment.content": "That is all.", "discussion.status": "open"})
		is(t, arrived[1].payload, map[string]any{"discussion.status": "closed", "comment": nil})
		list := events(k.stands(path))
		is(t, list[1], map[string]any{"type": "comment", "data.latest.raw": "That is all."})
		is(t, list[2], map[string]any{"type": "status-change", "data.status": "closed"})
	})
	t.Run("change_discussion_status of a draft", func(t *testing.T) {
		k := newDiscussionRig(t, "model")
		path := k.opens("A pull request", true)
		k.call("POST", path+"/status", map[string]any{"status": "open"})
		is(t, k.expectEvents(altered)[0].payload, map[string]any{"discussion.status": "open", "discussion.isPullRequest": true})
	})
	t.Run("pin_discussion", func(t *testing.T) {
		k := newDiscussionRig(t, "model")
		path := k.opens("A discussion", false)
		for _, pinned := range []bool{true, false} {
			k.call("POST", path+"/pin", map[string]any{"pinned": pinned})
			k.expectEvents(altered)
			is(t, k.stands(path), map[string]any{"pinned": pinned})
		}
	})
	t.Run("delete_discussion", func(t *testing.T) {
		k := newDiscussionRig(t, "model")
		path := k.opens("A discussion", false)
		k.call("POST", path+"/comment", map[string]any{"comment": "Soon to be gone."})
		k.newEvents()
		k.call("DELETE", path, nil)
		is(t, k.expectEvents(deleted)[0].payload, map[string]any{"discussion.num": 1, "discussion.title": "A discussion", "comment": nil})
		k.fail(404, "GET", path, nil)
		k.db.View(func(s *domain.State) {
			for key := range dump(s) {
				if strings.HasPrefix(key, "message ") || strings.HasPrefix(key, "discussion ") || strings.HasPrefix(key, "index said ") {
					t.Errorf("%s is left of it", key)
				}
			}
		})
		if again := k.opens("Another", false); again != k.api+"/2" {
			t.Errorf("the next one is %s: numbers are never used twice", again)
		}
		pull := k.opens("A pull request", true)
		k.call("DELETE", pull, nil)
		arrived := k.expectEvents(deleted, pushed)
		is(t, arrived[1].at("updatedRefs").([]any)[0], map[string]any{"ref": "refs/pr/3", "newSha": nil, "oldSha": k.sha(domain.MainRef)})
		if k.sha("refs/pr/3") != "" {
			t.Error("its reference is still there")
		}
	})
	t.Run("delete_pull_request_ref", func(t *testing.T) {
		k := newDiscussionRig(t, "model")
		path := k.opens("A pull request", true)
		k.fail(409, "DELETE", path+"/ref", nil)
		k.call("POST", path+"/status", map[string]any{"status": "closed"})
		k.newEvents()
		k.call("DELETE", path+"/ref", nil)
		is(t, k.expectEvents(pushed)[0].at("updatedRefs").([]any)[0], map[string]any{"ref": "refs/pr/1", "newSha": nil})
		k.fail(404, "DELETE", path+"/ref", nil)
		k.call("POST", path+"/status", map[string]any{"status": "open"})
		k.fail(409, "POST", path+"/merge", nil)
		k.stands(path)
	})
}

func TestDiscussionsAreListed(t *testing.T) {
	k := newDiscussionRig(t, "dataset")
	for i := range 23 {
		path := k.opens([]string{"On tea", "On Coffee"}[i%2], i%3 == 0) // 1, 4, 7 … are pull requests
		if i%5 == 4 {
			k.call("POST", path+"/status", map[string]any{"status": "closed"}) // 5, 10, 15, 20
		}
	}
	k.call("DELETE", k.api+"/22", nil)
	for _, page := range []struct {
		query              string
		count, start, here int
		first              any
	}{
		{"", 22, 0, 10, 23},
		{"?p=0", 22, 0, 10, 23},
		{"?p=1", 22, 10, 10, 12}, // 22 is gone
		{"?p=2", 22, 20, 2, 2},
		{"?p=3", 22, 30, 0, nil},
		{"?p=9000000000000000", 22, 1_000_000, 0, nil},
		{"?type=pull_request", 7, 0, 7, 19},
		{"?type=discussion&p=1", 15, 10, 5, 8},
		{"?status=closed", 4, 0, 4, 20},
		{"?status=open&type=all", 18, 0, 10, 23},
		{"?author=MOCK-user&status=all", 22, 0, 10, 23},
		{"?author=nobody", 0, 0, 0, nil},
		{"?search=coffee", 10, 0, 10, 20},
	} {
		t.Run("get_repo_discussions"+page.query, func(t *testing.T) {
			answer := k.call("GET", k.api+page.query, nil)
			list := answer["discussions"].([]any)
			is(t, answer, map[string]any{"count": page.count, "start": float64(page.start)})
			if len(list) != page.here {
				t.Fatalf("%d are there, wanted %d", len(list), page.here)
			}
			if page.here > 0 {
				is(t, list[0], map[string]any{"num": page.first, "repo.name": "mock-user/demo", "repo.type": "dataset", "author.name": "mock-user", "createdAt": domain.FormatTime(k.Now())})
			}
		})
	}
	for _, query := range []string{"?p=-1", "?p=x", "?type=model", "?status=merged"} {
		k.fail(400, "GET", k.api+query, nil)
	}
}
