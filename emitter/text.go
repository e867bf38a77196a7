package emitter

import (
	"strconv"
	"strings"
)

// What people write on the Hub, from templates and gofakeit's words.

// futureSegments are scopes that the Hub might add below those of today; the
// documentation's own example is repo.config.dois.
func futureSegments() []string {
	return []string{"dois", "licenses", "reviewers", "labels", "webhooks", "dois.versions"}
}

// futureActions are those of today and some that nobody knows.
func futureActions() []string {
	return []string{"update", "create", "delete", "move", "minted", "archived"}
}

func (s *scene) userName() string {
	return slug(s.faker.Username())
}

func (s *scene) repoName() string {
	name := slug(s.faker.AdjectiveDescriptive() + "-" + s.faker.NounConcrete())
	switch s.random.IntN(4) {
	case 0:
		return name + "-" + strconv.Itoa(1+s.random.IntN(70)) + "b"
	case 1:
		return name + "-v" + strconv.Itoa(1+s.random.IntN(4))
	}
	return name
}

// slug keeps what the names of repos and users are made of.
func slug(text string) string {
	return strings.Map(func(c rune) rune {
		switch {
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9', c == '-', c == '_', c == '.':
			return c
		case c == ' ', c == '\'':
			return '-'
		}
		return -1
	}, text)
}

func (s *scene) filePath() string {
	stem := slug(strings.ToLower(s.faker.NounConcrete()))
	number := 1 + s.random.IntN(64)
	return pick(s.random, []func() string{
		func() string { return "data/" + stem + ".csv" },
		func() string { return "data/train-" + strconv.Itoa(number) + ".parquet" },
		func() string { return stem + "/" + strconv.Itoa(number) + ".jpg" },
		func() string { return "checkpoints/step-" + strconv.Itoa(number*1000) + "/model.safetensors" },
		func() string { return stem + ".json" },
	})()
}

func (s *scene) title() string {
	noun := s.faker.NounConcrete()
	return pick(s.random, []func() string{
		func() string { return "Update README.md" },
		func() string { return "Add " + noun + " to the model card" },
		func() string { return "Upload folder using huggingface_hub" },
		func() string { return "Adding `safetensors` variant of this model" },
		func() string { return "Fix " + s.faker.HackerNoun() + " in tokenizer_config.json" },
		func() string { return "How was the " + noun + " split made?" },
		func() string { return "Quelle licence pour « " + noun + " » ?" },
		func() string { return "请问支持中文吗？" },
	})()
}

func (s *scene) remark() string {
	return pick(s.random, []func() string{
		func() string { return "Thanks for sharing! " + s.faker.HackerPhrase() },
		func() string {
			return s.faker.HackerPhrase() + "\n\n```python\nload(\"" + s.repo.fullName() + "\")\n```"
		},
		func() string { return "@" + s.userName() + " could you have a look? " + s.faker.Question() },
		func() string { return "LGTM 🚀" },
		func() string {
			return "> " + s.faker.Question() + "\n\nYes, see [the card](" + s.webURL(&s.repo) + ")."
		},
		func() string { return "Merci beaucoup, ça marche très bien !" },
		func() string { return "ありがとうございます 🤗" },
	})()
}

// webURL and apiURL are where a repo is found, with the prefix of its type.
func (s *scene) webURL(r *repo) string {
	prefix := r.kind + "s/"
	if r.kind == "model" {
		prefix = ""
	}
	return s.hubURL + "/" + prefix + r.fullName()
}

func (s *scene) apiURL(r *repo) string {
	return s.hubURL + "/api/" + r.kind + "s/" + r.fullName()
}

// discussionPath is what a discussion adds to the URL of its repo.
func (s *scene) discussionPath() string {
	return "/discussions/" + strconv.FormatUint(s.discussion.num, 10)
}
