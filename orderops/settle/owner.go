package settle

import (
	"context"

	"github.com/somsim/somsim/orderops/command"
	"github.com/somsim/somsim/orderops/somclient"
	"github.com/somsim/somsim/orderops/worldlineclient"
)

// MoneyOwner says who voids and refunds at the payment provider.
type MoneyOwner string

// The owners of money.
const (
	OwnedByOrderOps MoneyOwner = "order_ops" // order-ops, which records the outcome in order management
	OwnedBySOM      MoneyOwner = "som"       // order management, which order-ops asks; at the provider order-ops only reads
)

// Funds is what settling needs of order management where that owns the money.
type Funds interface {
	Settlement(ctx context.Context, orderSummaryID string) (somclient.Settlement, error)
	ReverseAuthorization(ctx context.Context, r somclient.AuthorizationReversal) (string, error)
	CreateCreditMemo(ctx context.Context, orderSummaryID string, changeOrderIDs []string) (string, error)
	CreateFeeInvoice(ctx context.Context, orderSummaryID string, changeOrderIDs []string) (string, error)
	EnsureRefunds(ctx context.Context, r somclient.RefundRequest) (string, error)
	UserID(ctx context.Context) (string, error)
}

// claim is what a change gives order management to settle by.
type claim struct {
	OrderSummaryID string   `json:"order_summary_id"`
	ChangeOrders   []string `json:"change_orders,omitempty"`
	FeeOrders      []string `json:"fee_orders,omitempty"`
	// Fulfilled says that the units had been handed over: only a credit memo gives their money back.
	Fulfilled bool `json:"fulfilled,omitempty"`
	// Gross is what the change orders come to and Fee what of it is kept, Worth what the order is worth without them; minor
	// units.
	Gross int64 `json:"gross"`
	Fee   int64 `json:"fee,omitempty"`
	Worth int64 `json:"worth"`
}

// ownedPayment is a payment with who moves its money. The owner is remembered with the reading, so that a change that is
// being settled keeps its owner when another one is configured meanwhile.
type ownedPayment struct {
	worldlineclient.Payment
	Owner MoneyOwner `json:"Owner,omitempty"` // empty for order-ops
}

func (s *Systems) readOwned(run command.Run, row command.Row, step, id string) (command.Outcome[ownedPayment], error) {
	return command.Call(run, step, func(ctx context.Context) (ownedPayment, error) {
		payment, err := s.Payments.Payment(ctx, id)
		owned := ownedPayment{Payment: payment}
		if s.Policy.MoneyOwner.Of(row.Site) == OwnedBySOM {
			owned.Owner = OwnedBySOM
		}
		return owned, err
	})
}

// releases says that a movement lets authorised money go; others give captured money back.
func (m movement) releases() bool { return m.Kind == kindVoid || m.Kind == kindReverse }

// refunds says that a movement gives captured money back.
func (m movement) refunds() bool { return m.Kind == kindRefund || m.Kind == kindEnsure }

// bySOM says that order management makes the movement.
func (m movement) bySOM() bool { return m.Kind == kindReverse || m.Kind == kindEnsure }

// foundIn finds what order management had the provider do for a movement, among the operations that came after the
// decision. They bear no key: kind and amount have to do, and each operation stands for one movement.
func (m movement) foundIn(p worldlineclient.Payment, taken map[string]bool) (worldlineclient.Operation, bool) {
	for _, op := range p.Operations[min(m.Seen, len(p.Operations)):] {
		if op.Reference == "" && op.Amount == m.Amount && !op.Refused() && !taken[op.ID] && (m.releases() && op.Voided() || m.refunds() && op.Refunded()) {
			return op, true
		}
	}
	return worldlineclient.Operation{}, false
}
