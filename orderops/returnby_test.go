package orderops

import (
	"testing"
	"time"
	_ "time/tzdata" // the test must not depend on the machine's zones
)

func TestReturnByIsTheEndOfALocalDay(t *testing.T) {
	t.Parallel()
	const form = "2006-01-02T15:04:05.000Z07:00"
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
		{"the same day", "2026-03-01T15:00:00Z", 0, "UTC", "2026-03-01T23:59:59.999Z"},
		{"over a leap day", "2028-02-20T12:00:00Z", 14, "UTC", "2028-03-05T23:59:59.999Z"},
		{"a zone of half an hour", "2026-03-01T18:45:00Z", 14, "Asia/Kolkata", "2026-03-16T23:59:59.999+05:30"},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			anchor, err := time.Parse(time.RFC3339, tc.anchor)
			if err != nil {
				t.Fatal(err)
			}
			got, err := ReturnBy(anchor, tc.days, tc.zone)
			if err != nil || got.Format(form) != tc.want {
				t.Errorf("return by %s %v, want %s", got.Format(form), err, tc.want)
			}
		})
	}
}

func TestReturnByWithoutAZoneOrBackwardsIsRefused(t *testing.T) {
	t.Parallel()
	for _, zone := range []string{"", "Local", "Atlantis/Capital"} {
		if _, err := ReturnBy(time.Unix(0, 0), 14, zone); err == nil {
			t.Errorf("zone %q is taken", zone)
		}
	}
	if _, err := ReturnBy(time.Unix(0, 0), -1, "UTC"); err == nil {
		t.Error("minus one day is taken")
	}
}
