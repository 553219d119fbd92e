package somrest_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/somsim/somsim/simulator/som/sobject"
)

type described struct {
	Name, Label, LabelPlural, KeyPrefix       string
	Custom, Createable, Updateable, Deletable bool
	URLs                                      map[string]string
	Fields                                    []describedField
	ChildRelationships                        []struct {
		ChildSObject, Field, RelationshipName string
		CascadeDelete                         bool
	}
	RecordTypeInfos []struct{ RecordTypeID string }
}

type describedField struct {
	Name, Type, SoapType                                                        string
	Length, ByteLength, Digits, Precision, Scale                                int
	Createable, Updateable, Nillable, Custom, Calculated, AutoNumber, NameField bool
	Filterable, Sortable, Groupable, DefaultedOnCreate, ExternalID, IDLookup    bool
	RestrictedPicklist, PolymorphicForeignKey, CascadeDelete, Unique            bool
	CalculatedFormula, CompoundFieldName, RelationshipName                      string
	DefaultValue                                                                any
	ReferenceTo                                                                 []string
	PicklistValues                                                              []struct {
		Value                string
		Active, DefaultValue bool
	}
}

func (s *server) describe(object string) described {
	s.t.Helper()
	var d described
	w := s.do("GET", base+"/sobjects/"+object+"/describe", "")
	if err := json.Unmarshal(w.Body.Bytes(), &d); err != nil || w.Code != http.StatusOK {
		s.t.Fatalf("%s: %d %.200s %v", object, w.Code, w.Body, err)
	}
	return d
}

func (d described) field(t *testing.T, name string) describedField {
	t.Helper()
	i := slices.IndexFunc(d.Fields, func(f describedField) bool { return f.Name == name })
	if i < 0 {
		t.Fatalf("%s has no field %s", d.Name, name)
	}
	return d.Fields[i]
}

func TestDescribeOfEveryObject(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	var all struct {
		Encoding     string
		MaxBatchSize int
		SObjects     []described
	}
	w := s.do("GET", base+"/sobjects", "")
	if err := json.Unmarshal(w.Body.Bytes(), &all); err != nil || w.Code != http.StatusOK || all.Encoding != "UTF-8" || all.MaxBatchSize != 200 {
		t.Fatalf("%d %.200s", w.Code, w.Body)
	}
	catalog := s.domain.Catalog()
	if len(all.SObjects) != len(catalog.Objects()) {
		t.Errorf("%d objects of %d", len(all.SObjects), len(catalog.Objects()))
	}
	for _, short := range all.SObjects {
		d := s.describe(short.Name)
		o, _ := catalog.Object(short.Name)
		if len(d.Fields) != len(o.Fields) || len(d.RecordTypeInfos) != 1 {
			t.Errorf("%s: %d of %d fields", o.Name, len(d.Fields), len(o.Fields))
		}
		for name, path := range short.URLs {
			if !strings.HasPrefix(path, base+"/sobjects/"+o.Name) {
				t.Errorf("%s: url %s is %s", o.Name, name, path)
			}
		}
		if w := s.do("GET", short.URLs["sobject"], ""); w.Code != http.StatusOK {
			t.Errorf("%s: %d %s", short.URLs["sobject"], w.Code, w.Body)
		}
		if short.Name != d.Name || short.KeyPrefix != d.KeyPrefix || short.Createable != d.Createable || short.LabelPlural != d.LabelPlural {
			t.Errorf("the list has %+v\nthe object %+v", short, d)
		}
	}
}

