package api

import (
	"bytes"
	"crypto/sha1"
	"encoding/hex"
	"encoding/json"
	"io"
	"maps"
	"mime"
	"net/http"
	"net/url"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/hubhook/hubhook/emitter/hub/internal/domain"
	"github.com/hubhook/hubhook/emitter/hub/internal/problem"
	"github.com/hubhook/hubhook/emitter/hub/internal/router"
)

// listedEntry is a file or a folder in a tree (RepoFile and RepoFolder of the official client).
type listedEntry struct {
	Type string      `json:"type"` // file, directory
	OID  string      `json:"oid"`
	Size int64       `json:"size"`
	Path string      `json:"path"`
	LFS  *lfsEntry   `json:"lfs,omitempty"`
	Last *lastCommit `json:"lastCommit,omitempty"`
}

type lfsEntry struct {
	OID         string `json:"oid"` // SHA-256
	Size        int64  `json:"size"`
	PointerSize int    `json:"pointerSize"`
}

// lastCommit is the one that last changed a file, or something in a folder.
type lastCommit struct {
	ID    string `json:"id"`
	Title string `json:"title"`
	Date  string `json:"date"`
}

func entryOf(path string, f domain.File) listedEntry {
	e := listedEntry{Type: "file", OID: f.OID, Size: f.Size, Path: path}
	if f.LFS {
		pointer := f.Pointer()
		e.OID = domain.GitOID(pointer)
		e.LFS = &lfsEntry{OID: f.OID, Size: f.Size, PointerSize: len(pointer)}
	}
	return e
}

// flatTree is a tree whose paths are in order, so that the files of a folder are together.
type flatTree struct {
	tree  map[string]domain.File
	paths []string

	folders map[string]string // OIDs that are known
}

func flatten(tree map[string]domain.File) *flatTree {
	return &flatTree{tree, slices.Sorted(maps.Keys(tree)), map[string]string{}}
}

// within returns the paths in a folder; all of them if it is empty.
func (t *flatTree) within(folder string) []string {
	if folder == "" {
		return t.paths
	}
	from, _ := slices.BinarySearch(t.paths, folder+"/")
	to, _ := slices.BinarySearch(t.paths, folder+"0") // '0' is the byte after '/'
	return t.paths[from:to]
}

// names returns the files and folders in a folder, or all below it. Folders end in "/", and
// come before what is in them.
func (t *flatTree) names(folder string, recursive bool) []string {
	start := 0
	if folder != "" {
		start = len(folder) + 1
	}
	var names []string
	last := ""
	for _, path := range t.within(folder) {
		for at := start; at < len(path); {
			end := strings.IndexByte(path[at:], '/')
			if end < 0 {
				names = append(names, path)
				break
			}
			at += end + 1
			if !strings.HasPrefix(last, path[:at]) {
				names = append(names, path[:at])
			}
			if !recursive {
				break
			}
		}
		last = path
	}
	return names
}

func (t *flatTree) entry(name string) (listedEntry, bool) {
	if f, found := t.tree[name]; found {
		return entryOf(name, f), true
	}
	folder := strings.TrimSuffix(name, "/")
	inside := t.within(folder)
	if len(inside) == 0 || folder == "" {
		return listedEntry{}, false
	}
	return listedEntry{Type: "directory", OID: t.folderOID(folder, inside), Path: folder}, true
}

// folderOID returns an id of a folder. It is not Git's, but it changes when something in it does,
// and only then.
func (t *flatTree) folderOID(folder string, inside []string) string {
	if oid, known := t.folders[folder]; known {
		return oid
	}
	sum := sha1.New()
	for _, path := range inside {
		io.WriteString(sum, path[len(folder):]+"\x00"+t.tree[path].OID+"\x00")
	}
	t.folders[folder] = hex.EncodeToString(sum.Sum(nil))
	return t.folders[folder]
}

func listTree(c *call) (any, error) {
	query := c.Request.URL.Query()
	recursive, _ := strconv.ParseBool(query.Get("recursive"))
	expand, _ := strconv.ParseBool(query.Get("expand"))
	const most = 1000
	p, err := c.window(most, most)
	if err != nil {
		return nil, err
	}
	r, at, path, tree, err := c.flatPlace()
	if err != nil {
		return nil, err
	}
	names := tree.names(path, recursive)
	if len(names) == 0 && path != "" {
		return nil, problem.NotFound(problem.CodeEntry, "there is no folder %q", problem.Short(path))
	}
	entries := make([]listedEntry, 0, min(p.size, len(names)))
	for _, name := range windowOf(names, p) {
		e, _ := tree.entry(name)
		entries = append(entries, e)
	}
	if expand {
		c.addLastCommits(r, at, entries)
	}
	return c.paged(entries, p, len(names), apiPath(r, "tree", at.SHA, path)), nil
}

func (c *call) flatPlace() (r *domain.Repo, at *domain.Commit, path string, tree *flatTree, err error) {
	var found map[string]domain.File
	c.DB.View(func(s *domain.State) {
		if r, at, path, err = c.place(s); err == nil {
			found = s.TreeOf(r.ID, at)
		}
	})
	return r, at, path, flatten(found), err
}

// pathsInfo returns those of the paths in the body that exist. The official Python client sends a
// form, the JavaScript client JSON.
func pathsInfo(c *call) (any, error) {
	asked, err := c.readPaths()
	if err != nil {
		return nil, err
	}
	const most = 5000
	if len(asked.Paths) > most {
		return nil, problem.TooLarge("at most %d paths can be asked about at once", most)
	}
	r, at, path, tree, err := c.flatPlace()
	if err == nil && path != "" {
		err = domain.NoRevision(r, c.Params["rev"])
	}
	if err != nil {
		return nil, err
	}
	entries := []listedEntry{}
	for _, path := range asked.Paths {
		if e, found := tree.entry(path); found {
			entries = append(entries, e)
		}
	}
	if asked.Expand {
		c.addLastCommits(r, at, entries)
	}
	return entries, nil
}

