package returnby

import (
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestTheEndOfALocalDay(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name, anchor string
		days         int
		zone, want   string
	}{
		{"clocks go forward on the way", "2026-03-01T15:00:00Z", 14, "America/New_York", "2026-03-15T23:59:59.999-04:00"},
		{"clocks go back on the way", "2026-10-30T15:00:00Z", 14, "America/New_York", "2026-11-13T23:59:59.999-05:00"},
		{"late in the evening there, tomorrow in UTC", "2026-03-08T04:30:00Z", 14, "America/New_York", "2026-03-21T23:59:59.999-04:00"},
		{"early in the morning there, yesterday in UTC", "2026-06-30T23:30:00Z", 14, "Europe/Berlin", "2026-07-15T23:59:59.999+02:00"},
		{"the last day has 23 hours", "2026-03-15T12:00:00Z", 14, "Europe/Berlin", "2026-03-29T23:59:59.999+02:00"},
		{"the last day has 25 hours", "2026-10-11T12:00:00Z", 14, "Europe/Berlin", "2026-10-25T23:59:59.999+01:00"},
		{"the day after has no midnight", "2026-04-09T12:00:00Z", 14, "Africa/Cairo", "2026-04-23T23:59:59.999+02:00"},
		{"the day after has two midnights", "2026-10-17T12:00:00Z", 14, "America/Havana", "2026-10-31T23:59:59.999-04:00"},
		{"clocks go back at the end of the day", "2026-10-15T12:00:00Z", 14, "Africa/Cairo", "2026-10-29T23:59:59.999+02:00"},
		{"the day comes back after a minute of the next", "2010-10-24T12:00:00Z", 13, "America/St_Johns", "2010-11-06T23:59:59.999-03:30"},
		{"the last day was left out of the calendar", "2011-12-16T12:00:00Z", 14, "Pacific/Apia", "2011-12-29T23:59:59.999-10:00"},
		{"the same day", "2026-03-01T15:00:00Z", 0, "UTC", "2026-03-01T23:59:59.999Z"},
		{"over a leap day", "2028-02-20T12:00:00Z", 14, "UTC", "2028-03-05T23:59:59.999Z"},
		{"onto a leap day", "2024-02-15T12:00:00Z", 14, "UTC", "2024-02-29T23:59:59.999Z"},
		{"over the end of a February without one", "2026-02-15T12:00:00Z", 14, "UTC", "2026-03-01T23:59:59.999Z"},
		{"over the end of a month", "2026-01-31T12:00:00Z", 14, "UTC", "2026-02-14T23:59:59.999Z"},
		{"over the end of a year", "2026-12-24T12:00:00Z", 14, "UTC", "2027-01-07T23:59:59.999Z"},
		{"a zone of half an hour", "2026-03-01T18:45:00Z", 14, "Asia/Kolkata", "2026-03-16T23:59:59.999+05:30"},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			zone := zoneNamed(t, tc.zone)
			if got := DayOf(at(t, tc.anchor), zone).Add(tc.days).End(zone).Format(form); got != tc.want {
				t.Errorf("ends %s, want %s", got, tc.want)
			}
		})
	}
}

