package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"

	"github.com/hubhook/hubhook/emitter/hub"
	"github.com/hubhook/hubhook/suites"
)

// watchHub runs a mock Hub where that is asked for: payloads name it, so that a bot
// answers there, and what the bot changes on it is what it did. The function ends it.
func (f *checkFlags) watchHub(target *suites.Target) (stop func(), err error) {
	if f.hub == "" {
		return func() {}, nil
	}
	if target.Observe != "" || target.ObserveCommand != "" {
		return nil, errors.New("--hub shows what a handler did, as --observe and --observe-cmd do: say one of them, and the URL of a handler")
	}
	token, err := ownToken("--hub", f.hub)
	if err != nil {
		return nil, err
	}
	listener, err := net.Listen("tcp", f.hub)
	if err != nil {
		return nil, fmt.Errorf("--hub %s: %w", f.hub, dialFault(err))
	}
	url := "http://" + reachable(listener.Addr())
	h, err := hub.New(hub.Options{URL: url, Token: token, Imagine: true, Seed: f.options.Seed})
	if err != nil {
		listener.Close()
		return nil, err
	}
	target.HubURL = url
	target.Look = func(context.Context) ([]byte, error) {
		return json.Marshal(map[string]any{"calls": h.Effects()})
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		serveHTTP(ctx, listener, h)
	}()
	return func() {
		cancel()
		<-done
		h.Close()
	}, nil
}
