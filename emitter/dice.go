package emitter

import (
	"encoding/binary"
	"math/bits"
	"math/rand/v2"
)

// dice is the source of all chance. It is a PCG of the standard library without
// the interface in front of it, for a payload draws some thirty numbers.
type dice struct{ rand.PCG }

func (d *dice) u64() uint64 { return d.Uint64() }

// below is a number from 0 up to n, n left out. The bias is below 2^-40 for
// what is drawn here.
func (d *dice) below(n int) int {
	high, _ := bits.Mul64(d.Uint64(), uint64(n))
	return int(high)
}

// oneIn is true once in n times.
func (d *dice) oneIn(n int) bool { return d.below(n) == 0 }

// fill fills b with chance.
func (d *dice) fill(b []byte) {
	for ; len(b) >= 8; b = b[8:] {
		binary.LittleEndian.PutUint64(b, d.Uint64())
	}
	if len(b) > 0 {
		var word [8]byte
		binary.LittleEndian.PutUint64(word[:], d.Uint64())
		copy(b, word[:])
	}
}

func pick[T any](d *dice, from []T) T { return from[d.below(len(from))] }

// mix spreads what differs in a few bits over all of them, and is one to one
// (the finaliser of SplitMix64).
func mix(x uint64) uint64 {
	x ^= x >> 30
	x *= 0xbf58476d1ce4e5b9
	x ^= x >> 27
	x *= 0x94d049bb133111eb
	return x ^ x>>31
}
