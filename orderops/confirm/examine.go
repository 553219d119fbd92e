package confirm

import (
	"context"
	"time"

	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/orderops"
	"github.com/somsim/somsim/orderops/b2cclient"
	"github.com/somsim/somsim/orderops/command"
	"github.com/somsim/somsim/orderops/modify"
	"github.com/somsim/somsim/orderops/remote"
)

// retrySoon is the wait announced with refusals that may pass by themselves.
const retrySoon = 5 * time.Second

// old is what commerce says of the order that is to be given up: no names, no addresses.
type old struct {
	Status       string          `json:"status"`
	ExportStatus string          `json:"export_status"`
	Currency     string          `json:"currency"`
	Total        decimal.Decimal `json:"total"`
	Coupons      []string        `json:"coupons,omitempty"`
}

// successor is the order that takes its place, or the basket that it will come of.
type successor struct {
	OrderNo        string                        `json:"order_no,omitempty"`
	BasketID       string                        `json:"basket_id,omitempty"`
	Status         string                        `json:"status,omitempty"`
	CustomerID     string                        `json:"customer_id"`
	Currency       string                        `json:"currency"`
	Total          decimal.Decimal               `json:"total"`
	Modifies       string                        `json:"modifies"`
	ModificationID string                        `json:"modification_id"`
	Items          []item                        `json:"items"`
	Payments       []b2cclient.PaymentInstrument `json:"payments,omitempty"`
	// Used are the codes of the basket that have been used up already, Codes are all of them.
	Used  []string `json:"used,omitempty"`
	Codes []string `json:"codes,omitempty"`
}

type item struct {
	ProductID string          `json:"product_id"`
	Quantity  decimal.Decimal `json:"quantity"`
}

// examine finds everything out that there is to know, or refuses. Nothing is changed. It has answered when the confirmation
// came about before.
func (j *job) examine() error {
	request := j.in.Request
	if (request.NewOrderNo == "") == (request.BasketID == "") {
		return orderops.Refuse(orderops.InvalidRequest, "name the new order or the basket, and not both")
	}
	var err error
	if j.edited, err = modify.Find(j.run, j.Editing, j.row); err != nil {
		return err
	}
	if j.edited.State != command.Editing {
		return j.ended()
	}
	if err := j.sameShopper(); err != nil {
		return err
	}
	if err := j.readOld(); err != nil {
		return err
	}
	if err := j.readSuccessor(); err != nil {
		return err
	}
	if err := j.fits(); err != nil {
		return err
	}
	return j.inOMS()
}

// ended answers a confirmation of an order that is not being edited. One that was found and confirmed without being asked
// for is the one that the caller means.
func (j *job) ended() error {
	before := j.edited.Answer
	if before == nil || before.State != orderops.Confirmed {
		return orderops.Refuse(orderops.NotEditing, "there is no open modification of the order")
	}
	request := j.in.Request
	if before.Triggered && (request.NewOrderNo == before.NewOrderNo || request.BasketID != "" && request.BasketID == before.BasketID) {
		j.answer = &orderops.Confirmation{
			OrderNo: j.row.OrderNo, NewOrderNo: before.NewOrderNo, AlreadyConfirmed: true, Policy: before.Policy, Currency: before.Currency,
			Before: before.Before, After: before.After, Bookings: []string{}, Effects: []orderops.Effect{},
		}
		return nil
	}
	refusal := orderops.Refuse(orderops.AlreadyConfirmed, "order %s has taken its place", before.NewOrderNo)
	refusal.Extra.NewOrderNo = before.NewOrderNo
	return refusal
}

// sameShopper refuses somebody else than who edits the order. In a hybrid shop a shopper may have two sessions: a guest's
// basket is in one of them only.
func (j *job) sameShopper() error {
	note := j.edited.Note
	switch {
	case j.in.Triggered:
		return nil
	case note.CustomerID != j.in.CustomerID:
		return orderops.Refuse(orderops.CustomerMismatch, "another customer is editing the order")
	case note.SessionID != "" && j.in.SessionID != "" && note.SessionID != j.in.SessionID:
		return orderops.Refuse(orderops.SessionMismatch, "the order is being edited in another session; take the session along first")
	default:
		return nil
	}
}

func (j *job) readOld() error {
	out, err := command.Call(j.run, "b2c.readOld", func(ctx context.Context) (old, error) {
		doc, err := j.Commerce.OrderAsService(ctx, j.shop, j.row.OrderNo)
		o := old{doc.Order.Status, doc.Order.ExportStatus, doc.Order.Currency, doc.Order.OrderTotal, nil}
		for _, c := range doc.Order.CouponItems {
			o.Coupons = append(o.Coupons, c.Code)
		}
		return o, err
	})
	if err != nil {
		return err
	}
	if out.Failure != nil {
		return refuseFor(out.Failure, orderops.OrderNotFound)
	}
	j.old = out.Value
	return nil
}

