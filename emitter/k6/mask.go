package k6

import (
	"fmt"
	"sync"

	"github.com/sirupsen/logrus"

	"github.com/hubhook/hubhook/emitter/redact"
)

// mask keeps secrets out of the log of k6, which writes the URL of a request that
// failed, and headers if asked to. It is a hook of the logger.
type mask struct {
	redact.Mask
	installed sync.Once
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

func (m *mask) Levels() []logrus.Level { return logrus.AllLevels }

// Fire takes the secrets out of a line. A value that is no text becomes one only if it
// holds a secret.
func (m *mask) Fire(line *logrus.Entry) error {
	line.Message = m.Text(line.Message)
	for name, value := range line.Data {
		text := fmt.Sprint(value)
		if hidden := m.Text(text); hidden != text {
			line.Data[name] = hidden
		}
	}
	return nil
}
