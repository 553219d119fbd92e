package returnby

import (
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// Every mistake is named, in one go.
func TestEveryMistakeInAFileIsNamed(t *testing.T) {
	t.Parallel()
	_, err := Parse([]byte(`
time_zone: Atlantis/Capital
transit_days: -1
site_time_zones: {RefArch: Local}
working_days: {weekend: [caturday]}
policies:
  - {version: 1}
  - {id: shop, version: 0, days: -2, anchor: unpacked, time_zone: Mars, grace_hours: -1, per_item_anchor: middle, holiday_shift: yesterday}
  - {id: twice, version: 1}
  - {id: twice, version: 1, applies_to: {fulfilment: drone}}
  - {id: both, version: 1, non_returnable: true, unlimited: true}
  - {id: default, version: 1}
  - id: seasons
    version: 1
    overrides:
      - {id: backwards, from: 2026-12-24, to: 2026-11-01, days: 30}
      - {id: neither, from: 2026-11-01, to: 2026-12-24}
      - {id: open, days: 30, fixed_date: 2027-01-31}
      - {from: 2026-11-01, to: 2026-12-24, days: 4000, of: moon}
`))
	if err == nil {
		t.Fatal("the file is taken")
	}
	want := []string{
		`policy "both": cannot be both non_returnable and unlimited`,
		`policy "both": reason is required of what is non_returnable: customers are told`,
		`policy "default": is the name of the built-in one`,
		`policy "seasons": override "": days: 4000 is not between 0 and 3660`,
		`policy "seasons": override "": id is required (number 4)`,
		`policy "seasons": override "": of: "moon" is not one of anchor, order`,
		`policy "seasons": override "backwards": from 2026-12-24 is after to 2026-11-01`,
		`policy "seasons": override "neither": needs either days or fixed_date`,
		`policy "seasons": override "open": from and to are required`,
		`policy "seasons": override "open": needs either days or fixed_date`,
		`policy "shop": anchor: "unpacked" is not one of delivered, collected, shipped, ordered`,
		`policy "shop": days: -2 is not between 0 and 3660`,
		`policy "shop": holiday_shift: "yesterday" is not one of none, next_working_day`,
		`policy "shop": per_item_anchor: "middle" is not one of first_delivery, last_delivery`,
		`policy "shop": time_zone: time zone "Mars" is not known; it is a name like Europe/Berlin`,
		`policy "shop": version is a whole number from 1`,
		`policy "shop": grace_hours: -1 is not between 0 and 87840`,
		`policy "twice": applies_to: fulfilment: "drone" is not one of delivery, pickup`,
		`policy "twice": version 1 is there twice`,
		`policy "twice": versions 1 and 1 are in force from the same day`,
		`policy number 1: id is required`,
		`site_time_zones: RefArch: time zone "Local" is not known; it is a name like Europe/Berlin`,
		`time_zone: time zone "Atlantis/Capital" is not known; it is a name like Europe/Berlin`,
		`transit_days: must not be below zero`,
		`working_days: weekend: "caturday" is not a day of the week like saturday`,
	}
	got := map[string]bool{}
	for _, line := range strings.Split(err.Error(), "\n") {
		got[line] = true
	}
	for _, line := range want {
		if !got[line] {
			t.Errorf("missing: %s", line)
		}
		delete(got, line)
	}
	for line := range got {
		if !strings.Contains(line, "transit_days: -1") { // of every policy that inherits it
			t.Errorf("more than expected: %s", line)
		}
	}
}

func TestWhatIsNoFileOfPolicies(t *testing.T) {
	t.Parallel()
	for file, mention := range map[string]string{
		"policies: {}\n":                   "line 1",
		"policy: []\n":                     "field policy not found",
		"policies: [{id: a, dayz: 3}]":     "field dayz not found",
		"policies: [{id: a, days: soon}]":  "cannot unmarshal",
		"policies:\n  - id: a\n   - id: b": "yaml",

		"policies: [{id: a, version: 1, in_force_from: 2026-02-30}]": "\"2026-02-30\" is not a day",
	} {
		if _, err := Parse([]byte(file)); err == nil || !strings.Contains(err.Error(), mention) {
			t.Errorf("%q: %v, want a mention of %q", file, err, mention)
		}
	}
}

// The example in the docs is a file that works.
func TestTheExampleOfTheDocs(t *testing.T) {
	t.Parallel()
	raw, err := os.ReadFile("../../docs/examples/policies.yaml")
	if err != nil {
		t.Fatal(err)
	}
	p := policies(t, string(raw))
	if len(p.list) < 4 {
		t.Errorf("the example has %d policies", len(p.list))
	}
}

func TestADecisionIsExplained(t *testing.T) {
	t.Parallel()
	p := policies(t, `
policies:
  - {id: shop, version: 2, time_zone: America/New_York, grace_hours: 2, holiday_shift: next_working_day, overrides: [{id: spring, from: 2026-03-01, to: 2026-03-31, days: 20}]}
  - {id: food, version: 1, applies_to: {products: [TEA]}, non_returnable: true, reason: Food is not taken back.}
  - {id: tools, version: 1, applies_to: {products: [SAW]}, unlimited: true}
`)
	tea, saw, waiting := arrived(t, "2026-03-01T15:00:00Z"), arrived(t, "2026-03-01T15:00:00Z"), arrived(t, "2026-03-01T15:00:00Z")
	tea.ProductID, saw.ProductID, waiting.Parcels = "TEA", "SAW", nil
	guessed := arrived(t, "2026-03-01T15:00:00Z")
	guessed.Parcels[0].ArrivedAt = time.Time{}
	for _, tc := range []struct {
		name, now string
		line      Line
		want      []string
	}{
		{"in time", "2026-03-02T00:00:00Z", arrived(t, "2026-03-01T15:00:00Z"), []string{
			"Policy shop, version 2, applies: of those in force when the order was placed it is the most specific.",
			"It was delivered at 2026-03-01T10:00:00.000-05:00, by the calendar of America/New_York.",
			"14 calendar days after 2026-03-01 are 2026-03-15.", "Season spring prolongs that.",
			"The last day would not be a working day, so it is the next one that is.",
			"The last instant is 2026-03-23T23:59:59.999-04:00, which is 2026-03-24T03:59:59.999Z.", "2h more are granted silently.", "1 may be given back now.",
		}},
		{"food", "2026-03-02T00:00:00Z", tea, []string{
			"Policy food, version 1, applies: of those in force when the order was placed it is the most specific.", "Food is not taken back.",
		}},
		{"without a limit", "2036-03-02T00:00:00Z", saw, []string{
			"Policy tools, version 1, applies: of those in force when the order was placed it is the most specific.", "There is no last day.", "1 may be given back now.",
		}},
		{"not sent", "2026-03-02T00:00:00Z", waiting, []string{
			"Policy shop, version 2, applies: of those in force when the order was placed it is the most specific.",
			"The days count from when it is delivered, which has not happened.", "1 may be given back now.",
		}},
		{"too late, by a guess", "2026-04-02T00:00:00Z", guessed, []string{
			"Policy shop, version 2, applies: of those in force when the order was placed it is the most specific.",
			"Nobody has said when it was delivered; it is taken to be 2026-03-05T10:00:00.000-05:00, by the calendar of America/New_York.",
			"14 calendar days after 2026-03-05 are 2026-03-19.", "Season spring prolongs that.",
			"The last instant is 2026-03-25T23:59:59.999-04:00, which is 2026-03-26T03:59:59.999Z.", "2h more are granted silently.", "That has passed.",
		}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(tc.want, p.Decide(tc.line, at(t, tc.now)).Explain()); diff != "" {
				t.Errorf("explained (-want +got):\n%s", diff)
			}
		})
	}
}
