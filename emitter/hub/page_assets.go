package hub

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"path"
	"strings"
)

// asset is a file that pages refer to. The URL names what is in it, so that browsers
// may keep it.
type asset struct {
	body, kind, hash string
}

// assetKinds are the media types of assets, by the ends of their names.
var assetKinds = map[string]string{
	".css": "text/css; charset=utf-8",
	".js":  "text/javascript; charset=utf-8",
	".svg": "image/svg+xml",
}

func readAssets() (map[string]asset, error) {
	assets := map[string]asset{}
	for _, name := range []string{"page.css", "page.js", "icon.svg"} {
		body, err := pageFiles.ReadFile("page/" + name)
		if err != nil {
			return nil, fmt.Errorf("read the page: %w", err)
		}
		sum := sha256.Sum256(body)
		assets[name] = asset{string(body), assetKinds[path.Ext(name)], hex.EncodeToString(sum[:8])}
	}
	return assets, nil
}

// assetURL is where browsers find an asset as it is now.
func (p *Pages) assetURL(name string) string { return "/_mock/" + name + "?v=" + p.assets[name].hash }

func showAsset(v *visit) error {
	file := v.assets[path.Base(v.request.URL.Path)]
	head, tag := v.response.Header(), `"`+file.hash+`"`
	head.Set("Content-Type", file.kind)
	head.Set("ETag", tag)
	head.Set("Cache-Control", "no-cache")
	if v.asked("v") == file.hash {
		head.Set("Cache-Control", "public, max-age=31536000, immutable")
	}
	if strings.Contains(v.request.Header.Get("If-None-Match"), tag) {
		v.response.WriteHeader(http.StatusNotModified)
		return nil
	}
	fmt.Fprint(v.response, file.body)
	return nil
}
