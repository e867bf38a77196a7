package flags

import (
	"crypto/x509"
	"errors"
	"fmt"
	"net/http"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"golang.org/x/net/http/httpguts"

	"github.com/hubhook/hubhook/emitter/delivery"
)

// Route are the flags that say how a handler is reached, and which certificates are trusted.
type Route struct {
	Unix string // value of --unix

	cacert   string
	insecure bool
}

// RouteNames returns the names of the flags of Route.
func RouteNames() []string { return []string{"cacert", "insecure", "unix"} }

// Add adds the flags.
func (f *Route) Add(cmd *cobra.Command) {
	cmd.Flags().StringVar(&f.cacert, "cacert", "", "trust the certificates (PEM) in this `file`, too")
	cmd.Flags().BoolVar(&f.insecure, "insecure", false, "take any certificate of the handler, which the Hub does not")
	cmd.Flags().StringVar(&f.Unix, "unix", "", "reach the handler by the socket at this `path`; the URL's host stands in Host alone")
	cmd.MarkFlagFilename("cacert", "pem", "crt")
	cmd.MarkFlagFilename("unix")
}

// Read returns the route, for which it reads the file of certificates.
func (f *Route) Read() (delivery.Route, error) {
	route := delivery.Route{Insecure: f.insecure, Unix: f.Unix}
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

// CheckURL returns an error if --unix is given without the URL of a handler.
func (f *Route) CheckURL(address string) error {
	if f.Unix == "" || address != "" {
		return nil
	}
	return errors.New("--unix says how the handler at a URL is reached, and there is none: " +
		"name it too, such as http://localhost/webhook")
}

// curl returns the options of curl for the same route.
func (f *Route) curl() (words []string) {
	if f.insecure {
		words = append(words, "-k")
	}
	for _, option := range []struct{ name, value string }{{"--cacert", f.cacert}, {"--unix-socket", f.Unix}} {
		if option.value != "" {
			words = append(words, option.name, option.value)
		}
	}
	return words
}

// HeaderName is the name of the flag of Headers.
const HeaderName = "header"

// Headers is the flag --header, whose values are lines such as "Name: value".
type Headers struct{ lines []string }

// Add adds the flag.
func (f *Headers) Add(cmd *cobra.Command, usage string) {
	cmd.Flags().StringArrayVar(&f.lines, HeaderName, nil, usage)
}

// Read parses the headers. Errors do not repeat a value, for it may be secret.
func (f *Headers) Read() (http.Header, error) { return parseHeaders(f.lines) }

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

// spelling returns a header's name as it is spelled in header, or else as it is: a name in
// another case is the same header.
func spelling(header http.Header, name string) string {
	for known := range header {
		if strings.EqualFold(known, name) {
			return known
		}
	}
	return name
}

// setBySender returns the headers that net/http lets nobody set.
func setBySender() []string {
	return []string{"Host", "Content-Length", "Transfer-Encoding", "Trailer"}
}
