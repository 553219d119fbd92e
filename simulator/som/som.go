package som

import (
	"github.com/somsim/somsim/simulator/choice"
	"github.com/somsim/somsim/simulator/sandbox"
	"github.com/somsim/somsim/simulator/som/sobject"
	"github.com/somsim/somsim/simulator/store"
)

// SOM is the Order Management domain. It holds the handles of its tables and the metadata, no state; all methods work
// in the transaction they are given.
type SOM struct {
	catalog *sobject.Catalog
	// defaults are what a new row of an object gets in the fields nobody set.
	defaults map[string][]sobject.FieldValue
	records  store.Table[sobject.Record]
	// settlements tell which change orders a document has settled.
	settlements   store.Table[settlement]
	jobs          store.Table[job]
	pending       store.Table[pendingGraph]
	pendingQueues store.Table[pendingQueue]
	// sharedRefunds and coverages belong to exchanges.
	sharedRefunds store.Table[sharedRefund]
	coverages     store.Table[coverage]
	events        store.Table[Event]
	streams       store.Table[StreamingClient]
	relay         func(tx *sandbox.Tx, e Event)
	returnLines   store.Table[returnLine]
	paymentKeys   store.Table[paymentKey]
	holds         store.Table[capacityHold]
	returnUsage   store.Table[returnUsage]
	gateway       Gateway

	apps      store.Table[connectedApp]
	logins    store.Table[login]
	sessions  store.Table[sessionRow]
	refreshes store.Table[refreshRow]
	codes     store.Table[codeRow]
	recent    store.Table[recentRow]
	cursors   store.Table[Cursor]
	quota     store.Table[quotaRow]
	settings  Settings
	decided   decisions
}

// Settings are what an operator chooses about every org; the zero value is the default of each.
type Settings struct {
	// DailyRequests is how many API requests an org may make in 24 hours; 0 means 100,000.
	DailyRequests int
	// HourlyReturns is how many calls of the return resources an org may make in an hour; 0 means 2,000, and no limit
	// under a manual clock.
	HourlyReturns int
	// PendingPerMinute is how many pending order summaries an org takes in a minute; 0 means 5,000, and no limit under a
	// manual clock.
	PendingPerMinute int
	// Callbacks are redirect URIs of the connected app somsim, beside those on this machine.
	Callbacks []string
	// Certificate, in PEM, verifies the assertions of the connected app somsim; empty means the one of the simulation.
	Certificate string
	// Choices are what holds where the vendor leaves it open; its zero value is the defaults of [Choices].
	Choices choice.Values
}

// Configure chooses other settings than the defaults. It comes before the first sandbox.
func (d *SOM) Configure(s Settings) {
	d.settings = s
	if s.Choices.Declared() {
		d.decided = decide(s.Choices)
	}
}

// Declare adds the tables of the domain to the schema.
func Declare(s *store.Schema, catalog *sobject.Catalog) *SOM {
	return &SOM{
		catalog:  catalog,
		decided:  decide(choice.Defaults(Choices())),
		defaults: defaultsOf(catalog),
		records: store.Add(s, store.Def[sobject.Record]{
			Name: "som.Record", Key: func(r *sobject.Record) string { return r.ID },
			Indexes: []store.Index[sobject.Record]{
				{Name: keyIndex, Values: catalog.IndexKeys},
				{Name: referenceIndex, Values: catalog.ReferenceKeys, Shared: true},
			},
			// No Clone: a record copies its fields whenever one is set, so rows that share them do not see it.
		}),
		apps: store.Add(s, store.Def[connectedApp]{
			Name: "som.ConnectedApp", Internal: true, Clone: cloneApp, Key: func(a *connectedApp) string { return a.ClientID },
		}),
		logins: store.Add(s, store.Def[login]{
			Name: "som.Login", Internal: true, Key: func(l *login) string { return l.Username },
		}),
		returnLines: store.Add(s, store.Def[returnLine]{
			Name: "som.ReturnLine", Internal: true, Key: func(l *returnLine) string { return l.ID },
		}),
		paymentKeys: store.Add(s, store.Def[paymentKey]{
			Name: "som.PaymentKey", Internal: true, Key: func(k *paymentKey) string { return k.Key },
		}),
		holds: store.Add(s, store.Def[capacityHold]{
			Name: "som.CapacityHold", Internal: true, Key: func(h *capacityHold) string { return h.ActionRequestID },
			Indexes: []store.Index[capacityHold]{{Name: "location", Values: func(h *capacityHold) []string { return []string{h.LocationID} }}},
		}),
		returnUsage: store.Add(s, store.Def[returnUsage]{
			Name: "som.ReturnUsage", Internal: true, Key: func(*returnUsage) string { return returnUsageKey },
		}),
		jobs: store.Add(s, store.Def[job]{
			Name: "som.Job", Internal: true, Key: func(j *job) string { return j.OperationID }, Clone: job.clone,
		}),
		events: store.Add(s, store.Def[Event]{
			Name: "som.Event", Internal: true, Key: (*Event).key, Clone: Event.clone,
		}),
		streams: store.Add(s, store.Def[StreamingClient]{
			Name: "som.StreamingClient", Internal: true, Key: func(c *StreamingClient) string { return c.ID }, Clone: StreamingClient.clone,
		}),
		sharedRefunds: store.Add(s, store.Def[sharedRefund]{
			Name: "som.SharedRefund", Internal: true, Key: func(r *sharedRefund) string { return r.RefundID },
		}),
		pending: store.Add(s, store.Def[pendingGraph]{
			Name: "som.PendingGraph", Internal: true, Key: func(p *pendingGraph) string { return p.PendingID }, Clone: pendingGraph.clone,
		}),
		pendingQueues: store.Add(s, store.Def[pendingQueue]{
			Name: "som.PendingQueue", Internal: true, Key: func(*pendingQueue) string { return pendingQueueKey },
		}),
		coverages: store.Add(s, store.Def[coverage]{
			Name: "som.Coverage", Internal: true, Key: func(c *coverage) string { return c.OrderSummaryID },
		}),
		settlements: store.Add(s, store.Def[settlement]{
			Name: "som.Settlement", Internal: true, Key: func(r *settlement) string { return r.ChangeOrderID },
		}),
		sessions: store.Add(s, store.Def[sessionRow]{
			Name: "som.Session", Internal: true, Key: func(r *sessionRow) string { return r.Token },
			Indexes: []store.Index[sessionRow]{
				{Name: expiresIndex, Values: func(r *sessionRow) []string { return []string{sortable(r.ExpiresAt)} }},
				{Name: refreshIndex, Values: refreshOf},
			},
		}),
		recent: store.Add(s, store.Def[recentRow]{
			Name: "som.Recent", Internal: true, Key: func(r *recentRow) string { return r.UserID },
			// No Clone: the list is never changed, only replaced.
		}),
		cursors: store.Add(s, store.Def[Cursor]{
			Name: "som.QueryCursor", Internal: true, Key: func(c *Cursor) string { return c.ID },
			Indexes: []store.Index[Cursor]{{Name: cursorUser, Values: func(c *Cursor) []string { return []string{c.UserID} }}},
			// No Clone: the lists of a cursor are never changed.
		}),
		refreshes: store.Add(s, store.Def[refreshRow]{
			Name: "som.RefreshToken", Internal: true, Key: func(r *refreshRow) string { return r.Token },
		}),
		codes: store.Add(s, store.Def[codeRow]{Name: "som.AuthorizationCode", Internal: true, Key: func(r *codeRow) string { return r.Code }}),
		quota: store.Add(s, store.Def[quotaRow]{Name: "som.Quota", Internal: true, Key: func(*quotaRow) string { return quotaKey }}),
	}
}

