package somrest_test

import (
	"net/http"
	"strings"
	"testing"
)

func TestWritingAWrongRow(t *testing.T) {
	t.Parallel()
	s := newRowServer(t)
	taken := s.create("Account", `{"Name":"Taken","Key__c":"k-1","Number__c":7}`)
	gone := s.create("Account", `{"Name":"Gone"}`)
	if w := s.do("DELETE", base+"/sobjects/Account/"+gone, ""); w.Code != http.StatusNoContent {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	cases := []struct{ name, fields, code, message string }{
		{"a field it does not have", `"Colour":"red"`, "INVALID_FIELD Colour", "No such column 'Colour' on sobject of type Account"},
		{"fields that are the org's", `"CreatedDate":"2026-01-01T00:00:00Z","IsDeleted":true`, "INVALID_FIELD_FOR_INSERT_UPDATE CreatedDate IsDeleted", "Unable to create/update fields: CreatedDate, IsDeleted."},
		{"an address as a whole", `"BillingAddress":{"city":"Leipzig"}`, "JSON_PARSER_ERROR", "Cannot deserialize instance of address from START_OBJECT value"},
		{"a list for a text", `"Name":["a"]`, "JSON_PARSER_ERROR", "Cannot deserialize instance of string from START_ARRAY value [\"a\"] or request may be missing a required field at [line:1, column:9]"},
		{"a text for a number", `"Credit__c":"much"`, "JSON_PARSER_ERROR", "Cannot deserialize instance of currency from VALUE_STRING value much or request may be missing a required field at [line:1, column:14]"},
		{"a text for a truth", `"Vip__c":"perhaps"`, "JSON_PARSER_ERROR", "Cannot deserialize instance of boolean from VALUE_STRING value perhaps"},
		{"a text for an instant", `"Seen__c":"2026-01-01 12:00:00"`, "JSON_PARSER_ERROR", "Cannot deserialize instance of datetime from VALUE_STRING value 2026-01-01 12:00:00"},
		{"a day that is none", `"Since__c":"2026-02-30"`, "JSON_PARSER_ERROR", "Cannot deserialize instance of date from VALUE_STRING value 2026-02-30"},
		{"a time that is none", `"Opens__c":"25:00"`, "JSON_PARSER_ERROR", "Cannot deserialize instance of time from VALUE_STRING value 25:00"},
		{"a number for a text", `"Name":5`, "INVALID_TYPE_ON_FIELD_IN_RECORD Name", "Name: value not of required type: 5"},
		{"a truth for a number", `"Credit__c":true`, "INVALID_TYPE_ON_FIELD_IN_RECORD Credit__c", "Credit: value not of required type: true"},
		{"a fraction for an integer", `"Staff__c":1.5`, "INVALID_TYPE_ON_FIELD_IN_RECORD Staff__c", "Staff: value not of required type: 1.5"},
		{"too large a number", `"Credit__c":100000000`, "NUMBER_OUTSIDE_VALID_RANGE Credit__c", "Credit: value outside of valid range on numeric field: 100000000"},
		{"a number of a thousand digits", `"Credit__c":1e1000`, "NUMBER_OUTSIDE_VALID_RANGE Credit__c", "Credit: value outside of valid range on numeric field:"},
		{"a number nobody can count to", `"Credit__c":1e99999999999`, "JSON_PARSER_ERROR", "Cannot deserialize instance of currency from VALUE_NUMBER_FLOAT value 1e99999999999"},
		{"too long a text", `"Key__c":"` + strings.Repeat("x", 21) + `"`, "STRING_TOO_LONG Key__c", "Key: data value too large: xxxxxxxxxxxxxxxxxxxxx (max length=20)"},
		{"a value no picklist has", `"Tier__c":"Wood"`, "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST Tier__c", "Tier__c: bad value for restricted picklist field: Wood"},
		{"a value that is out of use", `"Tier__c":"Silver"`, "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST Tier__c", ""},
		{"no address of e-mail", `"Mail__c":"Erika"`, "INVALID_EMAIL_ADDRESS Mail__c", "Mail: invalid email address: Erika"},
		{"a reference that is no id", `"OwnerId":"me"`, "MALFORMED_ID OwnerId", "Owner ID: id value of incorrect type: me"},
		{"a reference to the wrong object", `"OwnerId":"` + accountID + `"`, "FIELD_INTEGRITY_EXCEPTION OwnerId", "Owner ID: id value of incorrect type: " + accountID},
		{"a reference to nothing", `"OwnerId":"0055i0000000099AAA"`, "INVALID_CROSS_REFERENCE_KEY OwnerId", "invalid cross reference id"},
		{"a reference to a deleted row", `"ParentId":"` + gone + `"`, "ENTITY_IS_DELETED ParentId", "entity is deleted"},
		{"a value that another row has", `"Key__c":"k-1"`, "DUPLICATE_VALUE Key__c", "duplicate value found: Key__c duplicates value on record with id: " + taken},
		{"a number that another row has", `"Number__c":7`, "DUPLICATE_VALUE Number__c", ""},
		{"a name that is taken away", `"Name":null`, "REQUIRED_FIELD_MISSING Name", "Required fields are missing: [Name]"},
		{"a parent nobody has", `"Parent":{"Key__c":"k-9"}`, "INVALID_FIELD", "Foreign key external ID: k-9 not found for field Key__c in entity Account"},
		{"a parent by no external id", `"Parent":{}`, "INVALID_FIELD", "No external ID is specified for the relationship Parent"},
		{
			"several wrong values", `"Tier__c":"Wood","Mail__c":"Erika","Staff__c":1e12`,
			"INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST Tier__c; INVALID_EMAIL_ADDRESS Mail__c; NUMBER_OUTSIDE_VALID_RANGE Staff__c", "",
		},
		{"a wrong value after an unknown field", `"Mail__c":"Erika","Colour":1`, "INVALID_FIELD Colour", ""},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			before := s.row("Account", accountID, "Name,Key__c,Mail__c,Credit__c,LastModifiedDate")
			w := s.do("PATCH", base+"/sobjects/Account/"+accountID, "{"+tc.fields+"}")
			s.wantErrors(w, http.StatusBadRequest, strings.Split(tc.code, "; ")...)
			if quoted := strings.ReplaceAll(tc.message, `"`, `\"`); !strings.Contains(w.Body.String(), quoted) {
				t.Errorf("message of %s, want %s", w.Body, quoted)
			}
			if after := s.row("Account", accountID, "Name,Key__c,Mail__c,Credit__c,LastModifiedDate"); after != before {
				t.Errorf("it changed something: %s, %s", before, after)
			}
			rows := s.count("Account")
			body := "{" + tc.fields + "}"
			if !strings.Contains(tc.fields, `"Name"`) {
				body = `{"Name":"New",` + tc.fields + "}"
			}
			s.wantErrors(s.do("POST", base+"/sobjects/Account", body), http.StatusBadRequest, strings.Split(tc.code, "; ")...)
			if s.count("Account") != rows {
				t.Error("it created something")
			}
		})
	}
}

