package price

import "github.com/shopspring/decimal"

// Digits returns how many decimals a currency has, by ISO 4217: 2 for those that are not listed here.
func Digits(currency string) int32 {
	switch currency {
	case "BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "UYI", "VND", "VUV", "XAF", "XOF", "XPF":
		return 0
	case "BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND":
		return 3
	default:
		return 2
	}
}

// Round rounds an amount half up to the minor unit.
func Round(amount decimal.Decimal, digits int32) decimal.Decimal { return amount.Round(digits) }
