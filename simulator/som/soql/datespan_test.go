package soql

import (
	"testing"
	"time"

	"github.com/shopspring/decimal"
)

func TestNamedDates(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 5, 14, 23, 30, 0, 0, time.FixedZone("", 3600)) // a Thursday
	tests := map[string][2]string{
		"TODAY":             {"2026-05-14", "2026-05-15"},
		"yesterday":         {"2026-05-13", "2026-05-14"},
		"TOMORROW":          {"2026-05-15", "2026-05-16"},
		"THIS_WEEK":         {"2026-05-10", "2026-05-17"},
		"LAST_WEEK":         {"2026-05-03", "2026-05-10"},
		"NEXT_WEEK":         {"2026-05-17", "2026-05-24"},
		"THIS_MONTH":        {"2026-05-01", "2026-06-01"},
		"LAST_MONTH":        {"2026-04-01", "2026-05-01"},
		"NEXT_MONTH":        {"2026-06-01", "2026-07-01"},
		"THIS_QUARTER":      {"2026-04-01", "2026-07-01"},
		"LAST_QUARTER":      {"2026-01-01", "2026-04-01"},
		"NEXT_QUARTER":      {"2026-07-01", "2026-10-01"},
		"THIS_YEAR":         {"2026-01-01", "2027-01-01"},
		"LAST_YEAR":         {"2025-01-01", "2026-01-01"},
		"NEXT_YEAR":         {"2027-01-01", "2028-01-01"},
		"LAST_90_DAYS":      {"2026-02-13", "2026-05-15"},
		"NEXT_90_DAYS":      {"2026-05-15", "2026-08-13"},
		"LAST_N_DAYS:7":     {"2026-05-07", "2026-05-15"},
		"NEXT_N_DAYS:7":     {"2026-05-15", "2026-05-22"},
		"N_DAYS_AGO:1":      {"2026-05-13", "2026-05-14"},
		"LAST_N_WEEKS:2":    {"2026-04-26", "2026-05-10"},
		"NEXT_N_WEEKS:1":    {"2026-05-17", "2026-05-24"},
		"LAST_N_MONTHS:5":   {"2025-12-01", "2026-05-01"},
		"N_MONTHS_AGO:5":    {"2025-12-01", "2026-01-01"},
		"LAST_N_QUARTERS:2": {"2025-10-01", "2026-04-01"},
		"LAST_N_YEARS:2":    {"2024-01-01", "2026-01-01"},
		"N_YEARS_AGO:1":     {"2025-01-01", "2026-01-01"},
	}
	for name, want := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			span, ok := parseSpan(name)
			if !ok {
				t.Fatal("not understood")
			}
			from, to := span.bounds(now)
			if got := [2]string{from.Format(time.DateOnly), to.Format(time.DateOnly)}; got != want {
				t.Errorf("got %v, want %v", got, want)
			}
		})
	}
	for _, name := range []string{"SOMEDAY", "THIS_DAY", "LAST_N_DAYS", "LAST_N_EONS:3", "N_DAYS:3", "TODAY:1", "NEXT_N_DAYS:4001"} {
		if _, ok := parseSpan(name); ok {
			t.Errorf("%s is understood", name)
		}
	}
}

func TestLike(t *testing.T) {
	t.Parallel()
	tests := []struct {
		pattern, text string
		want          bool
	}{
		{"", "", true},
		{"", "a", false},
		{"%", "", true},
		{"a%b%c", "axxbyyc", true},
		{"a%b%c", "axxbyycd", false},
		{"%b", "aabab", true},
		{"_", "é", true},
		{"_", "", false},
		{`\%`, "%", true},
		{`\%`, "a", false},
		{`\_x`, "_x", true},
		{`\\%`, `\anything`, true},
		{"%%%a", "bbba", true},
	}
	for _, tc := range tests {
		t.Run(tc.pattern+" on "+tc.text, func(t *testing.T) {
			t.Parallel()
			if got := like([]rune(tc.pattern), []rune(tc.text)); got != tc.want {
				t.Errorf("got %v", got)
			}
		})
	}
}

func TestNumbersCompareWhateverTheirDecimals(t *testing.T) {
	t.Parallel()
	texts := []string{"0", "-0", "0.00", "1", "1.0", "1.000000000000000001", "-1", "-1.5", "-1.50", "99999999999999999", "9e16", "9e17", "9e40", "1e-40", "-9e17", "12.3", "12.30", "12.31"}
	for _, a := range texts {
		for _, b := range texts {
			left, right := decimal.RequireFromString(a), decimal.RequireFromString(b)
			if got, want := compareNumbers(left, right), left.Cmp(right); got != want {
				t.Errorf("%s and %s: %d, want %d", a, b, got, want)
			}
		}
	}
}
