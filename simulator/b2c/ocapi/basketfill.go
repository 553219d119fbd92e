package ocapi

import (
	"encoding/json"

	"github.com/somsim/somsim/simulator/b2c"
)

// basketInput is a basket to make, as far as it is considered.
type basketInput struct {
	Currency             string               `json:"currency"`
	CustomerInfo         *basketCustomerInput `json:"customer_info"`
	BillingAddress       *addressInput        `json:"billing_address"`
	Shipments            []shipmentInput      `json:"shipments"`
	ProductItems         []itemInput          `json:"product_items"`
	CouponItems          []couponInput        `json:"coupon_items"`
	GiftCertificateItems []giftItemInput      `json:"gift_certificate_items"`
	PaymentInstruments   []paymentInput       `json:"payment_instruments"`
	custom               customInput          `json:"-"`
}

type couponInput struct {
	Code          string `json:"code"`
	ResourceState string `json:"_resource_state"`
}

// UnmarshalJSON reads the document with its custom attributes.
func (in *basketInput) UnmarshalJSON(text []byte) error {
	type plain basketInput
	if err := json.Unmarshal(text, (*plain)(in)); err != nil {
		return err
	}
	return json.Unmarshal(text, &in.custom)
}

// filling puts what the document says into a new basket. Coupons that cannot be used are passed over.
func (in basketInput) filling() (func(*b2c.BasketEdit) error, error) {
	set, _, err := in.custom.attributesOf("basket")
	if err != nil {
		return nil, err
	}
	items, err := newItems(in.ProductItems)
	if err != nil {
		return nil, err
	}
	return func(e *b2c.BasketEdit) error {
		if in.CustomerInfo != nil {
			if err := e.SetCustomer(in.CustomerInfo.info()); err != nil {
				return err
			}
		}
		if in.BillingAddress != nil {
			e.SetBillingAddress(in.BillingAddress.address(), false)
		}
		e.SetCustom(set, nil)
		for _, fill := range []func(*b2c.BasketEdit) error{in.fillShipments, func(e *b2c.BasketEdit) error { return e.AddItems(items) }, in.fillRest} {
			if err := fill(e); err != nil {
				return err
			}
		}
		return nil
	}, nil
}

// fillShipments makes the shipments; one that names the default shipment changes that one.
func (in basketInput) fillShipments(e *b2c.BasketEdit) error {
	seen := map[string]bool{}
	for _, s := range in.Shipments {
		change, err := s.change()
		if err != nil {
			return err
		}
		if change.ID == b2c.DefaultShipment && !seen[change.ID] {
			err = e.ChangeShipment(change.ID, change)
		} else {
			err = e.AddShipment(change)
		}
		if err != nil {
			return err
		}
		seen[change.ID] = true
	}
	return nil
}

func (in basketInput) fillRest(e *b2c.BasketEdit) error {
	for _, g := range in.GiftCertificateItems {
		item, err := g.item()
		if err != nil {
			return err
		}
		if err := e.AddGiftCertificateItem(item); err != nil {
			return err
		}
	}
	for _, coupon := range in.CouponItems {
		// The vendor passes over codes that cannot be used here.
		_ = e.AddCoupon(coupon.Code)
	}
	for _, p := range in.PaymentInstruments {
		payment, err := p.payment()
		if err != nil {
			return err
		}
		if err := e.AddPayment(payment); err != nil {
			return err
		}
	}
	return nil
}
