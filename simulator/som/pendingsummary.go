package som

import (
	"slices"
	"time"

	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/simulator/clock"
	"github.com/somsim/somsim/simulator/sandbox"
	"github.com/somsim/somsim/simulator/som/sobject"
)

// OrderGraph is an order with everything around it, as high scale orders take it in. Rows refer to each other by
// @{reference.id}. Source: Connect REST API Developer Guide, "Pending Order Summaries".
type OrderGraph struct {
	// ID is the caller's own, once in a request.
	ID string
	// Support are rows that many orders share, such as products; Purchase is the order itself, as summary objects.
	Support, Purchase []GraphNode
	// Payload is the graph as it was sent.
	Payload string
}

// GraphNode is one row of a graph.
type GraphNode struct {
	Reference, Object string
	Fields            []sobject.FieldValue
}

func (g OrderGraph) clone() OrderGraph {
	g.Support, g.Purchase = slices.Clone(g.Support), slices.Clone(g.Purchase)
	return g
}

// pendingGraph is what a PendingOrderSummary is to become.
type pendingGraph struct {
	PendingID, UserID string
	Graph             OrderGraph
	// Failed tells that it was tried and could not.
	Failed bool
}

func (p pendingGraph) clone() pendingGraph {
	p.Graph = p.Graph.clone()
	return p
}

// pendingQueue says when the next pending order summary can be processed, and how many came in a minute.
type pendingQueue struct {
	Free, Minute time.Time
	Accepted     int
}

const (
	pendingQueueKey = "queue"
	// pendingKind is the kind of due work that makes an order summary of a pending one.
	pendingKind = "som.pending"
	// pendingPace is the time from one to the next: 2,500 a minute. Source: Help, high-scale orders.
	pendingPace = time.Minute / 2500
	// pendingAccepted is how many come in a minute. Source: as for pendingPace.
	pendingAccepted = 5000
	// maxGraphLines is how many lines an order has. Source: as for pendingPace.
	maxGraphLines = 2000
	// payloadType names the form of the payload; the vendor's values are not published.
	payloadType = "OrderSummaryGraph"
)

// CreatePendingOrderSummary takes an order in, to be made an order summary of later, and returns the id of its
// PendingOrderSummary. One that failed before is replaced by another with its ExternalReferenceIdentifier and tried again.
func (d *SOM) CreatePendingOrderSummary(tx *sandbox.Tx, user string, g OrderGraph) (string, error) {
	header, err := d.checkGraph(g)
	if err == nil {
		err = d.countPending(tx)
	}
	if err != nil {
		return "", err
	}
	reference := nodeText(header, "ExternalReferenceIdentifier")
	if err := d.makeRoom(tx, reference); err != nil {
		return "", err
	}
	id := d.insert(tx, user, objPending, d.pendingValues(g, header))
	d.pending.Put(tx.Tx, pendingGraph{PendingID: id, UserID: user, Graph: g})
	tx.Schedule(sandbox.Due{Kind: pendingKind, Subject: id, At: d.queue(tx)})
	return id, nil
}

// pendingAction names the rules of pending order summaries.
func pendingAction() unitAction { return unitAction{name: "pending"} }

// checkGraph checks what can be told without rows: that there is one order summary, that every row has a name and a kind
// that belongs there, and that the order is not too long.
func (d *SOM) checkGraph(g OrderGraph) (header GraphNode, err error) {
	references, headers, lines := map[string]bool{}, 0, 0
	for part, nodes := range [][]GraphNode{g.Support, g.Purchase} {
		for _, n := range nodes {
			known := supportObjects()
			if part == 1 {
				known = purchaseObjects()
			}
			if !slices.Contains(known, n.Object) {
				return header, pendingAction().refuse("node-type", "A row of type %q does not belong there.", n.Object)
			}
			if n.Reference == "" || references[n.Reference] {
				return header, pendingAction().refuse("reference-unique", "The referenceId %q is missing or given twice.", n.Reference).on("referenceId")
			}
			references[n.Reference] = true
			switch n.Object {
			case objOrderSummary:
				header, headers = n, headers+1
			case objOrderItemSummary:
				lines++
			}
		}
	}
	if headers != 1 {
		return header, pendingAction().refuse("one-summary", "A graph holds one OrderSummary, this one %d.", headers)
	}
	if lines > maxGraphLines {
		return header, pendingAction().refuse("lines", "The order has %d lines. The limit is %d.", lines, maxGraphLines)
	}
	return header, nil
}

func nodeText(n GraphNode, name string) string {
	for _, fv := range n.Fields {
		if text, ok := fv.Value.(string); ok && fv.Name == name {
			return text
		}
	}
	return ""
}

// makeRoom lets a failed one with the same reference go, and refuses a second one that waits.
func (d *SOM) makeRoom(tx *sandbox.Tx, reference string) error {
	if reference == "" {
		return nil
	}
	for _, other := range d.Rows(tx).Lookup(objPending, "ExternalReferenceIdentifier", reference) {
		if other.Text("ExternalReferenceIdentifier") != reference {
			continue
		}
		if p, ok := d.pending.Get(tx.Tx, other.ID); ok && !p.Failed {
			return refuse("som.pending.external-reference", CodeDuplicate,
				"duplicate value found: ExternalReferenceIdentifier duplicates value on record with id: %s", other.ID)
		}
		d.forgetPending(tx, other.ID)
	}
	return nil
}

