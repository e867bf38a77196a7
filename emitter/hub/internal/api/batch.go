package api

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/hubhook/hubhook/emitter"
	"github.com/hubhook/hubhook/emitter/hub/internal/domain"
	"github.com/hubhook/hubhook/emitter/hub/internal/problem"
	"github.com/hubhook/hubhook/emitter/hub/internal/router"
)

// Bounds of buckets.
const (
	batchLimit         = 64 << 20 // of the body of a batch, in bytes
	MaxBatchOperations = 100_000  // of a batch
)

// bucketOperation is a line of a batch, application/x-ndjson, as the official clients write it:
//
//	{"type":"addFile","path":"a","xetHash":"…64 hex digits…"}
//	{"type":"copyFile","path":"a","xetHash":"…","sourceRepoType":"bucket","sourceRepoId":"me/b"}
//	{"type":"deleteFile","path":"a"}
//
// Of addFile this Hub takes two forms more: a "size" in bytes, if the content did not come here;
// and a "content" in base64 instead of a hash, for those who have no Xet at hand.
type bucketOperation struct {
	Type           string  `json:"type"`
	Path           string  `json:"path"`
	XetHash        string  `json:"xetHash"`
	Size           *int64  `json:"size"`
	Content        *string `json:"content"`
	SourceRepoType string  `json:"sourceRepoType"`
	SourceRepoID   string  `json:"sourceRepoId"` // its name
}

// BatchResponse is the result of a batch (OpenAPI; ApiBucketBatchResponse of
// @huggingface/hub). A failed operation does not stop the others.
type BatchResponse struct {
	Success   bool          `json:"success"`
	Processed int           `json:"processed"`
	Succeeded int           `json:"succeeded"`
	Failed    []failedEntry `json:"failed"`
	Error     string        `json:"error,omitempty"`
}

type failedEntry struct {
	Path  string `json:"path"`
	Error string `json:"error"`
}

// batchFiles adds and deletes files of a bucket, and publishes all of them in one event.
func batchFiles(c *call) (any, error) {
	operations, err := c.operations()
	if err != nil {
		return nil, err
	}
	return c.updateBucket(func(tx *domain.Tx, r *domain.Repo) (any, error) {
		b := newBatch(tx, r, c.xet)
		for i := range operations {
			b.apply(&operations[i])
		}
		if len(b.files) > 0 {
			err = tx.UpdateBucket(r, b.objects, b.files)
		}
		return b.reported(), err
	})
}

func (c *call) operations() ([]bucketOperation, error) {
	body, err := io.ReadAll(c.Request.Body)
	if err != nil {
		return nil, router.BodyProblem(err)
	}
	var list []bucketOperation
	number := 0
	for line := range bytes.SplitSeq(body, []byte("\n")) {
		number++
		if line = bytes.TrimSpace(line); len(line) == 0 {
			continue
		}
		if len(list) == MaxBatchOperations {
			return nil, problem.TooLarge("a batch has %d lines at most", MaxBatchOperations)
		}
		var o bucketOperation
		if err := json.Unmarshal(line, &o); err != nil {
			return nil, problem.Invalid("line %d is not an operation: %s", number, problem.DescribeJSON(err))
		}
		list = append(list, o)
	}
	if len(list) == 0 {
		return nil, problem.Invalid("the batch has no operation: one JSON object a line, application/x-ndjson")
	}
	return list, nil
}

type batch struct {
	tx       *domain.Tx
	repo     *domain.Repo // before it
	uploads  *xetFiles
	objects  map[string]domain.File
	response BatchResponse
	// files are those of the event, each as it is in the end; at finds them by path.
	files []emitter.FileData
	at    map[string]int
	// sources are the files, by their hash, of what was copied from so far.
	sources map[string]map[string]int64
}

func newBatch(tx *domain.Tx, r *domain.Repo, uploads *xetFiles) *batch {
	return &batch{
		tx: tx, repo: r, uploads: uploads, objects: domain.Applied(r.Objects, nil),
		response: BatchResponse{Failed: []failedEntry{}}, at: map[string]int{}, sources: map[string]map[string]int64{},
	}
}

