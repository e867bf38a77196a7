package domain

import (
	"crypto/sha1"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"math/rand/v2"
)

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
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80 // RFC 9562, version 4
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
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
