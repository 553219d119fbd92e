package scapi_test

import (
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/somsim/somsim/simulator/b2c"
	"github.com/somsim/somsim/simulator/b2c/scapi"
	"github.com/somsim/somsim/simulator/fault"
	"github.com/somsim/somsim/simulator/sandbox"
)

// documentedKinds are the errors that the vendor's documents name, by status, written down a second time.
func documentedKinds() map[int]string {
	return map[int]string{
		400: `bad-request constraint-violation missing-query-parameter undefined-query-parameter invalid-reason-code unknown-product-item-ids
			return-quantity-exceeded insufficient-identifying-information invalid-order-total invalid-tax-total customer-baskets-quota-exceeded
			customer-temporary-baskets-quota-exceeded invalid-customer`,
		401: `invalid-access-token`, 403: `forbidden`, 404: `order-not-found basket-not-found shipment-not-found`,
		409: `oms-not-active order-cancel-failed order-return-failed order-status-transition undo-fail-order invalid-tax-mode
			basket-transfer-basket-already-exists-exception no-source-basket-exception basket-merge-no-current-basket-exception
			basket-not-promotable-exception unsupported-request-if-scapi-hooks-enabled`,
		429: `too-many-requests`,
	}
}

func TestTheTableHasEveryDocumentedError(t *testing.T) {
	t.Parallel()
	status := map[string]int{}
	for _, k := range scapi.ErrorKinds() {
		if status[k.Slug] != 0 {
			t.Errorf("%s is there twice", k.Slug)
		}
		status[k.Slug] = k.Status
	}
	for want, slugs := range documentedKinds() {
		for _, slug := range strings.Fields(slugs) {
			if status[slug] != want {
				t.Errorf("%s has the status %d, want %d", slug, status[slug], want)
			}
		}
	}
}

// provocation is a call that is refused. The caller is ada, bob, a guest, an agent for ada, a system, or nobody.
type provocation struct {
	as, method, path, body string
	before                 func(s *shop)
}

// twice makes a call before the one that is refused.
func twice(as, method, path, body string, times int) provocation {
	return provocation{as, method, path, body, func(s *shop) {
		for range times {
			s.send(method, path, body, s.caller(as)...)
		}
	}}
}

func (s *shop) caller(as string) []string {
	s.T.Helper()
	switch as {
	case "":
		return nil
	case "guest":
		return s.as("", b2c.DefaultClientID)
	case "system":
		return s.system(b2c.DefaultClientID)
	case "reader":
		return s.as("ada", narrow)
	case "vouched":
		return s.vouched(b2c.DefaultClientID)
	case "visitor":
		return s.visit(false)
	case "agent":
		return s.agent()
	}
	return s.as(as, b2c.DefaultClientID)
}

// provocations are a call for each error of the table.
func provocations() map[string]provocation {
	const order = shopperOrders + "/O-1"
	basket := func(s *shop) { s.send(http.MethodPost, baskets+site, "", s.as("ada", b2c.DefaultClientID)...) }
	back := func(quantity string) string {
		return `{"productItems":[{"itemId":"LINE","quantity":` + quantity + `}]}`
	}
	refusing := func(s *shop) { s.desk.refuses = true }
	return map[string]provocation{
		"bad-request":             {as: "ada", method: "POST", path: shopperOrders + site, body: `{"basketId"`},
		"constraint-violation":    {as: "ada", method: "GET", path: order + site + "&expand=all"},
		"missing-query-parameter": {as: "ada", method: "GET", path: order},
		"invalid-access-token":    {method: "GET", path: order + site},
		"forbidden":               {as: "reader", method: "POST", path: shopperOrders + site, body: `{"basketId":"x"}`},
		"organization-not-found":  {as: "ada", method: "GET", path: strings.Replace(order, "053", "001", 1) + site},
		"site-not-found":          {as: "ada", method: "GET", path: order + "?siteId=x"},
		"resource-not-found":      {as: "ada", method: "GET", path: order + "/nothing" + site},
		"unsupported-media-type":  {as: "ada", method: "POST", path: shopperOrders + site, body: `x`},
		"order-not-found":         {as: "ada", method: "GET", path: shopperOrders + "/x" + site},
		"customer-not-found":      {as: "ada", method: "GET", path: customers + "/bob" + site},
		"basket-not-found":        {as: "ada", method: "GET", path: baskets + "/x" + site},
		"shipment-not-found":      {as: "ada", method: "PATCH", path: baskets + "/BASKET/shipments/none" + site, body: `{"gift":true}`, before: basket},
		"invalid-customer":        {as: "agent", method: "POST", path: baskets + site, body: `{"customerInfo":{"customerId":"none"}}`},

		"customer-baskets-quota-exceeded":           twice("ada", "POST", baskets+site, "", 1),
		"customer-temporary-baskets-quota-exceeded": twice("ada", "POST", baskets+site+"&temporary=true", "", 4),

		"no-source-basket-exception":                      {as: "ada", method: "POST", path: baskets + "/actions/transfer" + site},
		"basket-merge-no-current-basket-exception":        {as: "ada", method: "POST", path: baskets + "/actions/merge" + site},
		"basket-not-promotable-exception":                 {as: "ada", method: "POST", path: baskets + "/BASKET/actions/promote" + site, before: basket},
		"basket-transfer-basket-already-exists-exception": {as: "visitor", method: "POST", path: baskets + "/actions/transfer" + site},

		"insufficient-identifying-information": {as: "guest", method: "POST", path: lookup, body: `{}`},
		"invalid-tax-mode":                     {as: "ada", method: "GET", path: order + "/taxes" + site},
		"invalid-reason-code":                  {as: "ada", method: "POST", path: order + "/actions/oms-cancel-order" + site, body: `{"reason":"x"}`},
		"unknown-product-item-ids":             {as: "ada", method: "POST", path: order + "/actions/oms-return-order" + site, body: `{"productItems":[{"itemId":"x","quantity":1}]}`},
		"return-quantity-exceeded":             {as: "ada", method: "POST", path: order + "/actions/oms-return-order" + site, body: back("2")},
		"order-return-failed":                  {as: "ada", method: "POST", path: order + "/actions/oms-return-order" + site, body: back("1"), before: refusing},
		"order-cancel-failed":                  {as: "ada", method: "POST", path: order + "/actions/oms-cancel-order" + site, body: `{}`, before: refusing},
		"oms-not-active": {as: "ada", method: "GET", path: shopperOrders + "/oms-meta-data" + site, before: func(s *shop) {
			s.change(func(tx *sandbox.Tx) error { return s.domain.SetHandover(tx, b2c.Handover{}) })
		}},
		"order-status-transition":  {as: "ada", method: "POST", path: order + "/actions/fail" + site, body: `{}`},
		"order-integration-status": {as: "system", method: "PUT", path: adminOrders + "/O-1/status" + site, body: `{"status":"cancelled"}`},
		"undo-fail-order": {as: "system", method: "PUT", path: adminOrders + "/SOLD/status" + site, body: `{"status":"created"}`, before: func(s *shop) {
			s.sellOut()
		}},

		"order-already-exists": twice("vouched", "POST", adminOrders+site, social, 1),
		"invalid-order-total":  {as: "vouched", method: "POST", path: adminOrders + site, body: strings.Replace(social, `"orderTotal":113.24`, `"orderTotal":1`, 1)},
		"invalid-tax-total":    {as: "vouched", method: "POST", path: adminOrders + site, body: strings.Replace(social, `"taxTotal":7.9,`, `"taxTotal":1,`, 1)},
	}
}

