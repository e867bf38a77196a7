package client

import (
	"bytes"
	"encoding/base64"
	"net/url"
	"strconv"
	"strings"

	"golang.org/x/net/http/httpguts"

	"github.com/hubhook/hubhook/emitter/delivery"
)

// requestHeads has the heads of the requests of each webhook, without fields that differ.
type requestHeads struct {
	texts [][]byte // of the webhooks, or one for all
	room  int      // for the longest of them and the fields to come
	// Which fields are to come: Destination.Header may have set them for all.
	needsID, needsLength bool
	closes               bool // each request asks for the connection to be closed after it
}

// What is added to the head of each request.
const (
	idField     = delivery.IDHeader + ": "
	lengthField = "Content-Length: "
	lineEnd     = "\r\n"
	headEnd     = "\r\n\r\n"
)

// How long the values added may be, in bytes. A longer Webhook-Id costs its request a copy.
const (
	idRoom     = 64
	digitsRoom = 20
)

func newRequestHeads(to delivery.Destination, secrets []string) (requestHeads, error) {
	h := requestHeads{}
	for _, secret := range secrets {
		text, err := h.add(to, secret)
		if err != nil {
			return requestHeads{}, err
		}
		h.room = max(h.room, len(text))
		h.texts = append(h.texts, text)
	}
	h.room += len(idField) + idRoom + len(lineEnd) + len(lengthField) + digitsRoom + len(headEnd)
	return h, nil
}

// add returns the head of a webhook, as delivery.AppendRequest writes it.
func (h *requestHeads) add(to delivery.Destination, secret string) ([]byte, error) {
	attempt := to.Attempt(delivery.Message{}, secret)
	if to.URL.User != nil && !delivery.HasHeader(to.Header, "Authorization") { // as net/http does
		attempt.Header["Authorization"] = []string{basicCredentials(to.URL.User)}
	}
	if h.needsID = !delivery.HasHeader(to.Header, delivery.IDHeader); h.needsID {
		delete(attempt.Header, delivery.IDHeader)
	}
	for name, values := range attempt.Header {
		if strings.EqualFold(name, "Connection") && httpguts.HeaderValuesContainsToken(values, "close") {
			h.closes = true
		}
	}
	text, err := delivery.AppendRequest(nil, attempt)
	if err != nil {
		return nil, err
	}
	text = bytes.TrimSuffix(text, []byte(lineEnd)) // of the head
	text, h.needsLength = bytes.CutSuffix(text, []byte(lengthField+"0"+lineEnd))
	return text, nil
}

const basicScheme = "Basic "

// basicCredentials returns an Authorization header's value (RFC 7617, section 2).
func basicCredentials(user *url.Userinfo) string {
	password, _ := user.Password()
	return basicScheme + base64.StdEncoding.EncodeToString([]byte(user.Username()+":"+password))
}

// prepend writes the head of a request before its payload and returns both: they go out in
// one write, and nothing is copied but the head.
func (h *requestHeads) prepend(p *Request) []byte {
	text := h.texts[0]
	if len(h.texts) > 1 {
		text = h.texts[p.Webhook]
	}
	var room [digitsRoom]byte
	digits := strconv.AppendInt(room[:0], int64(len(p.Text)-p.BodyStart), 10)
	size := len(text) + len(lineEnd)
	if h.needsID {
		size += len(idField) + len(p.ID) + len(lineEnd)
	}
	if h.needsLength {
		size += len(lengthField) + len(digits) + len(lineEnd)
	}
	if size > p.BodyStart {
		grown := append(make([]byte, size, size+len(p.Text)-p.BodyStart), p.Text[p.BodyStart:]...)
		p = &Request{Text: grown, BodyStart: size, ID: p.ID}
	}
	line := append(p.Text[p.BodyStart-size:p.BodyStart-size], text...)
	if h.needsID {
		line = append(append(append(line, idField...), p.ID...), lineEnd...)
	}
	if h.needsLength {
		line = append(append(append(line, lengthField...), digits...), lineEnd...)
	}
	_ = append(line, lineEnd...)
	return p.Text[p.BodyStart-size:]
}
