package delivery

import (
	"context"
	"net/http/httptrace"
	"sync/atomic"
)

// traced is what an answer does not tell.
type traced struct {
	reused    atomic.Bool // the request went over a connection of an earlier one
	continued atomic.Bool // an interim answer, 100, came
}

// trace watches a request of net/http.
func trace(ctx context.Context) (context.Context, *traced) {
	seen := new(traced)
	return httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		GotConn:        func(info httptrace.GotConnInfo) { seen.reused.Store(info.Reused) },
		Got100Continue: func() { seen.continued.Store(true) },
	}), seen
}
