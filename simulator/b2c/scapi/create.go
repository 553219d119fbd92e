package scapi

import (
	"encoding/json"
	"net/http"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/simulator/b2c"
	"github.com/somsim/somsim/simulator/b2c/ocapi"
	"github.com/somsim/somsim/simulator/binding"
)

type worth struct {
	Gross decimal.Decimal `json:"grossPrice"`
	Net   decimal.Decimal `json:"netPrice"`
	Tax   decimal.Decimal `json:"tax"`
}

type newAdjustment struct {
	worth
	Text   string `json:"itemText"`
	Reason string `json:"reasonCode"`
}

// newOrder is an order that another system has priced and had paid.
type newOrder struct {
	OrderNo     string          `json:"orderNo"`
	Channel     string          `json:"channelType"`
	Currency    string          `json:"currency"`
	Payment     string          `json:"paymentStatus"`
	Billing     addressInput    `json:"billingAddress"`
	OrderTotal  decimal.Decimal `json:"orderTotal"`
	TaxTotal    decimal.Decimal `json:"taxTotal"`
	Adjustments []newAdjustment `json:"orderPriceAdjustments"`
	Items       []newItem       `json:"productItems"`
	Shipments   []newShipment   `json:"shipments"`
	Payments    []newPayment    `json:"paymentInstruments"`
}

type newItem struct {
	worth
	BasePrice   decimal.Decimal `json:"basePrice"`
	Quantity    decimal.Decimal `json:"quantity"`
	TaxRate     decimal.Decimal `json:"taxRate"`
	ProductID   string          `json:"productId"`
	Name        string          `json:"productName"`
	Text        string          `json:"itemText"`
	ShipmentID  string          `json:"shipmentId"`
	Adjustments []newAdjustment `json:"priceAdjustments"`
}

type newShipment struct {
	ID      string          `json:"shipmentId"`
	Method  string          `json:"shippingMethod"`
	Address addressInput    `json:"shippingAddress"`
	Price   decimal.Decimal `json:"shippingTotal"`
	Tax     decimal.Decimal `json:"taxTotal"`
}

type newPayment struct {
	Method      string `json:"paymentMethodId"`
	Transaction struct {
		Amount        decimal.Decimal `json:"amount"`
		ID            string          `json:"transactionId"`
		Authorization *struct {
			Code    string `json:"code"`
			Message string `json:"message"`
			Status  int    `json:"status"`
		} `json:"authorizationStatus"`
	} `json:"paymentTransaction"`
}

// addressInput has the fields of the domain's address, in its order.
type addressInput struct {
	ID          string `json:"id"`
	Salutation  string `json:"salutation"`
	Title       string `json:"title"`
	FirstName   string `json:"firstName"`
	LastName    string `json:"lastName"`
	CompanyName string `json:"companyName"`
	SecondName  string `json:"secondName"`
	Suffix      string `json:"suffix"`
	JobTitle    string `json:"jobTitle"`
	Suite       string `json:"suite"`
	PostBox     string `json:"postBox"`
	Address1    string `json:"address1"`
	Address2    string `json:"address2"`
	PostalCode  string `json:"postalCode"`
	City        string `json:"city"`
	StateCode   string `json:"stateCode"`
	CountryCode string `json:"countryCode"`
	Phone       string `json:"phone"`
}

// createOrders stores an order of another system, on behalf of the shopper whom it vouches for, and places it.
func (a *API) createOrders(c *binding.Call) (*binding.Response, error) {
	var in newOrder
	if err := decode(c, &in); err != nil {
		return nil, err
	}
	attributes, _, err := a.attributes(c)
	if err != nil {
		return nil, err
	}
	n := in.imported()
	if err := partAttributes(c, &n); err != nil {
		return nil, err
	}
	n.SiteID, n.CustomerID, n.Custom = c.Request.Query("siteId"), c.Principal.ID, attributes
	o, err := a.domain.ImportOrder(c.Tx, n)
	if err != nil {
		return nil, err
	}
	at := c.BaseURL() + "/checkout/orders/v1/organizations/" + b2c.Organization + "/orders/" + o.OrderNo
	return &binding.Response{Status: http.StatusCreated, Header: http.Header{"Location": {at}}}, nil
}

