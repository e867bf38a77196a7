package load

import (
	"time"

	"github.com/HdrHistogram/hdrhistogram-go"
)

type bin struct {
	due, sent, done, unsent uint64 // attempts
	triggers                uint64
	maxUsed                 uint64 // of one webhook, up to the end of the bin
	answers                 [6]uint64
	latency                 *hdrhistogram.Histogram // nil if there is none
}

// The precision of a bin is lower than that of the whole run, because there are many: a
// fifteenth, which no chart shows.
const binPrecision = 1

func (b *bin) record(d time.Duration) {
	if b.latency == nil {
		b.latency = newHistogram(binPrecision)
	}
	record(b.latency, d)
}

func (b *bin) merge(o *bin) {
	b.due, b.sent, b.done, b.unsent = b.due+o.due, b.sent+o.sent, b.done+o.done, b.unsent+o.unsent
	b.triggers += o.triggers
	b.maxUsed = max(b.maxUsed, o.maxUsed)
	for i := range b.answers {
		b.answers[i] += o.answers[i]
	}
	switch {
	case o.latency == nil:
	case b.latency == nil:
		b.latency = o.latency
	default:
		b.latency.Merge(o.latency)
	}
}

// bins are the parts of a run: never more than maxBins, however long it lasts.
type bins struct {
	width    time.Duration
	list     []bin
	fiveNext bool // whether five are merged next, not two
}

const (
	minBinWidth = 10 * time.Millisecond
	maxBins     = 250
)

func (b *bins) at(moment time.Duration) *bin {
	moment = max(moment, 0)
	for moment/b.width >= maxBins {
		b.coarsen()
	}
	index := int(moment / b.width)
	for len(b.list) <= index {
		b.list = append(b.list, bin{})
	}
	return &b.list[index]
}

// coarsen makes bins of two or five times the width, so that widths stay round.
func (b *bins) coarsen() {
	by := 2
	if b.fiveNext {
		by = 5
	}
	b.fiveNext = !b.fiveNext
	b.width *= time.Duration(by)
	merged := b.list[:0]
	for i := range b.list {
		if i%by == 0 {
			merged = append(merged, b.list[i])
			continue
		}
		merged[len(merged)-1].merge(&b.list[i])
	}
	clear(b.list[len(merged):])
	b.list = merged
}
