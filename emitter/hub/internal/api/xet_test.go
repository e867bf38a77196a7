package api

import (
	"fmt"
	"testing"
)

func TestSizesOfUploadsAreBounded(t *testing.T) {
	x := &xetFiles{sizes: map[string]int64{}}
	for i := range maxXetFiles + 5 {
		x.add(fmt.Sprint(i), 1)
	}
	_, oldest := x.size("4")
	if _, newest := x.size(fmt.Sprint(maxXetFiles)); oldest || !newest || len(x.sizes) != maxXetFiles {
		t.Errorf("%d are known; the oldest: %v, the newest: %v", len(x.sizes), oldest, newest)
	}
}
