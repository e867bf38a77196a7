package emitter_test

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/tidwall/gjson"
	"github.com/tidwall/sjson"
)

// A scenario is a story in lines, to test the model with. A line is an event and the
// changes to its usual payload, as path=value:
//
//	discussion.update discussion.status=closed
//
// A value is text, a number or a boolean, and "-" leaves the property out; "null"
// is null. @N is the id of what was made N seconds after the story began: an
// account where N is negative. #N is a commit. updatedRefs is
// refs/heads/main:#1>#2, where 0 is no commit; updatedFiles is +added,-deleted.
// URLs follow from the rest unless they are given.
type scenario []string

const scenarioHub = "https://hub.test"

// payloads returns the payloads of a scenario.
func (lines scenario) payloads(t *testing.T) [][]byte {
	t.Helper()
	var all [][]byte
	for _, line := range lines {
		all = append(all, []byte(scenarioPayload(t, line)))
	}
	return all
}

// usual are the properties of payloads, by the start of their event.
var usual = []struct{ event, says string }{
	{"", "repo.type=model repo.name=ada/engine repo.id=@0 repo.private=false repo.owner.id=@-9 webhook.id=@-7 webhook.version=3"},
	{"repo.create", "repo.headSha=#1"},
	{"discussion", "discussion.id=@10 discussion.title=Crash discussion.status=open discussion.num=1 discussion.author.id=@-8 discussion.isPullRequest=false"},
	{"discussion.create", "comment.id=@11 comment.author.id=@-8 comment.content=Hello comment.hidden=false"},
	{"discussion.comment", "comment.id=@11 comment.author.id=@-8 comment.content=Hello comment.hidden=false"},
}

func scenarioPayload(t *testing.T, line string) string {
	t.Helper()
	event, says, _ := strings.Cut(line, " ")
	dot := strings.LastIndexByte(event, '.')
	text := set(t, `{}`, "event.scope="+event[:dot]+" event.action="+event[dot+1:])
	for _, u := range usual {
		if strings.HasPrefix(event, u.event) {
			text = set(t, text, u.says)
		}
	}
	edited := set(t, text, says)
	return set(t, withURLs(t, edited), says)
}

// set applies the changes of a line.
func set(t *testing.T, text, says string) string {
	t.Helper()
	for _, edit := range strings.Fields(says) {
		path, value, ok := strings.Cut(edit, "=")
		if !ok {
			t.Fatalf("%q has no value", edit)
		}
		var err error
		if value == "-" {
			text, err = sjson.Delete(text, path)
		} else {
			text, err = sjson.SetRaw(text, path, scenarioValue(path, value))
		}
		if err != nil {
			t.Fatalf("%s: %v", edit, err)
		}
	}
	return text
}

var rawForm = regexp.MustCompile(`^(true|false|null|\{\}|[0-9]+)$`)

// scenarioValue writes a value as JSON.
func scenarioValue(path, value string) string {
	switch {
	case path == "updatedRefs":
		return scenarioList(value, scenarioRef)
	case path == "updatedFiles":
		return scenarioList(value, scenarioFile)
	case rawForm.MatchString(value):
		return value
	case strings.HasPrefix(value, "@"):
		return strconv.Quote(scenarioID(value))
	case strings.HasPrefix(value, "#"):
		return scenarioCommit(value)
	}
	return strconv.Quote(value)
}

func scenarioList(value string, item func(string) string) string {
	var items []string
	for part := range strings.SplitSeq(value, ",") {
		items = append(items, item(part))
	}
	return "[" + strings.Join(items, ",") + "]"
}

// scenarioID writes @N. The story begins in May 2024.
func scenarioID(value string) string {
	n, _ := strconv.Atoi(value[1:])
	return fmt.Sprintf("%08x%016x", 0x66400000+n, 0xabc)
}

// scenarioCommit writes #N; anything else is no commit.
func scenarioCommit(value string) string {
	n, err := strconv.Atoi(strings.TrimPrefix(value, "#"))
	if err != nil || n == 0 {
		return "null"
	}
	return fmt.Sprintf(`"%040x"`, n)
}

func scenarioRef(value string) string {
	name, change, _ := strings.Cut(value, ":")
	before, after, _ := strings.Cut(change, ">")
	return fmt.Sprintf(`{"ref":%q,"oldSha":%s,"newSha":%s}`, name, scenarioCommit(before), scenarioCommit(after))
}

func scenarioFile(value string) string {
	if path, ok := strings.CutPrefix(value, "-"); ok {
		return fmt.Sprintf(`{"path":%q,"action":"delete"}`, path)
	}
	return fmt.Sprintf(`{"path":%q,"action":"add","xetHash":"%064x","size":20}`, strings.TrimPrefix(value, "+"), 7)
}

// withURLs adds to a payload the URLs that follow from it, and a pull request its
// base.
func withURLs(t *testing.T, text string) string {
	t.Helper()
	p := gjson.Parse(text)
	kind, name := p.Get("repo.type").String(), p.Get("repo.name").String()
	web, api := scenarioHub+"/"+kind+"s/"+name, scenarioHub+"/api/"+kind+"s/"+name
	if kind == "model" {
		web = scenarioHub + "/" + name
	}
	says := fmt.Sprintf("repo.url.web=%s repo.url.api=%s", web, api)
	if d := p.Get("discussion"); d.Exists() {
		path := "/discussions/" + d.Get("num").Raw
		says += fmt.Sprintf(" discussion.url.web=%s discussion.url.api=%s", web+path, api+path)
		if d.Get("isPullRequest").Bool() && !d.Get("changes.base").Exists() {
			says += " discussion.changes.base=refs/heads/main"
		}
		if c := p.Get("comment"); c.Exists() {
			says += fmt.Sprintf(" comment.url.web=%s#%s", web+path, c.Get("id").String())
		}
	}
	return set(t, text, says)
}
