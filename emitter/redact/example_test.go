package redact_test

import (
	"fmt"

	"github.com/hubhook/hubhook/emitter/redact"
)

// A secret is hidden however a response spells it, and where the response was cut.
func ExampleMask() {
	var m redact.Mask
	m.Hide("s3cret/value", "[secret]")
	fmt.Println(m.Text(`{"got": "s3cret\/value", "query": "secret=s3cret%2Fvalue"}`))
	fmt.Println(m.Prefix("no such secret: s3cret/va"))
	// Output:
	// {"got": "[secret]", "query": "secret=[secret]"}
	// no such secret: [secret]
}
