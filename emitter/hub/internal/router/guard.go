package router

import (
	"crypto/sha256"
	"crypto/subtle"
	"errors"
	"net"
	"net/http"
	"net/url"
	"runtime/debug"
	"slices"
	"strings"

	"github.com/hubhook/hubhook/emitter/delivery"
	"github.com/hubhook/hubhook/emitter/hub/internal/problem"
)

// guard rejects requests that are not meant for this Hub, and recovers panics.
func (s *Server) guard(next http.Handler) http.Handler {
	crossOrigin := http.NewCrossOriginProtection()
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer s.survive(w, r)
		if len(r.TransferEncoding) > 0 {
			// It may have had a Content-Length too, which net/http does not report. What comes
			// after such a request must not be read as another one (RFC 9112, 6.1).
			w.Header().Set("Connection", "close")
		}
		switch {
		case !s.isOurs(r.Host):
			// A page that leads its own name to this address (DNS rebinding) says that name.
			refuse(w, http.StatusMisdirectedRequest,
				"this Hub is not called "+problem.HeaderText(r.Host)+": it goes by loopback addresses, by its URL, and by names that it was given (--url and --host of hubhook serve)")
		case crossOrigin.Check(r) != nil:
			refuse(w, http.StatusForbidden,
				"a page of another site may not change anything here")
		case s.config.Token != "" && !s.hasToken(r):
			w.Header().Set("WWW-Authenticate", `Basic realm="hubhook: the token as password", charset="UTF-8"`)
			refuse(w, http.StatusUnauthorized,
				"this Hub asks for its own token: Authorization: Bearer …, or as the password in a browser")
		case isDelivery(r):
			refuse(w, http.StatusLoopDetected,
				"this is a delivery, and it came to the Hub: a webhook's URL is that of a handler")
		default:
			next.ServeHTTP(w, r)
		}
	})
}

// isDelivery reports whether a request is a delivery, which changes nothing here: one
// that replayed itself would go round and round. A payload may still be adopted, and a
// bot may name the delivery that it answers to: it has a token.
func isDelivery(r *http.Request) bool {
	return r.Method == http.MethodPost && r.Header.Get(delivery.IDHeader) != "" && r.Header.Get("Authorization") == "" &&
		r.URL.Path != MockRoot+"/adopt"
}

// survive responds with 500 to a panic, and logs it.
func (s *Server) survive(w http.ResponseWriter, r *http.Request) {
	fault := recover()
	if fault == nil {
		return
	}
	if fault == http.ErrAbortHandler {
		panic(fault)
	}
	s.config.Log.Error("a fault of hubhook", "method", r.Method, "path", r.URL.Path, "panic", fault, "stack",
		string(debug.Stack()))
	problemResponse(ProblemOf(errors.New("a fault of hubhook"))).write(w)
}

func (s *Server) isOurs(host string) bool {
	name := host
	if only, _, err := net.SplitHostPort(host); err == nil {
		name = only
	}
	name = strings.ToLower(strings.Trim(name, "[]"))
	if name == "localhost" || strings.HasSuffix(name, ".localhost") {
		return true
	}
	if ip := net.ParseIP(name); ip != nil && ip.IsLoopback() {
		return true
	}
	if own, err := url.Parse(s.config.URL); err == nil && own.Host != "" && strings.EqualFold(own.Hostname(), name) {
		return true
	}
	return slices.ContainsFunc(s.config.Hosts, func(known string) bool { return strings.EqualFold(known, name) })
}

// TokenOf returns the token of a request: a bearer's, or a browser's password.
func TokenOf(r *http.Request) string {
	scheme, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	if strings.EqualFold(scheme, "Bearer") {
		return strings.TrimSpace(token)
	}
	_, password, _ := r.BasicAuth()
	return password
}

func (s *Server) hasToken(r *http.Request) bool {
	given, own := sha256.Sum256([]byte(TokenOf(r))), sha256.Sum256([]byte(s.config.Token))
	return subtle.ConstantTimeCompare(given[:], own[:]) == 1
}

// UserOf returns who makes a request; false without a valid token.
func (s *Server) UserOf(r *http.Request) (string, bool) {
	token := TokenOf(r)
	if name, known := s.config.Users[token]; known {
		return name, true
	}
	return s.config.User, token != ""
}
