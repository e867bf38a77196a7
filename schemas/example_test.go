package schemas_test

import (
	"fmt"
	"log"

	"github.com/hubhook/hubhook/schemas"
)

// A handler must accept this payload, though today's Hub doesn't send it.
func ExampleSet_Classify() {
	set, err := schemas.Load(schemas.Options{})
	if err != nil {
		log.Fatal(err)
	}
	payload, err := schemas.Decode([]byte(`{
		"event": {"action": "delete", "scope": "repo"},
		"repo": {
			"type": "robot", "name": "me/demo", "private": false,
			"id": "621ffdc036468d709f17434d", "owner": {"id": "61d2000c3c2083e1c08af22d"},
			"url": {"web": "https://huggingface.co/me/demo", "api": "https://huggingface.co/api/models/me/demo"}
		},
		"webhook": {"id": "6390e855e30d9209411de93b", "version": 3}
	}`))
	if err != nil {
		log.Fatal(err)
	}
	verdict, err := set.Classify(payload, "", schemas.Strict)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(verdict.Shape, "open:", verdict.Readings.Open, "strict:", verdict.Readings.Strict)
	for _, problem := range verdict.Problems {
		fmt.Println(problem.Pointer, problem.Rule)
	}
	// Output:
	// repo.delete open: true strict: false
	// /repo/type enum
}

// An unknown scope is handled as the nearest known one.
func ExampleNearest() {
	known := func(scope string) bool { return scope == "repo" || scope == "repo.config" }
	fmt.Println(schemas.Nearest("repo.config.dois", known))
	fmt.Println(schemas.Nearest("org.members", known))
	// Output:
	// repo.config true
	//  false
}
