package k6

import (
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/sirupsen/logrus"
)

// masked is what stands in logs in place of a secret.
const masked = "$HUBHOOK_SECRET"

// mask keeps secrets out of the log of k6, which writes the URL of a request that
// failed, and headers where it is told to. It is a hook of the logger.
type mask struct {
	mu       sync.RWMutex
	secrets  []string
	replacer *strings.Replacer
}

// hide hides a secret from now on, in each way in which it can stand in a log.
func (m *mask) hide(secret string, logger logrus.FieldLogger) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if secret == "" || slices.Contains(m.secrets, secret) {
		return
	}
	if len(m.secrets) == 0 {
		m.install(logger)
	}
	m.secrets = append(m.secrets, secret)
	var pairs []string
	for _, secret := range m.secrets {
		quoted := strconv.Quote(secret)
		for _, form := range []string{secret, url.QueryEscape(secret), quoted[1 : len(quoted)-1]} {
			pairs = append(pairs, form, masked)
		}
	}
	m.replacer = strings.NewReplacer(pairs...)
}

// install makes the mask the first hook of a logger, for others write.
func (m *mask) install(logger logrus.FieldLogger) {
	var to *logrus.Logger
	switch logger := logger.(type) {
	case *logrus.Logger:
		to = logger
	case *logrus.Entry:
		to = logger.Logger
	default:
		return
	}
	first := logrus.LevelHooks{}
	first.Add(m)
	for level, hooks := range to.ReplaceHooks(first) {
		for _, hook := range hooks {
			if hook != logrus.Hook(m) {
				first[level] = append(first[level], hook)
			}
		}
	}
}

// Levels are all of them.
func (m *mask) Levels() []logrus.Level { return logrus.AllLevels }

// Fire takes the secrets out of a line. What is no text is one only where it holds
// a secret.
func (m *mask) Fire(line *logrus.Entry) error {
	m.mu.RLock()
	replacer := m.replacer
	m.mu.RUnlock()
	if replacer == nil {
		return nil
	}
	line.Message = replacer.Replace(line.Message)
	for name, value := range line.Data {
		text := fmt.Sprint(value)
		if hidden := replacer.Replace(text); hidden != text {
			line.Data[name] = hidden
		}
	}
	return nil
}
