package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/spf13/cobra"
)

// resolve runs the configuration of serve without serving.
func resolveSettings(t *testing.T, args []string, env map[string]string) (string, error) {
	t.Helper()
	lookup := func(name string) (string, bool) { v, ok := env[name]; return v, ok }
	var listen string
	cmd := &cobra.Command{SilenceErrors: true, SilenceUsage: true, RunE: func(cmd *cobra.Command, _ []string) error {
		cfg, _, err := configure(cmd, lookup)
		listen = cfg.Listen
		return err
	}}
	addSettings(cmd, lookup)
	cmd.SetArgs(append([]string{"--db", filepath.Join(t.TempDir(), "x.db")}, args...))
	return listen, cmd.Execute()
}

func TestFlagBeatsEnvironmentBeatsFileBeatsDefault(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "orderops.yaml")
	if err := os.WriteFile(file, []byte("listen: file:1\nsimulator: http://s\nsimulator-control: http://c\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	simulation := []string{"--simulator", "http://s", "--simulator-control", "http://c"}
	cases := []struct {
		name string
		args []string
		env  map[string]string
		want string
	}{
		{"default", simulation, nil, "127.0.0.1:8702"},
		{"file", []string{"--config", file}, nil, "file:1"},
		{"file named by the environment", nil, map[string]string{"ORDEROPS_CONFIG": file}, "file:1"},
		{"environment", []string{"--config", file}, map[string]string{"ORDEROPS_LISTEN": "env:1"}, "env:1"},
		{"flag", []string{"--config", file, "--listen", "flag:1"}, map[string]string{"ORDEROPS_LISTEN": "env:1"}, "flag:1"},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			got, err := resolveSettings(t, tc.args, tc.env)
			if err != nil || got != tc.want {
				t.Errorf("got %q, %v, want %q", got, err, tc.want)
			}
		})
	}
}

// Every problem is told at once, one line each with key and value, a secret's value excepted, and the exit code is 2.
func TestEveryProblemAtOnce(t *testing.T) {
	t.Parallel()
	env := map[string]string{"ORDEROPS_SLOTS_KEY": "somsim", "ORDEROPS_SOM_URL": "ftp://x"}
	lookup := func(name string) (string, bool) { v, ok := env[name]; return v, ok }
	var stdout, stderr bytes.Buffer
	code := run(t.Context(), []string{"--log-format", "xml", "--remote-timeout", "soon", "--db", filepath.Join(t.TempDir(), "x.db")}, lookup, &stdout, &stderr)
	if code != exitRefused || stdout.Len() > 0 {
		t.Errorf("exit code %d, printed %q, want %d and nothing", code, stdout.String(), exitRefused)
	}
	for _, want := range []string{`som-url="ftp://x"`, `log-format: "xml"`, `remote-timeout: "soon"`, `slots-key="(hidden)"`, `worldline-secret=""`, "b2c-client-id"} {
		if n := strings.Count(stderr.String(), want); n != 1 {
			t.Errorf("%s is told %d times:\n%s", want, n, stderr.String())
		}
	}
}

func TestCommandLine(t *testing.T) {
	t.Parallel()
	none := func(string) (string, bool) { return "", false }
	cases := []struct {
		args []string
		code int
		out  string
	}{
		{[]string{"version"}, exitOK, "orderops dev"},
		{[]string{"--nope"}, exitRefused, ""},
		{[]string{"health", "--url", "http://127.0.0.1:1"}, exitFailed, ""},
		{[]string{"--help"}, exitOK, "simulator-control"},
	}
	for _, tc := range cases {
		var stdout, stderr bytes.Buffer
		if code := run(t.Context(), tc.args, none, &stdout, &stderr); code != tc.code || !strings.Contains(stdout.String(), tc.out) {
			t.Errorf("%v: exit code %d, %q %q", tc.args, code, stdout.String(), stderr.String())
		}
	}
}
