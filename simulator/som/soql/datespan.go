package soql

import (
	"strconv"
	"strings"
	"time"

	"github.com/somsim/somsim/simulator/som/sobject"
)

// dateSpan is a named stretch of time, such as TODAY or LAST_N_MONTHS:3, counted in units from the one that holds the present.
type dateSpan struct {
	unit     unit
	from, to int // units from the present one; to is exclusive
}

type unit int

const (
	day unit = iota
	week
	month
	quarter
	year
)

// maxUnits keeps n of LAST_N_YEARS:n within the calendar.
const maxUnits = 4_000

// parseSpan reads a named date in any case.
func parseSpan(text string) (dateSpan, bool) {
	name, count, counted := strings.Cut(strings.ToUpper(text), ":")
	n := 0
	if counted {
		parsed, err := strconv.Atoi(count)
		if err != nil || parsed > maxUnits {
			return dateSpan{}, false
		}
		n = parsed
	}
	if counted {
		return countedSpan(name, n)
	}
	return fixedSpan(name)
}

func fixedSpan(name string) (dateSpan, bool) {
	switch name {
	case "TODAY":
		return dateSpan{day, 0, 1}, true
	case "YESTERDAY":
		return dateSpan{day, -1, 0}, true
	case "TOMORROW":
		return dateSpan{day, 1, 2}, true
	case "LAST_90_DAYS":
		return dateSpan{day, -90, 1}, true
	case "NEXT_90_DAYS":
		return dateSpan{day, 1, 91}, true
	}
	which, noun, ok := strings.Cut(name, "_")
	u, known := units()[noun+"S"]
	if !ok || !known || u == day {
		return dateSpan{}, false
	}
	switch which {
	case "LAST":
		return dateSpan{u, -1, 0}, true
	case "THIS":
		return dateSpan{u, 0, 1}, true
	case "NEXT":
		return dateSpan{u, 1, 2}, true
	default:
		return dateSpan{}, false
	}
}

// countedSpan reads LAST_N_…, NEXT_N_… and N_…_AGO. Of the days alone, LAST_N_DAYS includes the present one (date literals page).
func countedSpan(name string, n int) (dateSpan, bool) {
	if noun, ok := strings.CutPrefix(name, "LAST_N_"); ok {
		u, known := units()[noun]
		if u == day {
			return dateSpan{u, -n, 1}, known
		}
		return dateSpan{u, -n, 0}, known
	}
	if noun, ok := strings.CutPrefix(name, "NEXT_N_"); ok {
		u, known := units()[noun]
		return dateSpan{u, 1, n + 1}, known
	}
	noun, ago := strings.CutSuffix(name, "_AGO")
	noun, counted := strings.CutPrefix(noun, "N_")
	u, known := units()[noun]
	return dateSpan{u, -n, -n + 1}, known && ago && counted
}

func units() map[string]unit {
	return map[string]unit{
		"DAYS": day, "WEEKS": week, "MONTHS": month, "QUARTERS": quarter, "YEARS": year,
		"FISCAL_QUARTERS": quarter, "FISCAL_YEARS": year, // the fiscal year of this org is the calendar year
	}
}

// bounds are the first instant of the span and the first one after it, in the time zone of now. Weeks begin on Sunday, as in the locale en_US.
func (s dateSpan) bounds(now time.Time) (from, to time.Time) {
	y, m, d := now.Date()
	zone := now.Location()
	at := func(n int) time.Time {
		switch s.unit {
		case week:
			return time.Date(y, m, d-int(now.Weekday())+daysOfWeek*n, 0, 0, 0, 0, zone)
		case month:
			return time.Date(y, m+time.Month(n), 1, 0, 0, 0, 0, zone)
		case quarter:
			return time.Date(y, m-(m-1)%monthsOfQuarter+time.Month(monthsOfQuarter*n), 1, 0, 0, 0, 0, zone)
		case year:
			return time.Date(y+n, 1, 1, 0, 0, 0, 0, zone)
		default:
			return time.Date(y, m, d+n, 0, 0, 0, 0, zone)
		}
	}
	return at(s.from), at(s.to)
}

// stretch is a span as seen from one moment.
type stretch struct {
	from, to       time.Time
	fromDay, toDay string
}

// stretch finds where a span lies for this run, counted in the days of the caller's time zone.
func (x *execution) stretch(s dateSpan) stretch {
	if known, ok := x.spans[s]; ok {
		return known
	}
	from, to := s.bounds(x.opt.Now.In(x.zone(true)))
	found := stretch{from: from, to: to, fromDay: from.Format(time.DateOnly), toDay: to.Format(time.DateOnly)}
	if x.spans == nil {
		x.spans = map[dateSpan]stretch{}
	}
	x.spans[s] = found
	return found
}

// compare says whether a date or an instant lies before, within or after the stretch.
func (s stretch) compare(v sobject.Value) int {
	before, within := false, false
	switch v := v.(type) {
	case time.Time:
		before, within = v.Before(s.from), v.Before(s.to)
	case string:
		before, within = v < s.fromDay, v < s.toDay
	}
	switch {
	case before:
		return -1
	case within:
		return 0
	default:
		return 1
	}
}