// readSuccessor reads the new order, or the basket. A basket that is gone may have become an order meanwhile.
func (j *job) readSuccessor() error {
	request := j.in.Request
	if request.BasketID != "" {
		out, err := command.Call(j.run, "b2c.readBasket", func(ctx context.Context) (successor, error) {
			b, err := j.Commerce.Basket(ctx, j.shop, request.BasketID)
			return ofBasket(b), err
		})
		switch {
		case err != nil:
			return err
		case out.Failure == nil:
			j.next = out.Value
			return nil
		case out.Class() != remote.NotFound:
			return refuseFor(out.Failure, orderops.BasketNotFound)
		}
		return j.readArrived(out.Failure)
	}
	return j.readNew("b2c.readNew", request.NewOrderNo, orderops.OrderNotFound)
}

func ofBasket(b b2cclient.Basket) successor {
	s := successor{
		BasketID: b.BasketID, CustomerID: b.CustomerInfo.CustomerID, Currency: b.Currency, Total: b.OrderTotal, Modifies: b.ModifiesOrderNo,
		ModificationID: b.ModificationID, Payments: b.PaymentInstruments,
	}
	for _, c := range b.CouponItems {
		s.Codes = append(s.Codes, c.Code)
		if c.StatusCode == b2cclient.CouponUsed {
			s.Used = append(s.Used, c.Code)
		}
	}
	for _, i := range b.ProductItems {
		s.Items = append(s.Items, item{i.ProductID, i.Quantity})
	}
	return s
}

func ofOrder(o b2cclient.Order) successor {
	s := successor{
		OrderNo: o.OrderNo, Status: o.Status, CustomerID: o.CustomerInfo.CustomerID, Currency: o.Currency, Total: o.OrderTotal,
		Modifies: o.ModifiesOrderNo, ModificationID: o.ModificationID, Payments: o.PaymentInstruments,
	}
	for _, i := range o.ProductItems {
		s.Items = append(s.Items, item{i.ProductID, i.Quantity})
	}
	return s
}

func (j *job) readNew(name, orderNo string, missing orderops.Code) error {
	out, err := command.Call(j.run, name, func(ctx context.Context) (successor, error) {
		doc, err := j.Commerce.OrderAsService(ctx, j.shop, orderNo)
		return ofOrder(doc.Order), err
	})
	if err != nil {
		return err
	}
	if out.Class() == remote.NotFound && missing == orderops.OrderNotFound {
		return j.elsewhere(orderNo, out.Failure)
	}
	if out.Failure != nil {
		return refuseFor(out.Failure, missing)
	}
	j.next = out.Value
	return nil
}

// elsewhere tells an order that the shopper placed on another site from one that does not exist, or is somebody else's:
// only the shopper's own orders are looked through.
func (j *job) elsewhere(orderNo string, missing *remote.Error) error {
	out, err := command.Call(j.run, "b2c.elsewhere", func(ctx context.Context) (string, error) {
		orders, err := j.Commerce.NewestAnywhere(ctx, j.shop, j.edited.Note.CustomerID)
		for _, o := range orders {
			if o.OrderNo == orderNo {
				return o.SiteID, err
			}
		}
		return "", err
	})
	switch {
	case err != nil:
		return err
	case out.Failure == nil && out.Value != "" && out.Value != j.row.Site:
		return orderops.Refuse(orderops.ContextMismatch, "the order was placed on site %s, the new one on site %s", j.row.Site, out.Value)
	case out.Failure != nil && out.Failure.Class.Passing():
		return refuseFor(out.Failure, orderops.OrderNotFound)
	default:
		return refuseFor(missing, orderops.OrderNotFound)
	}
}

// readArrived looks for what has become of the basket: the order that came of it, or the basket that was opened again in its
// place after a payment had been declined.
func (j *job) readArrived(gone *remote.Error) error {
	again, err := command.Call(j.run, "b2c.reopened", func(ctx context.Context) (successor, error) {
		baskets, err := j.Commerce.CustomerBaskets(ctx, j.shop, j.edited.Note.CustomerID)
		for _, b := range baskets {
			if b.ModificationID == j.edited.ID && j.in.Request.BasketID == j.edited.Answer.BasketID {
				return ofBasket(b), err
			}
		}
		return successor{}, err
	})
	switch {
	case err != nil:
		return err
	case again.Failure != nil:
		return refuseFor(again.Failure, orderops.BasketNotFound)
	case again.Value.BasketID != "":
		j.next = again.Value
		return nil
	}
	out, err := j.findArrived("b2c.arrived")
	switch {
	case err != nil:
		return err
	case out.Failure != nil:
		return refuseFor(out.Failure, orderops.BasketNotFound)
	case out.Value.OrderNo == "":
		return refuseFor(gone, orderops.BasketNotFound)
	}
	return j.readNew("b2c.readArrived", out.Value.OrderNo, orderops.BasketNotFound)
}

