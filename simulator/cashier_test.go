package simulator

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/somsim/somsim/simulator/b2c"
	"github.com/somsim/somsim/simulator/invariant"
	"github.com/somsim/somsim/simulator/sandbox"
	"github.com/somsim/somsim/simulator/worldline"
)

func visa(number string) b2c.OrderPayment {
	return b2c.OrderPayment{
		PaymentMethodID: "CREDIT_CARD", CardNumber: "411111111111" + number,
		Card: &b2c.PaymentCard{CardType: "Visa", MaskedNumber: "************" + number, LastDigits: number, ExpirationMonth: 12, ExpirationYear: 2029},
	}
}

// unpaid is an order that was created, with nothing paid yet.
func (tl *till) unpaid() b2c.Order {
	tl.t.Helper()
	var o b2c.Order
	tl.do(func(tx *sandbox.Tx) (err error) {
		if err := tl.B2C.AddPaymentMethod(tx, b2c.PaymentMethod{ID: "CREDIT_CARD", Cards: []string{"Visa"}}); err != nil {
			return err
		}
		n := basket("RefArch")
		n.Payments = nil
		o, err = tl.B2C.PlaceOrder(tx, n)
		return err
	})
	return o
}

// held is what the payment platform holds for an order, in cents, by payment.
func (tl *till) heldFor(o b2c.Order) map[string]int64 {
	tl.t.Helper()
	tx := tl.Read()
	defer tx.Abort()
	held := map[string]int64{}
	for _, p := range o.PaymentInstruments {
		payment, err := tl.Worldline.Payment(tx, worldline.DefaultMerchant, p.TransactionID)
		if err != nil {
			tl.t.Fatal(err)
		}
		held[p.TransactionID] = tl.Worldline.State(tx, payment).Open()
	}
	return held
}

func TestAnOrderIsPlacedOnceAllOfItIsAuthorised(t *testing.T) {
	t.Parallel()
	tl := openTill(t)
	o := tl.unpaid()
	first := visa("1111")
	part := num("50.00")
	first.Amount = &part
	tl.do(func(tx *sandbox.Tx) (err error) {
		o, err = tl.B2C.AddOrderPayment(tx, b2c.Reader{}, o.OrderNo, first)
		return err
	})
	if o.Status != b2c.Created || !o.PaymentInstruments[0].Authorization.Given {
		t.Fatalf("%+v", o)
	}
	tl.do(func(tx *sandbox.Tx) (err error) {
		o, err = tl.B2C.AddOrderPayment(tx, b2c.Reader{}, o.OrderNo, visa("4444"))
		return err
	})
	rest := o.Totals.OrderTotal.Sub(part)
	if o.Status != b2c.New || o.ExportStatus != b2c.Ready || !o.PaymentInstruments[1].Amount.Equal(rest) {
		t.Errorf("%s %s %s", o.Status, o.ExportStatus, o.PaymentInstruments[1].Amount)
	}
	want := map[string]int64{o.PaymentInstruments[0].TransactionID: 5000, o.PaymentInstruments[1].TransactionID: rest.Shift(2).IntPart()}
	if diff := cmp.Diff(want, tl.heldFor(o)); diff != "" {
		t.Error(diff)
	}
	if _, err := tl.Advance(t.Context(), time.Minute); err != nil {
		t.Fatal(err)
	}
	if tl.summary(o.OrderNo) == nil {
		t.Fatal("it never arrived")
	}
	tx := tl.Read()
	defer tx.Abort()
	for _, v := range invariant.Check(tl.Domains, tx) {
		t.Errorf("%+v", v)
	}
}

func TestADeclinedCardRefusesTheCallAndLeavesTheOrder(t *testing.T) {
	t.Parallel()
	tl := openTill(t)
	o := tl.unpaid()
	err := tl.Update(func(tx *sandbox.Tx) error {
		_, err := tl.B2C.AddOrderPayment(tx, b2c.Reader{}, o.OrderNo, visa("0002"))
		return err
	})
	var refused *b2c.Error
	if !errors.As(err, &refused) || refused.Code != b2c.HookStatus || refused.Arguments["statusCode"] != "DECLINED" ||
		refused.Arguments["extensionPoint"] != "dw.order.payment.authorizeCreditCard" {
		t.Errorf("%v", err)
	}
	if diff := cmp.Diff(o, tl.order(o.OrderNo)); diff != "" {
		t.Error(diff)
	}
}

