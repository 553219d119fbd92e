package worldline

import "strings"

// verdict is what becomes of an authorisation: the status it gets first, and why it is refused in the end, if it is.
type verdict struct {
	first   Status
	refusal Code
}

// Temper is how a test card behaves.
type Temper string

// The tempers of test cards.
const (
	GoodCard        Temper = ""
	DeclinedCard    Temper = "0002"
	EmptyCard       Temper = "9995" // insufficient funds
	UnreachableCard Temper = "0119" // the issuer does not answer
	SuspiciousCard  Temper = "0101" // somebody has to look for fraud
	SlowCard        Temper = "0259" // the issuer takes its time
	slowAndDeclined Temper = "0267"
	incompleteCard  Temper = "0341"
	challengeCard   Temper = "3220" // whose holder always has to prove who he is
)

// testCards are the first six digits of the cards whose last four say what becomes of them. They are the simulation's own
// (docs/payments.md).
const testCards = "400000"

func judge(number string, amount int64, currency string) verdict {
	if currency == "EUR" && amount == refusedAuthorization {
		return verdict{PendingCapture, Declined}
	}
	switch TemperOf(number) {
	case DeclinedCard:
		return verdict{PendingCapture, Declined}
	case EmptyCard:
		return verdict{PendingCapture, InsufficientFunds}
	case UnreachableCard:
		return verdict{PendingCapture, IssuerUnavailable}
	case SuspiciousCard:
		return verdict{first: PendingFraudApproval}
	case SlowCard:
		return verdict{first: AuthorizationRequested}
	case slowAndDeclined:
		return verdict{AuthorizationRequested, Declined}
	case incompleteCard:
		return verdict{first: PendingCompletion}
	case GoodCard, challengeCard:
	}
	return verdict{first: PendingCapture}
}

// TemperOf tells how a card behaves, by its number or the first six and the last four digits of it.
func TemperOf(number string) Temper {
	if !strings.HasPrefix(number, testCards) {
		return GoodCard
	}
	return Temper(last4(number))
}

// The test amounts, in cents of euros: an operation of exactly this amount is refused when a merchant asks for it.
const (
	refusedAuthorization = 1304
	refusedCancel        = 1305
	refusedRefund        = 1306
	refusedCapture       = 1309
)

// refusedAmount is the test amount that an operation is over; 0 when it is over none.
func refusedAmount(p Payment, i Instruction, amount int64) int64 {
	if !i.Requested || p.Currency != "EUR" {
		return 0
	}
	switch amount {
	case refusedCancel, refusedRefund, refusedCapture:
		return amount
	}
	return 0
}

func last4(number string) string { return number[max(0, len(number)-4):] }

// mask keeps of a card number what may be shown.
func mask(number string) string { return strings.Repeat("*", max(0, len(number)-4)) + last4(number) }

// product is the platform's number for the network of a card; 0 when there is none.
func product(number string) int {
	switch {
	case strings.HasPrefix(number, "4"):
		return 1
	case strings.HasPrefix(number, "34"), strings.HasPrefix(number, "37"):
		return 2
	case number >= "51" && number < "56", number >= "2221" && number < "2721":
		return 3
	case strings.HasPrefix(number, "50"), number >= "56" && number < "59", strings.HasPrefix(number, "6759"):
		return 117
	case strings.HasPrefix(number, "35"):
		return 125
	case strings.HasPrefix(number, "36"), strings.HasPrefix(number, "30"):
		return 132
	}
	return 0
}

// addsUp reports whether the last digit of a card number fits the others (Luhn).
func addsUp(number string) bool {
	if len(number) < 12 || len(number) > 19 {
		return false
	}
	sum := 0
	for i := range number {
		digit := int(number[len(number)-1-i] - '0')
		if digit < 0 || digit > 9 {
			return false
		}
		if i%2 == 1 {
			if digit *= 2; digit > 9 {
				digit -= 9
			}
		}
		sum += digit
	}
	return sum%10 == 0
}
