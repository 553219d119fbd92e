package main

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"testing"

	"github.com/somsim/somsim/contracts/matching"
	"github.com/somsim/somsim/contracts/pactfile"
	"github.com/somsim/somsim/contracts/promise"
	"github.com/somsim/somsim/contracts/replay"
	"github.com/somsim/somsim/contracts/states"
	"github.com/somsim/somsim/specs"
)

// mutation is one change of what a provider answers, what a consumer sends, or
// what a message says, and whether somebody on the other side reads it.
type mutation struct {
	file, interaction string
	name              string
	change            func(t *testing.T, w *wire)
	read              bool
}

// mutations are forty, or more, single ones: those that are read have to be
// caught, the others not.
func mutations() []mutation {
	const (
		som, b2c, oci, slots = "order-ops-som.json", "order-ops-b2c-ocapi.json", "order-ops-oci.json", "order-ops-slots.json"
		loyalty, worldline   = "order-ops-loyalty.json", "order-ops-worldline.json"
		shop                 = "storefront-sfra-order-ops.json"
		preview, submit      = "a preview of a cancel of one unit", "a cancel of one unit"
		order, captured      = "a shopper's question for an order", "a question for a payment when the payment of an order is captured"
		bookings, balance    = "a question for the bookings of an order", "a question for a balance of points"
		reserved             = "a question for reservations when stock is reserved for an order at a location"
		shown, cancelled     = "a question for an order", "the cancel of an order"
	)
	return []mutation{
		// What the simulator answers, and order-ops reads.
		{som, preview, "a field is gone", drop("changeBalances", "grandTotalAmount"), true},
		{som, preview, "an object is gone", drop("changeBalances"), true},
		{som, preview, "a number is a text", put("55", "changeBalances", "grandTotalAmount"), true},
		{som, preview, "another success", put(false, "success"), true},
		{som, preview, "another status", status(200), true},
		{som, preview, "another media type", header("Content-Type", "text/plain"), true},
		{som, submit, "an id of another kind", put("10u5i000000000zAAA", "changeOrderId"), true},
		{som, submit, "no id", put(nil, "changeOrderId"), true},
		{som, "a cancel of more units than there are", "a refusal with another status", status(409), true},
		{som, "a log-in with client credentials", "no token", drop("access_token"), true},
		{som, "a question for the rest of a query", "an end that is none", put(false, "done"), true},
		{som, "a question for the rest of a query", "no rows", put([]any{}, "records"), true},
		{b2c, order, "a status that commerce does not have", put("lost", "export_status"), true},
		{b2c, order, "a version of the resource that is none", put("x", "_resource_state"), true},
		{b2c, order, "no currency", drop("currency"), true},
		{b2c, order, "a total that is a text", put("1.00", "order_total"), true},
		{oci, reserved, "no unit of stock", drop("reservations", "0", "records", "0", "stockKeepingUnit"), true},
		{oci, "a release from a group", "no success", put(false, "success"), true},
		{slots, bookings, "a status that bookings do not have", put("parked", "bookings", "0", "status"), true},
		{slots, bookings, "no id", drop("bookings", "0", "booking_id"), true},
		{slots, "the release of a booking", "another status", status(500), true},
		{loyalty, balance, "points that are a text", put("many", "loyalty_account", "balance"), true},
		{loyalty, balance, "a key by another name", rename("loyalty_account", "account"), true},
		{worldline, captured, "an amount with a fraction", put(109.32, "paymentOutput", "amountOfMoney", "amount"), true},
		{worldline, captured, "no time of an operation", drop("Operations", "0", "statusOutput", "statusCodeChangeDateTime"), true},
		{worldline, "a refund of a part", "no id", drop("id"), true},
		// What the simulator answers, and order-ops does not read.
		{som, preview, "an unread field is gone", drop("changeBalances", "totalFeeAmount"), false},
		{som, preview, "one more field", put("new", "changeBalances", "later"), false},
		{som, submit, "an unread header is gone", header("Sforce-Limit-Info", ""), false},
		{som, "a log-in with client credentials", "an unread value", put("other", "signature"), false},
		{b2c, order, "an unread text", put("Somebody Else", "customer_name"), false},
		{slots, bookings, "an unread object is gone", drop("bookings", "0", "slot", "capacity", "held"), false},
		{loyalty, balance, "an unread list is empty", put([]any{}, "loyalty_account", "expiring_point_deadlines"), false},
		{worldline, captured, "an unread number is a text", put("9", "statusOutput", "statusCode"), false},
		{oci, "a release from a group", "an unread list is gone", drop("errors"), false},
		// What order-ops answers, and a storefront reads, or not.
		{shop, shown, "no order", drop("c_somOrder"), true},
		{shop, shown, "a status that is a number", put(7, "c_somOrder", "unifiedStatus"), true},
		{shop, shown, "lines that are no list", put(map[string]any{}, "c_somOrder", "items"), true},
		{shop, cancelled, "another state", put("running", "c_actionResult", "state"), true},
		{shop, cancelled, "a refund that is gone", drop("c_actionResult", "cancellation", "refund"), true},
		{shop, "the cancel of an order that has shipped", "another code", put("NO", "fault", "arguments", "statusCode"), true},
		{shop, "a question after too many calls", "no Retry-After", header("Retry-After", ""), true},
		{shop, cancelled, "an unread text", put("Somebody Else", "customer_name"), false},
		{shop, cancelled, "one more field", put(1, "c_somOrder", "later"), false},
		// What order-ops sends.
		{som, submit, "no reason", unsend("changeItems", "0", "reason"), true},
		{som, submit, "a quantity that is a text", send("one", "changeItems", "0", "quantity"), true},
		{som, submit, "a field that nobody declared", send(true, "changeItems", "0", "colour"), true},
		{som, submit, "a field by another name", unsend("changeItems"), true},
		{slots, bookings, "another path", path("/slots/v1/reservations"), true},
		{slots, bookings, "no credential", sendHeader("Authorization", ""), true},
		{slots, bookings, "another order", query("order_no", "00000999"), true},
		{oci, "a release from a group", "no key", unsend("releaseRecords", "0", "actionRequestId"), true},
		{shop, cancelled, "an action that is none", send("cancle", "c_action"), true},
		{slots, bookings, "an unread header", sendHeader("X-Unread", "1"), false},
		{som, submit, "a header about the caller", sendHeader("User-Agent", "another"), false},
		// What messages say.
		{"messages/order-ops-som.json", "that an order summary was created", "a key by another name", rename("channel", "topic"), true},
		{"messages/order-ops-som.json", "that an order summary was created", "no id", drop("data", "payload", "OrderSummaryId"), true},
		{"messages/order-ops-worldline.json", "that a refund was accepted", "another type", put("refund.done", "type"), true},
		{"messages/order-ops-worldline.json", "that a refund was accepted", "an unread key", put("1.0", "apiVersion"), false},
		{"messages/tracking-order-ops.json", "that an order was cancelled", "no key of the event", drop("events", "0", "params", "event_id"), true},
	}
}

