package main

import (
	"bufio"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"regexp"
	"strings"

	"github.com/hubhook/hubhook/emitter"
)

var webhookIDs = regexp.MustCompile(`^[0-9a-f]{24}$`)

// readWebhooks reads the webhooks of a file: on each line an id and a secret. Errors
// repeat neither.
func readWebhooks(name string) (ids, secrets []string, err error) {
	file, err := os.Open(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil, fmt.Errorf("--webhooks %s: it is neither a number nor a file", name)
	}
	if err != nil {
		return nil, nil, fmt.Errorf("--webhooks: %w", err)
	}
	defer file.Close()
	lines, seen := bufio.NewScanner(file), map[string]bool{}
	for number := 1; lines.Scan(); number++ {
		line := strings.TrimSpace(lines.Text())
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		id, secret, err := readWebhook(line)
		if err == nil && seen[id] {
			err = errors.New("the same id stands above")
		}
		if err != nil {
			return nil, nil, fmt.Errorf("--webhooks %s:%d: %w", name, number, err)
		}
		seen[id] = true
		ids, secrets = append(ids, id), append(secrets, secret)
	}
	switch {
	case lines.Err() != nil:
		return nil, nil, fmt.Errorf("--webhooks %s: %w", name, lines.Err())
	case len(ids) == 0:
		return nil, nil, fmt.Errorf("--webhooks %s: there is no webhook in it", name)
	case len(ids) > mostWebhooks:
		return nil, nil, fmt.Errorf("--webhooks %s: %d webhooks, and at most %d can be", name, len(ids), mostWebhooks)
	}
	return ids, secrets, nil
}

func readWebhook(line string) (id, secret string, err error) {
	id, secret, _ = strings.Cut(line, " ")
	secret = strings.TrimSpace(secret)
	switch {
	case !webhookIDs.MatchString(id):
		return "", "", errors.New("a line holds an id of 24 hex digits, a space and a secret")
	case secret == "":
		return "", "", errors.New("there is no secret behind the id")
	}
	if err := emitter.CheckSecret(secret); err != nil {
		return "", "", fmt.Errorf("the secret cannot be sent: %w", err)
	}
	return id, secret, nil
}
