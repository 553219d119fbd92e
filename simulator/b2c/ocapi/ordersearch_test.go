package ocapi_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/simulator/b2c"
	"github.com/somsim/somsim/simulator/binding/facetest"
	"github.com/somsim/somsim/simulator/sandbox"
)

const search = base + "/order_search"

// searched are ada's three orders and bob's one, each different.
func searched(t *testing.T) *shop {
	t.Helper()
	s := open(t)
	s.change(func(tx *sandbox.Tx) error {
		n := oneMug("B-9", facetest.Monday().Add(-time.Hour))
		n.CustomerID, n.Items[0].ProductID, n.Items[0].BasePrice = "bob", "hat", decimal.New(5000, -2)
		n.Custom = b2c.Attributes{"channel": b2c.Text("app"), "priority": b2c.Number(decimal.NewFromInt(2))}
		n.Coupons = []string{"HELLO"}
		n.Shipments[0].Method.ID = "002"
		if _, err := s.domain.PlaceOrder(tx, n); err != nil {
			return err
		}
		return s.domain.SetStatus(tx, "O-3", b2c.Cancelled)
	})
	return s
}

func (s *shop) change(work func(tx *sandbox.Tx) error) {
	s.T.Helper()
	if err := s.World.Update(work); err != nil {
		s.T.Fatal(err)
	}
}

// hits are the numbers of the orders that a search finds, in their order.
func (s *shop) hits(body string, header []string) string {
	s.T.Helper()
	doc := s.document(s.send(http.MethodPost, search, body, header...))
	var numbers []string
	for _, hit := range doc["hits"].([]any) {
		numbers = append(numbers, hit.(map[string]any)["data"].(map[string]any)["order_no"].(string))
	}
	return strings.Join(numbers, " ")
}

func TestOrderSearchSpeaksTheWholeLanguage(t *testing.T) {
	t.Parallel()
	s := searched(t)
	system := s.system()
	term := func(field, operator, values string) string {
		return fmt.Sprintf(`{"term_query":{"fields":[%q],"operator":%q,"values":[%s]}}`, field, operator, values)
	}
	filtered := func(filter string) string {
		return `{"filtered_query":{"query":{"match_all_query":{}},"filter":` + filter + `}}`
	}
	cases := []struct{ name, query, want string }{
		{"everything", `{"match_all_query":{}}`, "B-9 O-1 O-2 O-3"},
		{"a word", `{"text_query":{"fields":["customer_name","customer_email"],"search_phrase":"Bob"}}`, "B-9"},
		{"the beginning of a word", `{"text_query":{"fields":["customer_email"],"search_phrase":"ad*"}}`, "O-1 O-2 O-3"},
		{"words in different fields", `{"text_query":{"fields":["order_no","customer_name"],"search_phrase":"x o-2"}}`, "O-2"},
		{"is", term("order_no", "is", `"O-2"`), "O-2"},
		{"case is folded", term("customer_email", "is", `"ADA@SOMSIM.TEST"`), "O-1 O-2 O-3"},
		{"one_of", term("order_no", "one_of", `"O-2","B-9","none"`), "B-9 O-2"},
		{"not_in", term("order_no", "not_in", `"O-2","B-9"`), "O-1 O-3"},
		{"neq", term("status", "neq", `"cancelled"`), "B-9 O-1 O-2"},
		{"is_null", term("coupon_line_items.coupon_code", "is_null", ""), "O-1 O-2 O-3"},
		{"is_not_null", term("c_channel", "is_not_null", ""), "B-9"},
		{"less", term("total_gross_price", "less", "50"), "O-1 O-2 O-3"},
		{"greater", term("creation_date", "greater", `"2026-05-31T08:00Z"`), "B-9 O-1"},
		{"a part", term("product_items.product_id", "is", `"hat"`), "B-9"},
		{"a part in a nested query", `{"nested_query":{"path":"shipments","query":` + term("shipments.shipping_method_id", "is", `"002"`) + `}}`, "B-9"},
		{"a custom number", term("c_priority", "is", "2"), "B-9"},
		{"an exported one", term("export_status", "is", `"exported"`), "O-1"},
		{"several fields", `{"term_query":{"fields":["order_no","customer_no"],"operator":"is","values":["no-bob"]}}`, "B-9"},
		{"must and must not", `{"bool_query":{"must":[` + term("customer_no", "is", `"no-ada"`) + `],"must_not":[` + term("order_no", "is", `"O-1"`) + `]}}`, "O-2 O-3"},
		{"should, and one without brackets", `{"bool_query":{"should":[` + term("order_no", "is", `"O-1"`) + `,` + term("order_no", "is", `"O-3"`) + `],"must":` + term("status", "is", `"new"`) + `}}`, "O-1"},
		{"a term filter", filtered(`{"term_filter":{"field":"status","operator":"is","values":["cancelled"]}}`), "O-3"},
		{"a range", filtered(`{"range_filter":{"field":"creation_date","from":"2026-05-31T08:00:00.000Z","to":"2026-06-01T08:00:00Z"}}`), "B-9 O-1 O-2"},
		{"a range without its ends", filtered(`{"range_filter":{"field":"creation_date","from":"2026-05-31T08:00:00.000Z","to":"2026-06-01T08:00:00Z","from_inclusive":false,"to_inclusive":false}}`), "B-9"},
		{"an open range of numbers", filtered(`{"range_filter":{"field":"total_net_price","from":30}}`), "B-9"},
		{"a range of two fields", filtered(`{"range2_filter":{"from_field":"creation_date","to_field":"last_modified","filter_mode":"overlap","from_value":"2026-06-01T07:30:00Z","to_value":"2026-06-01T09:00:00Z"}}`), "O-1 O-3"},
		{"and", filtered(`{"bool_filter":{"operator":"and","filters":[{"term_filter":{"field":"status","operator":"is","values":["new"]}},{"term_filter":{"field":"customer_no","operator":"is","values":["no-ada"]}}]}}`), "O-1 O-2"},
		{"or", filtered(`{"bool_filter":{"operator":"or","filters":[{"term_filter":{"field":"order_no","operator":"is","values":["O-2"]}},{"query_filter":{"query":` + term("order_no", "is", `"B-9"`) + `}}]}}`), "B-9 O-2"},
		{"not", filtered(`{"bool_filter":{"operator":"not","filters":[{"term_filter":{"field":"customer_no","operator":"is","values":["no-ada"]}}]}}`), "B-9"},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			if got := s.hits(`{"query":`+tc.query+`}`, system); got != tc.want {
				t.Errorf("found %q, want %q", got, tc.want)
			}
		})
	}
}

