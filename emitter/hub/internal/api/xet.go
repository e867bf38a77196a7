package api

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"io"
	"strconv"
	"sync"
	"time"

	"github.com/hubhook/hubhook/emitter/hub/internal/domain"
	"github.com/hubhook/hubhook/emitter/hub/internal/problem"
	"github.com/hubhook/hubhook/emitter/hub/internal/router"
)

// xetRoutes let the official clients upload to a bucket as they are (hub docs, "Xet",
// upload protocol). What is in the chunks is thrown away.
func xetRoutes() []route {
	const bucket = "/api/buckets/{namespace}/{bucket}"
	return []route{
		{name: "xet-write-token", method: "GET", path: bucket + "/xet-write-token", serve: xetWriteToken},
		{name: "v1/chunks", method: "GET", path: router.CASRoot + "/v1/chunks/{space}/{hash}", serve: noChunk},
		{name: "v1/xorbs", method: "POST", path: router.CASRoot + "/v1/xorbs/{space}/{hash}", limit: xetLimit,
			serve: takeXorb},
		{name: "v1/shards", method: "POST", path: router.CASRoot + "/v1/shards", limit: xetLimit, serve: takeShard},
	}
}

// xetLimit is how long an upload can be, in bytes: the clients' own limit is 64 MiB.
const xetLimit = 80 << 20

// xetTokenAge is how long a client may use the token of xetWriteToken. It is real
// time, not the Hub's, because the client looks at its own clock.
const xetTokenAge = time.Hour

// xetWriteToken says where chunks are to be uploaded. The JavaScript client reads the
// body, the Python client the header.
func xetWriteToken(c *call) (any, error) {
	if _, err := bucketInfo(c); err != nil {
		return nil, err
	}
	token, exp := router.TokenOf(c.Request), time.Now().Add(xetTokenAge).Unix()
	header := c.Response.Header()
	header.Set("X-Xet-Cas-Url", c.URL+router.CASRoot)
	header.Set("X-Xet-Access-Token", token)
	header.Set("X-Xet-Token-Expiration", strconv.FormatInt(exp, 10))
	return map[string]any{"casUrl": c.URL + router.CASRoot, "accessToken": token, "exp": exp}, nil
}

// noChunk responds that no chunk is known, so that clients upload all of them.
func noChunk(*call) (any, error) { return nil, problem.NotFound("", "this chunk is not known") }

func takeXorb(c *call) (any, error) {
	if _, err := io.Copy(io.Discard, c.Request.Body); err != nil {
		return nil, router.BodyProblem(err)
	}
	return map[string]bool{"was_inserted": true}, nil
}

func takeShard(c *call) (any, error) {
	shard, err := io.ReadAll(c.Request.Body)
	if err != nil {
		return nil, router.BodyProblem(err)
	}
	files, ok := shardFiles(shard)
	if !ok {
		return nil, problem.Invalid("this is no shard: a file of it ends too early")
	}
	for _, f := range files {
		c.xet.add(f.OID, f.Size)
	}
	return map[string]int{"result": 1}, nil
}

// Of a shard (hub docs, "Xet", MDB shard file format): its parts are of 48 bytes, and
// its first section lists files.
const (
	shardPart      = 48
	hasVerifyData  = 1 << 31
	hasMetadataExt = 1 << 30
)

// shardFiles returns the hashes and sizes of the files in a shard.
func shardFiles(shard []byte) (files []domain.File, ok bool) {
	parts := func(n uint64) (taken []byte, ok bool) {
		if uint64(len(shard)) < n*shardPart {
			return nil, false
		}
		taken, shard = shard[:n*shardPart], shard[n*shardPart:]
		return taken, true
	}
	if _, ok := parts(1); !ok { // the head
		return nil, false
	}
	for {
		head, ok := parts(1)
		if !ok || isBookend(head) {
			return files, ok
		}
		flags, count := binary.LittleEndian.Uint32(head[32:]), uint64(binary.LittleEndian.Uint32(head[36:]))
		more := uint64(0)
		if flags&hasVerifyData != 0 {
			more += count
		}
		if flags&hasMetadataExt != 0 {
			more++
		}
		segments, ok := parts(count)
		if _, there := parts(more); !ok || !there {
			return nil, false
		}
		f := domain.File{OID: xetHash(head[:32])}
		for ; len(segments) > 0; segments = segments[shardPart:] {
			f.Size += int64(binary.LittleEndian.Uint32(segments[36:])) // unpacked
		}
		files = append(files, f)
	}
}

// isBookend reports whether a part ends a section: its hash is all ones.
func isBookend(part []byte) bool {
	return bytes.Equal(part[:32], bytes.Repeat([]byte{0xff}, 32))
}

// xetHash writes a hash as Xet does: four numbers of 64 bits, the least byte of each stored first.
func xetHash(b []byte) string {
	var text []byte
	for at := 0; at < 32; at += 8 {
		text = binary.BigEndian.AppendUint64(text, binary.LittleEndian.Uint64(b[at:]))
	}
	return hex.EncodeToString(text)
}

// maxXetFiles limits the uploaded files that no batch has named yet.
const maxXetFiles = 100_000

// xetFiles are the sizes of files whose chunks were uploaded. They are only
// in memory: a client names a file right after its upload.
type xetFiles struct {
	mu    sync.Mutex
	sizes map[string]int64
	order []string // the oldest first
}

func (x *xetFiles) add(hash string, size int64) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if _, known := x.sizes[hash]; !known {
		x.order = append(x.order, hash)
	}
	x.sizes[hash] = size
	if len(x.order) > maxXetFiles {
		delete(x.sizes, x.order[0])
		x.order = x.order[1:]
	}
}

func (x *xetFiles) size(hash string) (int64, bool) {
	x.mu.Lock()
	defer x.mu.Unlock()
	size, known := x.sizes[hash]
	return size, known
}
