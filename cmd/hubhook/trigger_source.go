package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"
	"golang.org/x/net/http/httpguts"

	"github.com/hubhook/hubhook/emitter"
	"github.com/hubhook/hubhook/schemas"
)

// source hands over what is to be delivered; io.EOF after the last.
type source = func(context.Context) (emitter.Message, error)

// source is where the deliveries come from that were asked for.
func (f *triggerFlags) source(cmd *cobra.Command, args []string, std streams) (source, error) {
	if !httpguts.ValidHeaderFieldValue(f.replayOf) {
		return nil, errors.New("--replay-of holds a control character, which no Webhook-Id has")
	}
	if len(args) == 1 && args[0] == fromInput {
		next := fromReader(cmd.Context(), std.in, f.raw)
		if f.replayOf != "" {
			next = single(next, f.replayOf)
		}
		return next, nil
	}
	feed, err := f.feed.open(args)
	if err != nil {
		return nil, err
	}
	return fromFeed(feed, f.count.of(cmd, args), f.replayOf), nil
}

// fromFeed takes so many payloads of a feed. Each has a Webhook-Id that was never
// seen before, unless one is given: what is triggered twice is to act twice.
func fromFeed(feed *emitter.Feed, count uint64, id string) source {
	return func(ctx context.Context) (emitter.Message, error) {
		if err := context.Cause(ctx); err != nil {
			return emitter.Message{}, err
		}
		if count == 0 {
			return emitter.Message{}, io.EOF
		}
		count--
		m, err := feed.Next()
		m.ID = cmp.Or(id, emitter.NewWebhookID())
		return m, err
	}
}

// taken is what was read next.
type taken struct {
	message emitter.Message
	err     error
}

// fromReader takes payloads as they are read, so that an interrupt need not wait
// for a reader that has nothing to give.
func fromReader(ctx context.Context, in io.Reader, raw bool) source {
	results := make(chan taken)
	hand := func(t taken) error {
		select {
		case results <- t:
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	go func() {
		read := readValues
		if raw {
			read = readWhole
		}
		err := read(in, func(body []byte) error {
			return hand(taken{message: emitter.Message{ID: emitter.NewWebhookID(), Body: body}})
		})
		_ = hand(taken{err: cmp.Or(err, io.EOF)}) // which fails where nobody listens any more
	}()
	return func(ctx context.Context) (emitter.Message, error) {
		select {
		case next := <-results:
			return next.message, next.err
		case <-ctx.Done():
			return emitter.Message{}, context.Cause(ctx)
		}
	}
}

// readValues reads JSON values, each with its bytes as they stand.
func readValues(in io.Reader, take func([]byte) error) error {
	found := false
	err := schemas.Values(in, func(_ int, value json.RawMessage) error {
		found = true
		return take(value)
	})
	switch {
	case err != nil && !errors.Is(err, context.Canceled):
		return fmt.Errorf("standard input: %w (--raw sends it whatever it holds)", err)
	case !found:
		return errors.New("standard input: there is no payload in it")
	}
	return err
}

// readWhole reads one body.
func readWhole(in io.Reader, take func([]byte) error) error {
	body, err := io.ReadAll(in)
	if err != nil {
		return fmt.Errorf("standard input: %w", err)
	}
	return take(body)
}

// single is a source of one delivery, with the Webhook-Id given. It looks whether
// there are more before anything is sent.
func single(next source, id string) source {
	done := false
	return func(ctx context.Context) (emitter.Message, error) {
		if done {
			return emitter.Message{}, io.EOF
		}
		done = true
		m, err := next(ctx)
		if err != nil {
			return m, err
		}
		m.ID = id
		switch _, err := next(ctx); {
		case err == nil:
			return m, errors.New("--replay-of is about one delivery, and standard input holds more payloads than one")
		case !errors.Is(err, io.EOF):
			return m, err
		}
		return m, nil
	}
}
