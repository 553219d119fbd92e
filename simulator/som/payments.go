package som

import (
	"fmt"
	"time"

	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/simulator/sandbox"
	"github.com/somsim/somsim/simulator/som/sobject"
)

// MoveMoney asks for money of an authorization or a payment to be moved at its provider, at once.
type MoveMoney struct {
	// ID is that of the PaymentAuthorization, or of the Payment for a refund.
	ID     string
	Amount decimal.Decimal
	// IdempotencyKey makes a second request give the answer of the first; empty for none.
	IdempotencyKey string
	Comments       string
	// Currency has to be that of the money when it is not empty.
	Currency string
	// EffectiveDate is now when it is zero.
	EffectiveDate time.Time
	Audit         Audit
	// Final says of a capture that no other follows: what is left of the authorization is let go.
	Final bool
}

// MoneyMoved is the outcome: the row of the movement and what the provider said. A provider's refusal is an outcome, not
// an error.
type MoneyMoved struct {
	// Row is a PaymentAuthorization, a Payment, a PaymentAuthAdjustment, a Refund, or a payment method that was given a
	// name; Log is the PaymentGatewayLog of the call.
	Row, Log *sobject.Record
	// Method and Group are what was paid with, and the PaymentGroup it belongs to; nil when the row names none.
	Method, Group *sobject.Record
}

// paymentKey remembers which request an idempotency key belongs to.
type paymentKey struct {
	Key, RowID, LogID string
}

// movement is one of the three ways of moving money.
type movement struct {
	// of is the object that money is taken from, kind the name of the movement in texts.
	of, kind string
	// most is what can be moved.
	most func(*SOM, *sobject.Record) decimal.Decimal
	move func(*SOM, *sandbox.Tx, string, *sobject.Record, decimal.Decimal) (string, GatewayAnswer)
}

// CapturePayment takes authorised money. Source: Connect REST API Developer Guide, "Capture".
func (d *SOM) CapturePayment(tx *sandbox.Tx, user string, in MoveMoney) (MoneyMoved, error) {
	moved, err := d.moveMoney(tx, user, in, movement{objAuthorization, "capture", authorizationBalance, (*SOM).capture})
	if err == nil && in.Final && moved.Row.Text("Status") == statusProcessed {
		d.letGo(tx, user, in.ID)
	}
	return moved, err
}

// letGo reverses what is left of an authorization.
func (d *SOM) letGo(tx *sandbox.Tx, user, id string) {
	a, _ := d.find(tx, objAuthorization, id)
	if rest := d.number(a, "Balance"); rest.IsPositive() {
		d.reverse(tx, user, a, rest)
	}
}

// ReverseAuthorization lets authorised money go. Source: Connect REST API Developer Guide, "Authorization Reversal".
func (d *SOM) ReverseAuthorization(tx *sandbox.Tx, user string, in MoveMoney) (MoneyMoved, error) {
	return d.moveMoney(tx, user, in, movement{objAuthorization, "reverse", authorizationBalance, (*SOM).reverse})
}

// RefundPayment gives money of a payment back. Source: Connect REST API Developer Guide, "Refund".
func (d *SOM) RefundPayment(tx *sandbox.Tx, user string, in MoveMoney) (MoneyMoved, error) {
	most := func(_ *SOM, p *sobject.Record) decimal.Decimal { return leftToRefund(tracked(p)) }
	return d.moveMoney(tx, user, in, movement{objPayment, "refund", most, (*SOM).refund})
}

func authorizationBalance(d *SOM, a *sobject.Record) decimal.Decimal { return d.number(a, "Balance") }

