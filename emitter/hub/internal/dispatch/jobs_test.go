package dispatch

import (
	"strings"
	"testing"

	"github.com/hubhook/hubhook/emitter/hub/activity"
	"github.com/hubhook/hubhook/emitter/hub/internal/mask"
)

func TestLastBytes(t *testing.T) {
	const secret = "Sekr3t-value"
	m := mask.For(&activity.Webhook{Secret: secret})
	for name, test := range map[string]struct {
		writes []string
		cut    bool
		want   string
	}{
		"nothing":            {nil, false, ""},
		"all of it":          {[]string{"a", "b " + secret}, false, "ab " + mask.Placeholder},
		"the end":            {[]string{"gone", strings.Repeat("-", activity.KeptBody)}, false, strings.Repeat("-", activity.KeptBody)},
		"one long write":     {[]string{strings.Repeat("=", 1<<20) + strings.Repeat("-", activity.KeptBody)}, false, strings.Repeat("-", activity.KeptBody)},
		"many writes":        {append(strings.Split(strings.Repeat("=", 20000), ""), strings.Repeat("-", activity.KeptBody)), false, strings.Repeat("-", activity.KeptBody)},
		"begins in a secret": {[]string{"gone " + secret, strings.Repeat("-", activity.KeptBody-5)}, false, mask.Placeholder + strings.Repeat("-", activity.KeptBody-5)},
		"ends in a secret":   {[]string{"x Sekr3t"}, true, "x " + mask.Placeholder},
	} {
		l := &lastBytes{keep: activity.KeptBody + m.MaxSpelling()}
		for _, text := range test.writes {
			if n, err := l.Write([]byte(text)); n != len(text) || err != nil {
				t.Fatalf("%s: %d, %v", name, n, err)
			}
			if len(l.buffer) > 2*l.keep {
				t.Fatalf("%s: %d bytes are kept", name, len(l.buffer))
			}
		}
		if got := l.shown(m, test.cut); got != test.want {
			t.Errorf("%s: got %d bytes, %.40q…, want %d", name, len(got), got, len(test.want))
		}
	}
}
