package warehouse

import (
	"errors"
	"fmt"
	"slices"
	"time"
)

// Settings are how the warehouse of a sandbox works. Durations are of the sandbox's clock; chance makes each between
// three and five quarters as long.
type Settings struct {
	// On is false for a warehouse that stands still.
	On bool
	// Allocate is from the order to its fulfillment orders, Assign until somebody picks, Pick and Pack until that is done.
	Allocate, Assign, Pick, Pack time.Duration
	// Ship is until the carrier takes a parcel, Deliver from there to the shopper's door.
	Ship, Deliver time.Duration
	// Collect is how long goods wait in a store until the shopper comes.
	Collect time.Duration
	// Backorder is until units are allocated again that were not there, or nowhere to be had.
	Backorder time.Duration
	// ShortPicked is the percentage of fulfillment orders of which a unit is not there when it is picked, Backordered that
	// of orders which are never allocated.
	ShortPicked, Backordered int
	// HoldStatuses are the statuses of an OrderSummary under which its goods do not move.
	HoldStatuses []string
	// Hours are when people work; nil means around the clock.
	Hours *Hours
}

// Hours are when a warehouse and its stores are open. Systems allocate and carriers deliver at any time.
type Hours struct {
	// From and Until are times of the day; Until is later.
	From, Until time.Duration
	// Days are the days of the week on which it is open.
	Days []time.Weekday
	// Zone is the time zone of all of it, such as America/New_York.
	Zone string
}

// Defaults are the settings of a warehouse that is switched on without more: the day's orders leave on the same day and
// arrive on the next but one.
func Defaults() Settings {
	return Settings{
		On: true, Allocate: 30 * time.Minute, Assign: 30 * time.Minute, Pick: 2 * time.Hour, Pack: time.Hour, Ship: 3 * time.Hour,
		Deliver: 36 * time.Hour, Collect: 20 * time.Hour, Backorder: 24 * time.Hour, ShortPicked: 5, Backordered: 3,
		HoldStatuses: []string{"On Hold"},
	}
}

// The bounds of a duration.
const (
	shortest = time.Second
	longest  = 90 * 24 * time.Hour
)

// Check returns every mistake in the settings at once.
func (s Settings) Check() error {
	var problems []error
	for _, d := range s.durations() {
		if d.value < shortest || d.value > longest {
			problems = append(problems, fmt.Errorf("%s: %s is not between %s and %s", d.name, d.value, shortest, longest))
		}
	}
	for name, share := range map[string]int{"short_picked": s.ShortPicked, "backordered": s.Backordered} {
		if share < 0 || share > 100 {
			problems = append(problems, fmt.Errorf("%s: %d is no percentage", name, share))
		}
	}
	if s.Hours != nil {
		problems = append(problems, s.Hours.check())
	}
	return errors.Join(problems...)
}

type namedDuration struct {
	name  string
	value time.Duration
}

func (s Settings) durations() []namedDuration {
	return []namedDuration{
		{"allocate", s.Allocate},
		{"assign", s.Assign},
		{"pick", s.Pick},
		{"pack", s.Pack},
		{"ship", s.Ship},
		{"deliver", s.Deliver},
		{"collect", s.Collect},
		{"backorder", s.Backorder},
	}
}

func (h Hours) check() error {
	_, err := time.LoadLocation(h.Zone)
	switch {
	case err != nil || h.Zone == "":
		return fmt.Errorf("hours: there is no time zone %q", h.Zone)
	case h.From < 0 || h.Until > 24*time.Hour || h.From >= h.Until:
		return errors.New("hours: they do not begin before they end, within a day")
	case len(h.Days) == 0:
		return errors.New("hours: it is open on no day")
	}
	return nil
}

func (s Settings) clone() Settings {
	s.HoldStatuses = slices.Clone(s.HoldStatuses)
	if s.Hours != nil {
		hours := *s.Hours
		hours.Days = slices.Clone(hours.Days)
		s.Hours = &hours
	}
	return s
}

// open is the first instant from t on at which people work.
func (s Settings) open(t time.Time) (time.Time, error) {
	if s.Hours == nil {
		return t, nil
	}
	zone, err := time.LoadLocation(s.Hours.Zone)
	if err != nil {
		return t, fmt.Errorf("opening hours: %w", err)
	}
	local := t.In(zone)
	for day := range 8 {
		at := func(d time.Duration) time.Time {
			return time.Date(local.Year(), local.Month(), local.Day()+day, 0, 0, int(d/time.Second), 0, zone)
		}
		from, until := at(s.Hours.From), at(s.Hours.Until)
		switch {
		case !slices.Contains(s.Hours.Days, from.Weekday()) || !local.Before(until):
		case local.Before(from):
			return from.UTC(), nil
		default:
			return t, nil
		}
	}
	return t, fmt.Errorf("opening hours: it is open on none of %v", s.Hours.Days)
}