func (d *SOM) moveMoney(tx *sandbox.Tx, user string, in MoveMoney, m movement) (MoneyMoved, error) {
	from, ok := d.find(tx, m.of, in.ID)
	if !ok {
		return MoneyMoved{}, refuse("som.connect.record-exists", CodeNotFound, "The requested resource does not exist")
	}
	key := fmt.Sprintf("%s %s %s", m.kind, from.ID, in.IdempotencyKey)
	if before, ok := d.paymentKeys.Get(tx.Tx, key); ok && in.IdempotencyKey != "" {
		return d.moved(tx, before), nil
	}
	if err := checkAmount(in.Amount, from.Text("CurrencyIsoCode")); err != nil {
		return MoneyMoved{}, err
	}
	switch most := m.most(d, from); {
	case in.Currency != "" && in.Currency != from.Text("CurrencyIsoCode"):
		return MoneyMoved{}, refuse("som.payments.currency", CodeInvalidInput, "%s is in %s, not in %s.", from.ID, from.Text("CurrencyIsoCode"), in.Currency).on("currencyIsoCode")
	case from.Text("Status") != statusProcessed:
		return MoneyMoved{}, refuse("som.payments.processed", CodeInvalidInput, "%s has the status %s, not %s.", from.ID, from.Text("Status"), statusProcessed)
	case in.Amount.GreaterThan(most):
		return MoneyMoved{}, refuse("som.payments.amount-available", CodeInvalidInput, "Of %s, %s is left to %s.", from.ID, most, m.kind).on("amount")
	}
	id, answer := m.move(d, tx, user, from, in.Amount)
	d.annotate(tx, user, id, in)
	done := paymentKey{Key: key, RowID: id, LogID: answer.logID}
	if in.IdempotencyKey != "" {
		d.paymentKeys.Put(tx.Tx, done)
	}
	return d.moved(tx, done), nil
}

// annotate keeps with a movement what its request tells about it.
func (d *SOM) annotate(tx *sandbox.Tx, user, id string, in MoveMoney) {
	row := tracked(d.row(tx, id))
	for _, told := range [...][2]string{
		{"Comments", in.Comments}, {"Email", in.Audit.Email}, {"IpAddress", in.Audit.IPAddress}, {"MacAddress", in.Audit.MACAddress}, {"Phone", in.Audit.Phone},
	} {
		if told[1] != "" {
			row.put(told[0], told[1])
		}
	}
	if !in.EffectiveDate.IsZero() {
		row.put("EffectiveDate", in.EffectiveDate)
	}
	d.save(tx, user, row)
}

// checkAmount wants money that can be paid: more than nothing, and in whole units of the smallest coin. A provider
// counts coins, so that a part of one would be lost on the way.
func checkAmount(amount decimal.Decimal, currency string) error {
	switch digits := currencyDigits(currency); {
	case !amount.IsPositive():
		return refuse("som.payments.amount-positive", CodeInvalidInput, "The amount must be greater than 0.").on("amount")
	case !amount.Equal(amount.Truncate(digits)):
		return refuse("som.payments.amount-digits", CodeInvalidInput, "The amount %s has more than %d decimals, as many as %s has.", amount, digits, currency).on("amount")
	case amount.GreaterThan(mostMoney()):
		return refuse("som.payments.amount-most", CodeInvalidInput, "The amount %s is too large.", amount).on("amount")
	default:
		return nil
	}
}

// mostMoney is the most that a currency field can hold: 18 digits, two of them behind the point.
func mostMoney() decimal.Decimal { return decimal.New(1, 16) }

// defaultCurrency is that of the org.
const defaultCurrency = "EUR"

// hasCurrency reports whether the org has a currency.
func (d *SOM) hasCurrency(code string) bool {
	object, ok := d.catalog.Object(objPayment)
	if !ok {
		return false
	}
	field, ok := object.Field("CurrencyIsoCode")
	if !ok {
		return false
	}
	value, ok := field.PicklistValue(code)
	return ok && value.Value == code
}

func (d *SOM) moved(tx *sandbox.Tx, k paymentKey) MoneyMoved {
	m := MoneyMoved{Row: d.row(tx, k.RowID), Log: d.row(tx, k.LogID)}
	if id := m.Row.Text("PaymentMethodId"); id != "" {
		m.Method = d.row(tx, id)
	}
	if id := m.Row.Text("PaymentGroupId"); id != "" {
		m.Group = d.row(tx, id)
	}
	return m
}

// row finds a row of whatever object; empty when there is none.
func (d *SOM) row(tx *sandbox.Tx, id string) *sobject.Record {
	if r, ok := d.Rows(tx).Get(id); ok {
		return r
	}
	return &sobject.Record{}
}
