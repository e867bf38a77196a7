package main

import (
	"crypto/x509"
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"github.com/hubhook/hubhook/emitter"
)

// routeFlags say whose certificates are trusted.
type routeFlags struct {
	cacert   string
	insecure bool
}

func (f *routeFlags) add(cmd *cobra.Command) {
	cmd.Flags().StringVar(&f.cacert, "cacert", "", "`file` of certificates in PEM that are trusted, too, for a handler with one of its own making")
	cmd.Flags().BoolVar(&f.insecure, "insecure", false, "take any certificate of the handler, which the Hub does not")
	cmd.MarkFlagFilename("cacert", "pem", "crt")
}

func (f *routeFlags) route() (emitter.Route, error) {
	route := emitter.Route{Insecure: f.insecure}
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
