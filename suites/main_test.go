package suites_test

import (
	"flag"
	"os"
	"testing"
)

// Whoever names a handler in HUBHOOK_URL wants that judged, and not the checks
// themselves: then TestHandler runs alone, unless -run says otherwise.
func TestMain(m *testing.M) {
	flag.Parse()
	if only := flag.Lookup("test.run"); os.Getenv("HUBHOOK_URL") != "" && only.Value.String() == "" {
		only.Value.Set("^TestHandler$")
	}
	os.Exit(m.Run())
}
