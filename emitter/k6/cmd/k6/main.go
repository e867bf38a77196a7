// Command k6 is k6 with the extension k6/x/hubhook in it, as xk6 would build it.
package main

import (
	"go.k6.io/k6/cmd"

	_ "github.com/hubhook/hubhook/emitter/k6" // registers itself
)

func main() { cmd.Execute() }
