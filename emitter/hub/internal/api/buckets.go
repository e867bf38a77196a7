package api

import (
	"cmp"
	"slices"
	"strings"

	"github.com/hubhook/hubhook/emitter/hub/internal/domain"
	"github.com/hubhook/hubhook/emitter/hub/internal/problem"
	"github.com/hubhook/hubhook/emitter/hub/internal/router"
)

// bucketRoutes returns the calls that the official clients make of buckets: hf_api.py of
// huggingface_hub, and createRepo, deleteRepo, commitIterBucket, listFiles and
// pathsInfo of @huggingface/hub 2.17. A bucket is moved by move_repo, and its settings
// are changed by update_repo_settings.
//
// Files are put into a bucket in two steps. Their content goes to a store of chunks
// (Xet), which is taken here and thrown away: of a file its hash and size are kept. Then
// batch_bucket_files names them.
func bucketRoutes() []route {
	const one = "/api/buckets/{namespace}/{bucket}"
	return slices.Concat([]route{
		{name: "list_buckets", method: "GET", path: "/api/buckets/{namespace}", open: true, serve: listBuckets},
		{name: "create_bucket", method: "POST", path: one, serve: withBody(createBucket)},
		{name: "bucket_info", method: "GET", path: one, open: true, serve: bucketInfo},
		{name: "delete_bucket", method: "DELETE", path: one, serve: deleteBucket},
		{name: "batch_bucket_files", method: "POST", path: one + "/batch", limit: batchLimit, serve: batchFiles},
		{name: "list_bucket_tree", method: "GET", path: one + "/tree", open: true, serve: listBucketTree},
		{name: "list_bucket_tree", method: "GET", path: one + "/tree/{prefix...}", open: true, serve: listBucketTree},
		{name: "get_bucket_paths_info", method: "POST", path: one + "/paths-info", open: true,
			serve: withBody(bucketPathsInfo)},
	}, xetRoutes())
}

func (c *call) bucketName() string {
	return ownerNamed(c.Params["namespace"], c.User) + "/" + c.Params["bucket"]
}

func (c *call) bucket(s *domain.State) (*domain.Repo, error) {
	return s.FindRepo("bucket", c.bucketName())
}

func (c *call) updateBucket(do func(*domain.Tx, *domain.Repo) (any, error)) (any, error) {
	return router.UpdateFound(c.Call, c.bucket, do)
}

type createBucketBody struct {
	Private    *bool  `json:"private"`
	Visibility string `json:"visibility"`
}

func createBucket(c *call, body *createBucketBody) (any, error) {
	visibility, err := checkedVisibility("bucket", body.Visibility, body.Private)
	if err != nil {
		return nil, err
	}
	r := &domain.Repo{Type: "bucket", Name: c.bucketName(), Visibility: cmp.Or(visibility, "public")}
	if err := domain.CheckNewName(r.Name); err != nil {
		return nil, err
	}
	return c.createRepo(r, nil)
}

func deleteBucket(c *call) (any, error) {
	return c.updateBucket(func(tx *domain.Tx, r *domain.Repo) (any, error) { return done, tx.DeleteRepo(r) })
}

// BucketResponse is BucketInfo of the Python client.
type BucketResponse struct {
	ID         string `json:"id"` // its name
	Private    bool   `json:"private"`
	CreatedAt  string `json:"createdAt"`
	UpdatedAt  string `json:"updatedAt"`
	Size       int64  `json:"size"` // in bytes
	TotalFiles int    `json:"totalFiles"`
}

func newBucketResponse(r *domain.Repo) BucketResponse {
	a := BucketResponse{ID: r.Name, Private: r.Private(), CreatedAt: domain.FormatTime(r.Created),
		UpdatedAt: domain.FormatTime(r.Modified), TotalFiles: len(r.Objects)}
	for _, f := range r.Objects {
		a.Size += f.Size
	}
	return a
}

func bucketInfo(c *call) (any, error) {
	return viewFound(c, c.bucket, func(_ *domain.State, r *domain.Repo) any { return newBucketResponse(r) })
}

func listBuckets(c *call) (any, error) {
	owner := ownerNamed(c.Params["namespace"], c.User)
	search := strings.ToLower(c.Request.URL.Query().Get("search"))
	found := []BucketResponse{}
	c.DB.View(func(s *domain.State) {
		for r := range s.Repos() {
			if r.Type == "bucket" && strings.EqualFold(r.Owner(), owner) && strings.Contains(strings.ToLower(r.Name), search) {
				found = append(found, newBucketResponse(r))
			}
		}
	})
	slices.SortFunc(found, func(a, b BucketResponse) int { return strings.Compare(a.ID, b.ID) })
	return found, nil
}

// ObjectResponse is BucketFile or BucketFolder of the Python client.
type ObjectResponse struct {
	Type       string `json:"type"` // file, directory
	Path       string `json:"path"`
	Size       *int64 `json:"size,omitempty"` // in bytes
	XetHash    string `json:"xetHash,omitempty"`
	UploadedAt string `json:"uploadedAt,omitempty"`
}

func newObjectResponse(r *domain.Repo, path string) ObjectResponse {
	f := r.Objects[path]
	return ObjectResponse{
		Type: "file", Path: path, Size: &f.Size, XetHash: f.OID, UploadedAt: domain.FormatTime(r.Modified),
	}
}

// listBucketTree lists the files below a folder; without recursive=true those in it,
// and its folders. The whole list is one page.
func listBucketTree(c *call) (any, error) {
	prefix := c.Params["prefix"]
	if prefix != "" {
		prefix = strings.TrimSuffix(prefix, "/") + "/"
	}
	recursive := strings.EqualFold(c.Request.URL.Query().Get("recursive"), "true")
	return viewFound(c, c.bucket, func(_ *domain.State, r *domain.Repo) any {
		entries, known := []ObjectResponse{}, map[string]bool{}
		for path := range r.Objects {
			below, inside := strings.CutPrefix(path, prefix)
			first, _, deeper := strings.Cut(below, "/")
			switch dir := strings.TrimSuffix(path, below) + first; {
			case !inside:
			case recursive, !deeper:
				entries = append(entries, newObjectResponse(r, path))
			case !known[dir]:
				known[dir] = true
				entries = append(entries, ObjectResponse{Type: "directory", Path: dir, UploadedAt: domain.FormatTime(r.Modified)})
			}
		}
		slices.SortFunc(entries, func(a, b ObjectResponse) int { return strings.Compare(a.Path, b.Path) })
		return entries
	})
}

// MaxPaths bounds what one call asks for; the Python client asks for 1,000.
const MaxPaths = 10_000

type bucketPathsBody struct {
	Paths []string `json:"paths"`
}

// bucketPathsInfo returns the files at some paths. Those that are not there are left out.
func bucketPathsInfo(c *call, body *bucketPathsBody) (any, error) {
	if len(body.Paths) > MaxPaths {
		return nil, problem.TooLarge("paths has too many entries")
	}
	return viewFound(c, c.bucket, func(_ *domain.State, r *domain.Repo) any {
		entries := []ObjectResponse{}
		for _, path := range body.Paths {
			if _, known := r.Objects[path]; known {
				entries = append(entries, newObjectResponse(r, path))
			}
		}
		return entries
	})
}
