package somrest_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
)

func TestQueryAnswers(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	url := func(object, id string) string { return base + "/sobjects/" + object + "/" + id }
	cases := []struct{ name, soql, want string }{
		{
			"fields of every type",
			"SELECT Id, OrderNumber, OrderedDate, EffectiveDate, GrandTotalAmount, TotalAmount, OrderProductLineCount, IsSuspended, PoNumber, BillingAddress FROM OrderSummary",
			`{"totalSize":1,"done":true,"records":[{"attributes":{"type":"OrderSummary","url":"` + url("OrderSummary", orderID) + `"},
			"Id":"` + orderID + `","OrderNumber":"00001001","OrderedDate":"2026-03-01T12:00:00.000+0000","EffectiveDate":"2026-03-01",
			"GrandTotalAmount":116.59,"TotalAmount":105.99,"OrderProductLineCount":1,"IsSuspended":false,"PoNumber":null,
			"BillingAddress":{"city":"Leipzig","country":null,"countryCode":"DE","geocodeAccuracy":null,"latitude":null,"longitude":null,
			"postalCode":null,"state":null,"stateCode":null,"street":null}}]}`,
		},
		{
			"a parent and children",
			"SELECT Account.Name, (SELECT Quantity FROM OrderItemSummaries WHERE TypeCode = 'Product'), (SELECT Id FROM FulfillmentOrders) FROM OrderSummary",
			`{"totalSize":1,"done":true,"records":[{"attributes":{"type":"OrderSummary","url":"` + url("OrderSummary", orderID) + `"},
			"Account":{"attributes":{"type":"Account","url":"` + url("Account", accountID) + `"},"Name":"Erika \"Rike\" Müller"},
			"OrderItemSummaries":{"totalSize":1,"done":true,"records":[{"attributes":{"type":"OrderItemSummary","url":"` + url("OrderItemSummary", jacketID) + `"},"Quantity":2.0}]},
			"FulfillmentOrders":null}]}`,
		},
		{"COUNT()", "SELECT COUNT() FROM OrderItemSummary", `{"totalSize":2,"done":true,"records":[]}`},
		{"no rows", "SELECT Id FROM OrderSummary WHERE OrderNumber = 'x'", `{"totalSize":0,"done":true,"records":[]}`},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			w := s.soql(tc.soql)
			s.want(w, http.StatusOK, tc.want)
			if !strings.HasPrefix(w.Header().Get("Sforce-Limit-Info"), "api-usage=") || w.Header().Get("Content-Type") != "application/json;charset=UTF-8" {
				t.Errorf("headers %v", w.Header())
			}
		})
	}
	if body := s.soql("SELECT Quantity, UnitPrice FROM OrderItemSummary LIMIT 1").Body.String(); !strings.Contains(body, `"Quantity":2.0,"UnitPrice":50.0}`) {
		t.Errorf("doubles have a decimal: %s", body)
	}
}

func TestQueryRefusals(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	cases := []struct{ name, soql, code, message, rule string }{
		{"malformed, with the place", "SELECT Id FORM OrderSummary", "MALFORMED_QUERY", "\nSELECT Id FORM OrderSummary", "som.soql.malformed"},
		{"AND mixed with OR", "SELECT Id FROM OrderSummary WHERE Status = 'a' AND Status = 'b' OR Status = 'c'", "MALFORMED_QUERY", "\n", "som.soql.malformed"},
		{"unknown field", "SELECT Id, Colour FROM OrderSummary", "INVALID_FIELD", "\n", "som.soql.field"},
		{"unknown object", "SELECT Id FROM Spaceship", "INVALID_TYPE", "\n", "som.soql.object"},
		{"no text", "", "MALFORMED_QUERY", "A query string has to be specified", "som.soql.malformed"},
		{"too large an offset", "SELECT Id FROM OrderSummary OFFSET 2001", "NUMBER_OUTSIDE_VALID_RANGE", "", "som.soql.limits"},
		{"an id that is none", "SELECT Id FROM OrderSummary WHERE Id = 'x'", "INVALID_QUERY_FILTER_OPERATOR", "", "som.soql.operator"},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			w := s.soql(tc.soql)
			s.wantError(w, http.StatusBadRequest, tc.code, tc.message)
			if rule := s.lastRule(); rule != tc.rule {
				t.Errorf("rule %q", rule)
			}
			if tc.message == "\n" && !strings.Contains(w.Body.String(), "ERROR at Row:1:Column:") {
				t.Errorf("no place in %s", w.Body)
			}
		})
	}
}

