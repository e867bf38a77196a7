package format_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/hubhook/hubhook/emitter/delivery"
	"github.com/hubhook/hubhook/emitter/format"
)

// folder makes a folder of messages.
func folder(t *testing.T, dir, formatName string, messages ...delivery.Message) {
	t.Helper()
	f, err := format.NewDirWriter(dir, format.DirOptions{Format: form(t, formatName, format.Options{}), Seed: 7})
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range messages {
		if err := f.Add(m); err != nil {
			t.Fatal(err)
		}
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
}

// holds is what a folder has in it, hidden files too.
func holds(t *testing.T, dir string) map[string]string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]string{}
	for _, entry := range entries {
		text, err := os.ReadFile(filepath.Join(dir, entry.Name()))
		if err != nil && !entry.IsDir() {
			t.Fatal(err)
		}
		files[entry.Name()] = string(text)
	}
	return files
}

func Message(shape, id string) delivery.Message {
	return delivery.Message{Shape: shape, ID: id, Body: []byte(`{"event":{"scope":"repo.config.dois","action":"minted"},"id":"` + id + `"}`)}
}

func TestFolderHoldsAFileForEachPayload(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "made", "here")
	folder(t, dir, "ndjson", Message("repo.update", "1"), Message("repo.config.*", "2"), Message("repo.update", "3"))
	files := holds(t, dir)
	var index any
	if err := json.Unmarshal([]byte(files["index.json"]), &index); err != nil {
		t.Fatal(err)
	}
	delete(files, "index.json")
	if diff := cmp.Diff(map[string]string{
		"repo.update-1.json":             string(Message("", "1").Body) + "\n",
		"repo.config.dois.minted-1.json": string(Message("", "2").Body) + "\n",
		"repo.update-2.json":             string(Message("", "3").Body) + "\n",
	}, files); diff != "" {
		t.Error(diff)
	}
	entry := func(file, shape, id string) any {
		return map[string]any{"file": file, "shape": shape, "webhookId": id, "bytes": float64(len(Message("", id).Body))}
	}
	if diff := cmp.Diff(map[string]any{"seed": float64(7), "format": "ndjson", "payloads": []any{
		entry("repo.update-1.json", "repo.update", "1"),
		entry("repo.config.dois.minted-1.json", "repo.config.dois.minted", "2"),
		entry("repo.update-2.json", "repo.update", "3"),
	}}, index); diff != "" {
		t.Error(diff)
	}
}

func TestNoNameLeadsOutOfTheFolder(t *testing.T) {
	top := t.TempDir()
	dir := filepath.Join(top, "in")
	shapes := []string{
		"../../escape", "/etc/passwd", "..", ".", "", ".hidden", "-rf", "a\x00b", "a\nb", `c:\x`, "größe", "index", strings.Repeat("long", 1000), strings.Repeat("long", 1000),
	}
	var messages []delivery.Message
	for _, shape := range shapes {
		messages = append(messages, delivery.Message{Shape: shape, Body: []byte("1")})
	}
	folder(t, dir, "ndjson", messages...)
	if outside := holds(t, top); len(outside) != 1 {
		t.Errorf("outside of it: %v", outside)
	}
	files := holds(t, dir)
	if len(files) != len(shapes)+1 {
		t.Errorf("%d files for %d payloads", len(files), len(shapes))
	}
	for name := range files {
		if strings.HasPrefix(name, ".") || strings.HasPrefix(name, "-") || strings.ContainsAny(name, "/\\\x00\n") {
			t.Errorf("%q", name)
		}
	}
}