func (j *job) findArrived(name string) (command.Outcome[modify.Arrival], error) {
	return command.Call(j.run, name, func(ctx context.Context) (modify.Arrival, error) {
		return modify.Arrived(ctx, j.Commerce, j.shop, j.edited.Note.CustomerID, j.edited.ID)
	})
}

// fits refuses a new order, or a basket, that does not follow up this order, or is not what the caller takes it for.
func (j *job) fits() error {
	n := j.next
	switch {
	case n.CustomerID != j.edited.Note.CustomerID:
		return orderops.Refuse(orderops.CustomerMismatch, "the new order is another customer's")
	case n.Modifies != j.row.OrderNo, n.ModificationID != j.edited.ID:
		return orderops.Refuse(orderops.ContextMismatch, "it does not come of the follow-up basket of this order")
	case n.Currency != j.old.Currency:
		return orderops.Refuse(orderops.ContextMismatch, "the order is in %s, the new one in %s", j.old.Currency, n.Currency)
	case n.Status == b2cclient.StatusFailed:
		return orderops.Refuse(orderops.PaymentDeclined, "the new order has failed")
	case n.Status == b2cclient.StatusCreated:
		return orderops.RefuseFor(retrySoon, orderops.OrderNotPlaced, "the new order is not paid yet")
	case n.Status == b2cclient.StatusCancelled:
		return orderops.Refuse(orderops.ContextMismatch, "the new order is cancelled")
	}
	want := j.in.Request.ExpectedTotal
	if want == nil || want.Equal(n.Total) {
		return nil
	}
	actual := orderops.NewAmount(n.Total)
	refusal := orderops.Refuse(orderops.PriceChanged, "expected a total of %s, it is %s", want, actual)
	refusal.Extra.ExpectedTotal, refusal.Extra.ActualTotal = want, &actual
	return refusal
}

// inOMS looks at the old order in order management. Where nothing is placed yet, it has to be what it was.
func (j *job) inOMS() error {
	out, err := modify.ReadOrder(j.run, j.SOM, j.Cancel, "som.read", j.row.OrderNo)
	if err != nil {
		return err
	}
	if out.Failure != nil {
		refusal := orderops.RefuseFor(max(retrySoon, out.Failure.RetryAfter), orderops.OMSUnavailable, "nothing was changed")
		refusal.Extra.UpstreamCode = out.Failure.VendorCode
		return refusal
	}
	j.order = out.Value
	if j.next.OrderNo != "" || j.edited.Answer.Policy == orderops.CancelFirst {
		return nil
	}
	switch {
	case !j.order.Left():
		return orderChanged("CANCELLED", j.order.Status)
	case j.order.Shipped():
		return orderChanged("FULFILLED", j.order.Status)
	}
	return nil
}

func orderChanged(reason, status string) *orderops.Refusal {
	refusal := orderops.Refuse(orderops.OrderChanged, "the order is %s in order management; the basket stays as an ordinary one", status)
	refusal.Extra.Reason = reason
	return refusal
}

// refuseFor words a failure before anything was changed.
func refuseFor(failure *remote.Error, missing orderops.Code) *orderops.Refusal {
	var refusal *orderops.Refusal
	pause := max(retrySoon, failure.RetryAfter)
	switch {
	case failure.Class == remote.NotFound:
		refusal = orderops.Refuse(missing, "")
	case failure.Class == remote.Throttled:
		refusal = orderops.RefuseFor(pause, orderops.RateLimited, "%s is busy; nothing was changed", failure.System)
	case failure.Class.Passing() && failure.Status == 0:
		refusal = orderops.RefuseFor(pause, orderops.UpstreamTimeout, "%s did not answer; nothing was changed", failure.System)
	case failure.Class.Passing(), failure.Class == remote.Conflict:
		refusal = orderops.RefuseFor(pause, orderops.UpstreamError, "%s failed; nothing was changed", failure.System)
	default:
		refusal = orderops.Refuse(orderops.UpstreamError, "%s refused; nothing was changed", failure.System)
	}
	refusal.Extra.UpstreamCode = failure.VendorCode
	return refusal
}
