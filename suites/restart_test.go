package suites

import (
	"net"
	"strings"
	"testing"
	"time"
)

func TestRestartsThatFail(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	listener.Close()
	gone := "http://" + listener.Addr().String() + "/webhook"
	soon := RestartLimits{Command: time.Millisecond, Listen: time.Millisecond}
	for _, c := range []struct {
		name, command string
		limits        RestartLimits
		want          string
	}{
		{"the command fails", "echo one; echo two >&2; exit 3", RestartLimits{}, "--restart-cmd: exit status 3: one two"},
		{"there is no such command", "no-such-command-here", RestartLimits{}, "--restart-cmd: exit status 127: "},
		{"the command does not end", "while :; do :; done", soon, "--restart-cmd: it took more than 1ms: let it start the handler in the background"},
		{"nobody listens", "true", RestartLimits{Listen: time.Millisecond}, "after --restart-cmd, nothing listened at " + listener.Addr().String() + " for 1ms"},
	} {
		err := RestartByCommand(c.command, Target{URL: gone}, c.limits)(t.Context())
		if err == nil || !strings.HasPrefix(err.Error(), c.want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}