func TestFolderRemovesWhatItMadeBeforeAndNothingElse(t *testing.T) {
	dir := t.TempDir()
	folder(t, dir, "json", Message("repo.update", "1"), Message("repo.update", "2"), Message("repo.move", "3"))
	folder(t, dir, "json", Message("repo.update", "1"))
	if files := holds(t, dir); len(files) != 2 {
		t.Errorf("left are %v", files)
	}
	// Somebody edits the index.
	outside := filepath.Join(filepath.Dir(dir), "outside-1.json")
	for _, name := range []string{outside, filepath.Join(dir, "notes.txt"), filepath.Join(dir, "sub-1.txt"), filepath.Join(dir, "repo.update-x.json")} {
		if err := os.WriteFile(name, []byte("mine"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	index := `{"seed":1,"format":"json","payloads":[{"file":"../outside-1.json"},{"file":"notes.txt"},{"file":"sub-1.txt"},{"file":"repo.update-x.json"},{"file":"gone-1.json"},{"file":""},{"file":"repo.update-1.json"}]}`
	if err := os.WriteFile(filepath.Join(dir, "index.json"), []byte(index), 0o600); err != nil {
		t.Fatal(err)
	}
	folder(t, dir, "http", Message("repo.update", "1"))
	files := holds(t, dir)
	delete(files, "index.json")
	delete(files, "repo.update-1.http")
	if diff := cmp.Diff(map[string]string{"notes.txt": "mine", "sub-1.txt": "mine", "repo.update-x.json": "mine"}, files); diff != "" {
		t.Error(diff)
	}
	if _, err := os.Stat(outside); err != nil {
		t.Error(err)
	}
}

func TestFolderTakesNoIndexOfOthersForItsOwn(t *testing.T) {
	for _, text := range []string{"", "[]", "{}", `{"payloads":[]}`, `{"format":"json"}`, `{"format":"yaml","payloads":[]}`} {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, "index.json"), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := format.NewDirWriter(dir, format.DirOptions{Format: form(t, "json", format.Options{})})
		if err == nil || !strings.Contains(err.Error(), "choose another folder") || !strings.Contains(err.Error(), dir) {
			t.Errorf("%q: %v", text, err)
		}
		if files := holds(t, dir); len(files) != 1 || files["index.json"] != text {
			t.Errorf("%q became %v", text, files)
		}
	}
}

func TestFolderThatCannotBe(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, dir := range []string{file, filepath.Join(file, "below")} {
		if _, err := format.NewDirWriter(dir, format.DirOptions{Format: form(t, "json", format.Options{})}); err == nil || !strings.Contains(err.Error(), file) {
			t.Errorf("%s: %v", dir, err)
		}
	}
}

func TestFileThatCannotBeWrittenLeavesNothingBehind(t *testing.T) {
	dir := t.TempDir()
	if err := os.MkdirAll(filepath.Join(dir, "repo.update-2.json", "in the way"), 0o700); err != nil {
		t.Fatal(err)
	}
	f, err := format.NewDirWriter(dir, format.DirOptions{Format: form(t, "json", format.Options{})})
	if err != nil {
		t.Fatal(err)
	}
	if err := f.Add(Message("repo.update", "1")); err != nil {
		t.Fatal(err)
	}
	first := f.Add(Message("repo.update", "2"))
	if first == nil || !strings.Contains(first.Error(), filepath.Join(dir, "repo.update-2.json")) || strings.Contains(first.Error(), "partial") {
		t.Errorf("%v", first)
	}
	if err := f.Add(Message("repo.update", "3")); err != first {
		t.Errorf("%v, and then %v", first, err)
	}
	if err := f.Close(); err != first {
		t.Errorf("%v, and at last %v", first, err)
	}
	if files := holds(t, dir); len(files) != 2 {
		t.Errorf("left are %v", files)
	}
}

func TestFillingEndsWithItsContext(t *testing.T) {
	dir := t.TempDir()
	f, err := format.NewDirWriter(dir, format.DirOptions{Format: form(t, "json", format.Options{})})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := contextWithCause(t)
	cancel(errFull)
	if err := f.Fill(ctx, feedOf(t), 1<<40); err != errFull {
		t.Error(err)
	}
	if err := f.Close(); err != errFull || len(holds(t, dir)) > 0 {
		t.Errorf("%v, and left are %v", err, holds(t, dir))
	}
}
