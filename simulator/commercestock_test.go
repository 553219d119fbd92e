package simulator

import (
	"errors"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/simulator/b2c"
	"github.com/somsim/somsim/simulator/oci"
	"github.com/somsim/somsim/simulator/sandbox"
)

// everywhere is the group of all locations in the presets.
const everywhere = "ALL-LOCATIONS"

func (tl *till) shopper() b2c.Editor {
	return b2c.Editor{Reader: b2c.Reader{SiteID: "RefArch", CustomerID: "abcustomer000000000000000001"}}
}

// filled is a basket that nothing keeps from being submitted.
func (tl *till) filled(quantity string, more ...func(*b2c.BasketEdit) error) b2c.Basket {
	tl.t.Helper()
	work := append([]func(*b2c.BasketEdit) error{
		func(e *b2c.BasketEdit) error {
			return e.AddItems([]b2c.NewBasketItem{{ProductID: "SHIRT-M", Quantity: num(quantity)}})
		},
		func(e *b2c.BasketEdit) error {
			e.SetBillingAddress(b2c.OrderAddress{FirstName: "Ada", LastName: "Nolan", City: "Boston", CountryCode: "US"}, true)
			return e.SetShippingMethod(b2c.DefaultShipment, "delivery")
		},
		func(e *b2c.BasketEdit) error {
			return e.AddPayment(b2c.NewBasketPayment{PaymentMethodID: "CREDIT_CARD"})
		},
	}, more...)
	var basket b2c.Basket
	tl.do(func(tx *sandbox.Tx) (err error) {
		basket, err = tl.B2C.OpenBasket(tx, tl.shopper(), b2c.NewBasket{})
		return err
	})
	for _, each := range work {
		tl.do(func(tx *sandbox.Tx) (err error) {
			basket, err = tl.B2C.EditBasket(tx, tl.shopper(), b2c.BasketRef{ID: basket.BasketID}, each)
			return err
		})
	}
	return basket
}

func (tl *till) checkOut(basket b2c.Basket) (o b2c.Order) {
	tl.t.Helper()
	tl.do(func(tx *sandbox.Tx) (err error) {
		o, err = tl.B2C.SubmitBasket(tx, tl.shopper(), b2c.Submission{BasketRef: b2c.BasketRef{ID: basket.BasketID}})
		return err
	})
	return o
}

// promised is what inventory has reserved of shirts, and for whom.
func (tl *till) promised(reference string) decimal.Decimal {
	tx := tl.Read()
	defer tx.Abort()
	sum := decimal.Zero
	for _, r := range tl.OCI.Reservations(tx, reference) {
		for _, h := range tl.OCI.Holdings(tx, r.ID) {
			sum = sum.Add(h.Quantity)
		}
	}
	return sum
}

func TestAnOrderFromABasketIsPromisedByInventory(t *testing.T) {
	t.Parallel()
	tl := openTill(t)
	basket := tl.filled("2", func(e *b2c.BasketEdit) error { return e.Reserve(0, false) })
	if got := tl.promised(basket.BasketID); !got.Equal(num("2")) {
		t.Errorf("%s are promised to the basket", got)
	}
	o := tl.checkOut(basket)
	if basket, order := tl.promised(basket.BasketID), tl.promised(o.OrderNo); !basket.IsZero() || !order.Equal(num("2")) {
		t.Errorf("%s are promised to the basket, %s to the order", basket, order)
	}
	tl.do(func(tx *sandbox.Tx) error { return tl.B2C.SetStatus(tx, o.OrderNo, b2c.Failed) })
	if got := tl.promised(o.OrderNo); !got.IsZero() {
		t.Errorf("%s are promised to an order that has failed", got)
	}
	o = tl.checkOut(tl.filled("2"))
	tl.do(func(tx *sandbox.Tx) error { return tl.B2C.SetStatus(tx, o.OrderNo, b2c.New) })
	if got := tl.promised(o.OrderNo); !got.Equal(num("2")) {
		t.Errorf("%s are promised to the placed order", got)
	}
}

func TestAReservationOfABasketLapsesInInventoryToo(t *testing.T) {
	t.Parallel()
	tl := openTill(t)
	basket := tl.filled("2", func(e *b2c.BasketEdit) error { return e.Reserve(30, false) })
	if _, err := tl.Advance(t.Context(), 31*time.Minute); err != nil {
		t.Fatal(err)
	}
	tx := tl.Read()
	defer tx.Abort()
	got, err := tl.B2C.Basket(tx, tl.shopper().Reader, basket.BasketID)
	if err != nil || len(got.Reserved) != 0 || !tl.promised(basket.BasketID).IsZero() {
		t.Errorf("%+v %v", got.Reserved, err)
	}
}

func TestABasketHasNoMoreThanInventory(t *testing.T) {
	t.Parallel()
	tl := openTill(t)
	basket := tl.filled("2")
	tl.do(func(tx *sandbox.Tx) error {
		request := oci.Request{ExternalRefID: "someone", Lines: []oci.Line{{Place: oci.GroupPlace(everywhere), SKU: "SHIRT-M", Quantity: num("1999")}}}
		_, err := tl.OCI.Reserve(tx, request)
		return err
	})
	err := tl.Update(func(tx *sandbox.Tx) error {
		_, err := tl.B2C.SubmitBasket(tx, tl.shopper(), b2c.Submission{BasketRef: b2c.BasketRef{ID: basket.BasketID}})
		return err
	})
	var refused *b2c.Error
	if !errors.As(err, &refused) || refused.Code != b2c.ProductItemNotAvailable {
		t.Errorf("%v", err)
	}
}
