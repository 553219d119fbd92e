package simulator

import (
	"fmt"
	"strings"

	"github.com/somsim/somsim/simulator/b2c"
	"github.com/somsim/somsim/simulator/b2c/price"
	"github.com/somsim/somsim/simulator/sandbox"
	"github.com/somsim/somsim/simulator/worldline"
)

// cashier authorises the payments of commerce's orders at the simulated Worldline, as a payment cartridge would: in the
// default merchant's name, under the order's number. Methods without a card need nobody's leave.
type cashier struct{ worldline *worldline.Worldline }

// declined is how the numbers of cards end that nobody authorises; it is the convention of test cards.
const declined = "0002"

func (c cashier) Authorize(tx *sandbox.Tx, r b2c.PaymentRequest) b2c.PaymentAnswer {
	card := r.Instrument.Card
	if card.CardType == "" || r.Instrument.Amount.IsZero() {
		return b2c.PaymentAnswer{Authorization: b2c.Authorization{Given: true, Code: "OK"}}
	}
	if strings.HasSuffix(card.LastDigits, declined) {
		return b2c.PaymentAnswer{Authorization: b2c.Authorization{Code: "DECLINED", Message: "The card was declined"}}
	}
	number := card.MaskedNumber
	if number == "" {
		number = "************" + card.LastDigits
	}
	payment, err := c.worldline.Authorize(tx, worldline.NewPayment{
		MerchantReference: r.OrderNo, Amount: r.Instrument.Amount.Shift(price.Digits(r.Currency)).IntPart(), Currency: r.Currency,
		Card: worldline.Card{ProductID: 1, Number: number, Expiry: fmt.Sprintf("%02d%02d", card.ExpirationMonth, card.ExpirationYear%100)},
	})
	if err != nil {
		return b2c.PaymentAnswer{Authorization: b2c.Authorization{Code: "ERROR", Message: err.Error()}}
	}
	return b2c.PaymentAnswer{Authorization: b2c.Authorization{Given: true, Code: "OK"}, TransactionID: payment.ID}
}

func (c cashier) Void(tx *sandbox.Tx, id string) error {
	payment, err := c.worldline.Payment(tx, worldline.DefaultMerchant, id)
	if err != nil {
		return err
	}
	if !c.worldline.State(tx, payment).CanCancel {
		return nil
	}
	_, err = c.worldline.CancelPayment(tx, payment, worldline.Instruction{Final: true})
	return err
}
