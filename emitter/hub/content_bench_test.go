package hub

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// BenchmarkCommit makes commits of one file to a repo that has many.
func BenchmarkCommit(b *testing.B) {
	for _, files := range []int{1, 5000} {
		b.Run(fmt.Sprintf("to %d files", files), func(b *testing.B) {
			h, err := New(Options{Seed: 1, Frozen: true})
			if err != nil {
				b.Fatal(err)
			}
			defer h.Close()
			seedRepo(b, h, "model", "mock-user/demo")
			commit := func(body string) {
				request := httptest.NewRequest("POST", "http://localhost"+demo+"/commit/main", strings.NewReader(body))
				request.Header.Set("Authorization", "Bearer hf_test")
				answer := httptest.NewRecorder()
				if h.ServeHTTP(answer, request); answer.Code != http.StatusOK {
					b.Fatalf("%d %s", answer.Code, answer.Body)
				}
			}
			first := []string{header("Begin")}
			for i := range files {
				first = append(first, file(fmt.Sprintf("data/part-%02d/%05d.txt", i%50, i), "x"))
			}
			commit(lines(first...))
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				commit(lines(header("Change"), file("data/part-00/00000.txt", fmt.Sprint(i))))
			}
		})
	}
}
