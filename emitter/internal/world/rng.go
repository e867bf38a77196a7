package world

import (
	"encoding/binary"
	"math/bits"
	"math/rand/v2"
)

// RNG is the source of all chance. It is a PCG of the standard library without
// the interface in front of it, for a payload draws some thirty numbers.
type RNG struct{ rand.PCG }

func (d *RNG) u64() uint64 { return d.Uint64() }

// IntN is a number from 0 up to n, n left out. The bias is below 2^-40 for
// what is drawn here.
func (d *RNG) IntN(n int) int {
	high, _ := bits.Mul64(d.Uint64(), uint64(n))
	return int(high)
}

// OneIn is true once in n times.
func (d *RNG) OneIn(n int) bool { return d.IntN(n) == 0 }

// Fill fills b with chance.
func (d *RNG) Fill(b []byte) {
	for ; len(b) >= 8; b = b[8:] {
		binary.LittleEndian.PutUint64(b, d.Uint64())
	}
	if len(b) > 0 {
		var word [8]byte
		binary.LittleEndian.PutUint64(word[:], d.Uint64())
		copy(b, word[:])
	}
}

func Pick[T any](d *RNG, from []T) T { return from[d.IntN(len(from))] }

// Hash64 spreads what differs in a few bits over all of them, and is one to one
// (the finaliser of SplitMix64).
func Hash64(x uint64) uint64 {
	x ^= x >> 30
	x *= 0xbf58476d1ce4e5b9
	x ^= x >> 27
	x *= 0x94d049bb133111eb
	return x ^ x>>31
}
