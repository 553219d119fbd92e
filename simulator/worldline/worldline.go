// Package worldline is the payment platform of the simulated landscape: payments with a ledger of operations
// (authorisation, captures, cancellations, refunds) and the rules about what may follow what. Amounts are integer minor
// units. It knows nothing of HTTP and JSON; package direct speaks Worldline Direct over it, package globalcollect Connect.
package worldline

import (
	"slices"
	"time"

	"github.com/somsim/somsim/simulator/sandbox"
	"github.com/somsim/somsim/simulator/store"
)

// The kinds of due work. The subject is an operation's id, or for the expiry a payment's.
const (
	authorizationSettlement = "worldline.authorization-settlement"
	captureSettlement       = "worldline.capture-settlement"
	refundSettlement        = "worldline.refund-settlement"
	authorizationExpiry     = "worldline.authorization-expiry"
	payerTimeout            = "worldline.payer-timeout"
)

// Worldline owns the tables of the payment platform. One instance serves every sandbox: all state is rows.
type Worldline struct {
	// Settings may be altered before the first sandbox is made.
	Settings   Settings
	merchants  store.Table[Merchant]
	keys       store.Table[APIKey]
	payments   store.Table[Payment]
	operations store.Table[Operation]
	answers    store.Table[Answer]
	tokens     store.Table[Token]
	checkouts  store.Table[Checkout]
	chosen     store.Table[chosen]
	// tell, when it is set, is told of every change of status.
	tell func(tx *sandbox.Tx, e Event)
	// signs, when it is set, knows the keys that webhooks are signed with.
	signs func(tx *sandbox.Tx, keyID, secret string) bool
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
		tokens: store.Add(s, store.Def[Token]{
			Name: "worldline.Token", Internal: true, Key: func(r *Token) string { return r.key() },
		}),
		checkouts: store.Add(s, store.Def[Checkout]{
			Name: "worldline.HostedCheckout", Key: func(r *Checkout) string { return r.ID },
			Indexes: []store.Index[Checkout]{
				{Name: "reference", Values: func(r *Checkout) []string { return []string{r.MerchantReference} }},
			},
		}),
		chosen: store.Add(s, store.Def[chosen]{Name: "worldline.Settings", Internal: true, Key: func(*chosen) string { return "settings" }}),
	}
}

// Runners returns the due work of the payment platform: authorisations, captures and refunds settle, authorisations
// expire, and shoppers who do not come back are given up.
func (w *Worldline) Runners() map[string]sandbox.Runner {
	return map[string]sandbox.Runner{
		authorizationSettlement: w.settle, captureSettlement: w.settle, refundSettlement: w.settle, authorizationExpiry: w.expire,
		payerTimeout: w.giveUp,
	}
}

// Aliases returns the ids, besides its number, by which a call shows that it is about an order: those of its payments and
// hosted checkouts. A payment's number is part of the ids of its operations.
func (w *Worldline) Aliases(tx *sandbox.Tx, orderNo string) []string {
	var ids []string
	for _, p := range w.payments.PeekList(tx.Tx, "reference", orderNo) {
		ids = append(ids, p.Number)
	}
	for _, c := range w.checkouts.PeekList(tx.Tx, "reference", orderNo) {
		ids = append(ids, c.ID)
	}
	slices.Sort(ids)
	return ids
}

// sortable renders an instant so that texts sort as times do.
func sortable(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }
