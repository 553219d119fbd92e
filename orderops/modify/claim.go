package modify

import (
	"context"
	"encoding/json"
	"slices"
	"time"

	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/orderops"
	"github.com/somsim/somsim/orderops/b2cclient"
	"github.com/somsim/somsim/orderops/command"
	"github.com/somsim/somsim/orderops/ociclient"
	"github.com/somsim/somsim/orderops/settle"
)

// claim is units that the order gives up so that its follow-up basket can have them: the last ones, which nobody else has
// to give. Inventory knows no call that changes whose a reservation is, so the order's is released and the basket's made
// right after it. Until the basket holds them they are anybody's.
type claim struct {
	SKU           string          `json:"sku"`
	Quantity      decimal.Decimal `json:"quantity"`
	Group         string          `json:"group"`
	ReservationID string          `json:"reservation_id"`
}

// ReservedBeyond is for how much longer the basket holds its units than it may be edited: they are the order's again before
// they are anybody's.
const ReservedBeyond = 15 * time.Minute

// short are the units that are in stock no more, as far as anybody could buy them.
func (f followUp) short() []orderops.UnavailableLine {
	if len(f.rules) > 0 || len(f.unknown) > 0 {
		return nil
	}
	var short []orderops.UnavailableLine
	for _, l := range f.unavailable {
		if l.Reason == orderops.LineNoStock || l.Reason == orderops.LineLittle {
			short = append(short, l)
		}
	}
	return short
}

// ownOf is how many units of a product the order could give up.
func (j *job) ownOf(productID string) decimal.Decimal {
	sum := decimal.Zero
	for _, c := range j.own {
		if c.SKU == productID {
			sum = sum.Add(c.Quantity)
		}
	}
	return sum
}

// round tells the making of the basket after it is known what the order could give up from the attempt before.
func (j *job) round() string {
	if j.looked {
		return "/anew"
	}
	return ""
}

// givable is what the order can give up of the units that are short. What a location was told to fulfil stays there.
func (j *job) givable() ([]claim, error) {
	j.looked = true
	out, err := command.Call(j.run, "oci.read", func(ctx context.Context) ([]ociclient.Holding, error) {
		return j.Stock.Holdings(ctx, j.row.OrderNo)
	})
	if err != nil {
		return nil, err
	}
	if out.Failure != nil {
		return nil, refuseFor(out.Failure)
	}
	var claims []claim
	for _, line := range j.made.Short {
		wanted := line.Quantity.Decimal
		for i := range out.Value {
			h := &out.Value[i]
			units := decimal.Min(wanted, h.Quantity)
			if h.SKU != line.ProductID || h.Group == "" || !units.IsPositive() {
				continue
			}
			h.Quantity, wanted = h.Quantity.Sub(units), wanted.Sub(units)
			claims = addClaim(claims, claim{h.SKU, units, h.Group, h.ReservationID})
		}
	}
	return claims, nil
}

func addClaim(claims []claim, c claim) []claim {
	for i, have := range claims {
		if have.SKU == c.SKU && have.Group == c.Group && have.ReservationID == c.ReservationID {
			claims[i].Quantity = have.Quantity.Add(c.Quantity)
			return claims
		}
	}
	return append(claims, c)
}

