package returnby

import (
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"
)

// Deadline × zone × change of clocks × leap day × season × anchor.
func TestUntilWhenALineMayBeGivenBack(t *testing.T) {
	t.Parallel()
	const (
		berlin   = "time_zone: Europe/Berlin"
		newYork  = "time_zone: America/New_York"
		holidays = "overrides: [{id: christmas, from: 2026-11-01, to: 2026-12-24, fixed_date: 2027-01-31}]"
		longer   = "overrides: [{id: sale, from: 2026-11-20, to: 2026-11-30, days: 30}]"
		overlap  = "overrides: [{id: sale, from: 2026-11-20, to: 2026-11-30, days: 30}, {id: christmas, from: 2026-11-01, to: 2026-12-24, fixed_date: 2027-01-31}]"
		ordering = "overrides: [{id: sale, from: 2026-11-20, to: 2026-11-30, of: order, fixed_date: 2027-01-31}]"
		working  = "holiday_shift: next_working_day"
		clock    = "end_of_day: false"
	)
	cases := []struct {
		name     string
		policy   []string
		arrived  string
		want     string
		override string
	}{
		{"14 days", nil, "2026-06-01T10:00:00Z", "2026-06-15T23:59:59.999Z", ""},
		{"30 days", []string{"days: 30"}, "2026-06-01T10:00:00Z", "2026-07-01T23:59:59.999Z", ""},
		{"the day itself", []string{"days: 0"}, "2026-06-01T10:00:00Z", "2026-06-01T23:59:59.999Z", ""},
		{"in spring, 335 hours", []string{newYork}, "2026-03-01T05:00:00Z", "2026-03-15T23:59:59.999-04:00", ""},
		{"in autumn, 337 hours", []string{newYork}, "2026-10-25T04:00:00Z", "2026-11-08T23:59:59.999-05:00", ""},
		{"another day there than in UTC", []string{berlin}, "2026-06-01T22:30:00Z", "2026-06-16T23:59:59.999+02:00", ""},
		{"onto the leap day", []string{berlin}, "2028-02-15T10:00:00Z", "2028-02-29T23:59:59.999+01:00", ""},
		{"over the leap day", []string{berlin}, "2028-02-16T10:00:00Z", "2028-03-01T23:59:59.999+01:00", ""},
		{"to the minute", []string{clock, berlin}, "2026-06-01T10:20:30Z", "2026-06-15T12:20:30.000+02:00", ""},
		{"to a minute that clocks skip", []string{clock, berlin}, "2026-03-15T01:30:00Z", "2026-03-29T03:00:00.000+02:00", ""},
		{"to a minute that clocks show twice", []string{clock, berlin}, "2026-10-11T00:30:00Z", "2026-10-25T02:30:00.000+01:00", ""},
		{"before the season", []string{holidays}, "2026-10-31T23:59:59Z", "2026-11-14T23:59:59.999Z", ""},
		{"on the first day of the season", []string{holidays}, "2026-11-01T00:00:00Z", "2027-01-31T23:59:59.999Z", "christmas"},
		{"on the last day of the season", []string{holidays}, "2026-12-24T23:59:59Z", "2027-01-31T23:59:59.999Z", "christmas"},
		{"after the season", []string{holidays}, "2026-12-25T00:00:00Z", "2027-01-08T23:59:59.999Z", ""},
		{"the season by the calendar there", []string{holidays, berlin}, "2026-10-31T23:30:00Z", "2027-01-31T23:59:59.999+01:00", "christmas"},
		{"a season that would shorten", []string{holidays, "days: 120"}, "2026-11-10T10:00:00Z", "2027-03-10T23:59:59.999Z", ""},
		{"a season of more days", []string{longer}, "2026-11-25T10:00:00Z", "2026-12-25T23:59:59.999Z", "sale"},
		{"two seasons, the later date wins", []string{overlap}, "2026-11-25T10:00:00Z", "2027-01-31T23:59:59.999Z", "christmas"},
		{"a season of orders, ordered in it", []string{ordering}, "2026-12-02T10:00:00Z", "2027-01-31T23:59:59.999Z", "sale"},
		{"a season of orders, arrived in it", []string{ordering}, "2026-11-20T10:00:00Z", "2026-12-04T23:59:59.999Z", ""},
		{"a Saturday becomes Monday", []string{working}, "2026-05-30T10:00:00Z", "2026-06-15T23:59:59.999Z", ""},
		{"a holiday becomes the day after", []string{working}, "2026-12-11T10:00:00Z", "2026-12-28T23:59:59.999Z", ""},
		{"a season's last day shifts too", []string{working, holidays}, "2026-12-01T10:00:00Z", "2027-02-01T23:59:59.999Z", "christmas"},
		{"without a limit", []string{"unlimited: true"}, "2026-06-01T10:00:00Z", "", ""},
		{"counted from the shipment", []string{"anchor: shipped"}, "2026-06-01T10:00:00Z", "2026-06-14T23:59:59.999Z", ""},
		{"counted from the order", []string{"anchor: ordered"}, "2026-06-01T10:00:00Z", "2026-06-12T23:59:59.999Z", ""},
		{"collected, for what is delivered", []string{"anchor: collected"}, "2026-06-01T10:00:00Z", "2026-06-15T23:59:59.999Z", ""},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			p := policies(t, "working_days: {holidays: [2026-12-25]}\npolicies: [{id: shop, version: 1, "+strings.Join(tc.policy, ", ")+"}]")
			d := p.Decide(arrived(t, tc.arrived), at(t, tc.arrived))
			got := ""
			if !d.By.IsZero() {
				got = d.By.Format(form)
			}
			if got != tc.want || d.Override != tc.override || !d.Returnable {
				t.Errorf("until %q by season %q (%s), want %q by %q", got, d.Override, d.Why, tc.want, tc.override)
			}
		})
	}
}

