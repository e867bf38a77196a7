package redact

import "testing"

func TestSpellingsOfOneCharacter(t *testing.T) {
	const secret = "a 𝄞é\\"
	tests := map[string]string{
		"as it stands":        secret,
		"percent":             `a%20%F0%9D%84%9e%C3%A9%5C`,
		"plus":                `a+𝄞é\`,
		"json":                `\u0061 \ud834\uDD1E\u00e9\\`,
		"hexadecimal":         `\x61\x20𝄞\xe9\x5c`,
		"entities":            `&#97;&#x20;&#119070;&eacute;&bsol;`,
		"entities with zeros": `&#0097;&#x0000020;&#x1d11e;&#xE9;\`,
		"all of them":         `%61+&#119070;\u00E9\\`,
	}
	var m Mask
	m.Hide(secret, "***")
	for name, text := range tests {
		if got := m.Text("<" + text + ">"); got != "<***>" {
			t.Errorf("%s: got %s", name, got)
		}
	}
}

func TestCutSpellings(t *testing.T) {
	for rest, want := range map[string]bool{
		"": true, `\`: true, "\xc3": true, "%": true, "%a": true, "&": true, "&quo": true, "&#3": true,
		`\u`: true, `\u00e`: true, `\x`: true, `\x4`: true,
		"a": false, "%z": false, "%4100": false, "&a b": false, "&amp;": false, "&" + "longer than an entity": false,
		`\n`: false, `\uz`: false, `\u00e9`: false, `\x41`: false, `\"`: false,
	} {
		if got := isCutEscape(rest); got != want {
			t.Errorf("%q: %v", rest, got)
		}
	}
}