func TestOrderSearchSortsPagesAndSelects(t *testing.T) {
	t.Parallel()
	s := searched(t)
	system := s.system()
	const all = `"query":{"match_all_query":{}}`
	for sorts, want := range map[string]string{
		`[{"field":"total_gross_price","sort_order":"desc"},{"field":"order_no","sort_order":"desc"}]`: "B-9 O-3 O-2 O-1",
		`[{"field":"creation_date"}]`:                 "O-3 O-2 B-9 O-1",
		`[{"field":"c_channel","sort_order":"desc"}]`: "B-9 O-1 O-2 O-3",
	} {
		if got := s.hits(`{`+all+`,"sorts":`+sorts+`}`, system); got != want {
			t.Errorf("%s: %q, want %q", sorts, got, want)
		}
	}
	doc := s.document(s.send(http.MethodPost, search, `{`+all+`,"start":1,"count":2}`, system...))
	equal(t, any(map[string]any{"_type": "result_page", "count": 2.0, "start": 3.0}), doc["next"])
	equal(t, any(map[string]any{"_type": "result_page", "count": 2.0, "start": 0.0}), doc["previous"])
	if doc["total"] != 4.0 || doc["count"] != 2.0 || doc["_type"] != "order_search_result" {
		t.Errorf("%v", doc)
	}
	doc = s.document(s.send(http.MethodPost, search, `{`+all+`,"count":1,"select":"(total,hits.(data.(order_no)))"}`, system...))
	want := map[string]any{"_v": "23.2", "_type": "order_search_result", "total": 4.0, "hits": []any{map[string]any{
		"_type": "order_search_hit", "data": map[string]any{
			"_v": "23.2", "_type": "order", "order_no": "B-9", "_resource_state": doc["hits"].([]any)[0].(map[string]any)["data"].(map[string]any)["_resource_state"],
		},
	}}}
	equal(t, want, doc)
	if got := s.hits(`{`+all+`}`, s.login("ada")); got != "O-1 O-2 O-3" {
		t.Errorf("a shopper finds %q", got)
	}
}

func TestOrderSearchSeesWhatTheIndexHas(t *testing.T) {
	t.Parallel()
	s := searched(t)
	s.change(func(tx *sandbox.Tx) error { return s.domain.SetSearchIndex(tx, b2c.SearchIndex{Lag: 2 * time.Hour}) })
	const all = `{"query":{"match_all_query":{}}}`
	if got := s.hits(all, s.system()); got != "O-2 O-3" {
		t.Errorf("found %q", got)
	}
	if _, err := s.World.Advance(t.Context(), time.Hour); err != nil {
		t.Fatal(err)
	}
	if got := s.hits(all, s.system()); got != "B-9 O-2 O-3" {
		t.Errorf("an hour later %q", got)
	}
}

