package observe

import (
	"errors"
	"testing"
	"time"
)

// A command that never stops writing is ended at the limit, on either stream.
func TestEndlessOutputOfACommandIsCutOff(t *testing.T) {
	for _, command := range []string{"cat /dev/zero", "cat /dev/zero >&2; echo {}"} {
		began := time.Now()
		_, err := Command(command)(t.Context())
		if err == nil || time.Since(began) > timeout/2 {
			t.Errorf("%s: error %v after %v", command, err, time.Since(began))
		}
	}
	if _, err := Command("cat /dev/zero")(t.Context()); !errors.Is(err, errTooLong) {
		t.Errorf("error %v, want %v", err, errTooLong)
	}
}
