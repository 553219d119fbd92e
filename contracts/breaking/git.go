package breaking

import (
	"archive/tar"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// DefaultBase is the ref that a branch is usually compared with: the one it
// came from, of the first main branch that there is. "" is none.
func DefaultBase(ctx context.Context) string {
	for _, ref := range []string{"origin/HEAD", "origin/main", "origin/master", "main", "master"} {
		if base, err := git(ctx, "merge-base", "HEAD", ref); err == nil {
			return strings.TrimSpace(string(base))
		}
	}
	return ""
}

// AtRef is a folder of the repository around the working directory as it was
// at a ref. The caller removes the copy.
func AtRef(ctx context.Context, ref, folder string) (fs.FS, func(), error) {
	if strings.HasPrefix(ref, "-") {
		return nil, nil, fmt.Errorf("%q is no git ref", ref)
	}
	top, err := git(ctx, "rev-parse", "--show-toplevel")
	if err != nil {
		return nil, nil, err
	}
	archive, err := git(ctx, "-C", strings.TrimSpace(string(top)), "archive", "--format=tar", ref, folder)
	if err != nil {
		return nil, nil, err
	}
	into, err := os.MkdirTemp("", "somsim-base-")
	if err != nil {
		return nil, nil, err
	}
	remove := func() { _ = os.RemoveAll(into) }
	if err := unpack(archive, into); err != nil {
		remove()
		return nil, nil, err
	}
	return os.DirFS(filepath.Join(into, folder)), remove, nil
}

func git(ctx context.Context, args ...string) ([]byte, error) {
	var out, problem bytes.Buffer
	command := exec.CommandContext(ctx, "git", args...)
	command.Stdout, command.Stderr = &out, &problem
	if err := command.Run(); err != nil {
		return nil, fmt.Errorf("git %s: %w: %s", args[0], err, strings.TrimSpace(problem.String()))
	}
	return out.Bytes(), nil
}

func unpack(archive []byte, into string) error {
	root, err := os.OpenRoot(into)
	if err != nil {
		return err
	}
	defer func() { _ = root.Close() }()
	files := tar.NewReader(bytes.NewReader(archive))
	for {
		header, err := files.Next()
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return err
		case header.Typeflag == tar.TypeDir:
			err = root.MkdirAll(filepath.Clean(header.Name), 0o700)
		case header.Typeflag == tar.TypeReg:
			var content []byte
			if content, err = io.ReadAll(files); err == nil {
				err = root.WriteFile(filepath.Clean(header.Name), content, 0o600)
			}
		}
		if err != nil {
			return err
		}
	}
}
