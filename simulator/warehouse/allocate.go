package warehouse

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/simulator/oci"
	"github.com/somsim/somsim/simulator/sandbox"
	"github.com/somsim/somsim/simulator/slots"
	"github.com/somsim/somsim/simulator/som"
)

// wanted are units of an item that are to be fulfilled.
type wanted struct {
	item  *row
	units int64
}

// allocate makes fulfillment orders for what is free of an order, delivery group by delivery group. What no location has
// is tried again after a while.
func (w *Warehouse) allocate(tx *sandbox.Tx, s Settings, t task, summary *row) error {
	groups, order := w.wanted(tx, t, summary.ID)
	var missing []owed
	for _, group := range order {
		rest, err := w.allocateGroup(tx, s, t, summary, group, groups[group])
		if err != nil {
			return err
		}
		for _, g := range rest {
			missing = append(missing, owed{g.item.ID, g.units})
		}
	}
	if missing == nil {
		return nil
	}
	return w.plan(tx, s, task{Subject: t.Subject, SummaryID: t.SummaryID, Stage: allocate, Owed: missing}, tx.Now(), s.Backorder)
}

// wanted are the units to allocate by delivery group, and the groups in the order of their ids: those that are owed, or
// all that are free.
func (w *Warehouse) wanted(tx *sandbox.Tx, t task, summaryID string) (map[string][]wanted, []string) {
	groups := map[string][]wanted{}
	for _, item := range w.children(tx, "OrderItemSummary", "OrderSummaryId", summaryID) {
		units := w.units(item, "QuantityAvailableToFulfill")
		if t.Owed != nil {
			units = min(units, unitsOf(t.Owed, item.ID))
		}
		if isProduct(item) && units > 0 {
			group := item.Text("OrderDeliveryGroupSummaryId")
			groups[group] = append(groups[group], wanted{item, units})
		}
	}
	return groups, slices.Sorted(maps.Keys(groups))
}

func unitsOf(all []owed, itemID string) int64 {
	sum := int64(0)
	for _, o := range all {
		if o.ItemID == itemID {
			sum += o.Units
		}
	}
	return sum
}

// allocateGroup allocates one delivery group, and returns what is nowhere to be had.
func (w *Warehouse) allocateGroup(tx *sandbox.Tx, s Settings, t task, summary *row, groupID string, goods []wanted) ([]wanted, error) {
	group, _ := w.get(tx, groupID)
	pickup := group != nil && w.isPickup(tx, group.Text("OrderDeliveryMethodId"))
	sources := w.sources(tx, summary, pickup, t.Avoid)
	shares, missing := sources.share(goods)
	for _, share := range shares {
		if err := sources.reserve(summary.Text("OrderNumber"), share); err != nil {
			return nil, err
		}
		if err := w.fulfillmentOrder(tx, s, summary.ID, groupID, pickup, share); err != nil {
			return nil, err
		}
	}
	return missing, nil
}

func (w *Warehouse) fulfillmentOrder(tx *sandbox.Tx, s Settings, summaryID, groupID string, pickup bool, from share) error {
	location, ok := w.SOM.LocationByReference(tx, from.location)
	if !ok {
		return nil
	}
	group := som.AllocatedGroup{LocationID: location, Type: w.fulfillmentType(tx, location, pickup)}
	for _, g := range from.goods {
		group.Items = append(group.Items, som.AllocatedItem{OrderItemSummaryID: g.item.ID, Quantity: whole(g.units)})
	}
	ids, err := w.SOM.CreateFulfillmentOrders(tx, som.IntegrationUserID(), som.Allocation{
		OrderSummaryID: summaryID, OrderDeliveryGroupSummaryID: groupID, Groups: []som.AllocatedGroup{group},
	})
	if err != nil {
		return err
	}
	for _, id := range ids {
		fo, _ := w.get(tx, id)
		if err := w.follow(tx, s, task{Subject: id, SummaryID: summaryID}, fo); err != nil {
			return err
		}
	}
	return nil
}