// Case 63: a time that clocks skip, and one that they show twice.
func TestATimeOfTheDay(t *testing.T) {
	t.Parallel()
	cases := []struct{ name, day, clock, zone, want string }{
		{"an ordinary one", "2026-06-01", "10h", "Europe/Berlin", "2026-06-01T10:00:00.000+02:00"},
		{"skipped in spring", "2026-03-29", "2h30m", "Europe/Berlin", "2026-03-29T03:00:00.000+02:00"},
		{"the last before the gap", "2026-03-29", "1h59m59.999s", "Europe/Berlin", "2026-03-29T01:59:59.999+01:00"},
		{"twice in autumn, the later one", "2026-10-25", "2h30m", "Europe/Berlin", "2026-10-25T02:30:00.000+01:00"},
		{"the first that is there once again", "2026-10-25", "3h", "Europe/Berlin", "2026-10-25T03:00:00.000+01:00"},
		{"skipped at midnight", "2026-04-24", "30m", "Africa/Cairo", "2026-04-24T01:00:00.000+03:00"},
		{"twice before midnight", "2026-10-29", "23h30m", "Africa/Cairo", "2026-10-29T23:30:00.000+02:00"},
		{"twice at midnight", "2026-11-01", "0s", "America/Havana", "2026-11-01T00:00:00.000-05:00"},
		{"half an hour skipped", "2026-10-04", "2h15m", "Australia/Lord_Howe", "2026-10-04T02:30:00.000+11:00"},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			day, err := ParseDay(tc.day)
			if err != nil {
				t.Fatal(err)
			}
			clock, err := time.ParseDuration(tc.clock)
			if err != nil {
				t.Fatal(err)
			}
			zone := zoneNamed(t, tc.zone)
			if got := day.At(clock, zone).Format(form); got != tc.want {
				t.Errorf("is %s, want %s", got, tc.want)
			}
		})
	}
}

func TestWhatIsNoDay(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"", "2026-02-29", "24.12.2026", "2026-12-24T00:00:00Z"} {
		if day, err := ParseDay(text); err == nil {
			t.Errorf("%q is taken for %s", text, day)
		}
	}
}

// zones have changes of clocks at all hours of the day, by an hour, by half of one, and none.
func zones() []string {
	return []string{
		"UTC", "Europe/Berlin", "Europe/London", "Atlantic/Azores", "America/New_York", "America/St_Johns", "America/Havana", "America/Santiago",
		"Asia/Kolkata", "Asia/Beirut", "Africa/Cairo", "Africa/Casablanca", "Australia/Lord_Howe", "Pacific/Auckland", "Pacific/Chatham", "Asia/Kathmandu",
	}
}

// The end of a window is what somebody finds who counts days on a calendar, one by one, and then looks at the clock every
// minute until it shows another day.
func TestEndsAreThoseOfANaiveCounter(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		zone := zoneNamed(r, rapid.SampledFrom(zones()).Draw(r, "zone"))
		first, last := time.Date(2005, 1, 1, 0, 0, 0, 0, time.UTC).Unix(), time.Date(2037, 1, 1, 0, 0, 0, 0, time.UTC).Unix()
		anchor := time.Unix(rapid.Int64Range(first, last).Draw(r, "anchor"), 0)
		days := rapid.IntRange(0, 60).Draw(r, "days")
		got, want := DayOf(anchor, zone).Add(days).End(zone), naive(anchor, days, zone)
		if !got.Equal(want) {
			r.Fatalf("%d days after %s: %s, the counter says %s", days, anchor.In(zone), got, want)
		}
	})
}

// naive turns the leaves of a calendar, and then watches a clock.
func naive(anchor time.Time, days int, zone *time.Location) time.Time {
	year, month, date := anchor.In(zone).Date()
	for range days {
		if date++; date > lengthOf(month, year) {
			date = 1
			if month++; month > 12 {
				month = 1
				year++
			}
		}
	}
	// 36 hours after the anchor's own clock time, days later by the hour, the day is over in any zone.
	minute := anchor.Add(time.Duration(days)*24*time.Hour + 36*time.Hour).Truncate(time.Minute)
	for {
		if y, m, d := minute.In(zone).Date(); y == year && m == month && d == date {
			return minute.Add(time.Minute - time.Millisecond)
		}
		minute = minute.Add(-time.Minute)
	}
}

func lengthOf(month time.Month, year int) int {
	lengths := [...]int{31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31}
	if month == time.February && (year%4 == 0 && year%100 != 0 || year%400 == 0) {
		return 29
	}
	return lengths[month-1]
}

// fataler is a test, or a check of one.
type fataler interface {
	Helper()
	Fatal(args ...any)
}

func zoneNamed(t fataler, name string) *time.Location {
	t.Helper()
	zone, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return zone
}