func TestGetRow(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	path := base + "/sobjects/OrderSummary/" + orderID
	want := `{"attributes":{"type":"OrderSummary","url":"` + path + `"},"OrderNumber":"00001001","GrandTotalAmount":116.59,"Id":"` + orderID + `"}`
	s.want(s.do("GET", path+"?fields=ordernumber,GrandTotalAmount", ""), http.StatusOK, want)
	s.want(s.do("GET", base+"/sobjects/ordersummary/"+orderID[:15]+"?fields=ordernumber,GrandTotalAmount", ""), http.StatusOK, want)
	if w := s.do("GET", path, ""); !strings.Contains(w.Body.String(), `"TotalFeeAmount":0.0`) || !strings.Contains(w.Body.String(), `"CreatedById":"`+robotID) {
		t.Errorf("all fields: %s", w.Body)
	}
	s.wantError(s.do("GET", path+"?fields=Colour", ""), http.StatusBadRequest, "INVALID_FIELD", "No such column 'Colour' on entity 'OrderSummary'")
	s.wantError(s.do("GET", base+"/sobjects/Spaceship/"+orderID, ""), http.StatusNotFound, "NOT_FOUND", "The requested resource does not exist")
	s.wantError(s.do("GET", base+"/sobjects/OrderSummary/1Os000000000000AAA", ""), http.StatusNotFound, "NOT_FOUND", "The requested resource")
	s.wantError(s.do("GET", base+"/sobjects/OrderSummary/x", ""), http.StatusNotFound, "NOT_FOUND", "Provided external ID field does not exist")
	s.wantError(s.do("GET", base+"/sobjects/Account/"+orderID, ""), http.StatusBadRequest, "MALFORMED_ID", "Account ID: id value of incorrect type")
}

func TestUpdateRow(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	path := base + "/sobjects/OrderSummary/" + orderID
	w := s.do("PATCH", path, `{"attributes":{"type":"OrderSummary"},"Status":"Approved","Description":"<b>ä</b>","PoDate":"2026-03-02T01:00:00.000+0100","IsSuspended":true}`)
	if w.Code != http.StatusNoContent || w.Body.Len() != 0 {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	s.want(s.do("GET", path+"?fields=Status,Description,PoDate,IsSuspended", ""), http.StatusOK, `{"attributes":{"type":"OrderSummary","url":"`+path+`"},
		"Status":"Approved","Description":"<b>ä</b>","PoDate":"2026-03-02T00:00:00.000+0000","IsSuspended":true,"Id":"`+orderID+`"}`)
	if w := s.do("POST", path+"?_HttpMethod=PATCH", `{"Status":null}`); w.Code != http.StatusNoContent {
		t.Errorf("PATCH by way of POST: %d %s", w.Code, w.Body)
	}
}

func TestUpdateRowRefusals(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	before := s.state()
	order, jacket := base+"/sobjects/OrderSummary/"+orderID, base+"/sobjects/OrderItemSummary/"+jacketID
	cases := []struct {
		name, path, body, code, message string
		status                          int
	}{
		{"a computed field", jacket, `{"QuantityCanceled":1}`, "INVALID_FIELD_FOR_INSERT_UPDATE", "Unable to create/update fields: QuantityCanceled.", 400},
		{"an unknown field", order, `{"Colour":"red"}`, "INVALID_FIELD", "No such column 'Colour' on sobject of type OrderSummary", 400},
		{"the id", order, `{"Id":"` + orderID + `"}`, "INVALID_FIELD", "The Id field should not be specified in the sobject data.", 400},
		{"a value no picklist has", order, `{"Status":"Lost"}`, "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST", "Status: bad value for restricted picklist field: Lost", 400},
		{"an object for a text", order, `{"Status":{}}`, "JSON_PARSER_ERROR", "Cannot deserialize instance of picklist from START_OBJECT value", 400},
		{"a text for an instant", order, `{"PoDate":"soon"}`, "JSON_PARSER_ERROR", "Cannot deserialize instance of datetime from VALUE_STRING value", 400},
		{"a good and a bad field", order, `{"Status":"Approved","Total":1}`, "INVALID_FIELD", "No such column", 400},
		{"broken JSON", order, "{\n \"Status\": }", "JSON_PARSER_ERROR", "Invalid character '}' looking for beginning of value at [line:2, column:12]", 400},
		{"a list", order, `[]`, "JSON_PARSER_ERROR", "", 400},
		{"no body", order, ``, "JSON_PARSER_ERROR", "The HTTP entity body is required", 400},
		{"a missing row", base + "/sobjects/OrderSummary/1Os000000000000AAA", `{"Status":"Approved"}`, "NOT_FOUND", "", 404},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			s.wantError(s.do("PATCH", tc.path, tc.body), tc.status, tc.code, tc.message)
			if after := s.state(); after != before {
				t.Errorf("it changed something:\n%s\n%s", before, after)
			}
		})
	}
	s.wantError(s.do("PATCH", order, `Status=Approved`, "Content-Type", "text/plain"), http.StatusUnsupportedMediaType, "UNSUPPORTED_MEDIA_TYPE",
		"MediaType of 'text/plain' is not supported by this resource")
}