func TestDescribeOfAnOrderSummary(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	d := s.describe("ordersummary")
	if d.Name != "OrderSummary" || d.KeyPrefix != "1Os" || d.LabelPlural != "Order Summaries" || d.URLs["rowTemplate"] != base+"/sobjects/OrderSummary/{ID}" {
		t.Errorf("%s %s %s %v", d.Name, d.KeyPrefix, d.LabelPlural, d.URLs)
	}
	want := []describedField{
		{Name: "Id", Type: "id", SoapType: "tns:ID", Length: 18, ByteLength: 18, DefaultedOnCreate: true, IDLookup: true, Filterable: true, Sortable: true, Groupable: true},
		{Name: "IsSuspended", Type: "boolean", SoapType: "xsd:boolean", Createable: true, Updateable: true, DefaultedOnCreate: true, DefaultValue: false, Filterable: true, Sortable: true, Groupable: true},
		{
			Name: "GrandTotalAmount", Type: "currency", SoapType: "xsd:double", Precision: 18, Scale: 2, Nillable: true, Calculated: true,
			CalculatedFormula: "TotalAmount + TotalTaxAmount", Filterable: true, Sortable: true,
		},
		{
			Name: "BillingCity", Type: "string", SoapType: "xsd:string", Length: 40, ByteLength: 120, Nillable: true, Createable: true, Updateable: true,
			CompoundFieldName: "BillingAddress", Filterable: true, Sortable: true, Groupable: true,
		},
		{Name: "BillingAddress", Type: "address", SoapType: "urn:address", Nillable: true},
		{
			Name: "OwnerId", Type: "reference", SoapType: "tns:ID", Length: 18, ByteLength: 18, Createable: true, Updateable: true, DefaultedOnCreate: true,
			PolymorphicForeignKey: true, RelationshipName: "Owner", ReferenceTo: []string{"Group", "User"}, Filterable: true, Sortable: true, Groupable: true,
		},
	}
	for _, w := range want {
		got := d.field(t, w.Name)
		if len(got.ReferenceTo) == 0 {
			got.ReferenceTo = nil
		}
		got.PicklistValues = nil
		if diff := cmp.Diff(w, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", w.Name, diff)
		}
	}
	status := d.field(t, "Status")
	if !status.RestrictedPicklist || !slices.ContainsFunc(status.PicklistValues, func(v struct {
		Value                string
		Active, DefaultValue bool
	},
	) bool {
		return v.Value == "Created" && v.Active && v.DefaultValue
	}) {
		t.Errorf("status %+v", status)
	}
	children := map[string]string{}
	for _, c := range d.ChildRelationships {
		children[c.RelationshipName] = fmt.Sprintf("%s.%s %v", c.ChildSObject, c.Field, c.CascadeDelete)
	}
	if children["OrderItemSummaries"] != "OrderItemSummary.OrderSummaryId true" || children["OrderSummaries"] != "OrderItemSummaryChange.OrderSummaryId true" ||
		children["FulfillmentOrders"] != "FulfillmentOrder.OrderSummaryId false" {
		t.Errorf("children %v", children)
	}
	users := s.describe("User")
	if !slices.ContainsFunc(users.ChildRelationships, func(c struct {
		ChildSObject, Field, RelationshipName string
		CascadeDelete                         bool
	},
	) bool {
		return c.ChildSObject == "Account" && c.Field == "CreatedById" && c.RelationshipName == ""
	}) {
		t.Error("references without a way back are not told")
	}
}

// What describe says of a field is what queries do with it.
func TestDescribeAgreesWithQueries(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	s.update(unlimited(s))
	for _, object := range []string{"Account", "OrderSummary", "OrderItemSummary", "Location", "CardPaymentMethod"} {
		for _, f := range s.describe(object).Fields {
			for clause, able := range map[string]bool{
				"SELECT Id FROM " + object + " WHERE " + f.Name + " = null":    f.Filterable,
				"SELECT Id FROM " + object + " ORDER BY " + f.Name:             f.Sortable,
				"SELECT " + f.Name + " FROM " + object + " GROUP BY " + f.Name: f.Groupable,
			} {
				if w := s.soql(clause); (w.Code == http.StatusOK) != able {
					t.Errorf("%s, where describe says %v: %d %.300s", clause, able, w.Code, w.Body)
				}
			}
		}
	}
}

// What describe says can be written can be written, the rest not.
func TestDescribeAgreesWithWrites(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	for _, f := range s.describe("Account").Fields {
		value, ok := map[string]string{"string": `"x"`, "textarea": `"x"`, "phone": `"1"`, "currency": "1", "double": "1", "int": "1", "id": `"` + accountID + `"`, "datetime": `"2026-01-01T00:00:00Z"`, "boolean": "true"}[f.Type]
		if !ok {
			continue
		}
		w := s.do("PATCH", base+"/sobjects/Account/"+accountID, `{"`+f.Name+`":`+value+`}`)
		if (w.Code == http.StatusNoContent) != f.Updateable || !f.Updateable && !strings.Contains(w.Body.String(), "INVALID_FIELD") {
			t.Errorf("%s, updateable %v: %d %s", f.Name, f.Updateable, w.Code, w.Body)
		}
	}
}

func TestMetadataThatTheCallerHas(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	const started = "Sun, 01 Mar 2026 12:00:00 GMT"
	for _, path := range []string{base + "/sobjects", base + "/sobjects/Order/describe"} {
		for since, status := range map[string]int{
			"": 200, started: 304, "Sun, 01 Mar 2026 11:59:59 GMT": 200, "Mon, 02 Mar 2026 00:00:00 GMT": 304, "yesterday": 200,
			"Sunday, 01-Mar-26 12:00:00 GMT": 304,
		} {
			w := s.do("GET", path, "", "If-Modified-Since", since)
			if w.Code != status || w.Header().Get("Last-Modified") != started || (w.Body.Len() == 0) != (status == 304) {
				t.Errorf("%s since %q: %d %v %.80s", path, since, w.Code, w.Header(), w.Body)
			}
			if w.Header().Get("Sforce-Limit-Info") == "" {
				t.Errorf("%s since %q: no usage", path, since)
			}
		}
	}
	s.wantError(s.do("GET", base+"/sobjects/Nothing/describe", ""), http.StatusNotFound, "NOT_FOUND", "The requested resource does not exist")
	s.wantError(s.do("GET", base+"/sobjects/Nothing", ""), http.StatusNotFound, "NOT_FOUND", "The requested resource does not exist")
	s.wantError(s.do("POST", base+"/sobjects/Order/describe", "{}"), http.StatusMethodNotAllowed, "METHOD_NOT_ALLOWED", "HTTP Method 'POST' not allowed. Allowed are GET,HEAD")
}

