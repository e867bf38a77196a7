package hub

import (
	"bytes"
	"mime"
	"net/http"
	"path"
	"strconv"
	"time"
	"unicode/utf8"
)

// foundFile is a file at a revision.
type foundFile struct {
	file    keptFile
	path    string
	at      *commit
	content []byte // nil where it is not kept
}

// find finds the file that a call names.
func (c *call) find() (f foundFile, err error) {
	err = c.View(func(s *state) error {
		r, at, path, err := c.place(s)
		if err != nil {
			return err
		}
		file, there := s.treeOf(r.ID, at)[path]
		if !there {
			return noEntry(path)
		}
		f = foundFile{file: file, path: path, at: at}
		if content, kept := s.Content(r.ID, file.OID); kept {
			f.content = content
			if f.content == nil {
				f.content = []byte{}
			}
		}
		return nil
	})
	return f, err
}

// resolveFile answers with a file.
func resolveFile(c *call) (any, error) {
	f, err := c.find()
	if err != nil {
		return nil, err
	}
	if f.file.LFS && f.content != nil {
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
	if f.file.LFS {
		f.content = f.file.pointer()
		return c.serveFile(f, gitOID(f.content))
	}
	return c.serveFile(f, f.file.OID)
}

// serveFile answers with a content, or the part of it that is asked for. No browser is
// to take it for anything that runs.
func (c *call) serveFile(f foundFile, oid string) (any, error) {
	if f.content == nil {
		return nil, notFound(codeEntry, "this Hub has no content of %q: it was committed by its hash alone", inShort(f.path))
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
	if w.status >= http.StatusBadRequest {
		return nil, refusedRange(w.status)
	}
	return Streamed(w.status), nil
}

// plainType is the type of a content as far as it may be told.
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

func refusedRange(status int) error {
	if status == http.StatusRequestedRangeNotSatisfiable {
		return &problem{status: status, text: "the file has no such range"}
	}
	return &problem{status: status, text: "the file is not as the request's conditions have it"}
}
