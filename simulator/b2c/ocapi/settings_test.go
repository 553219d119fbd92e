package ocapi_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/somsim/somsim/simulator/b2c"
	"github.com/somsim/somsim/simulator/b2c/ocapi"
	"github.com/somsim/somsim/simulator/sandbox"
)

const strict = `
documents:
  - api: shop
    _v: "23.2"
    clients:
      - client_id: ` + client + `
        allowed_origins: ["https://shop.example"]
        response_headers: {x-shop: one}
        resources:
          - {resource_id: /customers/auth, methods: [post], read_attributes: "(**)", write_attributes: "(**)", cache_time: 60}
          - {resource_id: "/orders/*", methods: [get, patch], read_attributes: "(order_no,status,c_*)", write_attributes: "(c_*,-c_secret)"}
          - {resource_id: /orders/O-2, methods: [get]}
          - {resource_id: /orders/O-2, methods: [patch], read_attributes: "(**)"}
          - {resource_id: "/customers/{customer_id}/orders", methods: [get], read_attributes: "(**)", version_range: [{from: "23.1", until: "23.2"}, {from: "24.1"}]}
  - api: shop
    site: RefArch
    _v: "23.2"
    clients:
      - client_id: bbbbbbbbbbbbbbbbbbbbbbbbbbbbbb
        resources:
          - {resource_id: "/**", methods: [POST], read_attributes: "(**)", write_attributes: "(**)"}
`

func (s *shop) settings(text string) {
	s.T.Helper()
	settings, err := ocapi.ParseSettings([]byte(text))
	if err != nil {
		s.T.Fatal(err)
	}
	err = s.World.Update(func(tx *sandbox.Tx) error {
		s.domain.SetSettings(tx, settings)
		return nil
	})
	if err != nil {
		s.T.Fatal(err)
	}
}

func TestSettingsPermitWhatTheyNameAlone(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.settings(strict)
	ada := s.login("ada")
	doc := s.document(s.send(http.MethodGet, order, "", ada...))
	equal(t, map[string]any{
		"_v": "23.2", "_type": "order", "_resource_state": doc["_resource_state"], "order_no": "O-1", "status": "new", "c_somOrderSummaryId": "1OsSummary",
	}, doc)
	doc = s.document(s.send(http.MethodPatch, order+"?select=(c_note)", `{"c_note":"ring"}`, ada...))
	equal(t, map[string]any{"_v": "23.2", "_type": "order", "_resource_state": doc["_resource_state"], "c_note": "ring"}, doc)

	v24 := strings.Replace(base, "v23_2", "v24_1", 1)
	s.document(s.send(http.MethodGet, v24+"/customers/ada/orders", "", ada...))
	cases := []struct {
		name, method, path, body, status string
		code                             int
		rule                             string
		arguments                        map[string]string
	}{
		{"a version out of range", "GET", base + "/customers/ada/orders", "", "ClientAccessForbidden", 403, "b2c.settings.resource", map[string]string{"method": "GET", "path": "/customers/ada/orders"}},
		{"nothing to read", "GET", base + "/orders/O-2", "", "UnauthorizedReadAccess", 401, "b2c.settings.read", map[string]string{"method": "GET", "path": "/orders/O-2"}},
		{"nothing to write", "PATCH", base + "/orders/O-2", `{"c_a":"1"}`, "UnauthorizedWriteAccess", 401, "b2c.settings.write", map[string]string{"method": "PATCH", "path": "/orders/O-2"}},
		{"a property out of reach", "PATCH", order, `{"c_a":"1","status":"failed"}`, "PropertyNotPermitted", 400, "b2c.settings.write-attributes", map[string]string{"property": "status", "document": "order"}},
		{"a property taken away", "PATCH", order, `{"c_secret":"1"}`, "PropertyNotPermitted", 400, "b2c.settings.write-attributes", map[string]string{"property": "c_secret", "document": "order"}},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			got := s.refused(s.send(tc.method, tc.path, tc.body, ada...), tc.code, tc.status+"Exception", tc.rule)
			equal(t, tc.arguments, got)
		})
	}
}

func TestSettingsOfAnotherClientPermitNothing(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.settings(`{"documents":[]}`)
	s.refused(s.send(http.MethodPost, auth, `{"type":"guest"}`, "x-dw-client-id", client), 403, "ClientAccessForbiddenException", "b2c.settings.resource")
	s.settings(strict)
	if w := s.send(http.MethodPost, auth, `{"type":"guest"}`, "x-dw-client-id", strings.Repeat("b", 30)); w.Code != 200 {
		t.Errorf("the settings of a site were not found: %d %s", w.Code, w.Body)
	}
	err := s.World.Update(func(tx *sandbox.Tx) error { s.domain.SetSettings(tx, nil); return nil })
	if err != nil {
		t.Fatal(err)
	}
	s.document(s.send(http.MethodGet, order, "", s.login("ada")...))
}

