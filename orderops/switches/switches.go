// Package switches decides whether an action is on for a caller: by action, site, channel and a stable share of customers,
// out of a file that is read again while the service runs. An action that is not on is off, or runs dry: its plan is told to
// the operators and nothing is changed.
package switches

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"slices"

	"go.yaml.in/yaml/v3"

	"github.com/somsim/somsim/orderops"
)

// Mode is what a switch says.
type Mode string

// The modes.
const (
	On     Mode = "on"
	Off    Mode = "off"
	DryRun Mode = "dry_run"
)

// Rule switches what it matches. Lists that are left out match everything.
type Rule struct {
	Actions  []orderops.Action `yaml:"actions" json:"actions,omitempty"`
	Sites    []string          `yaml:"sites" json:"sites,omitempty"`
	Channels []string          `yaml:"channels" json:"channels,omitempty"`
	// Percent is the share of customers that the rule matches, the same ones each time; nil matches all.
	Percent *float64 `yaml:"percent" json:"percent,omitempty"`
	Mode    Mode     `yaml:"mode" json:"mode"`
}

// Set is an ordered list of rules; the first that matches decides. What none matches is in the mode Default.
type Set struct {
	Rules   []Rule `yaml:"rules" json:"rules"`
	Default Mode   `yaml:"default" json:"default"`
}

// AllOn is the set of a service without a file.
func AllOn() Set { return Set{Default: On} }

// Use is an action that somebody wants.
type Use struct {
	Action  orderops.Action
	Site    string
	Channel string
	// Customer is a stable name of who wants it: a customer's id, or the order's number where there is none. It is hashed and
	// goes nowhere.
	Customer string
}

// Mode decides.
func (s Set) Mode(u Use) Mode {
	for _, r := range s.Rules {
		if r.matches(u) {
			return r.Mode
		}
	}
	return s.Default
}

func (r Rule) matches(u Use) bool {
	return (len(r.Actions) == 0 || slices.Contains(r.Actions, u.Action)) &&
		(len(r.Sites) == 0 || slices.Contains(r.Sites, u.Site)) &&
		(len(r.Channels) == 0 || slices.Contains(r.Channels, u.Channel)) &&
		(r.Percent == nil || share(u.Customer) < *r.Percent)
}

// share places a customer between 0 and 100, evenly and for good: raising a percentage only adds customers. It does not
// depend on the action, so that somebody who may cancel in the new way may return in the new way too.
func share(customer string) float64 {
	sum := sha256.Sum256([]byte("order-ops switches " + customer))
	return float64(binary.BigEndian.Uint64(sum[:8])>>11) / (1 << 53) * 100
}

// Parse reads a set and finds everything that is wrong with it.
func Parse(text []byte) (Set, error) {
	set := AllOn()
	decoder := yaml.NewDecoder(bytes.NewReader(text))
	decoder.KnownFields(true)
	if err := decoder.Decode(&set); err != nil && !errors.Is(err, io.EOF) {
		return Set{}, fmt.Errorf("read switches: %w", err)
	}
	var problems []error
	if !set.Default.known() {
		problems = append(problems, fmt.Errorf("default: %q is none of on, off, dry_run", set.Default))
	}
	for i, r := range set.Rules {
		if !r.Mode.known() {
			problems = append(problems, fmt.Errorf("rule %d: mode %q is none of on, off, dry_run", i+1, r.Mode))
		}
		if r.Percent != nil && (*r.Percent < 0 || *r.Percent > 100) {
			problems = append(problems, fmt.Errorf("rule %d: percent %v is not from 0 to 100", i+1, *r.Percent))
		}
		for _, action := range r.Actions {
			if !slices.Contains(Actions(), action) {
				problems = append(problems, fmt.Errorf("rule %d: there is no action %q", i+1, action))
			}
		}
	}
	return set, errors.Join(problems...)
}

// Actions are those that can be switched.
func Actions() []orderops.Action {
	return []orderops.Action{orderops.ActionCancel, orderops.ActionModify, orderops.ActionConfirm, orderops.ActionReturn}
}

func (m Mode) known() bool { return m == On || m == Off || m == DryRun }
