package returnby

import (
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"pgregory.net/rapid"
)

// Cases 66 to 68: from when days are counted.
func TestFromWhenDaysAreCounted(t *testing.T) {
	t.Parallel()
	day := func(n int) time.Time { return time.Date(2026, time.June, n, 12, 0, 0, 0, time.UTC) }
	never := time.Time{}
	cases := []struct {
		name, policy string
		fulfilment   Fulfilment
		parcels      []Parcel
		captured     *Captured
		anchor       Anchor
		want         time.Time
		provisional  bool
	}{
		{"one parcel", "", Delivery, []Parcel{{day(2), day(4)}}, nil, Delivered, day(4), false},
		{"still under way, five days are assumed", "", Delivery, []Parcel{{day(2), never}}, nil, Delivered, day(7), true},
		{"still under way, by another assumption", "transit_days: 2", Delivery, []Parcel{{day(2), never}}, nil, Delivered, day(4), true},
		{"not sent", "", Delivery, nil, nil, Delivered, never, false},
		{"the last of two parcels", "", Delivery, []Parcel{{day(2), day(6)}, {day(3), day(4)}}, nil, Delivered, day(6), false},
		{"the first of two parcels", "per_item_anchor: first_delivery", Delivery, []Parcel{{day(2), day(6)}, {day(3), day(4)}}, nil, Delivered, day(4), false},
		{"the last is still under way", "", Delivery, []Parcel{{day(2), day(4)}, {day(3), never}}, nil, Delivered, day(8), true},
		{"the last has not even left", "", Delivery, []Parcel{{never, never}, {day(3), day(4)}}, nil, Delivered, day(4), true},
		{"the first is there, the last under way", "per_item_anchor: first_delivery", Delivery, []Parcel{{day(3), never}, {day(2), day(4)}}, nil, Delivered, day(4), false},
		{"collected", "", Pickup, []Parcel{{day(5), day(5)}}, nil, Collected, day(5), false},
		{"ready in the store", "", Pickup, nil, nil, Collected, never, false},
		{"the shipment", "anchor: shipped", Delivery, []Parcel{{day(2), day(4)}}, nil, Shipped, day(2), false},
		{"a correction backwards", "", Delivery, []Parcel{{day(2), day(3)}}, &Captured{AnchorAt: day(4)}, Delivered, day(4), false},
		{"a correction forwards", "", Delivery, []Parcel{{day(2), day(6)}}, &Captured{AnchorAt: day(4)}, Delivered, day(6), false},
		{"a date that was taken back", "", Delivery, nil, &Captured{AnchorAt: day(4)}, Delivered, day(4), false},
		{"arrived sooner than assumed", "", Delivery, []Parcel{{day(2), day(4)}}, &Captured{AnchorAt: day(7), Provisional: true}, Delivered, day(7), false},
		{"arrived later than assumed", "", Delivery, []Parcel{{day(2), day(9)}}, &Captured{AnchorAt: day(7), Provisional: true}, Delivered, day(9), false},
		{"assumed as before", "", Delivery, []Parcel{{day(2), never}}, &Captured{AnchorAt: day(7), Provisional: true}, Delivered, day(7), true},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			p := policies(t, "policies: [{id: shop, version: 1, "+tc.policy+"}]")
			line := Line{Fulfilment: tc.fulfilment, OrderedAt: day(1), Parcels: tc.parcels, Available: decimal.New(1, 0)}
			if tc.captured != nil {
				tc.captured.Policy = *p.choose(line)
				line.Captured = tc.captured
			}
			d := p.Decide(line, day(10))
			if d.Anchor != tc.anchor || !d.AnchorAt.Equal(tc.want) || d.Provisional != tc.provisional {
				t.Errorf("counted from %s at %s, provisional %t; want %s at %s, %t", d.Anchor, d.AnchorAt, d.Provisional, tc.anchor, tc.want, tc.provisional)
			}
			if d.By.IsZero() != tc.want.IsZero() || !d.Returnable {
				t.Errorf("until %s, %s", d.By, d.Why)
			}
		})
	}
}

// Whatever carriers say and whatever becomes of the file: a date that was told is never taken back, and neither is a
// policy.
func TestWhatWasToldIsNeverTakenBack(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		line := Line{Site: "RefArch", ProductID: "MUG", Fulfilment: Delivery, OrderedAt: time.Unix(1_780_000_000, 0), Available: decimal.New(1, 0)}
		hour := func(name string) time.Time {
			n := rapid.Int64Range(-1, 2000).Draw(r, name)
			if n < 0 {
				return time.Time{}
			}
			return line.OrderedAt.Add(time.Duration(n) * time.Hour)
		}
		var before Decision
		for i := range rapid.IntRange(2, 8).Draw(r, "looks") {
			policy := Policy{
				ID: "shop", Version: i + 1, HolidayShift: rapid.SampledFrom([]HolidayShift{NoShift, NextWorkingDay}).Draw(r, "shift"),
				PerItemAnchor: rapid.SampledFrom([]ItemAnchor{FirstDelivery, LastDelivery}).Draw(r, "parcel"),
				TimeZone:      rapid.SampledFrom(zones()).Draw(r, "zone"),
			}
			policy.fill(DefaultTransitDays)
			policy.zone = zoneNamed(r, policy.TimeZone)
			p := &Policies{zone: time.UTC, list: []Policy{policy}, weekend: map[time.Weekday]bool{time.Weekday(rapid.IntRange(0, 6).Draw(r, "rest")): true}}
			line.Parcels = nil
			for range rapid.IntRange(0, 3).Draw(r, "parcels") {
				line.Parcels = append(line.Parcels, Parcel{hour("left"), hour("arrived")})
			}
			d := p.Decide(line, line.OrderedAt)
			if i > 0 && (d.By.Before(before.By) || d.Version != before.Version || d.Zone.String() != before.Zone.String()) {
				r.Fatalf("told %s by version %d, then %s by version %d", before.By, before.Version, d.By, d.Version)
			}
			before = d
			kept := d.Capture
			line.Captured = &kept
		}
	})
}

// A policy that is written down decides as it did before.
func TestACapturedPolicyIsTheSame(t *testing.T) {
	t.Parallel()
	p := policies(t, `
policies:
  - id: shop
    version: 4
    days: 21
    time_zone: Europe/Berlin
    grace_hours: 3
    end_of_day: false
    holiday_shift: next_working_day
    overrides: [{id: christmas, from: 2026-11-01, to: 2026-12-24, fixed_date: 2027-01-31}, {id: sale, from: 2026-06-01, to: 2026-06-30, of: order, days: 40}]
`)
	for _, when := range []string{"2026-03-10T01:30:00Z", "2026-06-20T10:00:00Z", "2026-12-01T10:00:00Z"} {
		line := arrived(t, when)
		first := p.Decide(line, at(t, when))
		text, err := first.Capture.Policy.Encode()
		if err != nil {
			t.Fatal(err)
		}
		policy, err := Decode(text)
		if err != nil {
			t.Fatal(err)
		}
		line.Captured = &Captured{Policy: policy}
		if again := Default().Decide(line, at(t, when)); !again.By.Equal(first.By) || !again.Until.Equal(first.Until) || again.Override != first.Override {
			t.Errorf("%s: until %s, captured until %s", when, first.By, again.By)
		}
	}
	if _, err := Decode("{id: shop, version: 0}"); err == nil {
		t.Error("a policy without a version is taken")
	}
}
