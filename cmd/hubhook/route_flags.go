package main

import (
	"crypto/x509"
	"fmt"
	"net/http"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"golang.org/x/net/http/httpguts"

	"github.com/hubhook/hubhook/emitter/delivery"
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

func (f *routeFlags) route() (delivery.Route, error) {
	route := delivery.Route{Insecure: f.insecure, Unix: f.unix}
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

// parseHeaders reads headers as they are written on a command line. A value is
// not repeated in errors, for it may be secret.
func parseHeaders(lines []string) (http.Header, error) {
	header := http.Header{}
	for _, line := range lines {
		name, value, found := strings.Cut(line, ":")
		name, value = strings.TrimSpace(name), strings.TrimSpace(value)
		switch {
		case !found || !httpguts.ValidHeaderFieldName(name):
			return nil, fmt.Errorf("--header %q is not of the form 'Name: value'", name)
		case !httpguts.ValidHeaderFieldValue(value):
			return nil, fmt.Errorf("--header %s: its value holds a control character", name)
		case slices.Contains(setBySender(), http.CanonicalHeaderKey(name)):
			return nil, fmt.Errorf("--header %s: HTTP sets it by what is sent where, and it cannot be chosen", name)
		case strings.EqualFold(name, delivery.IDHeader):
			return nil, fmt.Errorf("--header %s: each delivery has its own; --replay-of sets it", name)
		}
		name = spelling(header, name)
		header[name] = append(header[name], value)
	}
	return header, nil
}

// spelling is how a header's name stands in a list already, or else as it is: in
// whatever case, it is one header.
func spelling(header http.Header, name string) string {
	for known := range header {
		if strings.EqualFold(known, name) {
			return known
		}
	}
	return name
}

// setBySender are the headers that net/http lets nobody set.
func setBySender() []string {
	return []string{"Host", "Content-Length", "Transfer-Encoding", "Trailer"}
}
