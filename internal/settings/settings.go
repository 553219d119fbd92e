// Package settings resolves a program's configuration out of flags, the environment and a file, in that order of
// precedence, and reports every problem at once. Secrets are settings without a flag: a command line can be read by
// everybody on the machine.
package settings

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/spf13/pflag"
	"go.yaml.in/yaml/v3"
)

// Setting is one value that can be configured.
type Setting struct {
	// Name is the flag's and the file's name, with hyphens.
	Name     string
	Fallback string
	Usage    string
	// Alone is what the flag means without a value; empty means that it needs one.
	Alone string
	// Secret settings have no flag.
	Secret bool
	// Check returns why a value cannot be used; nil means that any can.
	Check func(value string) error
}

// Set is the settings of a program. Prefix is put before the upper-case name to make the environment's, as SOMSIM_.
type Set struct {
	Prefix string
	List   []Setting
}

// Flags adds a flag for every setting that is no secret.
func (s Set) Flags(flags *pflag.FlagSet) {
	for _, setting := range s.List {
		if !setting.Secret {
			flags.String(setting.Name, setting.Fallback, fmt.Sprintf("%s (%s)", setting.Usage, s.env(setting.Name)))
			flags.Lookup(setting.Name).NoOptDefVal = setting.Alone
		}
	}
}

// Secrets says where the settings without a flag come from, for a command's help.
func (s Set) Secrets() string {
	var names []string
	for _, setting := range s.List {
		if setting.Secret {
			names = append(names, s.env(setting.Name))
		}
	}
	return "Secrets come from the environment or the file: " + strings.Join(names, ", ")
}

// Values are resolved settings by name.
type Values map[string]string

// Resolve reads the settings. The file is YAML with the settings' names as keys; an empty path means none. The error
// joins one line for every problem, each naming the setting, where it came from and its value unless it is a secret.
func (s Set) Resolve(flags *pflag.FlagSet, lookup func(string) (string, bool), file string) (Values, error) {
	fromFile, problems := s.read(file)
	values := Values{}
	for _, setting := range s.List {
		value, origin := setting.Fallback, "the default"
		if v, ok := fromFile[setting.Name]; ok {
			value, origin = v, "the file "+file
		}
		if v, ok := lookup(s.env(setting.Name)); ok {
			value, origin = v, "the environment variable "+s.env(setting.Name)
		}
		if f := flags.Lookup(setting.Name); f != nil && f.Changed {
			value, origin = f.Value.String(), "the flag --"+setting.Name
		}
		values[setting.Name] = value
		if err := setting.check(value); err != nil {
			problems = append(problems, fmt.Errorf("%s: %w (from %s)", setting.Name, err, origin))
		}
	}
	return values, errors.Join(problems...)
}

func (s Set) env(name string) string {
	return s.Prefix + strings.ToUpper(strings.ReplaceAll(name, "-", "_"))
}

func (s Setting) check(value string) error {
	if s.Check == nil {
		return nil
	}
	return s.Check(value)
}

func (s Set) read(file string) (map[string]string, []error) {
	if file == "" {
		return nil, nil
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, []error{fmt.Errorf("config: %w", err)}
	}
	var raw map[string]yaml.Node
	if err := yaml.Unmarshal(text, &raw); err != nil {
		return nil, []error{fmt.Errorf("config: %s: %w", file, err)}
	}
	values := map[string]string{}
	var problems []error
	for name, node := range raw {
		if !slices.ContainsFunc(s.List, func(setting Setting) bool { return setting.Name == name }) {
			problems = append(problems, fmt.Errorf("config: %s line %d: there is no setting %q", file, node.Line, name))
			continue
		}
		if node.Kind != yaml.ScalarNode {
			problems = append(problems, fmt.Errorf("config: %s line %d: %s takes one value", file, node.Line, name))
			continue
		}
		values[name] = node.Value
	}
	return values, problems
}

// OneOf checks that a value is one of the given ones.
func OneOf(allowed ...string) func(string) error {
	return func(value string) error {
		if slices.Contains(allowed, value) {
			return nil
		}
		return fmt.Errorf("%q is none of %s", value, strings.Join(allowed, ", "))
	}
}
