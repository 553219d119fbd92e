package returnby

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"
)

// What applies where the file says nothing.
const (
	DefaultDays        = 14
	DefaultTransitDays = 5
	defaultID          = "default"
)

// file is a file of policies as it is written.
type file struct {
	// TimeZone is that of sites without one of their own; UTC when it is left out.
	TimeZone      string              `yaml:"time_zone"`
	SiteTimeZones map[string]string   `yaml:"site_time_zones"`
	TransitDays   *int                `yaml:"transit_days"`
	WorkingDays   workingDays         `yaml:"working_days"`
	Categories    map[string][]string `yaml:"categories"`
	Policies      []Policy            `yaml:"policies"`
}

type workingDays struct {
	Weekend  []string `yaml:"weekend"`
	Holidays []Day    `yaml:"holidays"`
}

// Default are the policies without a file: fourteen days from the arrival, in UTC.
func Default() *Policies {
	return &Policies{
		zone: time.UTC, list: []Policy{fallback(DefaultTransitDays)}, weekend: map[time.Weekday]bool{time.Saturday: true, time.Sunday: true},
	}
}

// Parse reads a file of policies. The error joins one line for every problem. A policy `default` that applies to every
// line is added behind those of the file.
func Parse(raw []byte) (*Policies, error) {
	var f file
	decoder := yaml.NewDecoder(bytes.NewReader(raw))
	decoder.KnownFields(true)
	if err := decoder.Decode(&f); err != nil && !errors.Is(err, io.EOF) {
		return nil, badYAML(err)
	}
	c := &checker{}
	p := &Policies{
		zone: c.zone("time_zone", f.TimeZone, time.UTC), siteZones: map[string]*time.Location{}, categories: f.Categories,
		weekend: map[time.Weekday]bool{}, holidays: map[Day]bool{},
	}
	for site, name := range f.SiteTimeZones {
		p.siteZones[site] = c.zone("site_time_zones: "+site, name, nil)
	}
	c.workingDays(p, f.WorkingDays)
	transit := DefaultTransitDays
	if f.TransitDays != nil {
		transit = *f.TransitDays
	}
	if transit < 0 {
		c.problem("transit_days", "must not be below zero")
	}
	for i := range f.Policies {
		f.Policies[i].fill(transit)
		c.policy(&f.Policies[i], i)
	}
	c.versions(f.Policies)
	if len(c.problems) > 0 {
		slices.Sort(c.problems)
		return nil, errors.New(strings.Join(c.problems, "\n"))
	}
	p.list = append(f.Policies, fallback(transit))
	return p, nil
}

// badYAML takes a decoder's error apart into lines.
func badYAML(err error) error {
	var types *yaml.TypeError
	if errors.As(err, &types) {
		return errors.New(strings.Join(types.Errors, "\n"))
	}
	return err
}

func fallback(transit int) Policy {
	p := Policy{ID: defaultID, Version: 1}
	p.fill(transit)
	return p
}

// fill puts what was left out in.
func (p *Policy) fill(transit int) {
	if p.Days == nil {
		days := DefaultDays
		p.Days = &days
	}
	if p.TransitDays == nil {
		p.TransitDays = &transit
	}
	set(&p.Anchor, Delivered)
	set(&p.TimeZone, Store)
	set(&p.PerItemAnchor, LastDelivery)
	set(&p.HolidayShift, NoShift)
	for i := range p.Overrides {
		set(&p.Overrides[i].Of, OfAnchor)
	}
}

func set[T comparable](field *T, fallback T) {
	var none T
	if *field == none {
		*field = fallback
	}
}

// Encode writes a policy down, for Decode.
func (p Policy) Encode() (string, error) {
	raw, err := yaml.Marshal(p)
	return string(raw), err
}

// Decode reads a policy that Encode wrote down, perhaps by an older release.
func Decode(text string) (Policy, error) {
	var p Policy
	if err := yaml.Unmarshal([]byte(text), &p); err != nil {
		return p, fmt.Errorf("read a captured return policy: %w", err)
	}
	p.fill(DefaultTransitDays)
	c := &checker{}
	if c.policy(&p, 0); len(c.problems) > 0 {
		return p, fmt.Errorf("read a captured return policy: %s", strings.Join(c.problems, "; "))
	}
	return p, nil
}

// UnmarshalYAML reads a day, quoted or not.
func (d *Day) UnmarshalYAML(node *yaml.Node) error {
	day, err := ParseDay(node.Value)
	if err != nil {
		return fmt.Errorf("line %d: %w", node.Line, err)
	}
	*d = day
	return nil
}

// MarshalYAML writes a day.
func (d Day) MarshalYAML() (any, error) { return d.String(), nil }