func TestValuesAsTheyMayBeSent(t *testing.T) {
	t.Parallel()
	s := newRowServer(t)
	cases := []struct{ field, sent, want string }{
		{"Vip__c", `"true"`, "true"},
		{"Vip__c", `null`, "false"},
		{"Credit__c", `"12.5"`, "12.5"},
		{"Credit__c", `12.345`, "12.35"},
		{"Staff__c", `12.0`, "12"},
		{"Since__c", `"2026-02-28T10:00:00Z"`, `"2026-02-28"`},
		{"Seen__c", `"2026-02-28T10:00:00.000+0100"`, `"2026-02-28T09:00:00.000+0000"`},
		{"Seen__c", `"2026-02-28"`, `"2026-02-28T00:00:00.000+0000"`},
		{"Opens__c", `"09:30:00Z"`, `"09:30:00.000Z"`},
		{"Tier__c", `"gold"`, `"Gold"`},
		{"Key__c", `""`, `null`},
		{"key__C", `"K-1"`, `"K-1"`},
		{"Parent", `{"AccountNumber":"x","Key__c":"p-1"}`, ""},
	}
	for _, tc := range cases {
		t.Run(tc.field+" "+tc.sent, func(t *testing.T) {
			w := s.do("PATCH", base+"/sobjects/Account/"+accountID, `{"`+tc.field+`":`+tc.sent+`}`, "Sforce-Duplicate-Rule-Header", "allowSave=true", "Sforce-Auto-Assign", "FALSE")
			if tc.want == "" {
				s.wantErrors(w, http.StatusBadRequest, "INVALID_FIELD")
				return
			}
			if w.Code != http.StatusNoContent {
				t.Fatalf("%d %s", w.Code, w.Body)
			}
			if got := s.row("Account", accountID, tc.field); !strings.HasSuffix(got, ":"+tc.want+"}") {
				t.Errorf("got %s, want %s", got, tc.want)
			}
		})
	}
}

