package returnby

import (
	"fmt"
	"time"
)

// Day is a day of the calendar, wherever it is.
type Day struct {
	Year  int
	Month time.Month
	Date  int
}

// DayOf is the day that an instant falls on in a zone.
func DayOf(t time.Time, zone *time.Location) Day {
	year, month, date := t.In(zone).Date()
	return Day{year, month, date}
}

// ParseDay reads a day like 2026-12-24.
func ParseDay(text string) (Day, error) {
	t, err := time.Parse(time.DateOnly, text)
	if err != nil {
		return Day{}, fmt.Errorf("%q is not a day like 2026-12-24", text)
	}
	return DayOf(t, time.UTC), nil
}

// String writes the day as ParseDay reads it.
func (d Day) String() string { return d.noon().Format(time.DateOnly) }

// IsZero says that no day was given.
func (d Day) IsZero() bool { return d == Day{} }

// Add is the day that comes n calendar days later.
func (d Day) Add(n int) Day { return DayOf(d.noon().AddDate(0, 0, n), time.UTC) }

// After says that the day comes later than another.
func (d Day) After(other Day) bool { return d.noon().After(other.noon()) }

// Weekday is the day of the week.
func (d Day) Weekday() time.Weekday { return d.noon().Weekday() }

// noon is a time on the day in UTC, where every day has 24 hours.
func (d Day) noon() time.Time { return time.Date(d.Year, d.Month, d.Date, 12, 0, 0, 0, time.UTC) }

// End is the last millisecond that clocks in a zone show as the day, also where they are turned back over midnight. A day
// that was left out of the calendar ends where it would have begun.
func (d Day) End(zone *time.Location) time.Time {
	t := d.At(24*time.Hour-time.Millisecond, zone)
	if DayOf(t, zone) == d {
		return t
	}
	return t.Add(-time.Millisecond) // clocks went forward over midnight
}

// At is the instant at which clocks in a zone show a time of the day. Where they skip it, the first instant after the
// gap; where they show it twice, the later one, which is in the customer's favour.
func (d Day) At(clock time.Duration, zone *time.Location) time.Time {
	t := time.Date(d.Year, d.Month, d.Date, 0, 0, 0, int(clock), zone)
	start, end := t.ZoneBounds()
	if on := DayOf(t, zone); on != d || shown(t) != clock { // skipped: t lies on one side of the change or the other
		if on.After(d) || on == d && shown(t) > clock {
			return start
		}
		return end
	}
	for _, change := range []time.Time{start, end} {
		if other, twice := otherReading(t, change); twice && other.After(t) {
			return other
		}
	}
	return t
}

// otherReading is the other instant at which clocks show what they show at t, where a change of clocks turns them back
// over it.
func otherReading(t, change time.Time) (time.Time, bool) {
	if change.IsZero() {
		return time.Time{}, false
	}
	_, after := change.Zone()
	_, before := change.Add(-time.Nanosecond).Zone()
	back := time.Duration(before-after) * time.Second
	if back <= 0 {
		return time.Time{}, false
	}
	other := t.Add(back)
	if !t.Before(change) {
		other = t.Add(-back)
	}
	same := shown(other) == shown(t) && DayOf(other, t.Location()) == DayOf(t, t.Location())
	return other, same && other.Before(change) != t.Before(change)
}

// shown is what clocks show at an instant, since midnight.
func shown(t time.Time) time.Duration {
	return time.Duration(t.Hour())*time.Hour + time.Duration(t.Minute())*time.Minute +
		time.Duration(t.Second())*time.Second + time.Duration(t.Nanosecond())
}
