package format

import (
	"fmt"
	"strings"

	"github.com/tidwall/gjson"

	"github.com/hubhook/hubhook/emitter/curl"
	"github.com/hubhook/hubhook/emitter/delivery"
	"github.com/hubhook/hubhook/emitter/redact"
)

// maxVariable is the size in bytes from which on Linux refuses a variable (MAX_ARG_STRLEN, name and NUL included).
const maxVariable = 128 << 10

func jobEnvHead(delivery.Destination) string {
	return "# The environment that the Hub gives a Job which a webhook runs. That WEBHOOK_REPO_ID\n" +
		"# is the repo's name is an assumption: the Hub's clients call the name repo_id.\n"
}

// appendJobEnv appends the environment of a Job as commands of a POSIX shell.
func appendJobEnv(dst []byte, m delivery.Message, to delivery.Destination) ([]byte, error) {
	dst = append(dst, "\n# "+curl.ShellComment(m.Shape)+"\n"...)
	if size := len(m.Body); size+len("WEBHOOK_PAYLOAD=")+1 > maxVariable {
		dst = fmt.Appendf(dst, "# The payload has %d bytes: Linux starts no program with more than 128 KiB in a variable.\n", size)
	}
	for _, variable := range []struct{ name, value string }{
		{"WEBHOOK_PAYLOAD", string(m.Body)},
		{"WEBHOOK_REPO_ID", gjson.GetBytes(m.Body, "repo.name").String()},
		{"WEBHOOK_REPO_TYPE", gjson.GetBytes(m.Body, "repo.type").String()},
		{"WEBHOOK_ID", m.ID},
	} {
		if strings.ContainsRune(variable.value, 0) {
			return dst, fmt.Errorf("%s: a NUL byte cannot stand in the environment variable %s", m.Shape, variable.name)
		}
		dst = append(dst, "export "+variable.name+"="+curl.Quote(variable.value)+"\n"...)
	}
	if to.SecretIn != delivery.InNone {
		dst = append(dst, `export WEBHOOK_SECRET="$`+redact.SecretName+"\"\n"...)
	}
	return dst, nil
}
