package main

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/hubhook/hubhook/cmd/hubhook/internal/cli"
	"github.com/hubhook/hubhook/cmd/hubhook/internal/flags"
	"github.com/hubhook/hubhook/cmd/hubhook/internal/scaffold"
	"github.com/hubhook/hubhook/emitter/format"
)

type initFlags struct {
	ci     string
	force  bool
	dryRun bool
}

func newInit(std cli.Streams) *cobra.Command {
	var f initFlags
	cmd := &cobra.Command{
		Use:   "init [DIR]",
		Short: "Write " + flags.SettingsFile + " and a CI job for the handler in a folder",
		Long: `Look at the handler in a folder, the working directory where none is said, and write
what its check needs: ` + flags.SettingsFile + `, and a job for the CI that is used there. What
is found in package.json, pyproject.toml, requirements.txt, go.mod, a Dockerfile and
the sources themselves fills them in: how the handler is started, its port and path,
and the variable that holds its secret. Comments say what to look at.

A file that is there already is left alone, unless --force is given, and then none is
written.`,
		Example: `  hubhook init --dry-run
  hubhook init
  hubhook init --ci gitlab --force
  mkdir -p bot && hubhook init bot --ci none`,
		Args: cli.AtMostOne("folder"),
		RunE: func(_ *cobra.Command, args []string) error {
			dir := "."
			if len(args) > 0 {
				dir = args[0]
			}
			return f.run(dir, std.Out)
		},
		ValidArgsFunction: cli.CompleteDirs,
	}
	set := cmd.Flags()
	set.StringVar(&f.ci, "ci", "", "write the job for github, gitlab or none (default what there is in the folder, or github)")
	set.BoolVar(&f.force, "force", false, "overwrite what is there")
	set.BoolVar(&f.dryRun, "dry-run", false, "show what would be written, and write nothing")
	cli.Complete(cmd, "ci", scaffold.CINames)
	return cmd
}

func (f *initFlags) run(dir string, out io.Writer) error {
	if info, err := os.Stat(dir); err != nil {
		return fmt.Errorf("%s: %w", dir, format.WithoutPath(err))
	} else if !info.IsDir() {
		return fmt.Errorf("%s is no folder", dir)
	}
	root := os.DirFS(dir)
	ci, err := scaffold.ChooseCI(f.ci, root)
	if err != nil {
		return err
	}
	found := scaffold.Detect(root)
	files, err := scaffold.Files(found, ci, version())
	if err != nil {
		return err
	}
	if f.dryRun {
		return showFiles(out, dir, files)
	}
	if !f.force {
		if err := checkNoneExists(dir, files); err != nil {
			return err
		}
	}
	return f.write(dir, files, found, out)
}

func checkNoneExists(dir string, files []scaffold.File) error {
	for _, file := range files {
		name := filepath.Join(dir, file.Name)
		switch _, err := os.Lstat(name); {
		case err == nil:
			return fmt.Errorf("%s is there already: --force overwrites it, --dry-run shows what would be written", name)
		case !errors.Is(err, fs.ErrNotExist):
			return fmt.Errorf("%s: %w", name, format.WithoutPath(err))
		}
	}
	return nil
}

func (f *initFlags) write(dir string, files []scaffold.File, found scaffold.Handler, out io.Writer) error {
	fmt.Fprintf(out, "found: %s\n", found.Summary())
	for _, file := range files {
		name := filepath.Join(dir, file.Name)
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			return fmt.Errorf("%s: %w", name, format.WithoutPath(err))
		}
		if err := os.WriteFile(name, []byte(file.Text), 0o644); err != nil {
			return fmt.Errorf("%s: %w", name, format.WithoutPath(err))
		}
		fmt.Fprintf(out, "written: %s\n", name)
	}
	for _, file := range files {
		if file.Next != "" {
			fmt.Fprintf(out, "then: %s\n", file.Next)
		}
	}
	folder := ""
	if filepath.Clean(dir) != "." {
		folder = ", in " + filepath.Clean(dir)
	}
	_, err := fmt.Fprintf(out, "next: start the handler with a secret, and check it with the same one in another terminal%s\n  export HUBHOOK_SECRET=…; %s\n  export HUBHOOK_SECRET=…; hubhook check\n",
		folder, cmp.Or(found.Start, "./my-handler"))
	return err
}

func showFiles(out io.Writer, dir string, files []scaffold.File) error {
	for _, file := range files {
		if _, err := fmt.Fprintf(out, "# %s\n%s\n", filepath.Join(dir, file.Name),
			strings.TrimRight(file.Text, "\n")); err != nil {
			return err
		}
	}
	return nil
}
