package worldline

import (
	"fmt"
	"strings"
)

// currencies are the active codes of ISO 4217 that are money of a country or a union.
const currencies = " AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CLP CNY COP CRC " +
	"CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS " +
	"KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN " +
	"PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX " +
	"USD UYU UZS VES VND VUV WST XAF XCD XOF XPF YER ZAR ZMW ZWG "

// CheckCurrency refuses a currency that there is not. The error has the code [ParameterInvalid].
func CheckCurrency(code string) error {
	if len(code) == 3 && strings.Contains(currencies, " "+code+" ") {
		return nil
	}
	return &Error{
		Code: ParameterInvalid, Rule: "worldline.amount.known-currency", Property: "order.amountOfMoney.currencyCode",
		Message: fmt.Sprintf("there is no currency %q", code),
	}
}

// Decimals is how many decimals the amounts of a currency have.
func Decimals(code string) int {
	switch {
	case strings.Contains(" BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF ", " "+code+" "):
		return 0
	case strings.Contains(" BHD IQD JOD KWD LYD OMR TND ", " "+code+" "):
		return 3
	}
	return 2
}
