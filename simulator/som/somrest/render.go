package somrest

import (
	"bytes"
	"encoding/json"
	"strconv"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/simulator/som/sobject"
	"github.com/somsim/somsim/simulator/som/soql"
)

// document writes rows as JSON, in the order of their columns, which no map would keep.
type document struct {
	bytes.Buffer
	// version is the API version as it stands in URLs, such as v60.0.
	version string
	// next are the paths of the next pages of results that have one.
	next map[*soql.Result]string
}

func (d *document) text(s string) {
	if plain(s) {
		d.WriteByte('"')
		d.WriteString(s)
		d.WriteByte('"')
		return
	}
	encoder := json.NewEncoder(&d.Buffer)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(s); err == nil { // a text always can be encoded
		d.Truncate(d.Len() - 1) // the encoder ends with a line break
	}
}

// plain reports whether a text stands in JSON as it is.
func plain(s string) bool {
	for i := range len(s) {
		if c := s[i]; c < ' ' || c > '~' || c == '"' || c == '\\' {
			return false
		}
	}
	return true
}

func (d *document) attributes(object, id string) { d.attributesAs(object, object, id) }

// attributesAs writes the attributes of a row that is shown as another object.
func (d *document) attributesAs(shown, object, id string) {
	d.WriteString(`"attributes":{"type":"`)
	d.WriteString(shown) // names, versions and ids need no escapes
	d.WriteString(`","url":"/services/data/`)
	d.WriteString(d.version)
	d.WriteString("/sobjects/")
	d.WriteString(object)
	d.WriteByte('/')
	d.WriteString(id)
	d.WriteString(`"}`)
}

// record writes fields of one stored row.
func (d *document) record(catalog *sobject.Catalog, o *sobject.Object, r *sobject.Record, fields []*sobject.Field) {
	d.WriteByte('{')
	d.attributes(o.Name, r.ID)
	for _, f := range fields {
		d.WriteByte(',')
		d.text(f.Name)
		d.WriteByte(':')
		d.value(f, catalog.Value(r, f))
	}
	d.WriteByte('}')
}

// records writes stored rows as the complete result of a query.
func (d *document) records(catalog *sobject.Catalog, o *sobject.Object, rows []*sobject.Record, fields []*sobject.Field) {
	d.WriteString(`{"totalSize":` + strconv.Itoa(len(rows)) + `,"done":true,"records":[`)
	for i, r := range rows {
		if i > 0 {
			d.WriteByte(',')
		}
		d.record(catalog, o, r, fields)
	}
	d.WriteString("]}")
}

func (d *document) result(r *soql.Result) {
	d.WriteString(`{"totalSize":`)
	d.WriteString(strconv.Itoa(r.TotalSize))
	d.WriteString(`,"done":`)
	d.WriteString(strconv.FormatBool(r.Done))
	if next, ok := d.next[r]; ok {
		d.WriteString(`,"nextRecordsUrl":`)
		d.text(next)
	}
	d.WriteString(`,"records":[`)
	for i, row := range r.Rows {
		if i > 0 {
			d.WriteByte(',')
		}
		d.row(row)
	}
	d.WriteString("]}")
}

func (d *document) row(r *soql.Row) {
	d.WriteByte('{')
	switch {
	case r.ID == "": // a row of aggregated values
		d.WriteString(`"attributes":{"type":"` + r.Object + `"}`)
	case r.Named:
		d.attributesAs("Name", r.Object, r.ID)
	default:
		d.attributes(r.Object, r.ID)
	}
	for i := range r.Columns {
		d.WriteByte(',')
		d.text(r.Columns[i].Name)
		d.WriteByte(':')
		d.column(&r.Columns[i])
	}
	d.WriteByte('}')
}

func (d *document) column(c *soql.Column) {
	switch v := c.Value.(type) {
	case *soql.Row:
		if v == nil {
			d.WriteString("null")
			return
		}
		d.row(v)
	case *soql.Result:
		if v == nil {
			d.WriteString("null")
			return
		}
		d.result(v)
	default:
		d.value(c.Field, v)
	}
}

// value writes a field as the platform does: instants without a colon in their offset, every number that is no integer
// with at least one decimal, a compound address as an object.
func (d *document) value(f *sobject.Field, v sobject.Value) {
	switch v := v.(type) {
	case string:
		d.text(v)
	case bool:
		d.WriteString(strconv.FormatBool(v))
	case decimal.Decimal:
		d.number(v, f != nil && f.Type == sobject.TypeInt)
	case time.Time:
		d.Write(v.UTC().AppendFormat(d.AvailableBuffer(), `"2006-01-02T15:04:05.000-0700"`))
	case sobject.Address:
		d.address(v)
	case sobject.Geolocation:
		d.WriteString(`{"latitude":` + Number(v.Latitude, false) + `,"longitude":` + Number(v.Longitude, false) + "}")
	default:
		d.WriteString("null")
	}
}

// number writes a number as [Number] does.
func (d *document) number(n decimal.Decimal, whole bool) {
	if !n.IsZero() {
		d.WriteString(Number(n, whole))
		return
	}
	d.WriteByte('0') // as most quantities are
	if !whole {
		d.WriteString(".0")
	}
}

// Number writes a number bare; a double has at least one decimal, a whole number need not.
func Number(n decimal.Decimal, whole bool) string {
	s := n.String() // without trailing zeros
	if whole || strings.Contains(s, ".") {
		return s
	}
	return s + ".0"
}

func (d *document) address(a sobject.Address) {
	parts := []struct{ name, value string }{
		{"city", a.City},
		{"country", a.Country},
		{"countryCode", a.CountryCode},
		{"geocodeAccuracy", a.GeocodeAccuracy},
		{"postalCode", a.PostalCode},
		{"state", a.State},
		{"stateCode", a.StateCode},
		{"street", a.Street},
	}
	d.WriteByte('{')
	for _, p := range parts {
		d.text(p.name)
		d.WriteByte(':')
		if p.value == "" {
			d.WriteString("null,")
			continue
		}
		d.text(p.value)
		d.WriteByte(',')
	}
	d.WriteString(`"latitude":` + coordinate(a.Latitude) + `,"longitude":` + coordinate(a.Longitude) + "}")
}

func coordinate(n decimal.NullDecimal) string {
	if !n.Valid {
		return "null"
	}
	return Number(n.Decimal, false)
}
