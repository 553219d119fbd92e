package ocapi_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
)

func TestGetOrder(t *testing.T) {
	t.Parallel()
	s := open(t)
	doc := s.document(s.send(http.MethodGet, order, "", s.login("ada")...))
	want := map[string]any{
		"_v": "23.2", "_type": "order", "order_no": "O-1", "site_id": "RefArch", "status": "new", "export_status": "exported",
		"payment_status": "not_paid", "shipping_status": "not_shipped", "creation_date": "2026-06-01T08:00:00.000Z", "currency": "EUR",
		"taxation": "gross", "c_somOrderSummaryId": "1OsSummary", "order_total": 22.8, "tax_total": 3.64, "guest": false,
	}
	for name, value := range want {
		equal(t, value, doc[name])
	}
	item := doc["product_items"].([]any)[0].(map[string]any)
	equal(t, any(23.8), item["price"])
	equal(t, any(22.8), item["price_after_item_discount"])
	equal(t, any("booking-1"), doc["shipments"].([]any)[0].(map[string]any)["c_slotBookingId"])
	equal(t, any("************1111"), doc["payment_instruments"].([]any)[0].(map[string]any)["payment_card"].(map[string]any)["masked_number"])
}

func TestMoneyHasTwoDecimals(t *testing.T) {
	t.Parallel()
	s := open(t)
	body := s.send(http.MethodGet, order, "", s.login("ada")...).Body.String()
	for _, want := range []string{`"order_total":22.80`, `"quantity":2,`, `"tax_rate":0.19`, `"shipping_total":0.00`, `"price":-1.00`} {
		if !strings.Contains(body, want) {
			t.Errorf("%s is not in %s", want, body)
		}
	}
}

func TestWhoSeesAnOrder(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.document(s.send(http.MethodGet, order, "", s.system()...))
	for _, other := range []string{"bob", ""} {
		got := s.refused(s.send(http.MethodGet, order, "", s.login(other)...), 404, "OrderNotFoundException", "b2c.order.own")
		equal(t, map[string]string{"orderNo": "O-1"}, got)
	}
	s.refused(s.send(http.MethodGet, base+"/orders/none", "", s.system()...), 404, "OrderNotFoundException", "b2c.order.own")
}

func TestPatchSetsCustomAttributesAndIgnoresTheRest(t *testing.T) {
	t.Parallel()
	s := open(t)
	body := `{"c_note":"ring","c_count":2.5,"c_gift":true,"c_tags":["a","b"],"order_total":1,"status":"new","_v":"23.2"}`
	ada := s.login("ada")
	doc := s.document(s.send(http.MethodPatch, order, body, ada...))
	equal(t, map[string]any{"c_note": "ring", "c_count": 2.5, "c_gift": true, "c_tags": []any{"a", "b"}, "c_somOrderSummaryId": "1OsSummary"}, customOf(doc))
	equal(t, any(22.8), doc["order_total"])
	doc = s.document(s.send(http.MethodPatch, order, `{"c_note":null}`, ada...))
	if _, there := doc["c_note"]; there {
		t.Error("null did not remove the attribute")
	}
}

func customOf(doc map[string]any) map[string]any {
	out := map[string]any{}
	for name, value := range doc {
		if strings.HasPrefix(name, "c_") {
			out[name] = value
		}
	}
	return out
}

func TestPatchSetsTheStatusForASystem(t *testing.T) {
	t.Parallel()
	s := open(t)
	for range 2 { // again is harmless
		if got := s.document(s.send(http.MethodPatch, order, `{"status":"cancelled"}`, s.system()...))["status"]; got != "cancelled" {
			t.Errorf("status %v", got)
		}
	}
	got := s.refused(s.send(http.MethodPatch, order, `{"status":"created"}`, s.system()...), 400, "StatusTransitionNotPossibleException", "b2c.order.transition")
	equal(t, map[string]string{"statusFrom": "cancelled", "statusTo": "created"}, got)
}

func TestStaleResourceStateConflicts(t *testing.T) {
	t.Parallel()
	s := open(t)
	ada := s.login("ada")
	first := s.orderAsSystem()["_resource_state"].(string)
	doc := s.document(s.send(http.MethodPatch, order, fmt.Sprintf(`{"_resource_state":%q,"c_a":"1"}`, first), ada...))
	second := doc["_resource_state"].(string)
	if second == first {
		t.Error("the state did not change")
	}
	body := fmt.Sprintf(`{"_resource_state":%q,"c_a":"2"}`, first)
	got := s.refused(s.send(http.MethodPatch, order, body, ada...), 409, "ResourceStateConflictException", "b2c.order.resource-state")
	equal(t, map[string]string{"client": first, "server": second}, got)
	s.refused(s.send(http.MethodPatch, order, `{"c_a":"2"}`, append(ada, "x-dw-resource-state", first)...), 409, "ResourceStateConflictException", "b2c.order.resource-state")
	equal(t, any("1"), s.orderAsSystem()["c_a"])
}

