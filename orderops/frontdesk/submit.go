package frontdesk

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"regexp"

	"github.com/somsim/somsim/orderops"
	"github.com/somsim/somsim/orderops/b2cclient"
	"github.com/somsim/somsim/orderops/command"
	"github.com/somsim/somsim/orderops/remote"
)

// keyPattern is what an idempotency key may look like. A slash would let two keys name one workflow.
var keyPattern = regexp.MustCompile(`^[A-Za-z0-9._:~-]{1,128}$`)

// order is what a caller orders to be done: an action on the order of a document, under the caller's idempotency key.
type order struct {
	site, key string
	action    orderops.Action
	doc       b2cclient.Document
	// plan is what the action would come to, for dry runs.
	plan func(ctx context.Context) (any, error)
}

// submit has an action done. The request is what the caller asks for: a key belongs to one request. The input is what is
// stored for the handler of the action.
func submit[Request, Input any](ctx context.Context, d *Desk, o order, request Request, input Input) (command.Row, error) {
	switch {
	case o.key == "":
		return command.Row{}, orderops.Refuse(orderops.IdempotencyKeyRequired, "every request that changes something needs one")
	case !keyPattern.MatchString(o.key):
		return command.Row{}, orderops.Refuse(orderops.IdempotencyKeyRequired, "a key is 1 to 128 letters, digits and . _ : ~ -")
	}
	who, overrides := IdentityOf(ctx), overridesOf(ctx)
	hash, err := fingerprint(request)
	if len(overrides) > 0 {
		hash, err = fingerprint(struct {
			Request   Request
			Overrides orderops.Overrides
		}{request, overrides})
	}
	if err != nil {
		return command.Row{}, err
	}
	raw, err := json.Marshal(input)
	if err != nil {
		return command.Row{}, fmt.Errorf("encode %s of order %s: %w", o.action, o.doc.Order.OrderNo, err)
	}
	if err := d.switched(ctx, o); err != nil {
		return command.Row{}, err
	}
	d.Clock.Refresh(ctx)
	scope := remote.ScopeOf(ctx)
	row, err := d.Engine.Submit(ctx, command.Command{
		Sandbox: scope.Sandbox, Site: o.site, OrderNo: o.doc.Order.OrderNo, Key: o.key, Action: o.action,
		BodyHash: hash, Input: raw, CorrelationID: scope.CorrelationID, TraceParent: scope.TraceParent,
		Actor: who.Actor(), Overrides: overrides,
	})
	return row, refused(err)
}

// fingerprint is the hash of a request in its canonical form, the same whichever face it came in by.
func fingerprint[Request any](request Request) (string, error) {
	raw, err := json.Marshal(request)
	if err != nil {
		return "", fmt.Errorf("encode request: %w", err)
	}
	sum := sha256.Sum256(raw)
	return hex.EncodeToString(sum[:]), nil
}

// withProducts translates commerce item ids to products, here where the document is.
func withProducts(doc b2cclient.Document, asked []orderops.LineQuantity) []orderops.LineQuantity {
	items := make([]orderops.LineQuantity, len(asked))
	for i, item := range asked {
		items[i] = item
		for _, have := range doc.Order.ProductItems {
			if have.ItemID == item.ItemID {
				items[i].ProductID, items[i].Dependent = have.ProductID, have.Bonus
				continue
			}
			if product := inside(have, item.ItemID); product != "" {
				items[i].ProductID, items[i].Dependent = product, true
			}
		}
	}
	return items
}

// inside is the product that order management books an option or a part of a line on; empty when the line has no such one.
func inside(line b2cclient.ProductItem, itemID string) string {
	for _, o := range line.OptionItems {
		if o.ItemID == itemID {
			return o.OptionID + "-" + o.OptionValueID
		}
	}
	for _, p := range line.BundledItems {
		if p.ItemID == itemID {
			return p.ProductID
		}
	}
	return ""
}
