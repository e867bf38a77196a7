package hub_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"

	"github.com/tidwall/gjson"

	"github.com/hubhook/hubhook/emitter/hub"
)

// A bot that thanks for each new discussion, and its test: the test opens a
// discussion on the Hub, which calls the bot, and the bot comments on it.
func Example() {
	h, _ := hub.New(hub.Options{Frozen: true})
	defer h.Close()
	server := httptest.NewServer(h)
	defer server.Close()
	bot := httptest.NewServer(http.HandlerFunc(thank))
	defer bot.Close()
	h.AddWebhook(hub.Webhook{URL: bot.URL, Secret: "s3cret", Watched: []hub.Watched{{Type: "user", Name: "mock-user"}}})

	post(server.URL+"/api/repos/create", `{"name": "demo"}`)
	post(server.URL+"/api/models/mock-user/demo/discussions", `{"title": "Hello", "description": "Is it any good?"}`)
	h.Idle(context.Background())

	for _, d := range h.Deliveries(hub.Query{Event: "discussion"}) {
		fmt.Println(d.Shape, d.State, d.Attempts[0].Status)
	}
	fmt.Println(h.Effects()["comment_discussion"], "comment by the bot")
	// Output:
	// discussion.comment.create delivered 202
	// discussion.create delivered 202
	// 1 comment by the bot
}

// thank answers to a new discussion, in the way of the guides: at the URL of the payload.
func thank(w http.ResponseWriter, r *http.Request) {
	w.WriteHeader(http.StatusAccepted)
	payload, _ := io.ReadAll(r.Body)
	if r.Header.Get("X-Webhook-Secret") == "s3cret" && gjson.GetBytes(payload, "event.scope").String() == "discussion" {
		post(gjson.GetBytes(payload, "discussion.url.api").String()+"/comment", `{"comment": "Thank you!"}`)
	}
}

func post(url, body string) {
	request, _ := http.NewRequest("POST", url, strings.NewReader(body))
	request.Header.Set("Authorization", "Bearer hf_any")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		fmt.Println(err)
		return
	}
	response.Body.Close()
}