func (b *batch) apply(o *bucketOperation) {
	b.response.Processed++
	if err := b.do(o); err != nil {
		b.response.Failed = append(b.response.Failed, failedEntry{problem.Short(o.Path), err.Error()})
		return
	}
	b.response.Succeeded++
}

func (b *batch) do(o *bucketOperation) error {
	if err := domain.CheckPath(o.Path); err != nil {
		return err
	}
	source := b.added
	switch o.Type {
	case "addFile":
	case "copyFile":
		source = b.copied
	case "deleteFile":
		return b.delete(o.Path)
	default:
		return fmt.Errorf("type is %q: it can be addFile, copyFile or deleteFile", problem.Short(o.Type))
	}
	f, err := source(o)
	if err != nil {
		return err
	}
	return b.put(o.Path, f)
}

func (b *batch) added(o *bucketOperation) (domain.File, error) {
	if o.Content != nil {
		content, err := base64.StdEncoding.DecodeString(*o.Content)
		if err != nil {
			return domain.File{}, errors.New("content is not base64")
		}
		return domain.File{OID: domain.SHA256(content), Size: int64(len(content))}, nil
	}
	f := domain.File{OID: strings.ToLower(o.XetHash)}
	if !domain.SHA256Form.MatchString(f.OID) {
		return domain.File{}, errors.New("xetHash is not 64 hex digits")
	}
	switch size, known := b.uploads.size(f.OID); {
	case known:
		f.Size = size
	case o.Size != nil:
		f.Size = max(*o.Size, 0)
	default:
		f.Size = b.sizesOf(b.repo)[f.OID] // it may be there under another path
	}
	return f, nil
}

func (b *batch) copied(o *bucketOperation) (domain.File, error) {
	repoType, err := domain.CheckType(o.SourceRepoType)
	if err != nil {
		return domain.File{}, err
	}
	source, err := b.tx.FindRepo(repoType, o.SourceRepoID)
	if err != nil {
		return domain.File{}, err
	}
	hash := strings.ToLower(o.XetHash)
	size, known := b.sizesOf(source)[hash]
	if !known || !domain.SHA256Form.MatchString(hash) {
		return domain.File{}, fmt.Errorf("%s %s has no file of this xetHash", source.Type, source.Name)
	}
	return domain.File{OID: hash, Size: size}, nil
}

// sizesOf returns the sizes of the files of a repo, as it was before the batch, by their hashes.
func (b *batch) sizesOf(r *domain.Repo) map[string]int64 {
	if sizes := b.sources[r.ID]; sizes != nil {
		return sizes
	}
	sizes := map[string]int64{}
	for _, f := range r.Objects {
		sizes[f.OID] = f.Size
	}
	if head := b.tx.Commit(r.ID, r.Head()); head != nil {
		for _, f := range b.tx.TreeOf(r.ID, head) {
			sizes[f.OID] = f.Size
		}
	}
	b.sources[r.ID] = sizes
	return sizes
}

func (b *batch) put(path string, f domain.File) error {
	if _, known := b.objects[path]; !known && len(b.objects) >= domain.MaxObjects {
		return fmt.Errorf("a bucket has %d files at most", domain.MaxObjects)
	}
	b.objects[path] = f
	b.note(emitter.FileData{Path: path, XetHash: f.OID, Size: uint64(f.Size)})
	return nil
}

func (b *batch) delete(path string) error {
	if _, known := b.objects[path]; !known {
		return errors.New("there is no such file")
	}
	delete(b.objects, path)
	b.note(emitter.FileData{Path: path, Deleted: true})
	return nil
}

func (b *batch) note(f emitter.FileData) {
	if at, known := b.at[f.Path]; known {
		b.files[at] = f
		return
	}
	b.at[f.Path] = len(b.files)
	b.files = append(b.files, f)
}

// reported returns the response: 422 if an operation failed, which the official clients
// expect, with the same body.
func (b *batch) reported() any {
	a := &b.response
	if a.Success = len(a.Failed) == 0; a.Success {
		return a
	}
	first := a.Failed[0]
	a.Error = fmt.Sprintf("%d of %d operations failed; the first: %s: %s", len(a.Failed), a.Processed, first.Path,
		first.Error)
	response := router.JSON(http.StatusUnprocessableEntity, a)
	response.Header.Set("X-Error-Message", problem.HeaderText(a.Error))
	return response
}
