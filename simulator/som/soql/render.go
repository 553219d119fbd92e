package soql

import (
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/simulator/som/sobject"
)

// rendering is what FORMAT(), convertCurrency() and toLabel() do to a value, in the order label, convert, format.
type rendering struct{ label, convert, format bool }

// wrapped takes the functions off a field or an aggregate and notes them.
func (s *scope) wrapped(e *expression, r *rendering) (*expression, error) {
	for e.Call && !isAggregate(e.Name) && !e.is("GROUPING") {
		switch {
		case e.is("FORMAT") && !r.format && !r.convert:
			r.format = true
		case e.is("convertCurrency") && !r.convert:
			r.convert = true
		case e.is("toLabel") && !r.convert && !r.label:
			r.label = true
		default:
			if _, ok := datePartOf(e.Name); ok {
				return e, nil
			}
			return nil, s.unknownFunction(e)
		}
		if len(e.Args) != 1 {
			return nil, unexpectedToken(s.text, e.Pos, e.Name)
		}
		e = e.Args[0]
	}
	return e, nil
}

// checkRendering refuses functions that the field is not for.
func (s *scope) checkRendering(e *expression, f *sobject.Field, r *rendering) error {
	switch {
	case r.convert && f.Type != sobject.TypeCurrency:
		return refuse(InvalidField, "convertCurrency() is not supported on field '%s'", f.Name).at(s.text, e.Pos)
	case r.label && f.Type != sobject.TypePicklist:
		return refuse(InvalidField, "toLabel() is not supported on field '%s'", f.Name).at(s.text, e.Pos)
	case r.format && !formattable(f):
		return refuse(InvalidField, "FORMAT() is not supported on field '%s'", f.Name).at(s.text, e.Pos)
	}
	return nil
}

// formattable fields are numbers, dates and times. Source: SOQL reference, FORMAT().
func formattable(f *sobject.Field) bool {
	return f.Type.Numeric() || f.Type == sobject.TypeDate || f.Type == sobject.TypeDatetime || f.Type == sobject.TypeTime
}

// of renders a value; currency is the one the value is in.
func (r *rendering) of(x *execution, f *sobject.Field, v sobject.Value, currency string) sobject.Value {
	if r.label {
		v = labelOf(f, v)
	}
	if amount, ok := v.(decimal.Decimal); ok && r.convert {
		v, currency = x.convert(amount, currency, x.opt.Currency), x.opt.Currency
	}
	if v == nil || !r.format {
		return v
	}
	return x.formatted(f, v, currency)
}

// field describes what the rendering leaves of a field.
func (r *rendering) field(f *sobject.Field) *sobject.Field {
	if r.format {
		return &sobject.Field{Name: f.Name, Type: sobject.TypeString}
	}
	return f
}

// formatted writes a value as the locale en_US does: amounts behind their currency, days month first, instants in the caller's zone.
func (x *execution) formatted(f *sobject.Field, v sobject.Value, currency string) string {
	switch v := v.(type) {
	case decimal.Decimal:
		return x.formattedNumber(f, v, currency)
	case time.Time:
		return v.In(x.zone(true)).Format("1/2/2006, 3:04 PM")
	case string:
		if day, err := time.Parse(time.DateOnly, v); err == nil {
			return day.Format("1/2/2006")
		}
		if at, err := time.Parse("15:04:05.000Z", v); err == nil {
			return at.Format("3:04 PM")
		}
		return v
	default:
		return ""
	}
}

func (x *execution) formattedNumber(f *sobject.Field, n decimal.Decimal, currency string) string {
	const cents = 2
	switch f.Type {
	case sobject.TypeCurrency:
		return currency + " " + grouped(n.StringFixed(cents))
	case sobject.TypePercent:
		return grouped(n.String()) + "%"
	default:
		return grouped(n.String())
	}
}

// grouped puts a comma before every three digits.
func grouped(n string) string {
	const group = 3
	sign := ""
	if strings.HasPrefix(n, "-") {
		sign, n = "-", n[1:]
	}
	whole, fraction, fractional := strings.Cut(n, ".")
	for at := len(whole) - group; at > 0; at -= group {
		whole = whole[:at] + "," + whole[at:]
	}
	if fractional {
		whole += "." + fraction
	}
	return sign + whole
}
