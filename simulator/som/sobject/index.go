package sobject

import (
	"strconv"
	"strings"

	"github.com/shopspring/decimal"
)

// IndexKey is the key under which a store finds the rows whose indexed field has the value. Case is folded, as SOQL compares text without
// regard to it; for a case-sensitive field the rows under one key are therefore a superset of the equal ones. Ids stay distinct, since the last
// three characters of the 18 character form carry the case; they are expected in that form. A field that is not indexed has no key: "".
func (c *Catalog) IndexKey(object, field, value string) string {
	if o, ok := c.Object(object); ok {
		if f, ok := o.Field(field); ok && f.Indexed {
			return f.indexKey(value)
		}
	}
	return ""
}

func (f *Field) indexKey(value string) string { return f.index + "=" + strings.ToLower(value) }

// numberIndexes gives every indexed field a name in index keys that is shorter than its own: there are very many keys.
func (l *loader) numberIndexes() {
	n := int64(0)
	for _, o := range l.catalog.sorted {
		for _, f := range o.Fields {
			if f.Indexed {
				n++
				f.index = strconv.FormatInt(n, 36)
			}
		}
	}
}

// IndexKeys lists the keys of a row, one for each indexed field that is set and not a reference, in the order of the fields.
func (c *Catalog) IndexKeys(r *Record) []string { return c.keys(r, false) }

// ReferenceKeys lists the keys of a row for its references, as [Catalog.IndexKeys] does for the other fields. Many rows may have the same.
func (c *Catalog) ReferenceKeys(r *Record) []string { return c.keys(r, true) }

func (c *Catalog) keys(r *Record, references bool) []string {
	o, ok := c.byName[r.Object]
	if !ok {
		return nil
	}
	var keys []string
	for _, fv := range r.Fields {
		f, ok := o.fields[fv.Name]
		if !ok || !f.Indexed || f.Type == TypeReference != references {
			continue
		}
		if text, ok := indexText(fv.Value); ok {
			keys = append(keys, f.indexKey(text))
		}
	}
	return keys
}

func indexText(v Value) (string, bool) {
	switch v := v.(type) {
	case string:
		return v, true
	case decimal.Decimal:
		return v.String(), true
	default:
		return "", false
	}
}