func TestPostStandsForAnotherVerb(t *testing.T) {
	t.Parallel()
	s := open(t)
	ada := s.login("ada")
	s.document(s.send(http.MethodPost, order, `{"c_a":"1"}`, append(ada, "x-dw-http-method-override", "PATCH")...))
	s.document(s.send(http.MethodPost, order+"?method=patch", `{"c_b":"1"}`, ada...))
	doc := s.orderAsSystem()
	if doc["c_a"] != "1" || doc["c_b"] != "1" {
		t.Errorf("%v", customOf(doc))
	}
	got := s.refused(s.send(http.MethodPost, order, `{}`, append(ada, "x-dw-http-method-override", "MEND")...), 400, "IllegalHttpMethodOverrideException", "")
	equal(t, map[string]string{"method": "MEND"}, got)
	s.refused(s.send(http.MethodPost, order, `{}`, append(ada, "x-dw-http-method-override", "DELETE")...), 405, "MethodNotAllowedException", "")
	s.refused(s.send(http.MethodPost, order, `{}`, ada...), 405, "MethodNotAllowedException", "")
}

func TestClientIDMayBeAParameter(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.document(s.send(http.MethodGet, order+"?client_id="+client, "", "Authorization", s.login("ada")[3]))
}

func TestOrderRefusalsChangeNothing(t *testing.T) {
	t.Parallel()
	s := open(t)
	ada, system := s.login("ada"), s.system()
	before := s.orderAsSystem()
	id := []string{"x-dw-client-id", client}
	cases := []struct {
		name, method, path, body string
		header                   []string
		status                   int
		kind, rule               string
	}{
		{"no token and no client id", "GET", order, "", nil, 400, "MissingClientIdException", "b2c.client.given"},
		{"a shopper without a client id", "GET", order, "", ada[2:], 400, "MissingClientIdException", "b2c.client.given"},
		{"no token", "GET", order, "", id, 401, "AuthorizationHeaderMissingException", "b2c.authorization.given"},
		{"a login for a token", "GET", order, "", append(id, "Authorization", basic(t, "ada@somsim.test", "somsim")), 401, "InvalidAuthorizationHeaderException", "b2c.authorization.well-formed"},
		{"a system token that is none", "GET", order, "", []string{"Authorization", "Bearer nonsense"}, 401, "InvalidAccessTokenException", "b2c.token.issued"},
		{"a shopper's token that is none", "GET", order, "", append(id, "Authorization", "Bearer a.b.c"), 401, "InvalidAccessTokenException", "b2c.token.issued"},
		{"a token with another signature", "GET", order, "", append(id, "Authorization", ada[3][:len(ada[3])-4]+"AAAA"), 401, "InvalidAccessTokenException", "b2c.token.issued"},
		{"an unsigned token", "GET", order, "", append(id, "Authorization", unsigned(ada[3])), 401, "InvalidAccessTokenException", "b2c.token.issued"},
		{"an unknown site", "GET", "/s/Nowhere/dw/shop/v23_2/orders/O-1", "", system, 404, "UnknownSiteException", "b2c.site.known"},
		{"an unknown version", "GET", "/s/RefArch/dw/shop/v26_1/orders/O-1", "", system, 404, "VersionNotFoundException", "b2c.version.known"},
		{"a selector without an end", "GET", order + "?select=(order_no", "", system, 400, "MalformedSelectorException", "b2c.selector.well-formed"},
		{"a selector before a write", "PATCH", order + "?select=order_no", `{"c_a":"1"}`, system, 400, "MalformedSelectorException", "b2c.selector.well-formed"},
		{"an expansion", "GET", order + "?expand=lines", "", system, 400, "InvalidExpandValueException", "b2c.expand.known"},
		{"a shopper cancels", "PATCH", order, `{"status":"cancelled"}`, ada, 400, "PropertyNotPermittedException", "b2c.order.system-properties"},
		{"a shopper exports", "PATCH", order, `{"c_somOrderSummaryId":"x"}`, ada, 400, "PropertyNotPermittedException", "b2c.order.system-properties"},
		{"an unknown property", "PATCH", order, `{"c_a":"1","colour":"red"}`, ada, 400, "UnknownPropertyException", "b2c.order.known-properties"},
		{"an object as attribute", "PATCH", order, `{"c_a":{"b":1}}`, ada, 400, "InvalidCustomPropertyException", "b2c.order.custom-value"},
		{"a set of numbers as attribute", "PATCH", order, `{"c_a":[1]}`, ada, 400, "InvalidCustomPropertyException", "b2c.order.custom-value"},
		{"an attribute without a name", "PATCH", order, `{"c_":"1"}`, ada, 400, "InvalidCustomPropertyException", "b2c.order.custom-value"},
		{"an unknown status", "PATCH", order, `{"status":"lost"}`, system, 400, "EnumConstraintViolationException", ""},
		{"a status of another type", "PATCH", order, `{"status":7}`, system, 400, "EnumConstraintViolationException", ""},
		{"a state of another type", "PATCH", order, `{"_resource_state":7}`, system, 400, "TypeDecodingException", ""},
		{"a state that is none", "PATCH", order, `{"_resource_state":"x"}`, system, 400, "PropertyConstraintViolationException", ""},
		{"a list for a body", "PATCH", order, `[]`, system, 400, "TypeDecodingException", ""},
		{"bad JSON", "PATCH", order, `{"c_a":`, system, 400, "BodyDecodingException", ""},
		{"no body", "PATCH", order, "", system, 400, "BodyDecodingException", ""},
		{"a foreign order", "PATCH", order, `{"c_a":"1"}`, s.login("bob"), 404, "OrderNotFoundException", "b2c.order.own"},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			s.refused(s.send(tc.method, tc.path, tc.body, tc.header...), tc.status, tc.kind, tc.rule)
			equal(t, before, s.orderAsSystem())
		})
	}
}

