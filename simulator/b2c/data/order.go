package data

import (
	"encoding/json"

	"github.com/somsim/somsim/simulator/b2c"
	"github.com/somsim/somsim/simulator/b2c/ocapi"
	"github.com/somsim/somsim/simulator/binding"
)

type orderInput struct {
	SiteID  string `path:"site_id"`
	OrderNo string `path:"order_no"`
	Body    map[string]json.RawMessage
}

type statusInput struct {
	SiteID  string `path:"site_id"`
	OrderNo string `path:"order_no"`
	Body    struct {
		Status string `json:"status"`
	}
}

// reader sees the orders of a site that exists.
func (a *API) reader(c *binding.Call, siteID string) (b2c.Reader, error) {
	_, err := a.site(c, siteID)
	return b2c.Reader{SiteID: siteID}, err
}

func (a *API) updateOrder(c *binding.Call, in orderInput) (binding.Empty, error) {
	set, unset, err := ocapi.ReadCustom(in.Body)
	if err != nil {
		return binding.Empty{}, err
	}
	return a.update(c, in.SiteID, in.OrderNo, b2c.OrderUpdate{Custom: set, Unset: unset})
}

func (a *API) update(c *binding.Call, siteID, orderNo string, u b2c.OrderUpdate) (binding.Empty, error) {
	r, err := a.reader(c, siteID)
	if err != nil {
		return binding.Empty{}, err
	}
	return binding.Empty{}, a.domain.UpdateOrder(c.Tx, r, orderNo, u)
}

func (a *API) setOrderStatus(c *binding.Call, in statusInput) (binding.Empty, error) {
	r, err := a.reader(c, in.SiteID)
	if err != nil {
		return binding.Empty{}, err
	}
	_, err = a.domain.PutStatus(c.Tx, r, in.OrderNo, b2c.Status(in.Body.Status))
	return binding.Empty{}, err
}

func (a *API) setOrderConfirmationStatus(c *binding.Call, in statusInput) (binding.Empty, error) {
	return a.update(c, in.SiteID, in.OrderNo, b2c.OrderUpdate{Confirmation: b2c.ConfirmationStatus(in.Body.Status)})
}

func (a *API) setOrderExportStatus(c *binding.Call, in statusInput) (binding.Empty, error) {
	return a.update(c, in.SiteID, in.OrderNo, b2c.OrderUpdate{Export: b2c.ExportStatus(in.Body.Status)})
}

func (a *API) setOrderExternalStatus(c *binding.Call, in statusInput) (binding.Empty, error) {
	return a.update(c, in.SiteID, in.OrderNo, b2c.OrderUpdate{ExternalStatus: in.Body.Status})
}

func (a *API) setOrderPaymentStatus(c *binding.Call, in statusInput) (binding.Empty, error) {
	return a.update(c, in.SiteID, in.OrderNo, b2c.OrderUpdate{Payment: b2c.PaymentStatus(in.Body.Status)})
}

func (a *API) setOrderShippingStatus(c *binding.Call, in statusInput) (binding.Empty, error) {
	return a.update(c, in.SiteID, in.OrderNo, b2c.OrderUpdate{Shipping: b2c.ShippingStatus(in.Body.Status)})
}

type instrumentInput struct {
	SiteID  string `path:"site_id"`
	OrderNo string `path:"order_no"`
	ID      string `path:"payment_instrument_id"`
	Body    map[string]json.RawMessage
}

func (a *API) updateOrderPaymentInstrument(c *binding.Call, in instrumentInput) (binding.Empty, error) {
	delete(in.Body, "transaction_id")
	return a.updateOrderPaymentTransaction(c, in)
}

func (a *API) updateOrderPaymentTransaction(c *binding.Call, in instrumentInput) (binding.Empty, error) {
	set, unset, err := ocapi.ReadCustom(in.Body)
	if err != nil {
		return binding.Empty{}, err
	}
	r, err := a.reader(c, in.SiteID)
	if err != nil {
		return binding.Empty{}, err
	}
	update := b2c.InstrumentUpdate{Custom: set, Unset: unset}
	if raw, ok := in.Body["transaction_id"]; ok {
		if err := json.Unmarshal(raw, &update.TransactionID); err != nil {
			return binding.Empty{}, err
		}
	}
	return binding.Empty{}, a.domain.UpdateInstrument(c.Tx, r, in.OrderNo, in.ID, update)
}

func (a *API) setOrderShippingAddress(c *binding.Call, in struct {
	SiteID     string `path:"site_id"`
	OrderNo    string `path:"order_no"`
	ShipmentID string `path:"shipment_id"`
	Body       addressBody
},
) (binding.Empty, error) {
	r, err := a.reader(c, in.SiteID)
	if err != nil {
		return binding.Empty{}, err
	}
	return binding.Empty{}, a.domain.SetShippingAddress(c.Tx, r, in.OrderNo, in.ShipmentID, b2c.OrderAddress(in.Body))
}

// addressBody has the fields of the domain's address, in its order.
type addressBody struct {
	ID          string `json:"id"`
	Salutation  string `json:"salutation"`
	Title       string `json:"title"`
	FirstName   string `json:"first_name"`
	LastName    string `json:"last_name"`
	CompanyName string `json:"company_name"`
	SecondName  string `json:"second_name"`
	Suffix      string `json:"suffix"`
	JobTitle    string `json:"job_title"`
	Suite       string `json:"suite"`
	PostBox     string `json:"post_box"`
	Address1    string `json:"address1"`
	Address2    string `json:"address2"`
	PostalCode  string `json:"postal_code"`
	City        string `json:"city"`
	StateCode   string `json:"state_code"`
	CountryCode string `json:"country_code"`
	Phone       string `json:"phone"`
}
