package world

import (
	"encoding/binary"
	"encoding/hex"
	"time"
)

// The ids of the Hub are ObjectIds of MongoDB, whose first four bytes are a time; commits are those of Git, by SHA-1.
type (
	ObjectID [12]byte
	SHA      [20]byte
)

// Times in seconds since 1970. The first event of every seed happens at Epoch: a fixed one keeps payloads the same
// whenever they are made.
var (
	Epoch       = uint32(time.Date(2026, time.October, 1, 8, 0, 0, 0, time.UTC).Unix())
	firstSignUp = uint32(time.Date(2019, time.February, 1, 0, 0, 0, 0, time.UTC).Unix())
	firstGuest  = uint32(time.Date(2022, time.January, 1, 0, 0, 0, 0, time.UTC).Unix())
	registered  = uint32(time.Date(2023, time.January, 9, 9, 0, 0, 0, time.UTC).Unix())
)

// IDSource makes the ids of one seed. An ObjectId has four bytes of time in seconds, five of the process that made it
// and a counter of three.
//
// The five bytes are the lower 40 bits of the seed, shuffled one to one. The counter's upper 20 bits are the seed's
// next 20, shifted by the time; its lower four count the ids of one second. So ids of seeds that differ in their lower
// 60 bits are never the same, and those of one seed differ if second or count do.
type IDSource struct {
	maker uint64 // 40 bits
	shift uint32 // 20 bits
}

const (
	makerBits    = 40
	shiftBits    = 20
	countBits    = 4
	idsPerSecond = 1 << countBits
)

// NewIDSource returns the ids of a seed.
func NewIDSource(seed uint64) IDSource {
	const mask = 1<<makerBits - 1
	maker := seed & mask
	// Each of these steps can be undone, so that no two seeds become one.
	maker = (maker + 0x36468d709f) * 0x9e3779b97f & mask
	maker ^= maker >> 21
	maker = maker * 0xd1b54a32d3 & mask
	maker ^= maker >> 19
	return IDSource{maker: maker, shift: uint32(seed>>makerBits) & (1<<shiftBits - 1)}
}

func (s IDSource) at(second uint32, count uint32) ObjectID {
	var id ObjectID
	counter := (s.shift+second*0x9e3b5)&(1<<shiftBits-1)<<countBits | count&(idsPerSecond-1)
	binary.BigEndian.PutUint32(id[:], second)
	binary.BigEndian.PutUint64(id[4:], s.maker<<24|uint64(counter))
	return id
}

// Registration returns the id of one of several webhooks. They are about a quarter of an hour apart.
func (s IDSource) Registration(number int) ObjectID {
	return s.at(registered+uint32(s.maker%(1<<20))+uint32(number)*907, 0)
}

// String returns an id as the Hub writes it.
func (id ObjectID) String() string { return hex.EncodeToString(id[:]) }

// account returns the id of an account by its number, which must be below 2^9.
func (s IDSource) account(number int) ObjectID {
	const apart = 1 << 17 // a day and a half
	return s.at(firstSignUp+uint32(number)*apart+uint32(Hash64(uint64(number)^s.maker))%apart, 0)
}

// ownerNamed returns the id of an account that a user named.
func (s IDSource) ownerNamed(name string) ObjectID {
	h := Hash64(uint64(len(name)))
	for _, c := range []byte(name) {
		h = Hash64(h ^ uint64(c))
	}
	return s.at(firstGuest+uint32(h%(1<<22)), uint32(h>>32))
}

// Payloads that are made by their index have times of their own: what existed before the event has one in a span
// before Epoch, what the event creates the second of the index. IndexBits bounds the indexes that share no ids.
const (
	spanBits  = 25 // of seconds: 388 days
	IndexBits = spanBits + countBits
)

type idRole uint32

const (
	repoID idRole = iota
	discussionID
	commentID
)

// before returns the id of something that existed before the event of an index: the repo, then its discussion, then
// that one's comment.
func (s IDSource) before(index uint64, r idRole) ObjectID {
	const span = 1 << spanBits
	second := (uint32(index)*0x1f35a7bd + uint32(s.maker)) & (span - 1)
	return s.at(Epoch-(3-uint32(r))*span+second, uint32(index>>spanBits))
}

// of returns the id of something that the event of an index creates.
func (s IDSource) of(index uint64, r idRole) ObjectID {
	return s.at(Epoch+uint32(index)&(1<<IndexBits-1), uint32(r))
}

// IsObjectID reports whether a text is an id as the Hub writes it.
func IsObjectID(text string) bool {
	_, ok := ParseID(text)
	return ok
}

// ParseID parses an id as the Hub writes it; it returns false for any other text.
func ParseID(text string) (id ObjectID, ok bool) {
	ok = DecodeHex(id[:], text)
	return id, ok
}