func TestOrderSearchRefusals(t *testing.T) {
	t.Parallel()
	s := searched(t)
	system := s.system()
	term := func(fields, operator, values string) string {
		return fmt.Sprintf(`{"query":{"term_query":{"fields":[%s],"operator":%q,"values":[%s]}}}`, fields, operator, values)
	}
	ranged := func(filter string) string {
		return `{"query":{"filtered_query":{"query":{"match_all_query":{}},"filter":{"range_filter":` + filter + `}}}}`
	}
	cases := []struct {
		name, body, fault, rule string
		arguments               map[string]string
	}{
		{"an unknown field", term(`"colour"`, "is", `"red"`), "UnknownSearchField", "b2c.search.field", map[string]string{"field": "colour"}},
		{"an unknown operator", term(`"order_no"`, "like", `"1"`), "UnknownSearchOperator", "b2c.search.operator", map[string]string{"operator": "like"}},
		{"too many values", term(`"order_no"`, "is", `"1","2"`), "TermOperatorMismatchValues", "b2c.search.operator-values", map[string]string{"operator": "is", "values": "2"}},
		{"no values", term(`"order_no"`, "one_of", ""), "TermOperatorMismatchValues", "b2c.search.operator-values", map[string]string{"operator": "one_of", "values": "0"}},
		{"less than a text", term(`"order_no"`, "less", `"1"`), "SearchOperatorNotApplicable", "b2c.search.operator-field", map[string]string{"operator": "less", "field": "order_no"}},
		{"fields of two types", term(`"order_no","creation_date"`, "is", `"1"`), "QuerySearchTypesNomatch", "b2c.search.one-type", map[string]string{"fields": "order_no, creation_date"}},
		{"no value of an enumeration", term(`"status"`, "is", `"lost"`), "IllegalEnumerationValue", "b2c.search.enumeration", map[string]string{"value": "lost"}},
		{"no number", term(`"total_gross_price"`, "is", `"much"`), "MalformedParameter", "b2c.search.value", map[string]string{"parameter": "total_gross_price", "value": "much"}},
		{"no date", term(`"creation_date"`, "is", `"today"`), "MalformedParameter", "b2c.orders.instant", map[string]string{"parameter": "creation_date", "value": "today"}},
		{"text in a date", `{"query":{"text_query":{"fields":["creation_date"],"search_phrase":"x"}}}`, "InvalidSearchFieldType", "b2c.search.text-fields", map[string]string{"field": "creation_date"}},
		{"a range of texts", ranged(`{"field":"order_no","from":"1"}`), "RangeFilterType", "b2c.search.range-field", map[string]string{"field": "order_no"}},
		{"a range the wrong way", ranged(`{"field":"total_gross_price","from":2,"to":1}`), "RangeFilterValue", "b2c.search.range", map[string]string{"field": "total_gross_price"}},
		{"a range without ends", ranged(`{"field":"total_gross_price"}`), "RangeFilterValue", "b2c.search.range", map[string]string{"field": "total_gross_price"}},
		{"sorting by parts", `{"query":{"match_all_query":{}},"sorts":[{"field":"product_items.product_id"}]}`, "FieldNotSortable", "b2c.search.sortable", map[string]string{"field": "product_items.product_id"}},
		{"an unknown query", `{"query":{"fuzzy_query":{}}}`, "UnknownProperty", "b2c.search.query", map[string]string{"property": "fuzzy_query", "document": "query"}},
		{"two queries in one", `{"query":{"match_all_query":{},"text_query":{}}}`, "PropertyConstraintViolation", "b2c.search.query", map[string]string{"document": "search_request", "path": "$.query"}},
		{"a misspelt property", `{"query":{"text_query":{"field":"x"}}}`, "UnknownProperty", "b2c.search.query", map[string]string{"property": "field", "document": "text_query"}},
		{"no phrase", `{"query":{"text_query":{"fields":["order_no"]}}}`, "PropertyConstraintViolation", "b2c.search.query", map[string]string{"document": "search_request", "path": "$.text_query.search_phrase"}},
		{"an unknown operator of a filter", `{"query":{"filtered_query":{"query":{"match_all_query":{}},"filter":{"bool_filter":{"operator":"xor","filters":[]}}}}}`, "UnknownSearchOperator", "b2c.search.operator", map[string]string{"operator": "xor"}},
		{"an expansion", `{"query":{"match_all_query":{}},"expand":["lines"]}`, "InvalidExpandValue", "b2c.expand.known", map[string]string{"expandValue": "lines"}},
		{"a bad selector", `{"query":{"match_all_query":{}},"select":"(hits"}`, "MalformedSelector", "b2c.selector.well-formed", map[string]string{"selector": "(hits"}},
		{"no query", `{}`, "PropertyConstraintViolation", "", map[string]string{"document": "search_request", "path": "$.query"}},
		{"a count too large", `{"query":{"match_all_query":{}},"count":201}`, "ValueConstraintViolation", "", map[string]string{"document": "search_request", "path": "$.count"}},
		{"a null", `{"query":null}`, "NullConstraintViolation", "", map[string]string{"document": "search_request", "path": "$.query"}},
		{"nested without end", `{"query":` + strings.Repeat(`{"bool_query":{"must":[`, 30) + `{"match_all_query":{}}` + strings.Repeat(`]}}`, 30) + `}`, "PropertyConstraintViolation", "b2c.search.query", map[string]string{"document": "search_request", "path": "$.query"}},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			got := s.refused(s.send(http.MethodPost, search, tc.body, system...), 400, tc.fault+"Exception", tc.rule)
			equal(t, tc.arguments, got)
		})
	}
}