func TestOriginsAreCheckedByClient(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.settings(strict)
	id := []string{"x-dw-client-id", client, "Origin"}
	w := s.send(http.MethodPost, auth, `{"type":"guest"}`, append(id, "https://shop.example")...)
	if w.Code != 200 || w.Header().Get("x-shop") != "one" {
		t.Errorf("%d %s %v", w.Code, w.Body, w.Header())
	}
	got := s.refused(s.send(http.MethodPost, auth, `{"type":"guest"}`, append(id, "https://evil.example")...), 401, "UnauthorizedOriginException", "b2c.settings.origin")
	equal(t, map[string]string{"origin": "https://evil.example"}, got)
}

func TestSettingsReadAndRendered(t *testing.T) {
	t.Parallel()
	first, err := ocapi.ParseSettings([]byte(strict))
	if err != nil {
		t.Fatal(err)
	}
	for _, settings := range [][]b2c.Settings{first, b2c.Permissive()} {
		text, err := ocapi.RenderSettings(settings)
		if err != nil {
			t.Fatal(err)
		}
		again, err := ocapi.ParseSettings(text)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(settings, again); diff != "" {
			t.Error(diff)
		}
	}
}

func TestBadSettingsAreRefusedWithWhatAndWhere(t *testing.T) {
	t.Parallel()
	cases := []struct{ name, text, want string }{
		{"nothing", "", "ocapi-settings: there is no list named documents"},
		{"no YAML", "a: [", "ocapi-settings: line 1: did not find expected node content"},
		{"an unknown property", "documents:\n  - {api: shop, _v: '23.2', client: x}", "ocapi-settings: line 2: field client not found"},
		{"a number for a list", "documents:\n  - {api: shop, _v: '23.2', clients: 5}", "ocapi-settings: line 2: cannot unmarshal !!int `5` into []ocapi.clientDocument"},
		{
			"everything at once", `{"documents":[
				{"api":"meta","_v":"x","clients":[{"client_id":"short","allowed_origins":["shop"],"resources":[
					{"resource_id":"orders","methods":["fetch"],"read_attributes":"**","write_attributes":"(","cache_time":-1,"version_range":[{"from":"v1"},{"until":"2"}]},
					{"resource_id":"/orders"}]}]},
				{"api":"data","site":"RefArch","_v":"23.2"},{"api":"data","site":"RefArch","_v":"23.2","clients":[{"client_id":"*"},{"client_id":"*"}]}]}`,
			`ocapi-settings: documents[0]: api "meta" is neither shop nor data
ocapi-settings: documents[0]: _v "x" is no version such as "23.2"
ocapi-settings: documents[0].clients[0]: client_id "short" is no client id: 30 to 36 letters, digits and hyphens
ocapi-settings: documents[0].clients[0]: allowed_origins[0] "shop" is no origin such as https://shop.example
ocapi-settings: documents[0].clients[0].resources[0]: resource_id "orders" does not begin with a slash and name a resource
ocapi-settings: documents[0].clients[0].resources[0]: methods[0] "fetch" is no HTTP method
ocapi-settings: documents[0].clients[0].resources[0]: read_attributes: selector "**": no opening parenthesis at character 1
ocapi-settings: documents[0].clients[0].resources[0]: write_attributes: selector "(": no property at character 2
ocapi-settings: documents[0].clients[0].resources[0]: cache_time -1 is not between 0 and 86400 seconds
ocapi-settings: documents[0].clients[0].resources[0].version_range[0]: from "v1" is no version such as "23.2"
ocapi-settings: documents[0].clients[0].resources[0].version_range[1]: until "2" is no version such as "23.2"
ocapi-settings: documents[0].clients[0].resources[1]: methods are missing
ocapi-settings: documents[1]: the Data API has no settings of a single site, here "RefArch"
ocapi-settings: documents[2]: there is one of the API "data" and the site "RefArch" already
ocapi-settings: documents[2]: the Data API has no settings of a single site, here "RefArch"
ocapi-settings: documents[2].clients[1]: client_id "*" is there twice`,
		},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			_, err := ocapi.ParseSettings([]byte(tc.text))
			if !errors.Is(err, ocapi.ErrSettings) || err.Error() != tc.want {
				t.Errorf("got:\n%v\nwant:\n%s", err, tc.want)
			}
		})
	}
}
