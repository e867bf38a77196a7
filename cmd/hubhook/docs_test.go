package main

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
	"strings"
	"testing"
	"unicode"
)

// leastPackageComment is how much a package comment says at least, in letters: what the
// package is for, and what it is not for, take more than a line.
const leastPackageComment = 160

// `go doc` of a package is how a newcomer, and whoever uses it as a library, reads it.
func TestPackagesAndExportedNamesHaveComments(t *testing.T) {
	for dir, names := range sourceFiles(t) {
		if inOwnModule(dir) {
			continue
		}
		t.Run(dir, func(t *testing.T) {
			files := token.NewFileSet()
			var parsed []*ast.File
			for _, name := range names {
				file, err := parser.ParseFile(files, name, nil, parser.ParseComments|parser.SkipObjectResolution)
				if err != nil {
					t.Fatal(err)
				}
				parsed = append(parsed, file)
			}
			for _, gap := range gapsIn(files, parsed, strings.Contains(dir, "internal/")) {
				t.Error(strings.TrimPrefix(gap, repository+"/"))
			}
		})
	}
}

// gapsIn returns what has no comment in a package, each with its position. Of an internal
// package only its types and functions need one.
func gapsIn(files *token.FileSet, parsed []*ast.File, internal bool) []string {
	g := gaps{files: files, internal: internal}
	var comments []string
	for _, file := range parsed {
		if text := strings.TrimSpace(file.Doc.Text()); text != "" {
			comments = append(comments, text)
		}
		for _, declared := range file.Decls {
			g.declaration(declared)
		}
	}
	switch {
	case len(comments) != 1:
		g.add(parsed[0].Package, "the package has %d comments, want one", len(comments))
	case len(comments[0]) < leastPackageComment:
		g.add(parsed[0].Package, "the package's comment is too short to say what it is for, and what not: %q", comments[0])
	}
	return g.list
}

// gaps collects what has no comment.
type gaps struct {
	files    *token.FileSet
	internal bool
	list     []string
}

func (g *gaps) add(at token.Pos, format string, a ...any) {
	g.list = append(g.list, fmt.Sprintf("%s: %s", g.files.Position(at), fmt.Sprintf(format, a...)))
}

// require requires a comment on an exported name, in one of several places.
func (g *gaps) require(name *ast.Ident, owner string, places ...*ast.CommentGroup) {
	if !name.IsExported() {
		return
	}
	var text string
	for _, place := range places {
		text += place.Text() + " "
	}
	switch full := strings.TrimPrefix(owner+"."+name.Name, "."); {
	case strings.TrimSpace(text) == "":
		g.add(name.Pos(), "%s has no comment", full)
	case saysOnly(text, name.Name):
		g.add(name.Pos(), "the comment of %s only repeats its name", full)
	}
}

func (g *gaps) declaration(declared ast.Decl) {
	switch d := declared.(type) {
	case *ast.FuncDecl:
		if owner := receiver(d); owner == "" || ast.IsExported(owner) && !g.internal {
			g.require(d.Name, owner, d.Doc)
		}
	case *ast.GenDecl:
		for _, spec := range d.Specs {
			switch s := spec.(type) {
			case *ast.TypeSpec:
				g.require(s.Name, "", d.Doc, s.Doc, s.Comment)
				if s.Name.IsExported() && !g.onOneLine(s) && !g.internal { // one comment covers a type on one line
					g.inside(s.Type, s.Name.Name)
				}
			case *ast.ValueSpec:
				for _, name := range s.Names {
					if g.internal {
						break
					}
					g.require(name, "", d.Doc, s.Doc, s.Comment)
				}
			}
		}
	}
}

func (g *gaps) onOneLine(node ast.Node) bool {
	return g.files.Position(node.Pos()).Line == g.files.Position(node.End()).Line
}

// receiver returns the name of the type of a method, or an empty string for a function.
func receiver(d *ast.FuncDecl) string {
	if d.Recv == nil {
		return ""
	}
	of := d.Recv.List[0].Type
	for {
		switch t := of.(type) {
		case *ast.StarExpr:
			of = t.X
		case *ast.IndexExpr:
			of = t.X
		case *ast.IndexListExpr:
			of = t.X
		case *ast.Ident:
			return t.Name
		default:
			return ""
		}
	}
}