// attributes are the custom attributes of the body: those to set and those to remove.
func (a *API) attributes(c *binding.Call) (set b2c.Attributes, unset []string, err error) {
	var body map[string]json.RawMessage
	if err := decode(c, &body); err != nil {
		return nil, nil, err
	}
	return ocapi.ReadCustom(customOf(body))
}

// customOf are the custom attributes of a document.
func customOf(document map[string]json.RawMessage) map[string]json.RawMessage {
	for name := range document {
		if !strings.HasPrefix(name, custom) {
			delete(document, name)
		}
	}
	return document
}

// partAttributes reads the custom attributes of an order's lines and shipments.
func partAttributes(c *binding.Call, n *b2c.ImportedOrder) error {
	var in struct {
		Items     []map[string]json.RawMessage `json:"productItems"`
		Shipments []map[string]json.RawMessage `json:"shipments"`
	}
	if err := decode(c, &in); err != nil {
		return err
	}
	var err error
	for i := range n.Items {
		if n.Items[i].Custom, _, err = ocapi.ReadCustom(customOf(in.Items[i])); err != nil {
			return err
		}
	}
	for i := range n.Shipments {
		if n.Shipments[i].Custom, _, err = ocapi.ReadCustom(customOf(in.Shipments[i])); err != nil {
			return err
		}
	}
	return nil
}

func (in newOrder) imported() b2c.ImportedOrder {
	n := b2c.ImportedOrder{
		OrderNo: in.OrderNo, ChannelType: in.Channel, Currency: in.Currency, Payment: b2c.PaymentStatus(in.Payment), BillingAddress: b2c.OrderAddress(in.Billing),
		OrderTotal: in.OrderTotal, TaxTotal: in.TaxTotal, Adjustments: discounts(in.Adjustments),
	}
	for _, i := range in.Items {
		if i.Name == "" {
			i.Name = i.Text
		}
		n.Items = append(n.Items, b2c.ImportedItem{
			Worth: b2c.Worth(i.worth), ProductID: i.ProductID, ProductName: i.Name, ShipmentID: i.ShipmentID, Quantity: i.Quantity, BasePrice: i.BasePrice,
			TaxRate: i.TaxRate, Adjustments: discounts(i.Adjustments),
		})
	}
	for _, s := range in.Shipments {
		n.Shipments = append(n.Shipments, b2c.ImportedShipment{
			ShipmentID: s.ID, Method: s.Method, Address: b2c.OrderAddress(s.Address), Price: s.Price, Tax: s.Tax,
		})
	}
	for _, p := range in.Payments {
		paid := b2c.PaymentInstrument{PaymentMethodID: p.Method, Amount: p.Transaction.Amount, TransactionID: p.Transaction.ID}
		if said := p.Transaction.Authorization; said != nil {
			paid.Authorization = b2c.Authorization{Given: said.Status == 0, Code: said.Code, Message: said.Message}
		}
		n.Payments = append(n.Payments, paid)
	}
	return n
}

func discounts(given []newAdjustment) []b2c.ImportedAdjustment {
	out := make([]b2c.ImportedAdjustment, len(given))
	for i, a := range given {
		out[i] = b2c.ImportedAdjustment{Worth: b2c.Worth(a.worth), Text: a.Text, ReasonCode: a.Reason}
	}
	return out
}

// updateAdminOrderPayment sets custom attributes of a payment, or of its transaction, which are kept as one.
func (a *API) updateAdminOrderPayment(c *binding.Call) (*binding.Response, error) {
	set, unset, err := a.attributes(c)
	if err != nil {
		return nil, err
	}
	vars := c.Request.Vars
	return done(), a.domain.UpdateInstrument(c.Tx, site(c), vars["orderNo"], vars["paymentInstrumentId"], b2c.InstrumentUpdate{Custom: set, Unset: unset})
}

func (a *API) updateAdminOrderShippingAddress(c *binding.Call) (*binding.Response, error) {
	var in addressInput
	if err := decode(c, &in); err != nil {
		return nil, err
	}
	vars := c.Request.Vars
	return done(), a.domain.SetShippingAddress(c.Tx, site(c), vars["orderNo"], vars["shipmentId"], b2c.OrderAddress(in))
}
