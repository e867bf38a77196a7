package reports

import (
	"bytes"
	"fmt"
	"html/template"
	"io"
)

// writePage writes what a template makes of data, whole or not at all.
func writePage(w io.Writer, name, text string, data any) error {
	page, err := template.New(name).Parse(text)
	if err != nil {
		return fmt.Errorf("parse the page of the %s: %w", name, err)
	}
	var out bytes.Buffer
	if err := page.Execute(&out, data); err != nil {
		return fmt.Errorf("write the page of the %s: %w", name, err)
	}
	_, err = w.Write(out.Bytes())
	return err
}