func TestAChangedOrRemovedPaymentGivesItsAuthorisationBack(t *testing.T) {
	t.Parallel()
	tl := openTill(t)
	o := tl.unpaid()
	payment := visa("1111")
	ten, twenty := num("10"), num("20")
	payment.Amount = &ten
	tl.do(func(tx *sandbox.Tx) (err error) {
		o, err = tl.B2C.AddOrderPayment(tx, b2c.Reader{}, o.OrderNo, payment)
		return err
	})
	before := o
	tl.do(func(tx *sandbox.Tx) (err error) {
		o, err = tl.B2C.ChangeOrderPayment(tx, b2c.Reader{}, o.OrderNo, o.PaymentInstruments[0].ID, b2c.OrderPayment{Amount: &twenty})
		return err
	})
	if diff := cmp.Diff(map[string]int64{before.PaymentInstruments[0].TransactionID: 0}, tl.heldFor(before)); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(map[string]int64{o.PaymentInstruments[0].TransactionID: 2000}, tl.heldFor(o)); diff != "" {
		t.Error(diff)
	}
	changed := o
	tl.do(func(tx *sandbox.Tx) (err error) {
		o, err = tl.B2C.RemoveOrderPayment(tx, b2c.Reader{}, o.OrderNo, o.PaymentInstruments[0].ID, o.ResourceState)
		return err
	})
	if len(o.PaymentInstruments) != 0 || tl.heldFor(changed)[changed.PaymentInstruments[0].TransactionID] != 0 {
		t.Errorf("%+v holds %v", o.PaymentInstruments, tl.heldFor(changed))
	}
}

func TestPaymentsThatAnOrderCannotHave(t *testing.T) {
	t.Parallel()
	tl := openTill(t)
	o := tl.unpaid()
	add := func(change func(*b2c.OrderPayment)) func(tx *sandbox.Tx) error {
		return func(tx *sandbox.Tx) error {
			p := visa("1111")
			change(&p)
			_, err := tl.B2C.AddOrderPayment(tx, b2c.Reader{}, o.OrderNo, p)
			return err
		}
	}
	much, less := o.Totals.OrderTotal.Add(num("0.01")), num("-1")
	cases := map[string]struct {
		work func(tx *sandbox.Tx) error
		code b2c.Code
	}{
		"more than is open":   {add(func(p *b2c.OrderPayment) { p.Amount = &much }), b2c.Validation},
		"less than nothing":   {add(func(p *b2c.OrderPayment) { p.Amount = &less }), b2c.Validation},
		"an unknown method":   {add(func(p *b2c.OrderPayment) { p.PaymentMethodID = "SHELLS" }), b2c.InvalidPaymentMethodID},
		"a card nobody takes": {add(func(p *b2c.OrderPayment) { p.Card.CardType = "Diners" }), b2c.InvalidPaymentMethodID},
		"a stale state":       {add(func(p *b2c.OrderPayment) { p.ResourceState = "x" }), b2c.ResourceStateConflict},
		"an unknown payment": {func(tx *sandbox.Tx) error {
			_, err := tl.B2C.ChangeOrderPayment(tx, b2c.Reader{}, o.OrderNo, "nope", b2c.OrderPayment{})
			return err
		}, b2c.PaymentInstrumentNotFound},
		"an unknown order": {func(tx *sandbox.Tx) error {
			_, err := tl.B2C.RemoveOrderPayment(tx, b2c.Reader{}, "nope", "nope", "")
			return err
		}, b2c.OrderNotFound},
	}
	for name, tc := range cases {
		var refused *b2c.Error
		if err := tl.Update(tc.work); !errors.As(err, &refused) || refused.Code != tc.code {
			t.Errorf("%s: %v", name, err)
		}
	}
	tl.do(func(tx *sandbox.Tx) error { return tl.B2C.Place(tx, o.OrderNo) })
	var refused *b2c.Error
	if err := tl.Update(add(func(*b2c.OrderPayment) {})); !errors.As(err, &refused) || refused.Rule != "b2c.order.payments-open" {
		t.Errorf("a placed order: %v", err)
	}
}
