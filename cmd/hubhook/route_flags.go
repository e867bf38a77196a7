package main

import (
	"crypto/x509"
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"github.com/hubhook/hubhook/emitter"
)

// routeFlags say by which way a handler is reached, and whose certificates are
// trusted.
type routeFlags struct {
	cacert   string
	insecure bool
	unix     string
}

// routeNames are the names of these flags.
func routeNames() []string { return []string{"cacert", "insecure", "unix"} }

func (f *routeFlags) add(cmd *cobra.Command) {
	cmd.Flags().StringVar(&f.cacert, "cacert", "", "trust the certificates (PEM) in this `file`, too")
	cmd.Flags().BoolVar(&f.insecure, "insecure", false, "take any certificate of the handler, which the Hub does not")
	cmd.Flags().StringVar(&f.unix, "unix", "", "reach the handler by the socket at this `path`; the URL's host stands in Host alone")
	cmd.MarkFlagFilename("cacert", "pem", "crt")
	cmd.MarkFlagFilename("unix")
}

func (f *routeFlags) route() (emitter.Route, error) {
	route := emitter.Route{Insecure: f.insecure, Unix: f.unix}
	if f.cacert == "" {
		return route, nil
	}
	text, err := os.ReadFile(f.cacert)
	if err != nil {
		return route, fmt.Errorf("--cacert: %w", err)
	}
	if route.RootCAs, err = x509.SystemCertPool(); err != nil {
		route.RootCAs = x509.NewCertPool() // a system that has none
	}
	if !route.RootCAs.AppendCertsFromPEM(text) {
		return route, fmt.Errorf("--cacert %s: there is no certificate in PEM in it", f.cacert)
	}
	return route, nil
}

// curl are the words that say the same to curl.
func (f *routeFlags) curl() (words []string) {
	if f.insecure {
		words = append(words, "-k")
	}
	for _, option := range []struct{ name, value string }{{"--cacert", f.cacert}, {"--unix-socket", f.unix}} {
		if option.value != "" {
			words = append(words, option.name, option.value)
		}
	}
	return words
}