// TestTheContractsCatchWhatIsReadAndNothingElse makes one change at a time to
// what really goes over the wire.
func TestTheContractsCatchWhatIsReadAndNothingElse(t *testing.T) {
	t.Parallel()
	work := &gateWork{}
	t.Cleanup(func() { work.close() })
	at, err := work.world(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	stage, err := states.Open(t.Context(), states.Addresses{API: at.API, Control: at.Control, OrderOps: at.OrderOps, Name: "mutation"})
	if err != nil {
		t.Fatal(err)
	}
	bench := &mutationBench{at: at, stage: stage, documents: map[string]promise.Specification{}}
	all := mutations()
	if len(all) < 40 {
		t.Errorf("%d mutations, want 40", len(all))
	}
	for _, m := range all { // one after the other: they share a stage
		i := interactionOf(t, m)
		caught := bench.caught(t, m, i)
		if m.read && len(caught) == 0 {
			t.Errorf("%s: %s: %s: nobody noticed", m.file, m.interaction, m.name)
		}
		if !m.read && len(caught) > 0 {
			t.Errorf("%s: %s: %s: nobody reads it, and yet: %s", m.file, m.interaction, m.name, caught)
		}
	}
}

type mutationBench struct {
	at        addresses
	stage     *states.Stage
	documents map[string]promise.Specification
}

// caught is what the contracts have to say about a mutation.
func (b *mutationBench) caught(t *testing.T, m mutation, i interactionIn) (problems []string) {
	t.Helper()
	if i.IsMessage() {
		w := &wire{body: decoded(t, i.Contents.Content)}
		m.change(t, w)
		body, err := json.Marshal(w.body)
		if err != nil {
			t.Fatal(err)
		}
		for _, one := range matching.Compare(pactfile.Response{Body: i.Contents, MatchingRules: i.MatchingRules}, matching.Answer{Body: body}) {
			problems = append(problems, one.String())
		}
		return problems
	}
	mutated := i.Interaction
	w := &wire{request: &mutated.Request}
	mutated.Request.Headers = i.Request.Headers.Clone()
	m.change(t, w)
	base := b.at.API
	if i.provider == "order-ops" {
		base = b.at.OrderOps
	}
	client := replay.Client()
	changer := &changing{t: t, change: m.change}
	client.Transport = changer
	result := replay.Provider{Name: i.provider, Base: base, States: b.stage, Client: client}.Verify(t.Context(), mutated)
	if result.Err != nil {
		t.Fatalf("%s: %s: %v", m.file, m.interaction, result.Err)
	}
	for _, one := range result.Mismatches {
		problems = append(problems, one.String())
	}
	if _, ok := b.documents[i.provider]; !ok {
		s, err := promise.Load(specs.FS, i.provider)
		if err != nil {
			t.Fatal(err)
		}
		b.documents[i.provider] = s
	}
	return append(problems, b.documents[i.provider].Judge(mutated)...)
}

// changing alters an answer on its way.
type changing struct {
	t      *testing.T
	change func(*testing.T, *wire)
}

func (c *changing) RoundTrip(r *http.Request) (*http.Response, error) {
	response, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	source, err := io.ReadAll(response.Body)
	if err != nil {
		return nil, err
	}
	w := &wire{status: response.StatusCode, header: response.Header}
	if len(source) > 0 {
		w.body = decoded(c.t, source)
	}
	c.change(c.t, w)
	if len(source) > 0 {
		if source, err = json.Marshal(w.body); err != nil {
			return nil, err
		}
	}
	response.StatusCode, response.Body, response.ContentLength = w.status, io.NopCloser(bytes.NewReader(source)), int64(len(source))
	return response, nil
}

func decoded(t *testing.T, source []byte) (value any) {
	t.Helper()
	d := json.NewDecoder(bytes.NewReader(source))
	d.UseNumber()
	if err := d.Decode(&value); err != nil {
		t.Fatalf("%v in %s", err, source)
	}
	return value
}

// interactionIn is an interaction with the provider it is with.
type interactionIn struct {
	pactfile.Interaction
	provider string
}

func interactionOf(t *testing.T, m mutation) interactionIn {
	t.Helper()
	p, err := pactfile.Read(os.DirFS("../../contracts/pacts"), m.file)
	if err != nil {
		t.Fatal(err)
	}
	for _, i := range p.Interactions {
		if i.Description == m.interaction {
			return interactionIn{i, p.Provider.Name}
		}
	}
	t.Fatalf("%s has no interaction %q", m.file, m.interaction)
	return interactionIn{}
}
