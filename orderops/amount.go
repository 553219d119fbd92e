package orderops

import (
	"fmt"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/shopspring/decimal"
)

// Amount is a decimal number, of money or of units, that is a plain number in JSON. It never passes through a float.
type Amount struct{ decimal.Decimal }

// NewAmount wraps a decimal.
func NewAmount(d decimal.Decimal) Amount { return Amount{d} }

// MarshalJSON writes the number without quotes.
func (a Amount) MarshalJSON() ([]byte, error) { return []byte(a.Decimal.String()), nil }

// MarshalJSONTo is MarshalJSON for the encoder of answers.
func (a Amount) MarshalJSONTo(to *jsontext.Encoder) error {
	if a.IsZero() { // as most are
		return to.WriteToken(jsontext.Int(0))
	}
	return to.WriteValue(jsontext.Value(a.Decimal.String()))
}

// maxDigits is how many digits a number that is read may have before its point, and behind it.
const maxDigits = 30

// UnmarshalJSON accepts a number or a string holding one, as OCAPI custom attributes carry strings. No sum of money and no
// number of units has more than thirty digits before or behind its point: what has would be written out in full somewhere.
func (a *Amount) UnmarshalJSON(raw []byte) error {
	if err := a.Decimal.UnmarshalJSON(raw); err != nil {
		return fmt.Errorf("%.40q is not a decimal number", raw)
	}
	if e := a.Exponent(); e > maxDigits || e < -maxDigits || a.NumDigits() > 2*maxDigits {
		return fmt.Errorf("%.40q is out of range", raw)
	}
	return nil
}

// MinorUnits converts an amount of money to the integer minor units that payment providers speak.
func MinorUnits(d decimal.Decimal, currency string) int64 {
	return d.Shift(CurrencyDigits(currency)).Round(0).IntPart()
}

// FromMinorUnits converts minor units back to an amount.
func FromMinorUnits(minor int64, currency string) Amount {
	return Amount{decimal.New(minor, -CurrencyDigits(currency))}
}

// CurrencyDigits is the number of decimal places of an ISO 4217 currency: 2 except for those listed.
func CurrencyDigits(currency string) int32 {
	switch currency {
	case "BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "VND", "VUV", "XAF", "XOF", "XPF":
		return 0
	case "BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND":
		return 3
	default:
		return 2
	}
}
