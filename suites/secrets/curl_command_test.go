package secrets

import (
	"strings"
	"testing"
)

func TestCurlLine(t *testing.T) {
	secret := Of("Sekr3t&value")
	tests := []struct {
		name    string
		request CurlRequest
		want    []string
	}{
		{"delivery", CurlRequest{
			Method: "POST", URL: "http://user:pass@h/hook",
			Headers: []CurlHeader{{Name: "Content-Type", Value: "application/json"}, {Name: "X-Webhook-Secret", Secret: secret}},
			Body:    []byte(`{"a":1}`),
		}, []string{
			`curl -sS -i -X POST 'http://user:***@h/hook'`,
			`-H 'Content-Type: application/json'`,
			`-H "X-Webhook-Secret: $HUBHOOK_SECRET"`,
			`--data-binary '{"a":1}'`,
		}},
		{"plain secret in the URL", CurlRequest{
			Method: "POST", URL: "http://h/hook", QuerySecret: Of("plain"),
		}, []string{`curl -sS -i -X POST "http://h/hook?secret=$HUBHOOK_SECRET"`, `--data-binary ''`}},
		{"odd secret in the URL", CurlRequest{
			Method: "POST", URL: "http://h/hook", QuerySecret: secret,
		}, []string{`curl -sS -i -X POST 'http://h/hook'`, `--url-query "secret=$HUBHOOK_SECRET"`, `--data-binary ''`}},
		{"secret in the body", CurlRequest{
			Method: "POST", URL: "http://h/", Headers: []CurlHeader{{Name: "content-type", Value: "text/plain"}},
			Body: []byte("is Sekr3t&value_"),
		}, []string{`curl -sS -i -X POST 'http://h/'`, `-H 'content-type: text/plain'`, `--data-binary "is ${HUBHOOK_SECRET}_"`}},
		{"secret in a body that is no text", CurlRequest{
			Method: "POST", URL: "http://h/", Body: []byte("\xffSekr3t&value"),
		}, []string{
			"# payload.bin (13 bytes) is not here: it holds the secret, which base64 would not hide. check --save DIR keeps this attempt, hubhook replay makes it again.\n" +
				`curl -sS -i -X POST 'http://h/'`, `-H 'Content-Type:'`, `--data-binary @payload.bin`,
		}},
		{"secret encoded in the body", CurlRequest{
			Method: "PUT", URL: "http://h/", Body: []byte("Sekr3t%26value"),
		}, []string{
			"# payload.bin (14 bytes) is not here: it holds the secret, encoded. check --save DIR keeps this attempt, hubhook replay makes it again.\n" +
				`curl -sS -i -X PUT 'http://h/'`, `-H 'Content-Type:'`, `--data-binary @payload.bin`,
		}},
		{"base64", CurlRequest{
			Method: "POST", URL: "http://h/", Body: []byte("\x00"),
		}, []string{`printf %s 'AA==' | base64 -d | curl -sS -i -X POST 'http://h/'`, `-H 'Content-Type:'`, `--data-binary @-`}},
	}
	for _, test := range tests {
		want := strings.Join(test.want, " \\\n  ")
		if got := test.request.Command(NewMask("Sekr3t&value")); got != want {
			t.Errorf("%s: got\n%s\nwant\n%s", test.name, got, want)
		}
	}
}
