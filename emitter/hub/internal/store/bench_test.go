package store

import (
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"testing"
	"time"
)

// BenchmarkCommit measures how many changes a second get to the disk, and how long
// one batch takes.
func BenchmarkCommit(b *testing.B) {
	for _, size := range []int{1, 50, 500} {
		b.Run(fmt.Sprintf("batch=%d", size), func(b *testing.B) {
			s, err := Open(filepath.Join(b.TempDir(), "hub.db"))
			if err != nil {
				b.Fatal(err)
			}
			defer s.Close()
			w := workload{rng: rand.New(rand.NewPCG(1, 2)), text: make([]byte, 2000)}
			changes := make([]Change, size)
			var took []time.Duration
			for b.Loop() {
				w.fill(changes)
				begin := time.Now()
				if err := s.Commit(changes); err != nil {
					b.Fatal(err)
				}
				took = append(took, time.Since(begin))
			}
			slices.Sort(took)
			b.ReportMetric(float64(b.N*size)/b.Elapsed().Seconds(), "changes/s")
			b.ReportMetric(float64(took[len(took)/2].Microseconds()), "p50-µs")
			b.ReportMetric(float64(took[len(took)*99/100].Microseconds()), "p99-µs")
		})
	}
}

// workload makes changes like those of a hub: every second one creates a record, and
// the others change one that is not old.
type workload struct {
	rng  *rand.Rand
	text []byte
	last int
}

func (w *workload) fill(changes []Change) {
	for i := range changes {
		w.last++
		number := w.last
		if w.rng.IntN(2) == 0 {
			number = max(1, w.last-w.rng.IntN(1000))
		}
		changes[i] = Change{
			Kind: "delivery", Key: fmt.Sprintf("%024d", number),
			Value: w.text[:200+w.rng.IntN(800)],
		}
	}
}