// takeOver makes the basket where units are short that the order itself has. The order is held back first, so that no
// location is told to fulfil what it gives up; then it gives up, and the basket is made and keeps them. Without anything to
// give up the basket is made of what there is.
func (j *job) takeOver() error {
	claims, err := j.givable()
	if err != nil {
		return err
	}
	j.short = j.made.Short
	if len(claims) == 0 {
		return j.create()
	}
	if j.policy == orderops.KeepUntilConfirm {
		if err := j.secure(); err != nil {
			return err
		}
	}
	for _, step := range []func() error{func() error { return j.giveUpUnits(claims) }, j.create, j.keepUnits} {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

// giveUpUnits releases what the basket is to have.
func (j *job) giveUpUnits(claims []claim) error {
	j.note(compensation{Kind: kindReclaim, Claims: claims})
	j.claims = claims
	var records []ociclient.Release
	for _, c := range claims {
		records = append(records, ociclient.Release{
			ActionRequestID: settle.UUID(j.row, "modify.giveUp", c.ReservationID, c.Group, c.SKU), ReservationID: c.ReservationID,
			ExternalRefID: j.row.OrderNo, SKU: c.SKU, Quantity: json.Number(c.Quantity.String()), Group: c.Group,
		})
	}
	out, err := command.Call(j.run, "oci.giveUp", func(ctx context.Context) ([]ociclient.Failed, error) {
		return j.Stock.Release(ctx, records)
	})
	switch {
	case err != nil:
		return err
	case out.Failure != nil:
		return j.undo(refuseFor(out.Failure))
	case len(out.Value) > 0:
		return j.undo(orderops.RefuseFor(retrySoon, orderops.OrderChanged, "the reservation of the order changed in the meantime"))
	}
	return nil
}

// keepUnits has commerce keep what is in the basket for it. Where somebody was quicker, nothing of the modification stays.
func (j *job) keepUnits() error {
	if j.lost() {
		return j.undo(quicker())
	}
	out, err := command.Call(j.run, "b2c.reserveBasket", func(ctx context.Context) (nothing, error) {
		return nothing{}, j.Commerce.ReserveBasket(ctx, j.shop, j.made.BasketID, j.Policy.EditFor.Truncate(time.Minute)+ReservedBeyond)
	})
	switch {
	case err != nil:
		return err
	case out.Failure != nil && out.Failure.VendorCode == b2cclient.ItemNotAvailable:
		return j.undo(quicker())
	case out.Failure != nil:
		return j.undo(refuseFor(out.Failure))
	}
	return nil
}

// lost says that units that the order gave up are not in the basket: more are missing than without them.
func (j *job) lost() bool {
	missing := map[string]decimal.Decimal{}
	for _, l := range j.made.Unavailable {
		missing[l.ProductID] = missing[l.ProductID].Add(l.Quantity.Decimal)
	}
	for _, l := range j.short {
		missing[l.ProductID] = missing[l.ProductID].Sub(l.Quantity.Decimal)
	}
	for _, c := range j.claims {
		missing[c.SKU] = missing[c.SKU].Add(c.Quantity)
	}
	return slices.ContainsFunc(j.claims, func(c claim) bool { return missing[c.SKU].IsPositive() })
}

func quicker() *orderops.Refusal {
	refusal := orderops.RefuseFor(retrySoon, orderops.OrderChanged, "somebody else took the last units while they went over to the basket")
	refusal.Extra.Reason = reasonReservation
	return refusal
}

// reasonReservation says of what of an order has changed.
const reasonReservation = "RESERVATION"

// reclaim reserves again for the order what it gave up and does not have: as many units as are open in order management and
// not reserved, so that nothing is reserved twice, whatever was answered and whatever has become of the order.
func (m *Modifies) reclaim(run command.Run, row command.Row, c compensation) (command.Outcome[bool], error) {
	read, err := ReadOrder(run, m.SOM, m.Cancel, "som.readOpen", row.OrderNo)
	if err != nil || read.Failure != nil {
		return command.Outcome[bool]{Failure: read.Failure}, err
	}
	held, err := command.Call(run, "oci.readHeld", func(ctx context.Context) ([]ociclient.Holding, error) {
		return m.Stock.Holdings(ctx, row.OrderNo)
	})
	if err != nil || held.Failure != nil {
		return command.Outcome[bool]{Failure: held.Failure}, err
	}
	wanted := missing(c.Claims, read.Value, held.Value)
	if len(wanted) == 0 {
		return command.Outcome[bool]{}, nil
	}
	parts := []string{kindReclaim}
	for _, claim := range c.Claims { // a modification that is tried again gives up what was reserved again
		parts = append(parts, claim.ReservationID)
	}
	for _, w := range wanted {
		parts = append(parts, w.Group, w.SKU, w.Quantity.String())
	}
	return step(run, "oci.reclaim", func(ctx context.Context) (bool, error) {
		return true, m.Stock.Reserve(ctx, ociclient.Reservation{ActionRequestID: settle.UUID(row, parts...), ExternalRefID: row.OrderNo, Records: wanted})
	})
}

// missing is what of some claims the order needs and does not have.
func missing(claims []claim, o Order, held []ociclient.Holding) []ociclient.Wanted {
	needs := map[string]decimal.Decimal{}
	for _, l := range o.Lines {
		needs[l.SKU] = needs[l.SKU].Add(l.Ordered).Sub(l.Canceled).Sub(l.Fulfilled)
	}
	for _, h := range held {
		needs[h.SKU] = needs[h.SKU].Sub(h.Quantity)
	}
	var wanted []ociclient.Wanted
	for _, c := range claims {
		units := decimal.Min(c.Quantity, needs[c.SKU])
		if units.IsPositive() {
			needs[c.SKU] = needs[c.SKU].Sub(units)
			wanted = append(wanted, ociclient.Wanted{SKU: c.SKU, Quantity: json.Number(units.String()), Group: c.Group})
		}
	}
	return wanted
}