type pathsBody struct {
	Paths  []string `json:"paths"`
	Expand bool     `json:"expand"`
}

func (c *call) readPaths() (asked pathsBody, err error) {
	body, err := io.ReadAll(c.Request.Body)
	if err != nil {
		return asked, router.BodyProblem(err)
	}
	if kind, _, _ := mime.ParseMediaType(c.Request.Header.Get("Content-Type")); kind == "application/x-www-form-urlencoded" {
		form, err := url.ParseQuery(string(body))
		if err != nil {
			return asked, problem.Invalid("the body is no form: %v", err)
		}
		expand, _ := strconv.ParseBool(form.Get("expand"))
		return pathsBody{form["paths"], expand}, nil
	}
	if err := json.Unmarshal(body, &asked); err != nil {
		return asked, problem.Invalid("the body is not what this call takes: %v", problem.DescribeJSON(err))
	}
	return asked, nil
}

func (c *call) addLastCommits(r *domain.Repo, from *domain.Commit, entries []listedEntry) {
	open := map[string][]*listedEntry{}
	for i := range entries {
		open[entries[i].Path] = append(open[entries[i].Path], &entries[i])
	}
	close := func(path string, by *domain.Commit) {
		for _, e := range open[path] {
			e.Last = &lastCommit{ID: by.SHA, Title: by.Title, Date: domain.FormatTime(by.At)}
		}
		delete(open, path)
	}
	c.DB.View(func(s *domain.State) {
		for at := from; at != nil && len(open) > 0; at = s.Parent(r.ID, at) {
			for _, change := range at.Changes {
				close(change.Path, at)
				for folder := range domain.FoldersAbove(change.Path) {
					close(folder, at)
				}
			}
		}
	})
}

type foundFile struct {
	file    domain.File
	path    string
	at      *domain.Commit
	content []byte
	kept    bool // the content
}

func (c *call) find() (f foundFile, err error) {
	c.DB.View(func(s *domain.State) {
		var r *domain.Repo
		if r, f.at, f.path, err = c.place(s); err != nil {
			return
		}
		var there bool
		if f.file, there = s.TreeOf(r.ID, f.at)[f.path]; !there {
			err = domain.NoFile(f.path)
		}
		f.content, f.kept = s.Content(r.ID, f.file.OID)
	})
	return f, err
}

func resolveFile(c *call) (any, error) {
	f, err := c.find()
	if err != nil {
		return nil, err
	}
	if f.file.LFS && f.kept {
		c.Response.Header().Set("X-Linked-Size", strconv.FormatInt(f.file.Size, 10))
		c.Response.Header().Set("X-Linked-Etag", strconv.Quote(f.file.OID))
	}
	return c.serveFile(f, f.file.OID)
}

// rawFile answers with what Git keeps of a file: of one in LFS, its pointer.
func rawFile(c *call) (any, error) {
	f, err := c.find()
	if err != nil {
		return nil, err
	}
	oid := f.file.OID
	if f.file.LFS {
		f.content, f.kept = f.file.Pointer(), true
		oid = domain.GitOID(f.content)
	}
	return c.serveFile(f, oid)
}

// serveFile answers with a content, or the part of it that is asked for. Browsers must not
// run it.
func (c *call) serveFile(f foundFile, oid string) (any, error) {
	if !f.kept {
		return nil, problem.NotFound(problem.CodeEntry, "this Hub has no content of %q: it was committed by its hash alone",
			problem.Short(f.path))
	}
	h := c.Response.Header()
	h.Set("ETag", strconv.Quote(oid))
	h.Set("X-Repo-Commit", f.at.SHA)
	h.Set("Content-Type", plainType(f.content))
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Content-Security-Policy", "default-src 'none'; sandbox")
	h.Set("Content-Disposition", mime.FormatMediaType("inline", map[string]string{"filename": path.Base(f.path)}))
	if len(f.content) == 0 && c.Request.Header.Get("Range") != "" {
		// The official JavaScript client reads a file's size from it.
		h.Set("Content-Range", "bytes */0")
	}
	w := &fileWriter{ResponseWriter: c.Response, status: http.StatusOK}
	http.ServeContent(w, c.Request, "", time.Time{}, bytes.NewReader(f.content))
	switch {
	case w.status == http.StatusRequestedRangeNotSatisfiable:
		return nil, &problem.Error{Status: w.status, Text: "the file has no such range"}
	case w.status >= http.StatusBadRequest:
		return nil, &problem.Error{Status: w.status, Text: "the file is not as the request's conditions have it"}
	}
	return router.Streamed(w.status), nil
}

func plainType(content []byte) string {
	if utf8.Valid(content) && !bytes.ContainsRune(content, 0) {
		return "text/plain; charset=utf-8"
	}
	return "application/octet-stream"
}

// fileWriter keeps errors back, which are to be answered in JSON.
type fileWriter struct {
	http.ResponseWriter
	status int
}

func (w *fileWriter) WriteHeader(status int) {
	if w.status = status; status < http.StatusBadRequest {
		w.ResponseWriter.WriteHeader(status)
	}
}

func (w *fileWriter) Write(b []byte) (int, error) {
	if w.status >= http.StatusBadRequest {
		return len(b), nil
	}
	return w.ResponseWriter.Write(b)
}
