package world

import (
	"encoding/binary"
	"math/bits"
	"math/rand/v2"
)

// RNG is the source of random numbers: a PCG of the standard library without the interface in front of it, for a
// payload draws about thirty numbers.
type RNG struct{ rand.PCG }

// IntN returns a number from 0 up to n, n left out. The bias is below 2^-40 for what is drawn here.
func (r *RNG) IntN(n int) int {
	high, _ := bits.Mul64(r.Uint64(), uint64(n))
	return int(high)
}

// OneIn returns true once in n times.
func (r *RNG) OneIn(n int) bool { return r.IntN(n) == 0 }

// Fill fills b with random bytes.
func (r *RNG) Fill(b []byte) {
	for ; len(b) >= 8; b = b[8:] {
		binary.LittleEndian.PutUint64(b, r.Uint64())
	}
	if len(b) > 0 {
		var word [8]byte
		binary.LittleEndian.PutUint64(word[:], r.Uint64())
		copy(b, word[:])
	}
}

// Pick returns a random item of a list.
func Pick[T any](r *RNG, from []T) T { return from[r.IntN(len(from))] }

// Hash64 spreads a difference in a few bits over all of them, and is one to one (the finalizer of SplitMix64).
func Hash64(x uint64) uint64 {
	x ^= x >> 30
	x *= 0xbf58476d1ce4e5b9
	x ^= x >> 27
	x *= 0x94d049bb133111eb
	return x ^ x>>31
}