// Every error of the table is provoked here, or docs/divergences.md says that the simulator never raises it by itself; never
// both, and nothing is provoked that is not in the table.
func TestEveryErrorIsProvokedOrListedAsNeverRaised(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile("../../../docs/divergences.md")
	if err != nil {
		t.Fatal(err)
	}
	_, never, found := strings.Cut(string(page), "Errors of SCAPI that only a rule of the sandbox or a hook raises:")
	if !found {
		t.Fatal("the page does not list the errors that are never raised")
	}
	never, _, _ = strings.Cut(never, ".")
	listed := strings.FieldsFunc(never, func(r rune) bool { return r != '-' && (r < 'a' || r > 'z') })
	calls, shared := provocations(), open(t) // what is refused changes nothing
	for _, k := range scapi.ErrorKinds() {
		call, provoked := calls[k.Slug]
		if provoked == slices.Contains(listed, k.Slug) {
			t.Errorf("%s: provoked %v, listed %v", k.Slug, provoked, !provoked)
		}
		delete(calls, k.Slug)
		if provoked {
			t.Run(k.Slug, func(t *testing.T) { //nolint:paralleltest // most of them share one sandbox
				s := shared
				if call.before != nil || call.as == "visitor" {
					s = open(t)
				}
				s.T = t
				s.provoke(call, k)
			})
		}
	}
	if len(calls) > 0 || len(listed) != 5 {
		t.Errorf("%d calls provoke what is not in the table; listed %v", len(calls), listed)
	}
}

func (s *shop) provoke(call provocation, k scapi.ErrorKind) {
	s.T.Helper()
	if call.before != nil {
		call.before(s)
	}
	caller := s.caller(call.as)
	header := append([]string{}, caller...)
	if call.body == "x" {
		header = append(header, "Content-Type", "text/plain")
	}
	fill := strings.NewReplacer("BASKET", s.basketOf("ada"), "LINE", s.line())
	w := s.send(call.method, fill.Replace(call.path), fill.Replace(call.body), header...)
	if w.Code != k.Status || !strings.Contains(w.Body.String(), "/errors/"+k.Slug+`"`) {
		s.T.Errorf("%d %s, want %d %s", w.Code, w.Body, k.Status, k.Slug)
	}
}

// Every error of the table can be had by a rule of the sandbox, with its status.
func TestEveryErrorCanBeInjectedUnderItsName(t *testing.T) {
	t.Parallel()
	s := open(t)
	ada := s.as("ada", b2c.DefaultClientID)
	for _, k := range scapi.ErrorKinds() {
		rule := fault.Rule{Name: "inject", Match: fault.Match{System: "b2c", Operation: "getShopperOrder"}, Effect: fault.Effect{Kind: fault.VendorError, Code: k.Slug, Message: "Injected."}}
		if err := s.World.Arm(rule); err != nil {
			t.Fatal(err)
		}
		w := s.send(http.MethodGet, shopperOrders+"/O-1"+site, "", ada...)
		if w.Code != k.Status || !strings.Contains(w.Body.String(), "/errors/"+k.Slug+`"`) {
			t.Errorf("%s: %d %s", k.Slug, w.Code, w.Body)
		}
		if err := s.World.Disarm("inject"); err != nil {
			t.Fatal(err)
		}
	}
}