func TestComposite(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	q := func(text string) string { return base + "/query?q=" + url.QueryEscape(text) }
	w := s.do("POST", base+"/composite", `{"compositeRequest":[
		{"method":"GET","referenceId":"found","url":"`+q("SELECT Id, AccountId FROM OrderSummary")+`"},
		{"method":"GET","referenceId":"account","url":"`+base+`/sobjects/Account/@{found.records[0].AccountId}?fields=AccountNumber"},
		{"method":"PATCH","referenceId":"hold","url":"`+base+`/sobjects/OrderSummary/@{found.records[0].Id}","body":{"Status":"On Hold","PoNumber":"@{account.AccountNumber}/@{found.totalSize}"}},
		{"method":"GET","referenceId":"bad","url":"`+q("SELECT Nope FROM OrderSummary")+`"},
		{"method":"GET","referenceId":"dangling","url":"`+base+`/sobjects/Account/@{bad.records[0].Id}"},
		{"method":"POST","referenceId":"action","url":"`+base+`/commerce/order-management/order-summaries/`+orderID+`/actions/submit-cancel","body":{}},
		{"method":"GET","referenceId":"path","url":"/services/nothing"},
		{"method":"GET","referenceId":"after","url":"`+q("SELECT Status, PoNumber FROM OrderSummary")+`"}]}`)
	if w.Code != http.StatusOK || w.Header().Get("Sforce-Limit-Info") == "" {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	parts := s.parts(w)
	want := []struct {
		id     string
		status int
		body   string
	}{
		{"found", 200, `"totalSize":1`},
		{"account", 200, `"AccountNumber":"c-1"`},
		{"hold", 204, `null`},
		{"bad", 400, `INVALID_FIELD`},
		{"dangling", 400, `Invalid reference specified. No value for bad.records[0].Id found in bad`},
		{"action", 400, `This resource is not supported in a composite request.`},
		{"path", 404, `NOT_FOUND`},
		{"after", 200, `"Status":"On Hold","PoNumber":"c-1/1"`},
	}
	if len(parts) != len(want) {
		t.Fatalf("%d parts: %s", len(parts), w.Body)
	}
	for i, part := range parts {
		if part.ReferenceID != want[i].id || part.HTTPStatusCode != want[i].status || !strings.Contains(string(part.Body), want[i].body) {
			t.Errorf("part %s: %d %s", part.ReferenceID, part.HTTPStatusCode, part.Body)
		}
	}
}

func TestCompositeAllOrNoneRollsBack(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	before := s.state()
	w := s.do("POST", base+"/composite", `{"allOrNone":true,"compositeRequest":[
		{"method":"PATCH","referenceId":"first","url":"`+base+`/sobjects/OrderSummary/`+orderID+`","body":{"Status":"Approved"}},
		{"method":"PATCH","referenceId":"second","url":"`+base+`/sobjects/OrderSummary/`+orderID+`","body":{"Status":"Lost"}},
		{"method":"PATCH","referenceId":"third","url":"`+base+`/sobjects/OrderSummary/`+orderID+`","body":{"Status":"Rejected"}}]}`)
	parts := s.parts(w)
	for i, code := range []string{"PROCESSING_HALTED", "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST", "PROCESSING_HALTED"} {
		if parts[i].HTTPStatusCode != http.StatusBadRequest || !strings.Contains(string(parts[i].Body), code) {
			t.Errorf("part %d: %d %s", i, parts[i].HTTPStatusCode, parts[i].Body)
		}
	}
	if after := s.state(); after != before {
		t.Errorf("it changed something:\n%s\n%s", before, after)
	}
}

func TestCompositeEnvelopeRefusals(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	sub := func(id, path string) string {
		return `{"method":"GET","referenceId":"` + id + `","url":"` + base + path + `"}`
	}
	repeat := func(n int, path string) string {
		parts := make([]string, n)
		for i := range parts {
			parts[i] = sub("r"+strings.Repeat("x", i), path)
		}
		return strings.Join(parts, ",")
	}
	cases := []struct{ name, subs, message string }{
		{"no sub-requests", "", "The composite request has no subrequests."},
		{"26 sub-requests", repeat(26, "/sobjects/Account/1"), "The composite request has 26 subrequests. The limit is 25."},
		{"6 queries", repeat(6, "/query?q=x"), "The composite request has 6 queries or sObject collections. The limit is 5."},
		{"an id twice", sub("a", "/x") + "," + sub("a", "/y"), "Duplicate ReferenceId provided in the request: a"},
		{"an id with a hyphen", sub("a-b", "/x"), "Provided referenceId ('a-b')"},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(*testing.T) {
			s.wantError(s.do("POST", base+"/composite", `{"compositeRequest":[`+tc.subs+`]}`), http.StatusBadRequest, "JSON_PARSER_ERROR", tc.message)
		})
	}
	s.wantError(s.do("POST", base+"/composite", `{"compositeRequest":[{"method":"GET"}]}`), http.StatusBadRequest, "JSON_PARSER_ERROR", "")
	s.wantError(s.do("POST", base+"/composite", `{"batchRequests":[]}`), http.StatusBadRequest, "JSON_PARSER_ERROR", "")
}
