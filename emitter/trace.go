package emitter

import (
	"context"
	"net/http/httptrace"
	"sync/atomic"
)

// traceReuse finds out whether a request went over a connection of an earlier
// one.
func traceReuse(ctx context.Context) (context.Context, *atomic.Bool) {
	reused := new(atomic.Bool)
	return httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		GotConn: func(info httptrace.GotConnInfo) { reused.Store(info.Reused) },
	}), reused
}