// The grace is granted, not told.
func TestGraceIsGrantedSilently(t *testing.T) {
	t.Parallel()
	p := policies(t, "policies: [{id: shop, version: 1, grace_hours: 6}]")
	line := arrived(t, "2026-06-01T10:00:00Z")
	for now, want := range map[string]Why{"2026-06-16T05:59:59.999Z": Open, "2026-06-16T06:00:00Z": WindowClosed} {
		if d := p.Decide(line, at(t, now)); d.Why != want || d.By.Format(form) != "2026-06-15T23:59:59.999Z" {
			t.Errorf("at %s %s until %s, want %s", now, d.Why, d.By, want)
		}
	}
}

func TestWhatCannotBeGivenBack(t *testing.T) {
	t.Parallel()
	p := policies(t, `policies: [{id: food, version: 3, applies_to: {products: ["TEA*"]}, non_returnable: true, reason: Food is not taken back.}]`)
	line := arrived(t, "2026-06-01T10:00:00Z")
	line.ProductID = "TEA-GREEN"
	d := p.Decide(line, at(t, "2026-06-01T10:00:00Z"))
	if d.Why != NotReturnable || d.Returnable || !d.Quantity.IsZero() || d.Reason != "Food is not taken back." || !d.By.IsZero() {
		t.Errorf("decided %+v", d)
	}
	line.ProductID, line.Available = "MUG", decimal.Zero
	if d := p.Decide(line, at(t, "2026-06-01T10:00:00Z")); d.Why != NothingToReturn || d.Returnable {
		t.Errorf("decided %+v of a line with nothing left", d)
	}
}

// Of the policies that apply the most specific wins: product before category before kind of fulfilment before site.
func TestTheMostSpecificPolicyWins(t *testing.T) {
	t.Parallel()
	p := policies(t, `
categories: {kitchen: [MUG, "PAN-*"]}
policies:
  - {id: all, version: 1}
  - {id: site, version: 1, applies_to: {sites: [RefArch]}}
  - {id: pickup, version: 1, applies_to: {fulfilment: pickup}}
  - {id: pickup-site, version: 1, applies_to: {fulfilment: pickup, sites: [RefArch]}}
  - {id: kitchen, version: 1, applies_to: {categories: [kitchen]}}
  - {id: mug, version: 1, applies_to: {products: [MUG]}}
  - {id: mug-again, version: 1, applies_to: {products: [MUG]}}
`)
	cases := []struct {
		name string
		line Line
		want string
	}{
		{"nothing but the rest", Line{Site: "Other", ProductID: "LAMP", Fulfilment: Delivery}, "all"},
		{"by site", Line{Site: "RefArch", ProductID: "LAMP", Fulfilment: Delivery}, "site"},
		{"fulfilment before site", Line{Site: "Other", ProductID: "LAMP", Fulfilment: Pickup}, "pickup"},
		{"fulfilment and site", Line{Site: "RefArch", ProductID: "LAMP", Fulfilment: Pickup}, "pickup-site"},
		{"category of the file before fulfilment and site", Line{Site: "RefArch", ProductID: "PAN-20", Fulfilment: Pickup}, "kitchen"},
		{"category of order management", Line{Site: "RefArch", ProductID: "KNIFE", Categories: []string{"kitchen"}}, "kitchen"},
		{"product before all, the first of two alike", Line{Site: "RefArch", ProductID: "MUG", Fulfilment: Pickup}, "mug"},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			if d := p.Decide(tc.line, time.Unix(0, 0)); d.PolicyID != tc.want {
				t.Errorf("under %s, want %s", d.PolicyID, tc.want)
			}
		})
	}
}

// Case 76: an order is under the version in force when it was placed, by the calendar of its site.
func TestVersionsAreInForceByTheDayOfTheOrder(t *testing.T) {
	t.Parallel()
	p := policies(t, `
site_time_zones: {RefArch: Europe/Berlin, RefArchOutlet: America/New_York}
policies:
  - {id: shop, version: 1, days: 30}
  - {id: shop, version: 2, days: 14, in_force_from: 2026-06-01}
  - {id: outlet, version: 1, days: 7, in_force_from: 2027-01-01, applies_to: {sites: [RefArchOutlet]}}
`)
	for _, tc := range []struct {
		site, ordered string
		id            string
		version       int
	}{
		{"RefArch", "2026-05-31T21:59:59Z", "shop", 1},
		{"RefArch", "2026-05-31T22:00:00Z", "shop", 2},
		{"RefArchOutlet", "2026-06-01T03:59:59Z", "shop", 1},
		{"RefArchOutlet", "2026-06-01T04:00:00Z", "shop", 2},
		{"RefArchOutlet", "2027-01-02T04:00:00Z", "outlet", 1},
	} {
		d := p.Decide(Line{Site: tc.site, OrderedAt: at(t, tc.ordered)}, at(t, tc.ordered))
		if d.PolicyID != tc.id || d.Version != tc.version {
			t.Errorf("%s at %s is under %s@%d, want %s@%d", tc.site, tc.ordered, d.PolicyID, d.Version, tc.id, tc.version)
		}
	}
}