func TestDeletedRows(t *testing.T) {
	t.Parallel()
	s := newRowServer(t)
	account := s.create("Account", `{"Name":"Doomed","Key__c":"d-1"}`)
	keeper := s.create("Account", `{"Name":"Keeper"}`)
	outer := s.create("Parcel__c", `{"Name":"outer","Account__c":"`+account+`","Keeper__c":"`+keeper+`"}`)
	inner := s.create("Parcel__c", `{"Name":"inner","Inside__c":"`+outer+`","Keeper__c":"`+keeper+`"}`)
	sent := s.create("Parcel__c", `{"Name":"sent","Sender__c":"`+account+`","Keeper__c":"`+keeper+`"}`)
	path := func(object, id string) string { return base + "/sobjects/" + object + "/" + id }

	s.wantError(s.do("DELETE", path("Account", keeper), ""), http.StatusBadRequest, "DELETE_FAILED",
		"Your attempt to delete the Account could not be completed because it is associated with the following: Parcels.")
	if w := s.do("DELETE", path("Account", account), ""); w.Code != http.StatusNoContent || w.Body.Len() != 0 {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	for object, id := range map[string]string{"Account": account, "Parcel__c": inner} {
		s.wantError(s.do("GET", path(object, id), ""), http.StatusNotFound, "NOT_FOUND", "The requested resource does not exist")
		s.wantError(s.do("PATCH", path(object, id), `{"Name":"x"}`), http.StatusNotFound, "ENTITY_IS_DELETED", "entity is deleted")
		s.wantError(s.do("DELETE", path(object, id), ""), http.StatusNotFound, "ENTITY_IS_DELETED", "entity is deleted")
	}
	s.wantError(s.do("GET", path("Account", "Key__c/d-1"), ""), http.StatusNotFound, "NOT_FOUND", "The requested resource does not exist")
	if got := s.row("Parcel__c", sent, "Sender__c"); got != `{"Sender__c":null}` {
		t.Errorf("a reference to a deleted row stays: %s", got)
	}
	if n := s.count("Parcel__c"); n != 1 {
		t.Errorf("%d parcels are left", n)
	}
	s.create("Account", `{"Name":"Successor","Key__c":"d-1"}`) // its key is free again
	all := s.do("GET", base+"/queryAll?q=SELECT+Name+FROM+Parcel__c+WHERE+IsDeleted+=+true+ORDER+BY+Name", "").Body.String()
	if !strings.Contains(all, `"totalSize":2`) || !strings.Contains(all, "inner") || !strings.Contains(all, "outer") {
		t.Errorf("queryAll does not find what was deleted: %s", all)
	}
}

func TestWhatMayNotBeDeleted(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	order := s.row("OrderSummary", orderID, "OriginalOrderId")[len(`{"OriginalOrderId":"`):][:18]
	before := s.state()
	cases := []struct{ name, path, code, rule string }{
		{"an order summary", "OrderSummary/" + orderID, "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY", "som.data.deletable"},
		{"recorded money", "Payment/" + paymentID, "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY", "som.data.deletable"},
		{"a summarised order", "Order/" + order, "ENTITY_IS_LOCKED", "som.order.locked"},
		{"the account of an order", "Account/" + accountID, "DELETE_FAILED", "som.data.delete-restricted"},
		{"a product that was ordered", "Product2/01t5i0000000001AAA", "DELETE_FAILED", "som.data.delete-restricted"},
		{"a user", "User/" + devID, "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY", "som.data.deletable"},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			s.wantError(s.do("DELETE", base+"/sobjects/"+tc.path, ""), http.StatusBadRequest, tc.code, "")
			if rule := s.lastRule(); rule != tc.rule {
				t.Errorf("rule %q, want %q", rule, tc.rule)
			}
			if after := s.state(); after != before {
				t.Errorf("it changed something:\n%s\n%s", before, after)
			}
		})
	}
}

