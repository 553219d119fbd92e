package b2c

import (
	"errors"
	"fmt"
	"time"

	"github.com/somsim/somsim/simulator/sandbox"
	"github.com/somsim/somsim/simulator/store"
)

// OrderManagement is where placed orders go. Whoever puts the simulated systems together implements it.
type OrderManagement interface {
	// Ingest takes an order over and returns the id of its order summary. An order that is there already is not taken
	// over twice: its id comes back. Refusals say why.
	Ingest(tx *sandbox.Tx, o Order) (summaryID string, err error)
}

// UseOrderManagement attaches order management to every sandbox that does not say otherwise. Call it before the first
// transaction.
func (b *B2C) UseOrderManagement(m OrderManagement) { b.management = m }

// Handover is how orders get to order management in a sandbox.
type Handover struct {
	// Attached says that order management owns placed orders.
	Attached bool
	// Delay is how long after an order was placed it is taken over.
	Delay time.Duration
}

// DefaultDelay is how long an order takes to order management unless a sandbox says otherwise.
const DefaultDelay = 10 * time.Second

// handovers hold how orders get to the systems around commerce.
type handovers struct {
	management  OrderManagement
	processor   PaymentProcessor
	chosen      store.Table[Handover]
	index       store.Table[SearchIndex]
	definitions store.Table[AttributeDefinitions]
	events      store.Table[OMSEvent]
}

func declareHandovers(s *store.Schema) handovers {
	return handovers{
		chosen: store.Add(s, store.Def[Handover]{Name: "b2c.Handover", Key: func(*Handover) string { return theRow }}),
		index:  store.Add(s, store.Def[SearchIndex]{Name: "b2c.SearchIndex", Key: func(*SearchIndex) string { return theRow }}),
		events: store.Add(s, store.Def[OMSEvent]{
			Name: "b2c.OMSEvent", Clone: OMSEvent.clone, Key: func(e *OMSEvent) string { return e.Key },
			Indexes: []store.Index[OMSEvent]{{Name: "order", Values: func(e *OMSEvent) []string { return []string{e.OrderNo} }}},
		}),
		definitions: store.Add(s, store.Def[AttributeDefinitions]{
			Name: "b2c.AttributeDefinitions", Clone: AttributeDefinitions.clone, Key: func(d *AttributeDefinitions) string { return d.SiteID },
		}),
	}
}

// Handover returns how orders are handed over in a sandbox.
func (b *B2C) Handover(tx *sandbox.Tx) Handover {
	if h, ok := b.chosen.Get(tx.Tx, theRow); ok {
		return h
	}
	return Handover{Attached: b.management != nil, Delay: DefaultDelay}
}

// SetHandover changes it. What is under way keeps its time; nothing is taken over once order management is detached.
func (b *B2C) SetHandover(tx *sandbox.Tx, h Handover) error {
	if h.Attached && b.management == nil {
		return errors.New("there is no order management to attach")
	}
	if h.Delay < 0 {
		return fmt.Errorf("orders cannot be handed over %s before they are placed", -h.Delay)
	}
	b.chosen.Put(tx.Tx, h)
	return nil
}

// orderExport is the kind of the due work that hands an order over; its subject is the order number.
const orderExport = "b2c.order-export"

// scheduleExport makes an order ready for order management, where there is one.
func (b *B2C) scheduleExport(tx *sandbox.Tx, o *Order) {
	h := b.Handover(tx)
	if !h.Attached || o.ExportStatus == Exported {
		return
	}
	o.ExportStatus, o.ExportProblem = Ready, ""
	tx.Schedule(sandbox.Due{Kind: orderExport, Subject: o.OrderNo, At: tx.Now().Add(h.Delay)})
}

// withholdExport keeps an order that has not been handed over from being so.
func (b *B2C) withholdExport(tx *sandbox.Tx, o *Order) {
	tx.Unschedule(orderExport, o.OrderNo)
	if o.ExportStatus == Ready {
		o.ExportStatus = NotExported
	}
}

// runExport hands an order over. What order management refuses is recorded with the order; nothing of it stays there.
func (b *B2C) runExport(tx *sandbox.Tx, d sandbox.Due) error {
	o, ok := b.orders.Get(tx.Tx, d.Subject)
	if !ok || o.ExportStatus != Ready {
		return nil
	}
	if !b.Handover(tx).Attached || b.management == nil {
		o.ExportStatus = NotExported
		_, err := b.save(tx, o)
		return err
	}
	before := tx.Mark()
	summaryID, err := b.management.Ingest(tx, o)
	if err != nil {
		tx.RollbackTo(before)
		o.ExportStatus, o.ExportProblem = ExportFailed, err.Error()
		_, err := b.save(tx, o)
		return err
	}
	return b.MarkExported(tx, o.OrderNo, summaryID)
}

// MarkExported records that order management has taken the order over under that order summary id. Its stock is sold
// for good.
func (b *B2C) MarkExported(tx *sandbox.Tx, orderNo, orderSummaryID string) error {
	tx.Unschedule(orderExport, orderNo)
	b.SellClaim(tx, orderNo)
	return b.update(tx, orderNo, func(o *Order) error {
		o.ExportStatus, o.OrderSummaryID, o.ExportProblem = Exported, orderSummaryID, ""
		return nil
	})
}
