package delivery_test

import (
	"testing"
	"time"

	"github.com/hubhook/hubhook/emitter/delivery"
)

func TestRetriesFollowTheirWaits(t *testing.T) {
	r, err := delivery.ParseRetries("10s, 1m,1h30m")
	if err != nil {
		t.Fatal(err)
	}
	if r.String() != "10s,1m,1h30m" {
		t.Errorf("read as %s", r)
	}
	different := map[time.Duration]bool{}
	for number := range uint64(200) {
		for failed, wait := range r.Waits {
			next, again := r.Wait(7, number, failed)
			if least, most := wait*9/10, wait*11/10; !again || next < least || next > most {
				t.Fatalf("after attempt %d, %v (%v), wanted %v with a tenth more or less", failed, next, again, wait)
			}
			if same, _ := r.Wait(7, number, failed); same != next {
				t.Fatalf("the same seed waits %v, then %v", next, same)
			}
			different[next] = true
		}
		if wait, again := r.Wait(7, number, len(r.Waits)); again {
			t.Fatalf("a retry too many, after %v", wait)
		}
	}
	if len(different) < 500 {
		t.Errorf("600 waits are only %d different ones: deliveries that failed together come back together", len(different))
	}
}

func TestRetriesThatAreNone(t *testing.T) {
	for _, text := range []string{"", "10", "1m,", "-1s", "0s", "soon"} {
		if r, err := delivery.ParseRetries(text); err == nil {
			t.Errorf("%q is read as %v", text, r)
		}
	}
	if _, again := (delivery.Retries{}).Wait(1, 1, 0); again {
		t.Error("a retry where none is wanted")
	}
}
