package domain

import (
	"crypto/sha1"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/hubhook/hubhook/emitter/delivery"
)

// Tx is a transaction on the state: all of it happens, or nothing.
type Tx struct {
	*State
	Config *Config
	Now    time.Time
	// URL begins the URLs in payloads.
	URL  string
	User string
	// only is the one webhook that gets deliveries, whether it watches or not; if empty,
	// all that watch get them.
	only string

	undo    []func()
	records []record
	due     []Due // attempts to be made once this is on disk
	created int   // deliveries made
	// redo makes the change again if the disk failed, because it records what has
	// happened; it is written later. Nil for a change that may fail.
	redo func(*Tx)

	done chan struct{} // closed when the change is written or refused
	err  error         // why it was refused; to be read once done is closed
}

type rowKey struct {
	table anyTable
	key   string
}

type record struct {
	rowKey
	row any // a pointer, nil if the row is removed
}

// put replaces a row, or removes it if row is nil.
func put[T any](tx *Tx, t *table[T], key string, row *T) {
	old := t.rows[key]
	t.set(key, row)
	tx.undo = append(tx.undo, func() { t.set(key, old) })
	tx.records = append(tx.records, record{rowKey{t, key}, row})
}

func (tx *Tx) rollback() {
	for i := len(tx.undo) - 1; i >= 0; i-- {
		tx.undo[i]()
	}
	tx.undo, tx.records, tx.due = nil, nil, nil
}

// Clear removes every row but the time.
func (tx *Tx) Clear() {
	m := tx.meta()
	for _, t := range tx.tables {
		// The last first, which is where lists are shortened without being copied.
		for _, key := range slices.Backward(t.keys()) {
			t.drop(tx, key)
		}
	}
	tx.setMeta(meta{Version: metaVersion, Seed: m.Seed, Numbers: m.Numbers, IDs: m.IDs})
}

func (tx *Tx) setMeta(m meta) {
	m.Now = tx.Now
	put(tx, tx.metas, metaKey, &m)
}

// NextNumber returns the next number of a delivery or a commit.
func (tx *Tx) NextNumber() uint64 {
	m := tx.meta()
	m.Numbers++
	tx.setMeta(m)
	return m.Numbers
}

// NewID makes an id as the Hub's: a Mongo ObjectId, of which four bytes are the time,
// five are the seed's, and three count.
func (tx *Tx) NewID() string {
	count := tx.NextID()
	var b [12]byte
	binary.BigEndian.PutUint64(b[4:], Mix(tx.Seed)<<24|count&(1<<24-1))
	binary.BigEndian.PutUint32(b[:], uint32(tx.Now.Unix()))
	return hex.EncodeToString(b[:])
}

func (tx *Tx) newWebhookID() string {
	if tx.Config.ObjectIDs {
		return tx.NewID()
	}
	random := rand.NewPCG(Mix(tx.Seed), tx.NextID())
	var b [16]byte
	binary.BigEndian.PutUint64(b[:], random.Uint64())
	binary.BigEndian.PutUint64(b[8:], random.Uint64())
	return string(delivery.AppendUUID(nil, b))
}

// NewSHA makes the SHA of a commit that differs from all others.
func (tx *Tx) NewSHA(parts ...string) string {
	sum := sha1.New()
	fmt.Fprintf(sum, "%d %d %q", tx.Seed, tx.NextID(), parts)
	return hex.EncodeToString(sum.Sum(nil))
}

// NextID counts what is made.
func (tx *Tx) NextID() uint64 {
	m := tx.meta()
	m.IDs++
	tx.setMeta(m)
	return m.IDs
}

// UserID returns the id of an account, which is always the same.
func UserID(name string) string {
	sum := sha1.Sum([]byte("account " + name))
	const signedUp = 0x5e000000 // December 2019
	binary.BigEndian.PutUint32(sum[:], signedUp+binary.BigEndian.Uint32(sum[:])>>8)
	return hex.EncodeToString(sum[:12])
}

// Mix spreads a seed over all bits (splitmix64).
func Mix(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}
