package main

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"regexp"
	"strings"
	"testing"
)

// `go doc` of a package is how a newcomer, and whoever uses it as a library, reads it.
// Fields need no comment where their names say all.
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
			for _, gap := range undocumented(files, parsed, strings.Contains(dir, "internal/")) {
				t.Error(strings.TrimPrefix(gap, repository+"/"))
			}
		})
	}
}

// undocumented returns what lacks a comment, each with its position: a package, and the
// exported types, functions and values of one that is not internal.
func undocumented(files *token.FileSet, parsed []*ast.File, internal bool) (gaps []string) {
	add := func(at token.Pos, format string, a ...any) {
		gaps = append(gaps, fmt.Sprintf("%s: %s", files.Position(at), fmt.Sprintf(format, a...)))
	}
	comments := 0
	for _, file := range parsed {
		if file.Doc != nil {
			comments++
		}
		if internal {
			continue
		}
		for _, declared := range file.Decls {
			for name, comment := range exported(declared) {
				if !regexp.MustCompile(`^((A|An|The) )?` + name.Name + `\b`).MatchString(comment) {
					add(name.Pos(), "%s has no comment that begins with its name", name.Name)
				}
			}
		}
	}
	if comments != 1 {
		add(parsed[0].Package, "the package has %d comments, want one", comments)
	}
	return gaps
}

// exported returns the exported names of a declaration and their comments. The comment of a
// group is about all of it, however it begins.
func exported(declared ast.Decl) map[*ast.Ident]string {
	found := map[*ast.Ident]string{}
	add := func(name *ast.Ident, comment string) {
		if name.IsExported() {
			found[name] = comment
		}
	}
	switch d := declared.(type) {
	case *ast.FuncDecl:
		if owner := receiver(d); owner == "" || ast.IsExported(owner) {
			add(d.Name, d.Doc.Text())
		}
	case *ast.GenDecl:
		for _, spec := range d.Specs {
			var names []*ast.Ident
			comment := d.Doc.Text()
			switch s := spec.(type) {
			case *ast.TypeSpec:
				names, comment = []*ast.Ident{s.Name}, comment+s.Doc.Text()
			case *ast.ValueSpec:
				names, comment = s.Names, comment+s.Doc.Text()+s.Comment.Text()
			}
			for _, name := range names {
				if d.Lparen.IsValid() && comment != "" {
					comment = name.Name
				}
				add(name, comment)
			}
		}
	}
	return found
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

func TestGapsAreFound(t *testing.T) {
	const doc = "// Package room is for something.\npackage room\n"
	for _, c := range []struct{ text, want string }{
		{"package room", "room.go:1:1: the package has 0 comments, want one"},
		{doc + "func F() {}", "room.go:3:6: F has no comment that begins with its name"},
		{doc + "// Does nothing.\nfunc F() {}", "room.go:4:6: F has no comment that begins with its name"},
		{doc + "// A T counts.\ntype T[K any] struct{}\nfunc (T[K]) M() {}", "room.go:5:13: M has no comment that begins with its name"},
		{doc + "var V = 1", "room.go:3:5: V has no comment that begins with its name"},
		{doc + "// The numbers.\nconst (\nA = 1\nB = 2)\ntype t struct{}\nfunc (t) M() {}", ""},
	} {
		files := token.NewFileSet()
		file, err := parser.ParseFile(files, "room.go", c.text, parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.Join(undocumented(files, []*ast.File{file}, false), "\n"); got != c.want {
			t.Errorf("in\n%s\nfound %q\nwant  %q", c.text, got, c.want)
		}
	}
}
