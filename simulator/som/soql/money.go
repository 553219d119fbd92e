package soql

import (
	"strings"

	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/simulator/som/sobject"
)

// CorporateCurrency is the currency of the org, in which sums of a currency field are told. Source: SOQL reference, multicurrency orgs.
const CorporateCurrency = "EUR"

// money is a literal such as USD500: rows compare by what their amount is worth in that currency.
type money struct {
	code   string
	amount decimal.Decimal
}

// isoCode is the length of the code of a currency.
const isoCode = 3

// parseMoney reads a currency code and the amount behind it.
func parseMoney(text string) (money, bool) {
	if len(text) <= isoCode || strings.ContainsFunc(text[:isoCode], func(c rune) bool { return c < 'A' || c > 'z' || c > 'Z' && c < 'a' }) {
		return money{}, false
	}
	if digits := text[isoCode:]; strings.Trim(digits, "0123456789.") != "" || strings.Count(digits, ".") > 1 {
		return money{}, false
	}
	amount, err := decimal.NewFromString(text[isoCode:])
	return money{strings.ToUpper(text[:isoCode]), amount}, err == nil
}

// currencyOf is the currency of a row.
func currencyOf(r *sobject.Record) string {
	if code := r.Text("CurrencyIsoCode"); code != "" {
		return code
	}
	return CorporateCurrency
}

// convert turns an amount into another currency by the rates of the run, each the worth of one unit of the corporate currency. A currency
// without a rate is worth as much as the corporate one.
func (x *execution) convert(amount decimal.Decimal, from, to string) decimal.Decimal {
	if from == to {
		return amount
	}
	const digits = 12
	return amount.Mul(x.rate(to)).DivRound(x.rate(from), digits)
}

func (x *execution) rate(code string) decimal.Decimal {
	if rate, ok := x.opt.Rates[code]; ok && rate.IsPositive() {
		return rate
	}
	return decimal.NewFromInt(1)
}
