package suites_test

import (
	"flag"
	"os"
	"strconv"
	"testing"
)

// Whoever names a handler in HUBHOOK_URL wants that judged, and not the checks
// themselves: then TestHandler runs alone, unless -run says otherwise.
func TestMain(m *testing.M) {
	flag.Parse()
	moreAtOnce()
	if only := flag.Lookup("test.run"); os.Getenv("HUBHOOK_URL") != "" && only.Value.String() == "" {
		only.Value.Set("^TestHandler$")
	}
	os.Exit(m.Run())
}

// moreAtOnce runs more parallel tests than there are processors: they mostly wait.
func moreAtOnce() {
	const least = 6
	if parallel := flag.Lookup("test.parallel"); parallel.Value.(flag.Getter).Get().(int) < least {
		parallel.Value.Set(strconv.Itoa(least))
	}
}
