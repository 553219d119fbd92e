package sobject

import "github.com/shopspring/decimal"

// Address is the value of a compound address field. Parts that are null are "" or not valid.
type Address struct {
	Street, City, State, StateCode, PostalCode, Country, CountryCode string
	GeocodeAccuracy                                                  string
	Latitude, Longitude                                              decimal.NullDecimal
}

// Geolocation is the value of a compound location field.
type Geolocation struct{ Latitude, Longitude decimal.Decimal }

// Value is what a reader of the row sees in the field: the stored value, a computed formula, or an [Address] put together from its parts (nil
// when all of them are null), a [Geolocation] from its two. A boolean that was never set is false, since Salesforce has no null booleans, and a
// number that must not be null is zero.
func (c *Catalog) Value(r *Record, f *Field) Value {
	if v, ok := computed(r, f); ok {
		return v
	}
	return shown(f, r.Get(f.Name))
}

// ValueNear is Value for a reader of many rows, who keeps a hint for each field. The zero hint will do for the first row.
func (c *Catalog) ValueNear(r *Record, f *Field, hint *Hint) Value {
	if v, ok := computed(r, f); ok {
		return v
	}
	return shown(f, r.near(f.Name, hint))
}

// computed is the value of a field that is not stored among the others.
func computed(r *Record, f *Field) (v Value, ok bool) {
	switch {
	case f.Type == TypeID:
		return r.ID, true
	case f.Formula != nil:
		return f.Formula.Evaluate(r), true
	case f.Type == TypeAddress:
		return address(r, f), true
	case f.Type == TypeLocation:
		return location(r, f), true
	default:
		return nil, false
	}
}

// shown is what stands for a stored value.
func shown(f *Field, v Value) Value {
	switch {
	case v != nil:
		return v
	case f.Type == TypeBoolean:
		return false
	case f.Required && f.Type.Numeric():
		return decimal.Zero
	default:
		return nil
	}
}

func address(r *Record, f *Field) Value {
	part := func(name string) string { return r.Text(f.Prefix + name) }
	a := Address{
		Street: part("Street"), City: part("City"), State: part("State"), StateCode: part("StateCode"), PostalCode: part("PostalCode"),
		Country: part("Country"), CountryCode: part("CountryCode"), GeocodeAccuracy: part("GeocodeAccuracy"),
		Latitude: coordinate(r, f.Prefix+"Latitude"), Longitude: coordinate(r, f.Prefix+"Longitude"),
	}
	if a == (Address{}) {
		return nil
	}
	return a
}

func coordinate(r *Record, name string) decimal.NullDecimal {
	d, ok := r.Get(name).(decimal.Decimal)
	return decimal.NullDecimal{Decimal: d, Valid: ok}
}

func location(r *Record, f *Field) Value {
	latitude, longitude := coordinate(r, f.Prefix+"Latitude"), coordinate(r, f.Prefix+"Longitude")
	if !latitude.Valid || !longitude.Valid {
		return nil
	}
	return Geolocation{latitude.Decimal, longitude.Decimal}
}
