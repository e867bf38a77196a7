package hub

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// BenchmarkDeliveries has calls of the API trigger deliveries to a fast handler, all in
// this process, and reports how many deliveries a second that makes, how long the calls
// take, and what is on the heap in the end:
//
//	go test -run - -bench Deliveries -benchtime 20000x
func BenchmarkDeliveries(b *testing.B) {
	for _, keep := range []string{"memory", "db"} {
		for _, callers := range []int{1, 16} {
			b.Run(fmt.Sprintf("%s/callers=%d", keep, callers), func(b *testing.B) {
				o := Options{Quota: 1e9, KeepDeliveries: 1000}
				if keep == "db" {
					o.DB = filepath.Join(b.TempDir(), "hub.db")
				}
				benchmarkDeliveries(b, o, callers)
			})
		}
	}
}

func benchmarkDeliveries(b *testing.B, o Options, callers int) {
	var arrived atomic.Int64
	handler := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { arrived.Add(1) }))
	defer handler.Close()
	h, err := New(o)
	if err != nil {
		b.Fatal(err)
	}
	defer h.Close()
	server := httptest.NewServer(h)
	defer server.Close()
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: callers}}
	call := func(method, path, body string) error {
		request, err := http.NewRequest(method, server.URL+path, bytes.NewReader([]byte(body)))
		if err != nil {
			return err
		}
		request.Header.Set("Authorization", "Bearer x")
		response, err := client.Do(request)
		if err != nil {
			return err
		}
		defer response.Body.Close()
		io.Copy(io.Discard, response.Body) // so that the connection is used again
		if response.StatusCode/100 != 2 {
			return fmt.Errorf("%s: %s", path, response.Status)
		}
		return nil
	}
	for _, first := range [][2]string{
		{"/api/settings/webhooks", fmt.Sprintf(`{"url": %q, "watched": [{"type": "user", "name": "mock-user"}], "secret": "s3cret"}`, handler.URL)},
		{"/api/repos/create", `{"name": "demo"}`},
	} {
		if err := call("POST", first[0], first[1]); err != nil {
			b.Fatal(err)
		}
	}
	h.Idle(b.Context())
	before := arrived.Load()

	b.ResetTimer()
	var left atomic.Int64
	left.Store(int64(b.N))
	var mu sync.Mutex
	var took []time.Duration
	var done sync.WaitGroup
	for range callers {
		done.Go(func() {
			var own []time.Duration
			for n := left.Add(-1); n >= 0; n = left.Add(-1) {
				began := time.Now()
				if err := call("PUT", "/api/models/mock-user/demo/settings", fmt.Sprintf(`{"private": %v}`, n%2 == 0)); err != nil {
					b.Error(err)
				}
				own = append(own, time.Since(began))
			}
			mu.Lock()
			defer mu.Unlock()
			took = append(took, own...)
		})
	}
	done.Wait()
	h.Idle(b.Context())
	b.StopTimer()
	if n := arrived.Load() - before; n != int64(b.N) {
		b.Fatalf("%d arrived of %d", n, b.N)
	}
	slices.Sort(took)
	took99 := took[len(took)*99/100]
	runtime.GC()
	var memory runtime.MemStats
	runtime.ReadMemStats(&memory)
	b.ReportMetric(float64(memory.HeapAlloc)/(1<<20), "heap-MiB")
	ms := func(d time.Duration) float64 { return float64(d) / 1e6 }
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "deliveries/s")
	b.ReportMetric(ms(took[len(took)/2]), "call-p50-ms")
	b.ReportMetric(ms(took99), "call-p99-ms")
}
