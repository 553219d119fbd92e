package inbound

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/somsim/somsim/orderops"
	"github.com/somsim/somsim/orderops/command"
	"github.com/somsim/somsim/orderops/remote"
)

// Store keeps events.
type Store interface {
	// KeepEvent stores an event and reports whether it was new to its sandbox.
	KeepEvent(ctx context.Context, e command.Event) (fresh bool, err error)
	// WakeDue has due work of a kind that waits and names an id looked at by then.
	WakeDue(ctx context.Context, sandbox, kind, id string, at time.Time) error
}

// Clock is the service's clock.
type Clock interface {
	Now(ctx context.Context) time.Time
	// Refresh looks at the clock anew: a sandbox's may have been moved without anybody saying so.
	Refresh(ctx context.Context)
}

// Inbox takes in the platform events of order management.
type Inbox struct {
	Store Store
	Clock Clock
	// Secret is shared with who sends the events. Without one nothing is taken.
	Secret  string
	Metrics *Metrics
	Log     *slog.Logger
	// Wakes are the kinds of due work that wait for something to happen to an order: an event about it has them look at once.
	Wakes []string
}

// notConfiguredRetry is what a sender is told to wait when there is no secret: somebody has to set one.
const notConfiguredRetry = 5 * time.Minute

// Receipt says what became of an event.
type Receipt struct {
	UUID string
	// Duplicate is set when it had come before, and nothing was done.
	Duplicate bool
}

// Take proves, reads and keeps one event. A refusal leaves nothing behind. The signature comes first: whoever cannot sign
// learns nothing of what is right or wrong with a body.
func (i *Inbox) Take(ctx context.Context, signature string, body []byte) (Receipt, error) {
	if i.Secret == "" {
		i.Metrics.count("", outcomeNotConfigured)
		return Receipt{}, orderops.RefuseFor(notConfiguredRetry, orderops.EventsNotConfigured, "this service has no secret to check events with")
	}
	if err := (Proof{i.Secret, i.Clock}).Check(ctx, signature, body); err != nil {
		i.Metrics.count("", outcomeUnproved)
		return Receipt{}, orderops.Refuse(orderops.InvalidSignature, "%s", err)
	}
	m, err := parse(body)
	if err != nil {
		i.Metrics.count("", outcomeMalformed)
		return Receipt{}, orderops.Refuse(orderops.InvalidRequest, "%s", err)
	}
	scope := remote.ScopeOf(ctx)
	fresh, err := i.Store.KeepEvent(ctx, m.kept(scope.Sandbox, body, i.Clock.Now(ctx)))
	if err != nil {
		return Receipt{}, fmt.Errorf("keep event %s: %w", m.Data.Event.EventUuid, err)
	}
	if !fresh {
		i.Metrics.count(m.kind(), outcomeDuplicate)
		i.Log.DebugContext(ctx, "event came before", "event", m.kind(), "event_uuid", m.Data.Event.EventUuid, "sandbox", scope.Sandbox)
		return Receipt{UUID: m.Data.Event.EventUuid, Duplicate: true}, nil
	}
	i.Metrics.count(m.kind(), outcomeAccepted)
	i.audit(ctx, m, scope)
	if err := i.wake(ctx, m, scope); err != nil {
		return Receipt{}, fmt.Errorf("wake what waits for event %s: %w", m.Data.Event.EventUuid, err)
	}
	return Receipt{UUID: m.Data.Event.EventUuid}, nil
}

// wake has what waits for the order, or the return order, of an event look at it. An org has no event of its own for goods
// that have come back: its flow may publish one with a field ReturnOrderId__c or OrderSummaryId__c.
func (i *Inbox) wake(ctx context.Context, m message, scope remote.Scope) error {
	for _, field := range []string{"OrderSummaryId", "OrderSummaryId__c", "ReturnOrderId", "ReturnOrderId__c"} {
		id := m.reference(field)
		for _, kind := range i.Wakes {
			if id == "" {
				continue
			}
			if err := i.Store.WakeDue(ctx, scope.Sandbox, kind, id, i.Clock.Now(ctx)); err != nil {
				return err
			}
		}
	}
	return nil
}

func timely(at, now time.Time) bool { return now.Sub(at).Abs() <= tolerance }

// audit says that something happened to an order: ids only, the payload may tell more than a log should.
func (i *Inbox) audit(ctx context.Context, m message, scope remote.Scope) {
	attrs := []any{"event", m.kind(), "event_uuid", m.Data.Event.EventUuid, "replay_id", m.Data.Event.ReplayID, "sandbox", scope.Sandbox, "correlation_id", scope.CorrelationID}
	for _, about := range [][2]string{{"order_summary_id", "OrderSummaryId"}, {"order_id", "OrderId"}, {"fulfillment_order_id", "FulfillmentOrderId"}} {
		if id := m.reference(about[1]); id != "" {
			attrs = append(attrs, about[0], id)
		}
	}
	i.Log.InfoContext(ctx, "audit", attrs...)
}