func TestUpsert(t *testing.T) {
	t.Parallel()
	s := newRowServer(t)
	path := base + "/sobjects/Account/Key__c/k%2F1"
	w := s.do("PATCH", path, `{"Name":"First","Vip__c":true}`)
	id := s.id(w)
	s.want(w, http.StatusCreated, `{"id":"`+id+`","success":true,"errors":[],"created":true}`)
	if got := w.Header().Get("Location"); got != base+"/sobjects/Account/"+id {
		t.Errorf("Location %q", got)
	}
	s.want(s.do("PATCH", path, `{"Name":"Second"}`), http.StatusOK, `{"id":"`+id+`","success":true,"errors":[],"created":false}`)
	s.want(s.do("GET", path+"?fields=Name,Key__c,Vip__c", ""), http.StatusOK,
		`{"attributes":{"type":"Account","url":"`+base+`/sobjects/Account/`+id+`"},"Name":"Second","Key__c":"k/1","Vip__c":true,"Id":"`+id+`"}`)
	if n := s.id(s.do("PATCH", base+"/sobjects/Account/Number__c/12", `{"Name":"By number"}`)); n == id {
		t.Error("another key is another row")
	}
	s.want(s.do("PATCH", base+"/sobjects/Account/number__c/12.0", `{"Name":"By number"}`), http.StatusOK, s.do("PATCH", base+"/sobjects/Account/Number__c/12", `{"Name":"x"}`).Body.String())
	s.wantError(s.do("PATCH", path, `{"Key__c":"k/1","Name":"x"}`), http.StatusBadRequest, "INVALID_FIELD", "The Key__c field should not be specified in the sobject data.")
	s.wantError(s.do("PATCH", path, `{"Id":"`+id+`","Name":"x"}`), http.StatusBadRequest, "INVALID_FIELD", "The Id field should not be specified in the sobject data.")
	s.wantError(s.do("PATCH", base+"/sobjects/Account/Name/x", `{"Phone":"1"}`), http.StatusNotFound, "NOT_FOUND", "Provided external ID field does not exist or is not accessible: Name")
	s.wantError(s.do("PATCH", base+"/sobjects/Account/Key__c/k-9?updateOnly=true", `{"Name":"x"}`), http.StatusNotFound, "NOT_FOUND", "")
	s.wantError(s.do("PATCH", base+"/sobjects/Account/Key__c/K%2F1", `{"Phone":"1"}`), http.StatusBadRequest, "REQUIRED_FIELD_MISSING", "") // case counts: it would be new
	s.wantError(s.do("PATCH", base+"/sobjects/Account/Number__c/much", `{"Name":"x"}`), http.StatusBadRequest, "INVALID_TYPE_ON_FIELD_IN_RECORD", "")
	byID := base + "/sobjects/Account/Id/" + id
	if w := s.do("PATCH", byID, `{"Name":"Third"}`); w.Code != http.StatusNoContent {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	if w := s.do("GET", byID+"?fields=Name", ""); !strings.Contains(w.Body.String(), `"Name":"Third"`) {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	if w := s.do("DELETE", path, ""); w.Code != http.StatusNoContent {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	for _, gone := range []string{path, byID} {
		s.wantError(s.do("GET", gone, ""), http.StatusNotFound, "NOT_FOUND", "The requested resource does not exist")
	}
}

func TestUpsertOfSeveralMatches(t *testing.T) {
	t.Parallel()
	s := newRowServer(t)
	one := s.create("Account", `{"Name":"One","Legacy__c":"old"}`)
	two := s.create("Account", `{"Name":"Two","Legacy__c":"OLD"}`)
	path := base + "/sobjects/Account/Legacy__c/old"
	matches := `["` + base + `/sobjects/Account/` + one + `","` + base + `/sobjects/Account/` + two + `"]`
	s.want(s.do("PATCH", path, `{"Name":"x"}`), http.StatusMultipleChoices, matches)
	s.want(s.do("GET", path, ""), http.StatusMultipleChoices, matches)
	s.want(s.do("DELETE", path, ""), http.StatusMultipleChoices, matches)
	if rule := s.lastRule(); rule != "som.data.external-id-once" {
		t.Errorf("rule %q", rule)
	}
	if got := s.row("Account", two, "Name"); got != `{"Name":"Two"}` {
		t.Errorf("it changed something: %s", got)
	}
}

func TestParentsByExternalID(t *testing.T) {
	t.Parallel()
	s := newRowServer(t)
	parent := s.create("Account", `{"Name":"Parent","Key__c":"p-1"}`)
	child := s.create("Account", `{"Name":"Child","Parent":{"Key__c":"p-1"}}`)
	if got := s.row("Account", child, "ParentId"); got != `{"ParentId":"`+parent+`"}` {
		t.Errorf("got %s", got)
	}
	parcel := s.create("Parcel__c", `{"Name":"p","Keeper__r":{"attributes":{"type":"Account"},"Key__c":"p-1"}}`)
	if got := s.row("Parcel__c", parcel, "Keeper__c"); got != `{"Keeper__c":"`+parent+`"}` {
		t.Errorf("got %s", got)
	}
}

func TestRelationshipPaths(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	item := base + "/sobjects/OrderItemSummary/" + jacketID
	w := s.do("GET", base+"/sobjects/OrderSummary/"+orderID+"/OrderItemSummaries?fields=Quantity", "")
	s.want(w, http.StatusOK, `{"totalSize":2,"done":true,"records":[
		{"attributes":{"type":"OrderItemSummary","url":"`+item+`"},"Quantity":2,"Id":"`+jacketID+`"},
		{"attributes":{"type":"OrderItemSummary","url":"`+base+`/sobjects/OrderItemSummary/`+deliveryID+`"},"Quantity":1,"Id":"`+deliveryID+`"}]}`)
	s.want(s.do("GET", base+"/sobjects/OrderSummary/"+orderID+"/FulfillmentOrders", ""), http.StatusOK, `{"totalSize":0,"done":true,"records":[]}`)
	account := `{"attributes":{"type":"Account","url":"` + base + `/sobjects/Account/` + accountID + `"},"AccountNumber":"c-1","Id":"` + accountID + `"}`
	s.want(s.do("GET", base+"/sobjects/OrderSummary/"+orderID+"/Account?fields=AccountNumber", ""), http.StatusOK, account)
	s.want(s.do("GET", item+"/OrderSummary/Account?fields=AccountNumber", ""), http.StatusOK, account)
	s.want(s.do("GET", item+"/OrderDeliveryGroupSummary/OrderSummary/Account?fields=AccountNumber", ""), http.StatusOK, account)
	if w := s.do("GET", item+"/OrderSummary/OrderItemSummaries", ""); !strings.Contains(w.Body.String(), `"totalSize":2`) {
		t.Errorf("children at the end: %d %s", w.Code, w.Body)
	}
	for name, path := range map[string]string{
		"no such relationship":     item + "/Spaceship",
		"no parent there":          base + "/sobjects/Account/" + accountID + "/Parent",
		"children on the way":      base + "/sobjects/OrderSummary/" + orderID + "/OrderItemSummaries/OrderSummary",
		"a row that is not there":  base + "/sobjects/OrderSummary/1Os5i0000000009CAA/Account",
		"six relationships in all": item + "/OrderSummary/Account/Owner/CreatedBy/CreatedBy/CreatedBy",
	} {
		t.Run(name, func(*testing.T) { s.wantError(s.do("GET", path, ""), http.StatusNotFound, "NOT_FOUND", "") })
	}
	if w := s.do("PATCH", base+"/sobjects/OrderSummary/"+orderID+"/Account", `{"Phone":"110"}`); w.Code != http.StatusNoContent {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	if got := s.row("Account", accountID, "Phone"); got != `{"Phone":"110"}` {
		t.Errorf("the parent has %s", got)
	}
	s.wantError(s.do("PATCH", base+"/sobjects/OrderSummary/"+orderID+"/OrderItemSummaries", `{"Description":"x"}`), http.StatusMethodNotAllowed, "METHOD_NOT_ALLOWED", "")
}

func TestConditionalRequests(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	account := base + "/sobjects/Account/" + accountID
	order := base + "/sobjects/OrderSummary/" + orderID
	first := s.do("GET", account, "")
	tag, modified := first.Header().Get("ETag"), first.Header().Get("Last-Modified")
	if !strings.HasPrefix(tag, `"`) || modified != "Sun, 01 Mar 2026 12:00:00 GMT" {
		t.Fatalf("ETag %q, Last-Modified %q", tag, modified)
	}
	if got := s.do("GET", account+"?fields=Name", "").Header().Get("ETag"); got != tag {
		t.Errorf("the tag of a part is %s, not %s", got, tag)
	}
	if got := s.do("GET", order, "").Header().Get("ETag"); got != "" {
		t.Errorf("an order summary has the tag %s", got)
	}
	zipped := strings.TrimSuffix(tag, `"`) + `-gzip"`
	earlier := "Sun, 01 Mar 2026 11:59:59 GMT"
	cases := []struct {
		name, method, path, header, value string
		status                            int
	}{
		{"the tag the caller has", "GET", account, "If-None-Match", tag, 304},
		{"its compressed twin in a list", "GET", account, "If-None-Match", `"x", ` + zipped, 304},
		{"another tag", "GET", account, "If-None-Match", `"x"`, 200},
		{"any row at all", "GET", account, "If-None-Match", `*`, 304},
		{"a tag of an object without tags", "GET", order, "If-None-Match", `*`, 200},
		{"the expected tag", "GET", account, "If-Match", zipped, 200},
		{"an expected tag it does not have", "GET", account, "If-Match", `"x"`, 412},
		{"not modified since", "GET", order, "If-Modified-Since", modified, 304},
		{"modified since", "GET", order, "If-Modified-Since", earlier, 200},
		{"no date", "GET", order, "If-Modified-Since", "yesterday", 200},
		{"unmodified since", "GET", order, "If-Unmodified-Since", modified, 200},
		{"modified against the condition", "GET", order, "If-Unmodified-Since", earlier, 412},
		{"a change of the expected row", "PATCH", account, "If-Match", tag, 204},
		{"a change of another row", "PATCH", account, "If-Match", `"x"`, 412},
		{"a change unless it is that row", "PATCH", account, "If-None-Match", "*", 412},
		{"a change against the condition", "PATCH", order, "If-Unmodified-Since", earlier, 412},
		{"a change by a tag that is none", "PATCH", account, "If-Match", "x", 400},
		{"a change by a date that is none", "PATCH", account, "If-Unmodified-Since", "yesterday", 400},
		{"a deletion knows no conditions", "DELETE", order, "If-Unmodified-Since", earlier, 400},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			body := ""
			if tc.method == "PATCH" {
				body = `{"Description":null}`
			}
			w := s.do(tc.method, tc.path, body, tc.header, tc.value)
			if w.Code != tc.status {
				t.Errorf("%d %s", w.Code, w.Body)
			}
			if w.Code == http.StatusNotModified && w.Body.Len() > 0 {
				t.Errorf("304 with %s", w.Body)
			}
		})
	}
	if w := s.do("PATCH", account, `{"Phone":"110"}`); w.Code != http.StatusNoContent {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	if got := s.do("GET", account, "").Header().Get("ETag"); got == tag {
		t.Error("the row has another phone and the same tag")
	}
}

func TestRowsThatNobodyMayChange(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	w := s.do("POST", base+"/commerce/order-management/order-summaries/"+orderID+"/actions/submit-cancel",
		`{"changeItems":[{"orderItemSummaryId":"`+jacketID+`","quantity":1,"reason":"Unknown","shippingReductionFlag":false}]}`)
	if w.Code != http.StatusCreated {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	change := strings.SplitN(s.soql("SELECT Id FROM OrderItemSummaryChange").Body.String(), `"Id":"`, 2)[1][:18]
	path := base + "/sobjects/OrderItemSummaryChange/" + change
	s.wantError(s.do("PATCH", path, `{"ReasonText":"x"}`), http.StatusBadRequest, "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY", "entity type cannot be updated: ")
	if rule := s.lastRule(); rule != "som.data.updatable" {
		t.Errorf("rule %q", rule)
	}
	s.wantError(s.do("DELETE", path, ""), http.StatusBadRequest, "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY", "entity type cannot be deleted: ")
}

// Two clients that create the same key at once get one row and one refusal.
func TestUniqueValuesUnderConcurrency(t *testing.T) {
	t.Parallel()
	s := newRowServer(t)
	const clients = 8
	codes := make(chan int, clients)
	for range clients {
		go func() { codes <- s.do("POST", base+"/sobjects/Account", `{"Name":"One","Key__c":"same"}`).Code }()
	}
	made := 0
	for range clients {
		if code := <-codes; code == http.StatusCreated {
			made++
		} else if code != http.StatusBadRequest {
			t.Errorf("status %d", code)
		}
	}
	if made != 1 {
		t.Errorf("%d rows have the same key", made)
	}
}
