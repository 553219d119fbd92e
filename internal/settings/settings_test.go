package settings_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/spf13/pflag"

	"github.com/somsim/somsim/internal/settings"
)

func set() settings.Set {
	return settings.Set{Prefix: "TEST_", List: []settings.Setting{
		{Name: "listen", Fallback: "here", Check: func(v string) error {
			if v == "nowhere" {
				return errors.New("cannot listen nowhere")
			}
			return nil
		}},
		{Name: "log-format", Fallback: "text", Check: settings.OneOf("text", "json")},
		{Name: "token", Secret: true},
		{Name: "moving", Fallback: "off", Alone: "on", Check: settings.OneOf("on", "off")},
	}}
}

func TestResolve(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name  string
		file  string
		env   map[string]string
		flags []string
		want  settings.Values
		// problems are texts the error has to hold, one line each.
		problems []string
	}{
		{"defaults", "", nil, nil, settings.Values{"listen": "here", "log-format": "text", "token": "", "moving": "off"}, nil},
		{"the file beats defaults", "listen: file\ntoken: s3cret", nil, nil, settings.Values{"listen": "file", "log-format": "text", "token": "s3cret", "moving": "off"}, nil},
		{
			"the environment beats the file", "listen: file",
			map[string]string{"TEST_LISTEN": "env", "TEST_LOG_FORMAT": "json"},
			nil,
			settings.Values{"listen": "env", "log-format": "json", "token": "", "moving": "off"},
			nil,
		},
		{
			"flags beat the environment", "listen: file",
			map[string]string{"TEST_LISTEN": "env"},
			[]string{"--listen=flag"},
			settings.Values{"listen": "flag", "log-format": "text", "token": "", "moving": "off"},
			nil,
		},
		{
			"a flag that stands alone", "", nil,
			[]string{"--moving", "--listen=flag"},
			settings.Values{"listen": "flag", "log-format": "text", "token": "", "moving": "on"},
			nil,
		},
		{
			"every problem at once", "lisen: x\nlog-format: [a]",
			map[string]string{"TEST_LISTEN": "nowhere"},
			[]string{"--log-format=xml"},
			nil,
			[]string{
				`line 1: there is no setting "lisen"`, "line 2: log-format takes one value",
				"listen: cannot listen nowhere (from the environment variable TEST_LISTEN)",
				`log-format: "xml" is none of text, json (from the flag --log-format)`,
			},
		},
		{"a file that is no YAML", "a: [", nil, nil, nil, []string{"config: "}},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			path := ""
			if tc.file != "" {
				path = filepath.Join(t.TempDir(), "config.yaml")
				if err := os.WriteFile(path, []byte(tc.file), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			flags := pflag.NewFlagSet("test", pflag.ContinueOnError)
			set().Flags(flags)
			if err := flags.Parse(tc.flags); err != nil {
				t.Fatal(err)
			}
			lookup := func(name string) (string, bool) { v, ok := tc.env[name]; return v, ok }
			got, err := set().Resolve(flags, lookup, path)
			if (err != nil) != (tc.problems != nil) {
				t.Fatalf("got %v", err)
			}
			if err == nil {
				if diff := cmp.Diff(tc.want, got); diff != "" {
					t.Error(diff)
				}
				return
			}
			for _, text := range tc.problems {
				if !strings.Contains(err.Error(), text) {
					t.Errorf("%q is missing in:\n%v", text, err)
				}
			}
		})
	}
}

func TestSecretsHaveNoFlag(t *testing.T) {
	t.Parallel()
	flags := pflag.NewFlagSet("test", pflag.ContinueOnError)
	set().Flags(flags)
	if flags.Lookup("token") != nil {
		t.Error("a secret can be given on the command line")
	}
}

func TestAMissingFileIsNamed(t *testing.T) {
	t.Parallel()
	flags := pflag.NewFlagSet("test", pflag.ContinueOnError)
	_, err := set().Resolve(flags, func(string) (string, bool) { return "", false }, "/does/not/exist.yaml")
	if err == nil || !strings.Contains(err.Error(), "/does/not/exist.yaml") {
		t.Errorf("got %v", err)
	}
}
