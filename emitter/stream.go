package emitter

import (
	"io"
)

// Stream writes payloads, one on each line, of the shapes in turn; of all that
// the Hub sends today where none is named. An unknown shape is an error before
// anything is written.
func (g *Generator) Stream(w io.Writer, shapes []string, count uint64) error {
	if len(shapes) == 0 {
		shapes = g.today()
	}
	for _, shape := range shapes {
		if _, _, _, err := g.schemas.Named(shape); err != nil {
			return err
		}
	}
	var line []byte
	for i := range count {
		var err error
		line, err = g.Append(line[:0], Request{Shape: shapes[i%uint64(len(shapes))], Index: i})
		if err != nil {
			return err
		}
		if _, err := w.Write(append(line, '\n')); err != nil {
			return err
		}
	}
	return nil
}

// today are the shapes that the Hub sends today.
func (g *Generator) today() []string {
	var names []string
	for _, shape := range g.schemas.Shapes() {
		if !shape.Narrowed {
			names = append(names, shape.Name)
		}
	}
	return names
}
