package main

import (
	"flag"
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/hubhook/hubhook/emitter/load/peers/server"
)

// serve serves until its input ends.
func serve(args []string) error {
	o := server.Options{Stop: os.Stdin, Out: os.Stdout}
	var marks string
	flags := flag.NewFlagSet("peers "+serveVerb, flag.ContinueOnError)
	flags.StringVar(&o.Address, "listen", "127.0.0.1:0", "`address` to listen at")
	flags.DurationVar(&o.Stall.Length, "stall", 0, "answer nothing for so long")
	flags.DurationVar(&o.Stall.Every, "every", time.Second, "of so long")
	flags.StringVar(&o.Log, "log", "", "write to this `file`, in the end, each Webhook-Id with when it came and was answered")
	flags.StringVar(&marks, "marks", "", "say when so many requests came: `counts` with commas between them")
	if err := parse(flags, args); err != nil {
		return err
	}
	for text := range strings.SplitSeq(marks, ",") {
		if text == "" {
			continue
		}
		count, err := strconv.ParseUint(text, 10, 64)
		if err != nil {
			return fmt.Errorf("-marks: %q is no count", text)
		}
		o.Marks = append(o.Marks, count)
	}
	return server.Serve(o)
}
