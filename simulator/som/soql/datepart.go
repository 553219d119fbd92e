package soql

import (
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/simulator/som/sobject"
)

// datePart is a date function: it takes a number or a day out of a date or an instant.
type datePart struct {
	name string
	// instants says that the function takes no dates, only dates with a time.
	instants bool
	number   func(time.Time) int
}

const (
	monthsOfQuarter = 3
	daysOfWeek      = 7
)

// dateParts are the date functions. The fiscal year of this org is the calendar year. Source: SOQL reference, date functions.
func dateParts() []datePart {
	month := func(t time.Time) int { return int(t.Month()) }
	quarter := func(t time.Time) int { return (int(t.Month())-1)/monthsOfQuarter + 1 }
	return []datePart{
		{name: "CALENDAR_YEAR", number: time.Time.Year},
		{name: "FISCAL_YEAR", number: time.Time.Year},
		{name: "CALENDAR_QUARTER", number: quarter},
		{name: "FISCAL_QUARTER", number: quarter},
		{name: "CALENDAR_MONTH", number: month},
		{name: "FISCAL_MONTH", number: month},
		{name: "DAY_IN_MONTH", number: time.Time.Day},
		{name: "DAY_IN_YEAR", number: time.Time.YearDay},
		{name: "DAY_IN_WEEK", number: func(t time.Time) int { return int(t.Weekday()) + 1 }},
		{name: "WEEK_IN_MONTH", number: func(t time.Time) int { return (t.Day()-1)/daysOfWeek + 1 }},
		{name: "WEEK_IN_YEAR", number: func(t time.Time) int { return (t.YearDay()-1)/daysOfWeek + 1 }},
		{name: "HOUR_IN_DAY", instants: true, number: time.Time.Hour},
		{name: "DAY_ONLY", instants: true},
	}
}

// datePartOf finds a date function by its name in any case.
func datePartOf(name string) (*datePart, bool) {
	for _, p := range dateParts() {
		if strings.EqualFold(p.name, name) {
			return &p, true
		}
	}
	return nil, false
}

// of is the part of a date, or of an instant in the zone.
func (p *datePart) of(v sobject.Value, zone *time.Location) sobject.Value {
	t, ok := v.(time.Time)
	if ok {
		t = t.In(zone)
	} else {
		text, _ := v.(string)
		parsed, err := time.Parse(time.DateOnly, text)
		if err != nil {
			return nil
		}
		t = parsed
	}
	if p.number == nil {
		return t.Format(time.DateOnly)
	}
	return decimal.NewFromInt(int64(p.number(t)))
}

// dateTerm reads a date function of a field or of convertTimezone(field).
func (s *scope) dateTerm(e *expression, part *datePart) (*term, error) {
	t := &term{part: part, field: &sobject.Field{Name: part.name, Type: sobject.TypeInt}}
	if part.number == nil {
		t.field.Type = sobject.TypeDate
	}
	of := e
	if len(e.Args) == 1 && e.Args[0].Call && strings.EqualFold(e.Args[0].Name, "convertTimezone") {
		t.local, of = true, e.Args[0]
	}
	path, err := s.argument(of)
	if err != nil {
		return nil, err
	}
	instant := path.leaf.Type == sobject.TypeDatetime
	if !instant && (path.leaf.Type != sobject.TypeDate || part.instants || t.local) {
		return nil, refuse(MalformedQuery, "Invalid date function %s on field '%s' of type %s", of.Name, path.leaf.Name, path.leaf.Type).
			at(s.text, of.Args[0].Pos)
	}
	t.path = path
	return t, nil
}