func (w *Warehouse) fulfillmentType(tx *sandbox.Tx, locationID string, pickup bool) string {
	location, _ := w.get(tx, locationID)
	switch {
	case pickup:
		return "In Store Pickup"
	case location != nil && location.Text("LocationType") == "Store":
		return "Retail Store"
	default:
		return "Warehouse"
	}
}

// sources are the locations that an order may be fulfilled from, the preferred ones first and where units were not found
// last, with what they have of a SKU.
type sources struct {
	w         *Warehouse
	tx        *sandbox.Tx
	locations []string
	// held is what the order has reserved at a location already beyond what fulfillment orders there will take, by location
	// and SKU; taken is what is given of it and of the rest.
	held, taken map[string]int64
}

// unlimited is what every location has of products without a stock keeping unit.
const unlimited = 1 << 30

// share is what one location gives.
type share struct {
	location string
	goods    []wanted
}

// sources lists, for goods to be collected, the store whose slot was booked, and otherwise stores where shoppers may
// collect; for goods to be delivered, warehouses before stores.
func (w *Warehouse) sources(tx *sandbox.Tx, summary *row, pickup bool, avoid string) sources {
	s := sources{w: w, tx: tx, held: w.heldFor(tx, summary), taken: map[string]int64{}}
	booked := w.booked(tx, summary.Text("OrderNumber"))
	rank := map[string]int{avoid: 2}
	w.SOM.Rows(tx).Scan("Location", func(l *row) bool {
		reference := l.Text("ExternalReference")
		if l.Bool("IsDeleted") || reference == "" || !l.Bool("IsInventoryLocation") || pickup && !collectsAt(l, booked) {
			return true
		}
		s.locations = append(s.locations, reference)
		if store := l.Text("LocationType") == "Store"; store != pickup && reference != avoid {
			rank[reference] = 1
		}
		return true
	})
	slices.SortStableFunc(s.locations, func(a, b string) int {
		return cmp.Or(cmp.Compare(rank[a], rank[b]), strings.Compare(a, b))
	})
	return s
}

// collectsAt reports whether goods can be collected at a location: where a slot was booked, or else where shoppers may.
func collectsAt(location *row, booked string) bool {
	if booked != "" {
		return location.Text("ExternalReference") == booked
	}
	return location.Bool("IsEligibleForPickup")
}

// heldFor is what an order has reserved at locations beyond what its open fulfillment orders there will take.
func (w *Warehouse) heldFor(tx *sandbox.Tx, summary *row) map[string]int64 {
	held := map[string]int64{}
	for _, r := range w.OCI.Reservations(tx, summary.Text("OrderNumber")) {
		for _, h := range w.OCI.Holdings(tx, r.ID) {
			if h.Place.Kind == oci.AtLocation {
				held[h.Place.ID+"\x01"+h.SKU] += h.Quantity.IntPart()
			}
		}
	}
	for _, fo := range w.children(tx, "FulfillmentOrder", "OrderSummaryId", summary.ID) {
		if category := som.StatusCategory(fo.Text("StatusCategory")); category != som.CategoryActivated && category != som.CategoryFulfilling {
			continue
		}
		for _, line := range w.goods(tx, fo.ID) {
			held[w.reference(tx, fo.Text("FulfilledFromLocationId"))+"\x01"+w.skuOf(tx, line)] -= w.units(line, "Quantity")
		}
	}
	return held
}

// booked is the store whose pickup slot the order has.
func (w *Warehouse) booked(tx *sandbox.Tx, orderNo string) string {
	for _, b := range w.Slots.Bookings(tx, orderNo) {
		slot, err := w.Slots.Slot(tx, b.SlotID)
		if err == nil && b.Status == slots.Booked && slot.Type == slots.Pickup {
			return slot.LocationID
		}
	}
	return ""
}

