package slots

import (
	"fmt"
	"time"

	"github.com/somsim/somsim/simulator/sandbox"
)

// Window is a slot as a location's opening hours tell it: a day and times of the clock on its wall.
type Window struct {
	Slot
	Year  int
	Month time.Month
	Day   int
	// From and Until are times of that day; Cutoff is one too, of a day before when it is negative. Zero means the start.
	From, Until, Cutoff time.Duration
}

// AddWindow stores the slot that a window is in its location's time zone. Where clocks are put forward, a time that there
// is not that day is the first instant after; where they are put back, a window begins with the first and ends with the
// second of two equal times. So does the cut-off.
func (s *Slots) AddWindow(tx *sandbox.Tx, w Window) (Slot, error) {
	location, ok := s.locations.Get(tx.Tx, w.LocationID)
	if !ok {
		return Slot{}, fmt.Errorf("add window: there is no location %q", w.LocationID)
	}
	zone, err := time.LoadLocation(location.TimeZone)
	if err != nil {
		return Slot{}, fmt.Errorf("add window at %s: %w", w.LocationID, err)
	}
	slot := w.Slot
	slot.Start, _ = w.at(w.From, zone)
	_, slot.End = w.at(w.Until, zone)
	if w.Cutoff != 0 {
		_, slot.CutoffAt = w.at(w.Cutoff, zone)
	}
	return s.AddSlot(tx, slot)
}

// at returns the instants at which the clock on the wall shows a time: one, or two where it is put back.
func (w Window) at(clock time.Duration, zone *time.Location) (first, last time.Time) {
	wall := time.Date(w.Year, w.Month, w.Day, 0, 0, 0, 0, time.UTC).Add(clock)
	before := wall.Add(-offset(wall.Add(-24*time.Hour), zone))
	after := wall.Add(-offset(wall.Add(24*time.Hour), zone))
	shows := func(t time.Time) bool { return t.Add(offset(t, zone)).Equal(wall) }
	switch {
	case shows(before) && shows(after):
		return before, after
	case shows(before):
		return before, before
	case shows(after):
		return after, after
	default: // the time was leapt over
		begin, _ := before.In(zone).ZoneBounds()
		return begin.UTC(), begin.UTC()
	}
}

// offset is how far a zone is ahead of UTC at an instant.
func offset(t time.Time, zone *time.Location) time.Duration {
	_, seconds := t.In(zone).Zone()
	return time.Duration(seconds) * time.Second
}