// inside requires comments on the fields of structs and the methods of interfaces that an
// exported type consists of.
func (g *gaps) inside(of ast.Expr, owner string) {
	ast.Inspect(of, func(node ast.Node) bool {
		switch t := node.(type) {
		case *ast.StructType:
			g.fields(t.Fields, owner)
		case *ast.InterfaceType:
			g.fields(t.Methods, owner)
		case *ast.FuncType:
			return false
		}
		return true
	})
}

// fields requires a comment on each field, or one above a block of fields.
func (g *gaps) fields(list *ast.FieldList, owner string) {
	var above *ast.Field // the field whose comment is above the block
	last := 0            // the line of the field before
	for _, field := range list.List {
		if field.Doc != nil {
			above = field
		} else if g.files.Position(field.Pos()).Line > last+1 {
			above = nil
		}
		last = g.files.Position(field.End()).Line
		for _, name := range field.Names { // an embedded type has its own comment
			if covers(above, name.Name) {
				g.require(name, owner, above.Doc, field.Comment)
			} else {
				g.require(name, owner, field.Comment)
			}
		}
	}
}

// covers tells whether the comment above some fields is about one of them. One that begins
// with the name of the first is about that one, and about others that it names.
func covers(above *ast.Field, name string) bool {
	if above == nil {
		return false
	}
	words := wordsOf(above.Doc.Text())
	startsWithFirst := len(above.Names) > 0 && len(words) > 0 && words[0] == above.Names[0].Name
	return !startsWithFirst || slices.Contains(words, name)
}

// wordsOf returns the words of a text, without what is between them.
func wordsOf(text string) []string {
	return strings.FieldsFunc(text, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
}

// saysOnly reports whether a comment has no word but those in the name and those that say
// nothing.
func saysOnly(text, name string) bool {
	words := wordsOf(strings.ToLower(text))
	return !slices.ContainsFunc(words, func(word string) bool {
		return !strings.Contains(strings.ToLower(name), strings.TrimSuffix(word, "s")) &&
			!slices.Contains([]string{"a", "an", "the", "is", "are", "of", "its", "it", "this", "returns", "method", "function", "type", "field"}, word)
	})
}

// A test of the test: what it finds in packages with and without comments.
func TestGapsAreFound(t *testing.T) {
	gapsOf := func(text string) []string {
		files := token.NewFileSet()
		file, err := parser.ParseFile(files, "room.go", text, parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		return gapsIn(files, []*ast.File{file}, false)
	}
	doc := "// Package room " + strings.Repeat("is for something, ", 10) + "\npackage room\n"
	for _, c := range []struct{ text, want string }{
		{"package room", "room.go:1:1: the package has 0 comments, want one"},
		{"// Package room is short.\npackage room", `room.go:2:1: the package's comment is too short to say what it is for, and what not: "Package room is short."`},
		{doc + "func F() {}", "room.go:3:6: F has no comment"},
		{doc + "// F is the F.\nfunc F() {}", "room.go:4:6: the comment of F only repeats its name"},
		{doc + "// T counts.\ntype T[K any] struct{}\nfunc (T[K]) M() {}", "room.go:5:13: T.M has no comment"},
		{doc + "// T counts.\ntype T struct {\n// A and B bound it.\nA int\nB int\n\nC int }", "room.go:9:1: T.C has no comment"},
		{doc + "// T counts.\ntype T struct {\n// A bounds it.\nA int\nB int }", "room.go:7:1: T.B has no comment"},
		{doc + "// T counts.\ntype T struct { A []struct {\nB int } // parts\n}", "room.go:5:1: T.B has no comment"},
		{doc + "// T counts.\ntype T interface {\nM() }", "room.go:5:1: T.M has no comment"},
		{doc + "// T counts A.\ntype T struct { A int }", ""},
		{doc + "var V, w = 1, 2", "room.go:3:5: V has no comment"},
		{doc + "// The numbers.\nconst (\nA = 1\nB = 2)\ntype t struct { A int }\nfunc (t) M() {}", ""},
	} {
		if got := strings.Join(gapsOf(c.text), "\n"); got != c.want {
			t.Errorf("in\n%s\nfound %q\nwant  %q", c.text, got, c.want)
		}
	}
}
