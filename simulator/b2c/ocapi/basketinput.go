package ocapi

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/simulator/b2c"
	"github.com/somsim/somsim/simulator/b2c/price"
)

// bodyOf is the input of an operation of which only the body matters beside the path.
type bodyOf[T any] struct{ Body T }

// customInput are the custom attributes of a document that came in.
type customInput map[string]json.RawMessage

// attributes reads the custom attributes: those to set, and those that a null removes.
func (in customInput) attributes() (set b2c.Attributes, unset []string, err error) {
	change := b2c.Change{Custom: b2c.Attributes{}}
	for _, name := range slices.Sorted(maps.Keys(in)) {
		if !strings.HasPrefix(name, customPrefix) {
			continue
		}
		if err := readAttribute(&change, name, in[name]); err != nil {
			return nil, nil, err
		}
	}
	return change.Custom, change.Unset, nil
}

// attributesOf is attributes of a part of a basket: it refuses properties that the document does not have, and names it.
func (in customInput) attributesOf(document string) (set b2c.Attributes, unset []string, err error) {
	known := knownProperties(document)
	for _, name := range slices.Sorted(maps.Keys(in)) {
		if !known[name] && !strings.HasPrefix(name, customPrefix) && !strings.HasPrefix(name, "_") {
			return nil, nil, Refuse("b2c.basket.known-properties", "UnknownProperty",
				fmt.Sprintf("The property '%s' is unknown in document '%s'.", name, document), "property", name, "document", document)
		}
	}
	set, unset, err = in.attributes()
	var wrong *fault
	if errors.As(err, &wrong) && wrong.arguments["document"] != "" {
		wrong.arguments["document"] = document
	}
	return set, unset, err
}

// knownProperties are the names of a document's own properties: those it is answered with, and those it is taken with.
func knownProperties(document string) map[string]bool {
	types := map[string][2]reflect.Type{
		"basket":                           {reflect.TypeFor[basketDocument](), reflect.TypeFor[basketInput]()},
		"product_item":                     {reflect.TypeFor[productDocument](), reflect.TypeFor[itemInput]()},
		"shipment":                         {reflect.TypeFor[shipmentDocument](), reflect.TypeFor[shipmentInput]()},
		"shipping_item":                    {reflect.TypeFor[shippingDocument](), reflect.TypeFor[shippingItemInput]()},
		"gift_certificate_item":            {reflect.TypeFor[giftItemDocument](), reflect.TypeFor[giftItemInput]()},
		"order_payment_instrument_request": {reflect.TypeFor[instrumentDocument](), reflect.TypeFor[paymentInput]()},
	}
	known := properties(types[document][0])
	maps.Copy(known, properties(types[document][1]))
	return known
}

type addressInput struct {
	ID          string `json:"id"`
	Salutation  string `json:"salutation"`
	Title       string `json:"title"`
	FirstName   string `json:"first_name"`
	SecondName  string `json:"second_name"`
	LastName    string `json:"last_name"`
	Suffix      string `json:"suffix"`
	CompanyName string `json:"company_name"`
	JobTitle    string `json:"job_title"`
	Address1    string `json:"address1"`
	Address2    string `json:"address2"`
	Suite       string `json:"suite"`
	PostBox     string `json:"post_box"`
	PostalCode  string `json:"postal_code"`
	City        string `json:"city"`
	StateCode   string `json:"state_code"`
	CountryCode string `json:"country_code"`
	Phone       string `json:"phone"`
	// ResourceState is the state of the basket that the caller has seen.
	ResourceState string `json:"_resource_state"`
}

func (in addressInput) address() b2c.OrderAddress {
	return b2c.OrderAddress{
		ID: in.ID, Salutation: in.Salutation, Title: in.Title, FirstName: in.FirstName, LastName: in.LastName, CompanyName: in.CompanyName,
		Address1: in.Address1, Address2: in.Address2, PostalCode: in.PostalCode, City: in.City, StateCode: in.StateCode,
		CountryCode: in.CountryCode, Phone: in.Phone, SecondName: in.SecondName, Suffix: in.Suffix, JobTitle: in.JobTitle, Suite: in.Suite,
		PostBox: in.PostBox,
	}
}