// The indexes of the org's rows.
const (
	keyIndex       = "key"
	referenceIndex = "reference"
)

// Catalog returns the metadata of the org's objects.
func (d *SOM) Catalog() *sobject.Catalog { return d.catalog }

// Rows reads the org's rows in one transaction, those in the recycle bin (IsDeleted) too. It is the source package soql
// answers queries from. Rows it returns must not be altered.
type Rows struct {
	d  *SOM
	tx *sandbox.Tx
}

// Rows returns the reader for a transaction.
func (d *SOM) Rows(tx *sandbox.Tx) Rows { return Rows{d, tx} }

// Get finds a row of any object by its 18 character id.
func (r Rows) Get(id string) (*sobject.Record, bool) { return r.d.records.Peek(r.tx.Tx, id) }

// Lookup lists the rows of an object whose indexed field has the value, in the order of their ids; case is folded as in
// [sobject.Catalog.IndexKey].
func (r Rows) Lookup(object, field, value string) []*sobject.Record {
	index := keyIndex
	if o, ok := r.d.catalog.Object(object); ok {
		if f, ok := o.Field(field); ok && f.Type == sobject.TypeReference {
			index = referenceIndex
		}
	}
	return r.d.records.PeekList(r.tx.Tx, index, r.d.catalog.IndexKey(object, field, value))
}

// Scan visits every row of an object in the order of ids until visit returns false.
func (r Rows) Scan(object string, visit func(*sobject.Record) bool) {
	o, ok := r.d.catalog.Object(object)
	if !ok {
		return
	}
	// Ids begin with the object's key prefix, so its rows lie together.
	from, last := o.KeyPrefix, len(o.KeyPrefix)-1
	to := from[:last] + string(from[last]+1)
	r.d.records.Visit(r.tx.Tx, from, to, visit)
}

// children lists the rows of an object whose reference field holds the id, without those in the recycle bin.
func (r Rows) children(object, field, id string) []*sobject.Record {
	return living(r.Lookup(object, field, id))
}

// Aliases returns the ids by which a call shows that it is about the order of that number, in the 15 character form
// that both spellings of an id begin with.
func (d *SOM) Aliases(tx *sandbox.Tx, orderNo string) []string {
	var ids []string
	add := func(r *sobject.Record) { ids = append(ids, r.ID[:shortID]) }
	rows := d.Rows(tx)
	for _, summary := range rows.Lookup(objOrderSummary, "OrderNumber", orderNo) {
		add(summary)
		for _, object := range []string{objOrderItemSummary, objOrderPaymentSummary, objFulfillmentOrder} {
			for _, child := range rows.children(object, "OrderSummaryId", summary.ID) {
				add(child)
				for _, money := range []string{objAuthorization, objPayment} { // payments resources name nothing else
					for _, of := range rows.children(money, "OrderPaymentSummaryId", child.ID) {
						add(of)
					}
				}
			}
		}
	}
	return ids
}

// Runners returns the due work of the domain: its background operations and the orders that wait to be summarised.
func (d *SOM) Runners() map[string]sandbox.Runner {
	return map[string]sandbox.Runner{backgroundKind: d.runBackground, pendingKind: d.runPending}
}
