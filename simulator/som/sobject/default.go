package sobject

import (
	"errors"
	"fmt"
	"time"

	"github.com/shopspring/decimal"
)

// DefaultValue is what a new row has in the field when nobody sends a value; nil for nothing. A boolean that is false is stored as nothing.
func (f *Field) DefaultValue() Value {
	if f.Type == TypePicklist && f.DefaultPicklistValue() != "" {
		return f.DefaultPicklistValue()
	}
	v, err := f.readDefault()
	if err != nil {
		return nil
	}
	return v
}

// readDefault reads the default as a value of the field's type.
func (f *Field) readDefault() (v Value, err error) {
	switch {
	case f.Default == "":
		return nil, nil
	case f.Type == TypePicklist:
		return nil, errors.New("the default of a picklist is marked among its values")
	case f.Type == TypeBoolean && f.Default == "true":
		return true, nil
	case f.Type == TypeBoolean && f.Default == "false":
		return nil, nil
	case f.Type == TypeBoolean:
		err = errors.New("neither true nor false")
	case f.Type.Numeric():
		v, err = decimal.NewFromString(f.Default)
	case f.Type == TypeDate:
		v = f.Default
		_, err = time.Parse(time.DateOnly, f.Default)
	case f.Type == TypeDatetime:
		v, err = time.Parse(time.RFC3339, f.Default)
	default:
		return f.Default, nil
	}
	if err != nil {
		return nil, fmt.Errorf("default %q is no %s", f.Default, f.Type)
	}
	return v, nil
}

// checkSizes refuses lengths and scales that no field has.
func (f *Field) checkSizes() error {
	const most = 18
	var errs []error
	if f.Length < 0 {
		errs = append(errs, fmt.Errorf("length %d is below zero", f.Length))
	}
	if f.Scale < 0 || f.Scale > most {
		errs = append(errs, fmt.Errorf("scale %d is not between 0 and %d", f.Scale, most))
	}
	return errors.Join(errs...)
}
