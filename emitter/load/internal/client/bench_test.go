package client

import (
	"bytes"
	"net"
	"strings"
	"testing"

	"github.com/hubhook/hubhook/emitter/delivery"
)

// benchPayload is as long as payloads are on average.
var benchPayload = `{"a":"` + strings.Repeat("x", 1051) + `"}`

// fastHandler answers what ends as payloads do, and allocates nothing meanwhile.
func fastHandler(conn net.Conn) {
	buf, answer := make([]byte, 64<<10), []byte(fine)
	for {
		n, err := conn.Read(buf)
		if err != nil {
			return
		}
		if bytes.HasSuffix(buf[:n], []byte("}")) {
			conn.Write(answer)
		}
	}
}

// BenchmarkClients is one request and its answer, with what a lean handler in the same
// process takes for it; of many connections at once.
func BenchmarkClients(b *testing.B) {
	for name, made := range map[string]func(*Pool) Client{
		"by-the-poller": func(c *Pool) Client { return newRawClient(by("by the poller", c)) },
		"portably":      func(c *Pool) Client { return newRawClient(by("portably", c)) },
		"net-http":      func(c *Pool) Client { return newHTTPClient(c) },
	} {
		b.Run(name, func(b *testing.B) {
			target := listen(b, fastHandler)
			b.SetParallelism(32)
			b.ReportAllocs()
			b.RunParallel(func(pb *testing.PB) {
				cs := newPool(b, Options{To: delivery.Destination{URL: target}})
				client, p := made(cs), newRequest(cs, benchPayload)
				defer client.Close()
				for pb.Next() {
					if o := client.Do(p); o.Status != 200 {
						b.Errorf("%+v", o)
					}
				}
			})
		})
	}
}

// BenchmarkAnswer is the reading of an answer alone.
func BenchmarkAnswer(b *testing.B) {
	for name, text := range map[string]string{
		"plain":    "HTTP/1.1 200 OK\r\nDate: Mon, 24 Nov 2026 10:00:00 GMT\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: 2\r\n\r\nok",
		"chunks":   "HTTP/1.1 200 OK\r\nDate: Mon, 24 Nov 2026 10:00:00 GMT\r\nConnection: keep-alive\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n",
		"net-http": "HTTP/1.1 200 OK\r\nDate: Mon, 24 Nov 2026 10:00:00 GMT\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: 2\n\r\nok",
	} {
		b.Run(name, func(b *testing.B) {
			a, p := newResponseReader(), &pieces{text: []byte(text)}
			a.from = p
			b.ReportAllocs()
			for b.Loop() {
				p.given = 0
				n, _ := p.Read(a.buf)
				if got, err := a.read(n); got.status != 200 {
					b.Fatal(err)
				}
			}
		})
	}
}
