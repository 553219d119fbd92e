package warehouse

import (
	"testing"
	"time"
)

func TestTheDefaultsAreInOrder(t *testing.T) {
	t.Parallel()
	if err := Defaults().Check(); err != nil {
		t.Error(err)
	}
}

func TestWorkWaitsForOpeningHours(t *testing.T) {
	t.Parallel()
	berlin := &Hours{From: 9 * time.Hour, Until: 17*time.Hour + 30*time.Minute, Days: []time.Weekday{time.Monday, time.Friday}, Zone: "Europe/Berlin"}
	saturday := &Hours{From: 0, Until: 24 * time.Hour, Days: []time.Weekday{time.Saturday}, Zone: "UTC"}
	cases := []struct {
		name     string
		hours    *Hours
		at, want string
	}{
		{"around the clock", nil, "2026-06-02T03:00:00Z", "2026-06-02T03:00:00Z"},
		{"while it is open", berlin, "2026-06-01T10:00:00Z", "2026-06-01T10:00:00Z"},
		{"at the first instant", berlin, "2026-06-01T07:00:00Z", "2026-06-01T07:00:00Z"},
		{"in the morning", berlin, "2026-06-01T05:00:00Z", "2026-06-01T07:00:00Z"},
		{"at the last instant", berlin, "2026-06-01T15:30:00Z", "2026-06-05T07:00:00Z"},
		{"on a day off", berlin, "2026-06-03T10:00:00Z", "2026-06-05T07:00:00Z"},
		{"over the weekend", berlin, "2026-06-05T16:00:00Z", "2026-06-08T07:00:00Z"},
		{"in winter", berlin, "2026-12-01T10:00:00Z", "2026-12-04T08:00:00Z"},
		{"when the clocks change", berlin, "2026-03-28T10:00:00Z", "2026-03-30T07:00:00Z"},
		{"a week later", saturday, "2026-06-07T00:00:00Z", "2026-06-13T00:00:00Z"},
		{"all day long", saturday, "2026-06-06T23:59:59Z", "2026-06-06T23:59:59Z"},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			at, err := time.Parse(time.RFC3339, tc.at)
			if err != nil {
				t.Fatal(err)
			}
			s := Defaults()
			s.Hours = tc.hours
			got, err := s.open(at)
			if err != nil || got.Format(time.RFC3339) != tc.want {
				t.Errorf("it opens at %s, %v", got.Format(time.RFC3339), err)
			}
		})
	}
}

func TestTasksAreDueTogether(t *testing.T) {
	t.Parallel()
	for took, want := range map[time.Duration]string{
		time.Second: "12:33:22", 10 * time.Minute: "12:34:00", time.Hour: "12:35:00",
	} {
		at := time.Date(2026, 6, 1, 12, 33, 21, 1, time.UTC)
		if got := together(at, took).Format(time.TimeOnly); got != want {
			t.Errorf("after %s it is due at %s, want %s", took, got, want)
		}
	}
	if full := time.Date(2026, 6, 1, 12, 35, 0, 0, time.UTC); !together(full, time.Hour).Equal(full) {
		t.Error("a full time is moved")
	}
}

func TestChanceStretchesDurations(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name  string
		takes time.Duration
		by    float64
		want  time.Duration
	}{
		{"at least three quarters", 20 * time.Minute, 0, 15 * time.Minute},
		{"at most five quarters", 20 * time.Minute, 0.999999, 24*time.Minute + 59*time.Second},
		{"in whole seconds", 10 * time.Second, 0.52, 10 * time.Second},
		{"never nothing", time.Second, 0, time.Second},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			if got := stretched(tc.takes, tc.by); got != tc.want {
				t.Errorf("it takes %s, want %s", got, tc.want)
			}
		})
	}
}
