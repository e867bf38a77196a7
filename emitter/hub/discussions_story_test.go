package hub

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"
)

// view is what a handler knows of a discussion from its events alone.
type view struct {
	title, status, merge string
	pull, gone           bool
	comments             map[string]any // contents by id; nil if hidden
}

// observe updates the views from an event.
func observe(known map[string]*view, e arrival) {
	if e.shape() == pushed {
		return
	}
	num := fmt.Sprint(e.at("discussion.num"))
	d := known[num]
	if d == nil {
		d = &view{comments: map[string]any{}}
		known[num] = d
	}
	d.title, d.status = e.at("discussion.title").(string), e.at("discussion.status").(string)
	d.pull, d.gone = e.at("discussion.isPullRequest").(bool), e.shape() == deleted
	d.merge, _ = e.at("discussion.changes.mergeCommitId").(string)
	if id, found := e.at("comment.id").(string); found {
		d.comments[id] = e.at("comment.content")
	}
}

// agrees compares the views with what the API shows.
func (k *discussionRig) agrees(known map[string]*view) {
	k.t.Helper()
	left := 0
	for num, d := range known {
		path := k.api + "/" + num
		if d.gone {
			k.fail(404, "GET", path, nil)
			continue
		}
		left++
		stands := k.stands(path)
		is(k.t, stands, map[string]any{"num": num, "title": d.title, "status": d.status, "isPullRequest": d.pull})
		if merge, _ := at(stands, "changes.mergeCommitId").(string); merge != d.merge {
			k.t.Errorf("%s was merged by %q, but events say %q", num, merge, d.merge)
		}
		k.agreesOnComments(d, stands)
	}
	is(k.t, k.call("GET", k.api, nil), map[string]any{"count": left})
}

func (k *discussionRig) agreesOnComments(d *view, stands map[string]any) {
	k.t.Helper()
	shown := 0
	for _, e := range events(stands) {
		if e["type"] != "comment" {
			continue
		}
		shown++
		content, found := d.comments[e["id"].(string)]
		switch {
		case !found:
			k.t.Errorf("no event has comment %v", e)
		case at(e, "data.hidden") != (content == nil), content != nil && at(e, "data.latest.raw") != content:
			k.t.Errorf("the comment is %v, but events say %v", e, content)
		}
	}
	if shown != len(d.comments) {
		k.t.Errorf("the API shows %d comments, events have %d", shown, len(d.comments))
	}
}

// act makes a call such as anybody could.
func (k *discussionRig) act(rng *rand.Rand, step int, known map[string]*view) reply {
	k.t.Helper()
	text := fmt.Sprintf("Text %d", step)
	num := 1 + rng.IntN(len(known)+2)
	path := fmt.Sprintf("%s/%d", k.api, num)
	comment := path + "/comment/none"
	if d := known[fmt.Sprint(num)]; d != nil {
		ids := append(slices.Sorted(maps.Keys(d.comments)), "none")
		comment = path + "/comment/" + ids[rng.IntN(len(ids))]
	}
	type object = map[string]any
	switch rng.IntN(12) {
	case 0:
		return k.send("POST", k.api, object{"title": text, "description": text})
	case 1, 2:
		return k.send("POST", k.api, object{"title": text, "description": text, "pullRequest": true})
	case 3:
		return k.send("POST", path+"/title", object{"title": text})
	case 4:
		return k.send("POST", path+"/status", object{"status": "closed", "comment": text})
	case 5:
		return k.send("POST", path+"/status", object{"status": "open"})
	case 6:
		return k.send("POST", path+"/merge", object{"comment": text})
	case 7:
		return k.send("POST", comment+"/edit", object{"content": text})
	case 8:
		return k.send("POST", comment+"/hide", nil)
	case 9:
		if rng.IntN(4) == 0 {
			return k.send("DELETE", path, nil)
		}
		return k.send("POST", path+"/pin", object{"pinned": rng.IntN(2) == 0})
	}
	return k.send("POST", path+"/comment", object{"comment": text})
}

func TestDiscussionsAgreeWithTheirEvents(t *testing.T) {
	k := newDiscussionRig(t, "model")
	rng := rand.New(rand.NewPCG(7, 7))
	known, shapes := map[string]*view{}, map[string]int{}
	for step := range 200 {
		answer := k.act(rng, step, known)
		arrived := k.newEvents()
		if refused := answer.status >= 400; refused != (len(arrived) == 0) || answer.status >= 500 {
			t.Fatalf("step %d: %d %s, and %d events", step, answer.status, answer.body, len(arrived))
		}
		for _, e := range arrived {
			observe(known, e)
			shapes[e.shape()]++
		}
		if step%40 == 39 {
			k.agrees(known)
		}
	}
	for _, shape := range []string{opened, altered, deleted, written, reworked, pushed} {
		if shapes[shape] == 0 {
			t.Errorf("the story has no %s: %v", shape, shapes)
		}
	}
}