type itemInput struct {
	ProductID       string           `json:"product_id"`
	Quantity        *decimal.Decimal `json:"quantity"`
	ShipmentID      *string          `json:"shipment_id"`
	InventoryID     string           `json:"inventory_id"`
	BonusDiscountID string           `json:"bonus_discount_line_item_id"`
	OptionItems     []struct {
		OptionID      string `json:"option_id"`
		OptionValueID string `json:"option_value_id"`
	} `json:"option_items"`
	Gift          *bool       `json:"gift"`
	GiftMessage   *string     `json:"gift_message"`
	ResourceState string      `json:"_resource_state"`
	custom        customInput `json:"-"`
}

// UnmarshalJSON reads the document with its custom attributes.
func (in *itemInput) UnmarshalJSON(text []byte) error {
	type plain itemInput
	if err := json.Unmarshal(text, (*plain)(in)); err != nil {
		return err
	}
	return json.Unmarshal(text, &in.custom)
}

func (in itemInput) options() []b2c.ChosenOption {
	var out []b2c.ChosenOption
	for _, o := range in.OptionItems {
		out = append(out, b2c.ChosenOption{OptionID: o.OptionID, ValueID: o.OptionValueID})
	}
	return out
}

// newItems reads items to put into a basket. A quantity of zero, given, is none that a product is sold in.
func newItems(in []itemInput) ([]b2c.NewBasketItem, error) {
	var out []b2c.NewBasketItem
	for _, i := range in {
		set, _, err := i.custom.attributesOf("product_item")
		if err != nil {
			return nil, err
		}
		n := b2c.NewBasketItem{
			ProductID: i.ProductID, InventoryListID: i.InventoryID, BonusDiscountID: i.BonusDiscountID, Options: i.options(), Custom: set,
		}
		if i.Quantity != nil {
			if n.Quantity = *i.Quantity; n.Quantity.IsZero() {
				n.Quantity = decimal.NewFromInt(-1)
			}
		}
		if i.ShipmentID != nil {
			n.ShipmentID = *i.ShipmentID
		}
		n.Gift, n.GiftMessage = i.Gift != nil && *i.Gift, pointed(i.GiftMessage)
		out = append(out, n)
	}
	return out, nil
}

// pointed is what a pointer points to, or nothing.
func pointed[T any](p *T) T {
	if p == nil {
		var none T
		return none
	}
	return *p
}

type shipmentInput struct {
	ID              string        `json:"id"`
	ShipmentID      string        `json:"shipment_id"`
	ShipmentNo      string        `json:"shipment_no"`
	ShippingAddress *addressInput `json:"shipping_address"`
	ShippingMethod  *methodInput  `json:"shipping_method"`
	Gift            *bool         `json:"gift"`
	GiftMessage     *string       `json:"gift_message"`
	ResourceState   string        `json:"_resource_state"`
	custom          customInput   `json:"-"`
}

type methodInput struct {
	ID            string `json:"id"`
	ResourceState string `json:"_resource_state"`
}

// UnmarshalJSON reads the document with its custom attributes.
func (in *shipmentInput) UnmarshalJSON(text []byte) error {
	type plain shipmentInput
	if err := json.Unmarshal(text, (*plain)(in)); err != nil {
		return err
	}
	return json.Unmarshal(text, &in.custom)
}

func (in shipmentInput) change() (b2c.ShipmentChange, error) {
	set, unset, err := in.custom.attributesOf("shipment")
	change := b2c.ShipmentChange{ID: in.ShipmentID, ShipmentNo: in.ShipmentNo, Gift: in.Gift, GiftMessage: in.GiftMessage, Set: set, Unset: unset}
	if change.ID == "" {
		change.ID = in.ID
	}
	if in.ShippingAddress != nil {
		address := in.ShippingAddress.address()
		change.Address = &address
	}
	if in.ShippingMethod != nil {
		change.MethodID = &in.ShippingMethod.ID
	}
	return change, err
}

type paymentInput struct {
	PaymentMethodID     *string          `json:"payment_method_id"`
	Amount              *decimal.Decimal `json:"amount"`
	PaymentCard         *cardInput       `json:"payment_card"`
	GiftCertificateCode string           `json:"gift_certificate_code"`
	StoredID            string           `json:"customer_payment_instrument_id"`
	ResourceState       string           `json:"_resource_state"`
	custom              customInput      `json:"-"`
}

type cardInput struct {
	CardType        string `json:"card_type"`
	Holder          string `json:"holder"`
	Number          string `json:"number"`
	MaskedNumber    string `json:"masked_number"`
	CreditCardToken string `json:"credit_card_token"`
	ExpirationMonth int    `json:"expiration_month"`
	ExpirationYear  int    `json:"expiration_year"`
}