func TestBasicInformationListsWhatTheUserHadToDoWith(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	read := func() *httptest.ResponseRecorder { return s.do("GET", base+"/sobjects/Account", "") }
	if w := read(); w.Code != http.StatusOK || !strings.Contains(w.Body.String(), `"recentItems":[]`) || !strings.Contains(w.Body.String(), `"keyPrefix":"001"`) {
		t.Errorf("at first: %d %s", w.Code, w.Body)
	}
	s.do("GET", base+"/sobjects/Account/"+accountID, "")
	want := `"recentItems":[{"Id":"` + accountID + `","Name":"Erika \"Rike\" Müller","attributes":{"type":"Account","url":"` + base + "/sobjects/Account/" + accountID + `"}}]`
	if w := read(); !strings.Contains(w.Body.String(), want) {
		t.Errorf("got %s\nwant %s", w.Body, want)
	}
}

func TestLimits(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	s.do("GET", base, "")
	var limits map[string]struct{ Max, Remaining int }
	w := s.do("GET", base+"/limits", "")
	if err := json.Unmarshal(w.Body.Bytes(), &limits); err != nil || w.Code != http.StatusOK {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	if got := limits["DailyApiRequests"]; got.Max != 100000 || got.Remaining != 99998 || w.Header().Get("Sforce-Limit-Info") != "api-usage=2/100000" {
		t.Errorf("requests %+v, header %s", got, w.Header().Get("Sforce-Limit-Info"))
	}
	if got := limits["DataStorageMB"]; got.Max != 1024 || got.Remaining != 1023 {
		t.Errorf("storage %+v", got)
	}
	s.want(s.do("GET", base+"/limits/recordCount?sObjects=OrderItemSummary,%20account,Nothing,Account", ""), http.StatusOK,
		`{"sObjects":[{"name":"OrderItemSummary","count":2},{"name":"Account","count":1}]}`)
	var all struct {
		SObjects []struct{ Name string }
	}
	w = s.do("GET", base+"/limits/recordCount", "")
	if err := json.Unmarshal(w.Body.Bytes(), &all); err != nil || len(all.SObjects) != len(s.domain.Catalog().Objects()) {
		t.Errorf("all objects: %d %s", w.Code, w.Body)
	}
}

func TestResourcesOfAVersion(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	var listed map[string]string
	w := s.do("GET", "/services/data/v48.0", "")
	if err := json.Unmarshal(w.Body.Bytes(), &listed); err != nil {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	served := map[string]string{"identity": "http://example.com/id/00D5i0000000001EAA/" + robotID}
	for _, op := range s.router.Operations() {
		if rest, ok := strings.CutPrefix(op.Path, "/services/data/{version}/"); ok {
			name, _, _ := strings.Cut(rest, "/")
			served[name] = "/services/data/v48.0/" + name
		}
	}
	if diff := cmp.Diff(served, listed); diff != "" {
		t.Errorf("-served +listed:\n%s", diff)
	}
}

func TestDescribeInsideAComposite(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	w := s.do("POST", base+"/composite", `{"compositeRequest":[
		{"method":"GET","url":"`+base+`/sobjects/SalesChannel/describe","referenceId":"d"},{"method":"GET","url":"`+base+`/limits","referenceId":"l"}]}`)
	if w.Code != http.StatusOK || strings.Count(w.Body.String(), `"httpStatusCode":200`) != 2 {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}

func TestCompoundFieldsAreToldOfTheirParts(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	o, _ := s.domain.Catalog().Object("OrderSummary")
	city, _ := o.Field("BillingCity")
	phone, _ := o.Field("BillingPhoneNumber")
	if got := []string{o.Compound(city), o.Compound(phone)}; !slices.Equal(got, []string{"BillingAddress", ""}) {
		t.Errorf("got %q", got)
	}
	if address, _ := o.Field("BillingAddress"); address.Type != sobject.TypeAddress || o.Compound(address) != "" {
		t.Errorf("%+v", address)
	}
}
