package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"

	"github.com/hubhook/hubhook/emitter/load/peers/server"
)

// serving is a server that runs, on the core that is its own.
type serving struct {
	cmd   *exec.Cmd
	stop  io.Closer
	lines *json.Decoder
	log   string // file
}

// startServer starts the server anew, so that no run leaves it anything.
func (b *bench) startServer(ctx context.Context, o server.Options) (*serving, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	marks := strings.Trim(strings.ReplaceAll(fmt.Sprint(o.Marks), " ", ","), "[]")
	s := &serving{log: o.Log}
	s.cmd = exec.CommandContext(ctx, "taskset", pinned(b.serverCore, self, serveVerb, "-listen", b.address,
		"-stall", o.Stall.Length.String(), "-every", o.Stall.Every.String(), "-log", o.Log, "-marks", marks)...)
	s.cmd.Stderr = os.Stderr
	if s.stop, err = s.cmd.StdinPipe(); err != nil {
		return nil, err
	}
	out, err := s.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	s.lines = json.NewDecoder(out)
	if err := s.cmd.Start(); err != nil {
		return nil, fmt.Errorf("start the server: %w", err)
	}
	if line, err := s.next(); err != nil || line.Listening == "" {
		s.end()
		return nil, errors.Join(fmt.Errorf("the server does not listen at %s", b.address), err)
	}
	return s, nil
}

// next returns the server's next line.
func (s *serving) next() (line server.Line, err error) {
	if err := s.lines.Decode(&line); err != nil {
		return line, fmt.Errorf("what the server tells: %w", err)
	}
	return line, nil
}

// end ends the server; nothing is known of what it served.
func (s *serving) end() {
	_ = s.stop.Close()
	_ = s.cmd.Wait()
}

// finish ends the server, and is what it served.
func (s *serving) finish() (stats server.Stats, err error) {
	defer s.end()
	if err := s.stop.Close(); err != nil {
		return stats, err
	}
	for {
		line, err := s.next()
		switch {
		case err != nil:
			return stats, err
		case line.Stats != nil:
			return *line.Stats, nil
		}
	}
}

// exchanges returns those that it wrote down.
func (s *serving) exchanges() ([]server.Exchange, error) {
	file, err := os.Open(s.log)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return server.ReadLog(file)
}