// UnmarshalJSON reads the document with its custom attributes.
func (in *paymentInput) UnmarshalJSON(text []byte) error {
	type plain paymentInput
	if err := json.Unmarshal(text, (*plain)(in)); err != nil {
		return err
	}
	return json.Unmarshal(text, &in.custom)
}

// card is what is kept of a card: never its number.
func (in *cardInput) card() b2c.PaymentCard {
	if in == nil {
		return b2c.PaymentCard{}
	}
	card := b2c.PaymentCard{
		CardType: in.CardType, Holder: in.Holder, Token: in.CreditCardToken, ExpirationMonth: in.ExpirationMonth, ExpirationYear: in.ExpirationYear,
	}
	if in.MaskedNumber != "" {
		card.MaskedNumber = in.MaskedNumber
		card.LastDigits = in.MaskedNumber[strings.LastIndexFunc(in.MaskedNumber, func(r rune) bool { return r < '0' || r > '9' })+1:]
	}
	if number := strings.ReplaceAll(in.Number, " ", ""); number != "" {
		shown := min(4, len(number))
		card.LastDigits = number[len(number)-shown:]
		card.MaskedNumber = strings.Repeat("*", len(number)-shown) + card.LastDigits
	}
	return card
}

func (in paymentInput) payment() (b2c.NewBasketPayment, error) {
	set, _, err := in.custom.attributesOf("order_payment_instrument_request")
	return b2c.NewBasketPayment{
		PaymentMethodID: pointed(in.PaymentMethodID), Amount: pointed(in.Amount), Card: in.PaymentCard.card(), GiftCertificateCode: in.GiftCertificateCode, StoredID: in.StoredID,
		Custom: set,
	}, err
}

type giftItemInput struct {
	Amount         decimal.Decimal `json:"amount"`
	Message        string          `json:"message"`
	RecipientEmail string          `json:"recipient_email"`
	RecipientName  string          `json:"recipient_name"`
	SenderName     string          `json:"sender_name"`
	ShipmentID     string          `json:"shipment_id"`
	ResourceState  string          `json:"_resource_state"`
	custom         customInput     `json:"-"`
}

// UnmarshalJSON reads the document with its custom attributes.
func (in *giftItemInput) UnmarshalJSON(text []byte) error {
	type plain giftItemInput
	if err := json.Unmarshal(text, (*plain)(in)); err != nil {
		return err
	}
	return json.Unmarshal(text, &in.custom)
}

func (in giftItemInput) item() (b2c.GiftCertificateItem, error) {
	set, _, err := in.custom.attributesOf("gift_certificate_item")
	return b2c.GiftCertificateItem{
		ShipmentID: in.ShipmentID, Amount: in.Amount, RecipientName: in.RecipientName, RecipientEmail: in.RecipientEmail, SenderName: in.SenderName,
		Message: in.Message, Custom: set,
	}, err
}

type adjustmentInput struct {
	PromotionID   string         `json:"promotion_id"`
	Level         string         `json:"level"`
	ItemID        string         `json:"item_id"`
	ItemText      *string        `json:"item_text"`
	ReasonCode    *string        `json:"reason_code"`
	Discount      *discountInput `json:"discount"`
	ResourceState string         `json:"_resource_state"`
}

type discountInput struct {
	Type  string          `json:"type"`
	Value decimal.Decimal `json:"value"`
}

func (in adjustmentInput) adjustment() b2c.NewAdjustment {
	n := b2c.NewAdjustment{
		PromotionID: in.PromotionID, Level: price.Level(in.Level), ItemID: in.ItemID, ItemText: pointed(in.ItemText), ReasonCode: pointed(in.ReasonCode),
	}
	if in.Discount != nil {
		n.Discount = b2c.AppliedDiscount{Type: in.Discount.Type, Value: in.Discount.Value}
	}
	return n
}

type basketCustomerInput struct {
	CustomerID    string `json:"customer_id"`
	CustomerNo    string `json:"customer_no"`
	CustomerName  string `json:"customer_name"`
	Email         string `json:"email"`
	ResourceState string `json:"_resource_state"`
}

func (in basketCustomerInput) info() b2c.CustomerInfo {
	return b2c.CustomerInfo{CustomerID: in.CustomerID, CustomerNo: in.CustomerNo, Email: in.Email, Name: in.CustomerName}
}
