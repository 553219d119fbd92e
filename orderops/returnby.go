package orderops

import (
	"fmt"
	"time"
)

// ReturnBy is the last instant at which something may be given back: the last millisecond of the calendar day that lies
// days after the anchor's, both in the named zone. Days are counted on the calendar there: adding days of 24 hours would
// miss by an hour whenever clocks change in between. The anchor is when the goods arrived, were collected or were ordered;
// the answer is in the zone. The error names a zone that does not exist.
func ReturnBy(anchor time.Time, days int, zone string) (time.Time, error) {
	if days < 0 {
		return time.Time{}, fmt.Errorf("return within %d days", days)
	}
	local, err := time.LoadLocation(zone)
	if err != nil || zone == "" || zone == "Local" {
		return time.Time{}, fmt.Errorf("time zone %q is not known", zone)
	}
	from := anchor.In(local)
	return firstInstant(from.Year(), from.Month(), from.Day()+days+1, local).Add(-time.Millisecond), nil
}

// firstInstant is when a calendar day begins. Where clocks go forward at midnight there is no midnight, and where they go
// back over it there are two, of which the first counts.
func firstInstant(year int, month time.Month, day int, zone *time.Location) time.Time {
	wanted := time.Date(year, month, day, 12, 0, 0, 0, zone).Day()
	t := time.Date(year, month, day, 0, 0, 0, 0, zone)
	start, end := t.ZoneBounds()
	switch {
	case t.Day() != wanted: // an hour of the day before: the day begins where the zone's offset changes
		return end
	case t.Hour() != 0 || t.Minute() != 0:
		return start
	}
	if !start.Equal(t) {
		return t
	}
	_, now := t.Zone()
	_, before := t.Add(-time.Millisecond).Zone()
	if earlier := t.Add(time.Duration(now-before) * time.Second); earlier.Day() == wanted {
		return earlier
	}
	return t
}