func (d *SOM) forgetPending(tx *sandbox.Tx, id string) {
	d.pending.Delete(tx.Tx, id)
	d.records.Delete(tx.Tx, id)
}

// pendingValues is what a reader sees of an order that waits.
func (d *SOM) pendingValues(g OrderGraph, header GraphNode) values {
	v := values{"Payload": g.Payload, "PayloadType": payloadType, "GrandTotalAmount": graphTotal(g)}
	for _, fv := range header.Fields {
		switch fv.Name {
		case "OrderNumber", "ExternalReferenceIdentifier", "BillingEmailAddress", "BillingPhoneNumber", "Description", "CurrencyIsoCode":
			v[fv.Name] = fv.Value
		case "OrderedDate":
			if at, ok := fv.Value.(time.Time); ok {
				v[fv.Name] = at
			}
		case "AccountId", "BillToContactId", "SalesChannelId", "SalesStoreId":
			if id, ok := fv.Value.(string); ok && !isReference(id) {
				v[fv.Name] = id
			}
		}
	}
	for _, n := range g.Support {
		if n.Object == objAccount && nodeText(header, "AccountId") == referenceTo(n.Reference) {
			v["ShopperName"] = firstText(nodeText(n, "Name"), nodeText(n, "FirstName")+" "+nodeText(n, "LastName"))
		}
	}
	return v
}

// graphTotal adds up lines, adjustments and taxes.
func graphTotal(g OrderGraph) decimal.Decimal {
	sum := decimal.Zero
	for _, n := range g.Purchase {
		switch n.Object {
		case objOrderItemSummary:
			amount, sent := nodeAmount(n, "TotalLineAmount")
			if !sent {
				quantity, _ := nodeAmount(n, "Quantity")
				price, _ := nodeAmount(n, "UnitPrice")
				amount = quantity.Mul(price)
			}
			sum = sum.Add(amount)
		case objAdjustmentLine, objTaxLine:
			amount, _ := nodeAmount(n, "Amount")
			sum = sum.Add(amount)
		}
	}
	return sum
}

// nodeAmount returns the number that a node sends in a field.
func nodeAmount(n GraphNode, field string) (decimal.Decimal, bool) {
	for _, fv := range n.Fields {
		if amount, ok := fv.Value.(decimal.Decimal); ok && fv.Name == field {
			return amount, true
		}
	}
	return decimal.Zero, false
}

// queue gives the next place in the queue.
func (d *SOM) queue(tx *sandbox.Tx) time.Time {
	q, _ := d.pendingQueues.Get(tx.Tx, pendingQueueKey)
	at := tx.Now().Add(d.decided.backgroundDelay)
	if q.Free.After(at) {
		at = q.Free
	}
	q.Free = at.Add(pendingPace)
	d.pendingQueues.Put(tx.Tx, q)
	return at
}

// countPending holds the orders that come in against the limit of a minute. Limits over time are off under a manual clock
// unless one is configured.
func (d *SOM) countPending(tx *sandbox.Tx) error {
	limit := d.settings.PendingPerMinute
	if limit == 0 && tx.ClockMode() == clock.ModeManual {
		return nil
	}
	if limit == 0 {
		limit = pendingAccepted
	}
	q, _ := d.pendingQueues.Get(tx.Tx, pendingQueueKey)
	minute := tx.Now().UTC().Truncate(time.Minute)
	if !q.Minute.Equal(minute) {
		q.Minute, q.Accepted = minute, 0
	}
	if q.Accepted >= limit {
		return refuse("som.pending.minute-limit", CodeRequestLimit, "TotalRequests Limit exceeded.")
	}
	q.Accepted++
	d.pendingQueues.Put(tx.Tx, q)
	return nil
}

// runPending makes an order summary of a pending one. What cannot be made leaves nothing behind, stays pending and is told
// by a process exception.
func (d *SOM) runPending(tx *sandbox.Tx, due sandbox.Due) error {
	p, ok := d.pending.Get(tx.Tx, due.Subject)
	if !ok { // replaced meanwhile
		return nil
	}
	row := d.row(tx, p.PendingID)
	reference := row.Text("ExternalReferenceIdentifier")
	mark := tx.Mark()
	summaryID, err := d.convert(tx, p.Graph)
	if err == nil {
		d.forgetPending(tx, p.PendingID)
		d.publish(tx, "", EventPendingOrdSumProc, field("ExternalReferenceIdentifier", reference), field("IsSuccess", true), field("OrderSummaryId", summaryID))
		return nil
	}
	tx.RollbackTo(mark)
	p.Failed = true
	d.pending.Put(tx.Tx, p)
	code, message := refusalText(err)
	d.publish(tx, "", EventPendingOrdSumProc,
		field("ErrorCode", code), field("ErrorMessage", clipped(message, 255)), field("ExternalReferenceIdentifier", reference), field("IsSuccess", false))
	d.publish(tx, "", EventProcessException, field("AttachedToId", p.PendingID), field("ExceptionType", "Place Order Failed"),
		field("Message", clipped(message, 255)), field("Severity", "High"))
	return nil
}

// refusalText is the code and the text of a refusal, or of whatever else went wrong.
func refusalText(err error) (code, text string) {
	if refusals := RefusalsOf(err); len(refusals) > 0 {
		return string(refusals[0].Code), refusals[0].Message
	}
	return "UNKNOWN_EXCEPTION", err.Error()
}
