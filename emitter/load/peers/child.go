package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"github.com/hubhook/hubhook/emitter/load/peers/tools"
)

// child is a running tool, on a core of its own.
type child struct {
	cmd    *exec.Cmd
	stderr bytes.Buffer
	peakKB atomic.Int64
	over   chan struct{} // closed when it has ended
	err    error         // of its end
}

// pinned returns the arguments of taskset that run a program on one core.
func pinned(core int, program string, args ...string) []string {
	return append([]string{"--cpu-list", strconv.Itoa(core), program}, args...)
}

func (b *bench) startChild(ctx context.Context, c tools.Command) (*child, error) {
	p := &child{over: make(chan struct{})}
	p.cmd = exec.CommandContext(ctx, "taskset", pinned(b.clientCore, c.Path, c.Args...)...)
	p.cmd.Env = append(os.Environ(), c.Env...)
	p.cmd.Stderr = &p.stderr
	if err := p.cmd.Start(); err != nil {
		return nil, fmt.Errorf("start %s: %w", c.Path, err)
	}
	go p.watch()
	go func() {
		defer close(p.over)
		if p.err = p.cmd.Wait(); p.err != nil {
			p.err = fmt.Errorf("%s: %w: %s", c.Path, p.err, strings.TrimSpace(p.stderr.String()))
		}
	}()
	return p, nil
}

func (p *child) wait() error {
	<-p.over
	return p.err
}

// watch measures the memory again and again. The peak that the kernel reports at the end of
// a process is useless: it is never below that of its parent.
func (p *child) watch() {
	ticker := time.NewTicker(20 * time.Millisecond)
	defer ticker.Stop()
	for {
		select {
		case <-ticker.C:
			p.look()
		case <-p.over:
			return
		}
	}
}

// look returns the peak of resident memory so far, in MB of 2^20 bytes.
func (p *child) look() float64 {
	if text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.cmd.Process.Pid)); err == nil {
		p.peakKB.Store(max(p.peakKB.Load(), peakKB(string(text))))
	}
	return p.peakMB()
}

func (p *child) peakMB() float64 { return float64(p.peakKB.Load()) / 1024 }

// peakKB returns the peak in the status of a process; 0 if it has ended.
func peakKB(status string) (kb int64) {
	_, after, _ := strings.Cut(status, "\nVmHWM:")
	_, _ = fmt.Sscan(after, &kb)
	return kb
}
