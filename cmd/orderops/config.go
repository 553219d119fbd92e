package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sort"
	"strings"

	"github.com/spf13/pflag"
	"go.yaml.in/yaml/v3"

	"github.com/somsim/somsim/orderops/service"
)

// settingsError is everything that is wrong with the settings, one line each naming key and value.
type settingsError struct{ lines []string }

func (e *settingsError) Error() string { return strings.Join(e.lines, "\n") }

// configure fills the configuration: a flag beats the environment, the environment the file, the file the default. It
// reports every problem at once.
func configure(flags *pflag.FlagSet, env lookup) (service.Config, string, error) {
	var lines []string
	file, err := readFile(flags, env)
	if err != nil {
		lines = append(lines, err.Error())
	}
	v := values{cfg: service.Defaults(), logFormat: "text"}
	v.cfg.Database = defaultDatabase(env)
	for _, s := range settings() {
		value, found := find(s, flags, env, file)
		delete(file.settings, s.name)
		if !found {
			continue
		}
		if err := s.apply(&v, value); err != nil {
			lines = append(lines, fmt.Sprintf("%s=%q: %s", s.name, hide(s, value), err))
		}
	}
	for name, reason := range file.reasons {
		v.cfg.Cancel.Reasons[name] = reason
	}
	for _, name := range sortedNames(file.settings) {
		lines = append(lines, fmt.Sprintf("%s=%q: is not a setting", name, file.settings[name]))
	}
	if v.simulator != "" {
		v.cfg = withSimulator(v.cfg, v.simulator)
	}
	if v.cfg.SimulatorControl != "" {
		v.cfg.WellKnown()
	}
	for _, p := range v.cfg.Problems() {
		lines = append(lines, fmt.Sprintf("%s=%q: %s", p.Key, p.Value, p.Why))
	}
	if len(lines) > 0 {
		sort.Strings(lines)
		return v.cfg, v.logFormat, &settingsError{lines}
	}
	return v.cfg, v.logFormat, makeFolder(v.cfg.Database)
}

// find takes a setting from the first place that has it.
func find(s setting, flags *pflag.FlagSet, env lookup, file fileSettings) (string, bool) {
	if flag := flags.Lookup(s.name); flag != nil && flag.Changed {
		return flag.Value.String(), true
	}
	if value, ok := env("ORDEROPS_" + strings.ToUpper(strings.ReplaceAll(s.name, "-", "_"))); ok {
		return value, true
	}
	value, ok := file.settings[s.name]
	return value, ok
}

// hide keeps a secret out of a message.
func hide(s setting, value string) string {
	if s.secret {
		return "(hidden)"
	}
	return value
}

func withSimulator(cfg service.Config, simulator string) service.Config {
	for _, target := range []*string{&cfg.SOMURL, &cfg.B2CURL, &cfg.SlotsURL, &cfg.WorldlineURL} {
		if *target == "" {
			*target = simulator
		}
	}
	return cfg
}

// fileSettings is the content of a settings file: settings by name and, under `reasons`, reason codes of our own with the
// SOM picklist value that each stands for.
type fileSettings struct {
	settings map[string]string
	reasons  map[string]string
}

func readFile(flags *pflag.FlagSet, env lookup) (fileSettings, error) {
	path, ok := "", false
	if flag := flags.Lookup("config"); flag != nil && flag.Changed {
		path, ok = flag.Value.String(), true
	} else {
		path, ok = env("ORDEROPS_CONFIG")
	}
	out := fileSettings{settings: map[string]string{}}
	if !ok || path == "" {
		return out, nil
	}
	file, err := os.Open(path)
	if err != nil {
		return out, fmt.Errorf("config=%q: %w", path, err)
	}
	defer func() { _ = file.Close() }()
	var content struct {
		Reasons  map[string]string `yaml:"reasons"`
		Settings map[string]string `yaml:",inline"`
	}
	if err := yaml.NewDecoder(file).Decode(&content); err != nil && !errors.Is(err, io.EOF) {
		return out, fmt.Errorf("config=%q: %w", path, err)
	}
	for name, value := range content.Settings {
		out.settings[name] = value
	}
	out.reasons = content.Reasons
	return out, nil
}

func sortedNames(m map[string]string) []string {
	names := make([]string, 0, len(m))
	for name := range m {
		names = append(names, name)
	}
	sort.Strings(names)
	return names
}

// makeFolder makes sure that the database has a folder to be in.
func makeFolder(path string) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return fmt.Errorf("make folder of database %s: %w", path, err)
	}
	return nil
}