// unsigned replaces header and signature of a token by those of the algorithm none.
func unsigned(header string) string {
	parts := strings.Split(strings.TrimPrefix(header, "Bearer "), ".")
	return "Bearer eyJhbGciOiJub25lIn0." + parts[1] + "."
}

const history = base + "/customers/ada/orders"

func numbers(doc map[string]any) []string {
	var out []string
	for _, o := range doc["data"].([]any) {
		out = append(out, o.(map[string]any)["order_no"].(string))
	}
	return out
}

func TestCustomerOrders(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.document(s.send(http.MethodPatch, base+"/orders/O-2", `{"status":"cancelled"}`, s.system()...))
	cases := []struct {
		name, query string
		want        []string
		total       float64
	}{
		{"newest first", "", []string{"O-1", "O-2", "O-3"}, 3},
		{"the default selector", "?select=(**)", []string{"O-1", "O-2", "O-3"}, 3},
		{"a page", "?start=1&count=1", []string{"O-2"}, 3},
		{"past the end", "?start=7", nil, 3},
		{"a status", "?status=cancelled", []string{"O-2"}, 1},
		{"statuses", "?status=cancelled,new&count=2", []string{"O-1", "O-2"}, 3},
		{"a period without seconds", "?from=2026-05-31T08:00Z&until=2026-05-31T08:00:00.000Z", []string{"O-2"}, 1},
		{"of all sites", "?cross_sites=true", []string{"O-1", "O-2", "O-3"}, 3},
	}
	ada := s.login("ada")
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			doc := s.document(s.send(http.MethodGet, history+tc.query, "", ada...))
			equal(t, tc.want, numbers(doc))
			equal(t, any(tc.total), doc["total"])
			equal(t, any(float64(len(tc.want))), doc["count"])
		})
	}
}

func TestPagesLinkToEachOther(t *testing.T) {
	t.Parallel()
	s := open(t)
	system := s.system()
	doc := s.document(s.send(http.MethodGet, history+"?start=1&count=1&status=new", "", system...))
	equal(t, any("http://example.com"+history+"?count=1&start=2&status=new"), doc["next"])
	equal(t, any("http://example.com"+history+"?count=1&start=0&status=new"), doc["previous"])
	next := s.document(s.send(http.MethodGet, doc["next"].(string), "", system...))
	equal(t, []string{"O-3"}, numbers(next))
	if _, there := next["next"]; there {
		t.Error("the last page has a next one")
	}
}

func TestCustomerOrdersRefusals(t *testing.T) {
	t.Parallel()
	s := open(t)
	ada, system := s.login("ada"), s.system()
	cases := []struct {
		name, path string
		header     []string
		status     int
		kind, rule string
	}{
		{"another customer's", base + "/customers/bob/orders", ada, 404, "CustomerNotFoundException", "b2c.customer.own"},
		{"nobody's", base + "/customers/none/orders", system, 404, "CustomerNotFoundException", "b2c.customer.own"},
		{"an unknown status", history + "?status=lost", ada, 400, "InvalidOrderStatusException", "b2c.orders.status-filter"},
		{"a period that ends first", history + "?from=2026-06-02T00:00:00Z&until=2026-06-01T00:00:00Z", ada, 400, "StartAfterEndException", "b2c.orders.period"},
		{"a bound that is none", history + "?from=monday", ada, 400, "MalformedParameterException", "b2c.orders.instant"},
		{"a count in words", history + "?count=ten", ada, 400, "MalformedParameterException", ""},
		{"a count too large", history + "?count=201", ada, 400, "MalformedParameterException", ""},
		{"a start before the first", history + "?start=-1", ada, 400, "MalformedParameterException", ""},
		{"an expansion", history + "?expand=x", ada, 400, "InvalidExpandValueException", "b2c.expand.known"},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(*testing.T) {
			s.refused(s.send(http.MethodGet, tc.path, "", tc.header...), tc.status, tc.kind, tc.rule)
		})
	}
}
