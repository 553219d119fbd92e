// Package settle brings about what follows from an action on an order that has happened: money, points, stock, slots, the
// mirror in commerce and the event for web analytics. What does not work at once is owed as due work; what cannot settle
// itself becomes a work item. The actions hand in what they took off the order and in which order it is followed up.
package settle

import (
	"context"

	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/orderops/b2cclient"
	"github.com/somsim/somsim/orderops/loyaltyclient"
	"github.com/somsim/somsim/orderops/ociclient"
	"github.com/somsim/somsim/orderops/slotsclient"
	"github.com/somsim/somsim/orderops/somclient"
	"github.com/somsim/somsim/orderops/trackingclient"
	"github.com/somsim/somsim/orderops/worldlineclient"
)

// SOM is what settling needs of order management: money on record.
type SOM interface {
	RecordReversal(ctx context.Context, r somclient.Reversal) (string, error)
	RecordRefund(ctx context.Context, r somclient.Refund) (string, error)
	RenameRefund(ctx context.Context, refundID, reference string) error
	Recorded(ctx context.Context, reference, orderPaymentSummaryID string) (somclient.Record, error)
	FeeBasis(ctx context.Context, orderNo, reference, productCode string) (somclient.FeeBasis, error)
	ChargeFee(ctx context.Context, f somclient.Fee) (string, error)
}

// Payments is what settling needs of the payment provider.
type Payments interface {
	Payment(ctx context.Context, paymentID string) (worldlineclient.Payment, error)
	Void(ctx context.Context, paymentID string, m worldlineclient.Movement) error
	Refund(ctx context.Context, paymentID string, m worldlineclient.Movement) (worldlineclient.Operation, error)
}

// Stock is what settling needs of inventory.
type Stock interface {
	Holdings(ctx context.Context, orderNo string) ([]ociclient.Holding, error)
	Release(ctx context.Context, records []ociclient.Release) ([]ociclient.Failed, error)
}

// Slots is what settling needs of the slot service.
type Slots interface {
	Bookings(ctx context.Context, orderNo string) ([]slotsclient.Booking, error)
	Release(ctx context.Context, bookingID string) error
}

// Points is what settling needs of the loyalty service.
type Points interface {
	Events(ctx context.Context, orderNo string) ([]loyaltyclient.Event, error)
	Balance(ctx context.Context, accountID string) (int64, error)
	Adjust(ctx context.Context, accountID string, a loyaltyclient.Adjustment) (string, error)
	DeleteReward(ctx context.Context, rewardID string) error
}

// Tracking is what settling needs of web analytics.
type Tracking interface {
	Refund(ctx context.Context, e trackingclient.Refund) error
}

// Commerce is what settling needs of B2C Commerce: mirroring the status as the service itself.
type Commerce interface {
	SetStatus(ctx context.Context, shop b2cclient.Shop, orderNo, status string) error
	Status(ctx context.Context, shop b2cclient.Shop, orderNo string) (string, error)
}

// Policy is the configuration of settling.
type Policy struct {
	// SpentPoints says what happens to points that the order earned and that are spent already, PointValue what a point is
	// worth in money where they are deducted from the refund.
	SpentPoints BySite[SpentPoints]
	PointValue  BySite[decimal.Decimal]
	// FeeProduct is the ProductCode in SOM that money is booked on which was kept for points, FeeReason the picklist value of
	// SOM that it is booked for.
	FeeProduct string
	FeeReason  string
	// MoneyOwner says who voids and refunds at the payment provider; order-ops does where it does not say.
	MoneyOwner BySite[MoneyOwner]
	// RefundOrder says which of the means of payment gets its money back first, where an order was paid by several.
	RefundOrder BySite[RefundOrder]
}

// RefundOrder is an order of means of payment.
type RefundOrder string

// The orders of means of payment. Points are no money: their share goes back with what they paid for.
const (
	CardsFirst        RefundOrder = "cards_first"        // up to what they hold, then what was paid otherwise
	CertificatesFirst RefundOrder = "certificates_first" // up to what they paid, then cards
)

// DefaultPolicy has the shopper owe points that were spent.
func DefaultPolicy() Policy {
	return Policy{SpentPoints: BySite[SpentPoints]{AllSites: NegativeBalance}, FeeProduct: "SPENT-POINTS", FeeReason: "Unknown", RefundOrder: BySite[RefundOrder]{AllSites: CardsFirst}}
}

// Systems are where effects are made.
type Systems struct {
	SOM      SOM
	Payments Payments
	// Funds is only used where SOM owns the money.
	Funds Funds
	// Turns keeps the refunds of an order apart where SOM makes them; nil where nothing else asks for any.
	Turns    Turns
	Slots    Slots
	Commerce Commerce
	// Stock, Points and Tracking are nil where there is no such system. Their effects do not apply then.
	Stock    Stock
	Points   Points
	Tracking Tracking
	Policy   Policy
}