// share divides goods among locations: all from one if any has all, else as much as possible from each in turn. What a
// location has for the order already comes from there. It returns what is nowhere to be had beside.
func (s sources) share(goods []wanted) (shares []share, missing []wanted) {
	for _, location := range s.locations { // what is promised there
		goods, shares = s.take(location, goods, shares, s.heldAt)
	}
	for _, location := range s.locations { // all of the rest from one
		if s.hasAll(location, goods) {
			goods, shares = s.take(location, goods, shares, s.freeAt)
			break
		}
	}
	for _, location := range s.locations {
		goods, shares = s.take(location, goods, shares, s.freeAt)
	}
	return shares, goods
}

// take has a location give what it can of the goods, and returns those that are still missing.
func (s sources) take(location string, goods []wanted, shares []share, has func(location, sku string) int64) ([]wanted, []share) {
	var missing []wanted
	given := share{location: location}
	for _, g := range goods {
		n := min(g.units, has(location, g.item.Text("StockKeepingUnit")))
		if n > 0 {
			given.goods = append(given.goods, wanted{g.item, n})
			s.taken[location+"\x01"+g.item.Text("StockKeepingUnit")] += n
		}
		if g.units > n {
			missing = append(missing, wanted{g.item, g.units - max(n, 0)})
		}
	}
	if len(given.goods) > 0 {
		shares = merged(shares, given)
	}
	return missing, shares
}

// merged adds what a location gives to what it gives already.
func merged(shares []share, given share) []share {
	for i := range shares {
		if shares[i].location != given.location {
			continue
		}
		for _, g := range given.goods {
			at := slices.IndexFunc(shares[i].goods, func(other wanted) bool { return other.item.ID == g.item.ID })
			if at < 0 {
				shares[i].goods = append(shares[i].goods, g)
				continue
			}
			shares[i].goods[at].units += g.units
		}
		return shares
	}
	return append(shares, given)
}

func (s sources) hasAll(location string, goods []wanted) bool {
	for _, g := range goods {
		if s.freeAt(location, g.item.Text("StockKeepingUnit")) < g.units {
			return false
		}
	}
	return len(goods) > 0
}

// heldAt is what of a SKU the order has reserved at a location and not been given yet.
func (s sources) heldAt(location, sku string) int64 {
	key := location + "\x01" + sku
	return max(0, s.held[key]-s.taken[key])
}

// freeAt is what of a SKU could leave a location now, beside what was given.
func (s sources) freeAt(location, sku string) int64 {
	if sku == "" { // work, of which there is no stock: where the goods are
		return unlimited
	}
	key := location + "\x01" + sku
	f := s.w.OCI.LocationFigures(s.tx, location, sku)
	return decimal.Max(decimal.Zero, f.AvailableToFulfill()).IntPart() - max(0, s.taken[key]-max(0, s.held[key]))
}

// reserve moves what an order has reserved in groups to the location that fulfils it, beyond what it has there. An order
// without a reservation is fulfilled without inventory.
func (s sources) reserve(orderNo string, from share) error {
	for _, g := range from.goods {
		sku := g.item.Text("StockKeepingUnit")
		key := from.location + "\x01" + sku
		there := min(g.units, max(0, s.held[key]))
		s.held[key] -= there
		missing := g.units - there
		for _, h := range s.w.holdings(s.tx, orderNo, sku) {
			n := min(missing, h.Quantity.IntPart())
			if h.Place.Kind != oci.AtGroup || n <= 0 {
				continue
			}
			err := s.w.OCI.Transfer(s.tx, oci.Action{
				ReservationID: h.ReservationID, Place: h.Place, To: oci.LocationPlace(from.location), SKU: sku, Quantity: whole(n),
				IgnoreAvailability: true, // what can leave the location was seen to; its groups lose nothing by it
			})
			if err != nil {
				return err
			}
			missing -= n
		}
	}
	return nil
}

// holdings are what an order has reserved of a SKU, by reservation and place.
func (w *Warehouse) holdings(tx *sandbox.Tx, orderNo, sku string) []oci.Holding {
	var found []oci.Holding
	for _, r := range w.OCI.Reservations(tx, orderNo) {
		for _, h := range w.OCI.Holdings(tx, r.ID) {
			if h.SKU == sku {
				found = append(found, h)
			}
		}
	}
	return found
}
