package soql

import (
	"strconv"
	"strings"
	"time"
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
	return map[string]unit{"DAYS": day, "WEEKS": week, "MONTHS": month, "QUARTERS": quarter, "YEARS": year}
}

// bounds are the first instant of the span and the first one after it, in UTC. Weeks begin on Sunday, as in the locale en_US.
func (s dateSpan) bounds(now time.Time) (from, to time.Time) {
	y, m, d := now.UTC().Date()
	at := func(n int) time.Time {
		switch s.unit {
		case week:
			return time.Date(y, m, d-int(now.UTC().Weekday())+7*n, 0, 0, 0, 0, time.UTC)
		case month:
			return time.Date(y, m+time.Month(n), 1, 0, 0, 0, 0, time.UTC)
		case quarter:
			return time.Date(y, m-(m-1)%3+time.Month(3*n), 1, 0, 0, 0, 0, time.UTC)
		case year:
			return time.Date(y+n, 1, 1, 0, 0, 0, 0, time.UTC)
		default:
			return time.Date(y, m, d+n, 0, 0, 0, 0, time.UTC)
		}
	}
	return at(s.from), at(s.to)
}
