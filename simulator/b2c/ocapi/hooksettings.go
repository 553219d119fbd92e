package ocapi

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/url"
	"slices"
	"time"

	"go.yaml.in/yaml/v3"

	"github.com/somsim/somsim/simulator/b2c"
)

// ErrHooks is behind every mistake in the settings of hooks.
var ErrHooks = errors.New("hooks")

// hooksFile is a list as the hooks.json of a cartridge has it, with addresses in the place of scripts.
type hooksFile struct {
	Timeout string     `yaml:"timeout" json:"timeout"`
	Secret  string     `yaml:"secret" json:"-"`
	Hooks   []hookLine `yaml:"hooks" json:"hooks"`
}

type hookLine struct {
	Name   string `yaml:"name" json:"name"`
	URL    string `yaml:"url" json:"url"`
	Secret string `yaml:"secret" json:"-"`
}

// DefaultHookTimeout is how long a hook may take when nothing is said, LongestHookTimeout how long at most.
const (
	DefaultHookTimeout = 10 * time.Second
	LongestHookTimeout = time.Minute
)

// ParseHooks reads hooks in YAML or JSON. Everything that is wrong comes back at once, one line each, with where it is; each
// is an [ErrHooks].
func ParseHooks(text []byte) (b2c.Hooks, error) {
	var file hooksFile
	decoder := yaml.NewDecoder(bytes.NewReader(text))
	decoder.KnownFields(true)
	if err := decoder.Decode(&file); err != nil && !errors.Is(err, io.EOF) {
		return b2c.Hooks{}, unreadable(ErrHooks, err)
	}
	check := &settingsCheck{of: ErrHooks}
	if file.Hooks == nil {
		check.wrong("there is no list named hooks")
	}
	out := b2c.Hooks{Timeout: DefaultHookTimeout}
	if file.Timeout != "" {
		var err error
		if out.Timeout, err = time.ParseDuration(file.Timeout); err != nil || out.Timeout <= 0 || out.Timeout > LongestHookTimeout {
			check.wrong("timeout %q is not like 500ms or 10s, above 0 and at most %s", file.Timeout, LongestHookTimeout)
		}
	}
	for i, line := range file.Hooks {
		out.Hooks = append(out.Hooks, line.hook(check.below("hooks[%d]", i), file.Secret))
	}
	return out, errors.Join(check.problems...)
}

func (l hookLine) hook(c *settingsCheck, secret string) b2c.Hook {
	if !slices.Contains(ExtensionPoints(), l.Name) {
		c.wrong("there is no extension point %q here; docs/hooks.md lists those that there are", l.Name)
	}
	if u, err := url.Parse(l.URL); err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" || u.User != nil {
		c.wrong("url is not like http://127.0.0.1:8702/order-ops/v1/hooks")
	}
	if l.Secret != "" {
		secret = l.Secret
	}
	return b2c.Hook{Name: l.Name, URL: l.URL, Secret: secret}
}

// RenderHooks writes hooks as [ParseHooks] reads them, without what calls are signed with.
func RenderHooks(h b2c.Hooks) (json.RawMessage, error) {
	file := hooksFile{Hooks: []hookLine{}}
	if len(h.Hooks) > 0 {
		file.Timeout = h.Timeout.String()
	} else {
		file.Timeout = DefaultHookTimeout.String()
	}
	for _, hook := range h.Hooks {
		file.Hooks = append(file.Hooks, hookLine{Name: hook.Name, URL: hook.URL})
	}
	text, err := json.Marshal(file)
	if err != nil {
		return nil, fmt.Errorf("render hooks: %w", err)
	}
	return text, nil
}
