// Package worldline is the payment platform of the simulated landscape: payments with a ledger of operations
// (authorisation, captures, cancellations, refunds) and the rules about what may follow what. Amounts are integer minor
// units. It knows nothing of HTTP and JSON; package direct speaks Worldline Direct over it.
package worldline

import (
	"slices"
	"time"

	"github.com/somsim/somsim/simulator/sandbox"
	"github.com/somsim/somsim/simulator/store"
)

// The kinds of due work. The subject is an operation's id, or for the expiry a payment's.
const (
	captureSettlement   = "worldline.capture-settlement"
	refundSettlement    = "worldline.refund-settlement"
	authorizationExpiry = "worldline.authorization-expiry"
)

// Settings are the delays that differ from acquirer to acquirer, in sandbox time.
type Settings struct {
	// CaptureDelay and RefundDelay pass between a request and its settlement; with zero it settles at once.
	CaptureDelay, RefundDelay time.Duration
	// AuthorizationLife is how long an authorisation can be captured.
	AuthorizationLife time.Duration
}

// DefaultSettings settle captures at once and refunds after five minutes, and let authorisations expire after a week.
func DefaultSettings() Settings {
	return Settings{RefundDelay: 5 * time.Minute, AuthorizationLife: 7 * 24 * time.Hour}
}

// Worldline owns the tables of the payment platform. One instance serves every sandbox: all state is rows.
type Worldline struct {
	// Settings may be altered before the first sandbox is made.
	Settings   Settings
	merchants  store.Table[Merchant]
	keys       store.Table[APIKey]
	payments   store.Table[Payment]
	operations store.Table[Operation]
	answers    store.Table[Answer]
}

// Declare adds the tables of the payment platform to the schema, with [DefaultSettings].
func Declare(s *store.Schema) *Worldline {
	return &Worldline{
		Settings:  DefaultSettings(),
		merchants: store.Add(s, store.Def[Merchant]{Name: "worldline.Merchant", Key: func(r *Merchant) string { return r.ID }}),
		keys: store.Add(s, store.Def[APIKey]{
			Name: "worldline.APIKey", Internal: true, Key: func(r *APIKey) string { return r.ID },
		}),
		payments: store.Add(s, store.Def[Payment]{
			Name: "worldline.Payment", Key: func(r *Payment) string { return r.ID },
			Indexes: []store.Index[Payment]{
				{Name: "reference", Values: func(r *Payment) []string { return []string{r.MerchantReference} }},
			},
		}),
		operations: store.Add(s, store.Def[Operation]{
			Name: "worldline.Operation", Key: func(r *Operation) string { return r.ID },
			Indexes: []store.Index[Operation]{
				{Name: "payment", Values: func(r *Operation) []string { return []string{r.PaymentID} }},
			},
		}),
		answers: store.Add(s, store.Def[Answer]{
			Name: "worldline.Answer", Internal: true, Clone: Answer.clone, Key: (*Answer).key,
			Indexes: []store.Index[Answer]{
				{Name: "at", Values: func(r *Answer) []string { return []string{sortable(r.At)} }},
			},
		}),
	}
}

// Runners returns the due work of the payment platform: captures and refunds settle, authorisations expire.
func (w *Worldline) Runners() map[string]sandbox.Runner {
	return map[string]sandbox.Runner{
		captureSettlement: w.settle, refundSettlement: w.settle, authorizationExpiry: w.expire,
	}
}

// Aliases returns the ids, besides its number, by which a call shows that it is about an order: those of its payments.
// A payment's number is part of the ids of its operations.
func (w *Worldline) Aliases(tx *sandbox.Tx, orderNo string) []string {
	var ids []string
	for _, p := range w.payments.PeekList(tx.Tx, "reference", orderNo) {
		ids = append(ids, p.Number)
	}
	slices.Sort(ids)
	return ids
}

// sortable renders an instant so that texts sort as times do.
func sortable(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }
