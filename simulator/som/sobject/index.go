package sobject

import (
	"strings"

	"github.com/shopspring/decimal"
)

// IndexKey is the key under which a store finds the rows whose field has the value. Case is folded, as SOQL compares text without regard to
// it; for a case-sensitive field the rows under one key are therefore a superset of the equal ones. Ids stay distinct, since the last three
// characters of the 18 character form carry the case. Object and field are expected in canonical spelling, ids in the 18 character form.
func IndexKey(object, field, value string) string {
	return object + "." + field + "=" + strings.ToLower(value)
}

// IndexKeys lists the keys of a row, one for each indexed field that is set, in the order of the fields.
func (c *Catalog) IndexKeys(r *Record) []string {
	o, ok := c.byName[r.Object]
	if !ok {
		return nil
	}
	var keys []string
	for _, fv := range r.Fields {
		f, ok := o.fields[fv.Name]
		if !ok || !f.Indexed {
			continue
		}
		if text, ok := indexText(fv.Value); ok {
			keys = append(keys, IndexKey(o.Name, f.Name, text))
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
