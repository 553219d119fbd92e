package returnby

import (
	"testing"
	"time"
	_ "time/tzdata" // the tests must not depend on the machine's zones

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"
)

const form = "2006-01-02T15:04:05.000Z07:00"

func at(t *testing.T, text string) time.Time {
	t.Helper()
	if text == "" {
		return time.Time{}
	}
	instant, err := time.Parse(time.RFC3339Nano, text)
	if err != nil {
		t.Fatal(err)
	}
	return instant
}

func policies(t *testing.T, file string) *Policies {
	t.Helper()
	p, err := Parse([]byte(file))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// arrived is a line of one unit that arrived at an instant.
func arrived(t *testing.T, when string) Line {
	t.Helper()
	return Line{
		Site: "RefArch", ProductID: "MUG", Fulfilment: Delivery, OrderedAt: at(t, when).AddDate(0, 0, -3),
		Parcels: []Parcel{{ShippedAt: at(t, when).AddDate(0, 0, -1), ArrivedAt: at(t, when)}}, Available: decimal.New(1, 0),
	}
}

func TestTheLastMillisecondIsInTime(t *testing.T) {
	t.Parallel()
	p := policies(t, `policies: [{id: shop, version: 1, time_zone: America/New_York}]`)
	line := arrived(t, "2026-03-01T15:00:00Z")
	for _, tc := range []struct {
		name, now string
		want      Why
	}{
		{"long before", "2026-03-02T00:00:00Z", Open},
		{"the last second there", "2026-03-16T03:59:59Z", Open},
		{"within the last millisecond", "2026-03-16T03:59:59.9999Z", Open},
		{"the next millisecond", "2026-03-16T04:00:00Z", WindowClosed},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			d := p.Decide(line, at(t, tc.now))
			if d.Why != tc.want || d.Returnable != (tc.want == Open) || d.By.Format(form) != "2026-03-15T23:59:59.999-04:00" {
				t.Errorf("%s until %s, want %s", d.Why, d.By.Format(form), tc.want)
			}
		})
	}
}

func TestDefaultIsFourteenDaysFromTheArrivalInUTC(t *testing.T) {
	t.Parallel()
	d := Default().Decide(arrived(t, "2024-02-15T10:00:00Z"), at(t, "2024-02-20T00:00:00Z"))
	if diff := cmp.Diff("2024-02-29T23:59:59.999Z", d.By.Format(form)); diff != "" || d.PolicyID != "default" || !d.Returnable {
		t.Errorf("decision %+v (-want +got):\n%s", d, diff)
	}
}
