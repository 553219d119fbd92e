package control_test

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/somsim/somsim/simulator/simtest"
)

func TestCommerceIsSteeredBySandbox(t *testing.T) {
	t.Parallel()
	s := simtest.Start(t)
	const settings, export = "/control/v1/sandboxes/default/b2c/ocapi-settings", "/control/v1/sandboxes/default/b2c/order-export"
	const index, attributes = "/control/v1/sandboxes/default/b2c/order-search", "/control/v1/sandboxes/default/b2c/sites/RefArch/order-attributes"
	const guest = "/s/RefArch/dw/shop/v23_2/customers/auth?client_id=aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
	const documents = `documents: [{api: shop, _v: "23.2", clients: [{client_id: "*", resources: [{resource_id: /customers/auth, methods: [post], write_attributes: "(**)", read_attributes: "(auth_type)"}]}]}]`
	steps := []struct {
		name, method, url, body, media string
		status                         int
		text                           string
	}{
		{"permissive at first", "GET", s.ControlURL + settings, "", "", 200, `"resource_id":"/**"`},
		{"so everybody may", "POST", s.URL + guest, `{"type":"guest"}`, "", 200, `"customer_id"`},
		{"deny by default", "PUT", s.ControlURL + settings, `{"documents":[]}`, "", 200, `{"documents":[]}`},
		{"so nobody may", "POST", s.URL + guest, `{"type":"guest"}`, "", 403, "ClientAccessForbiddenException"},
		{"YAML is taken too", "PUT", s.ControlURL + settings, documents, "application/yaml", 200, `"client_id":"*"`},
		{"and counts at once", "POST", s.URL + guest, `{"type":"guest"}`, "", 200, `{"_v":"23.2","_type":"customer","auth_type":"guest"}`},
		{"a bad document says what and where", "PUT", s.ControlURL + settings, `{"documents":[{"api":"shop","_v":"23.2","clients":[{"client_id":"x"}]}]}`, "", 400, `documents[0].clients[0]: client_id \"x\" is no client id`},
		{"and changes nothing", "GET", s.ControlURL + settings, "", "", 200, `"(auth_type)"`},
		{"back to the start", "DELETE", s.ControlURL + settings, "", "", 204, ""},
		{"permissive again", "GET", s.ControlURL + settings, "", "", 200, `"resource_id":"/**"`},
		{"a sandbox that is not there", "PUT", s.ControlURL + strings.Replace(settings, "default", "nowhere", 1), `{"documents":[]}`, "", 404, "nowhere"},
		{"the hand-over at first", "GET", s.ControlURL + export, "", "", 200, `{"attached":true,"delay":"10s"}`},
		{"slower", "PUT", s.ControlURL + export, `{"delay":"PT5M"}`, "", 200, `{"attached":true,"delay":"5m0s"}`},
		{"off", "PUT", s.ControlURL + export, `{"attached":false}`, "", 200, `{"attached":false,"delay":"5m0s"}`},
		{"no duration", "PUT", s.ControlURL + export, `{"delay":"soon"}`, "", 400, `delay: \"soon\" is not like`},
		{"back in time", "PUT", s.ControlURL + export, `{"delay":"-1s"}`, "", 400, "before they are placed"},
		{"an unknown property", "PUT", s.ControlURL + export, `{"on":true}`, "", 400, "on"},
		{"searches see all at first", "GET", s.ControlURL + index, "", "", 200, `{"lag":"0s"}`},
		{"an index that is behind", "PUT", s.ControlURL + index, `{"lag":"PT1M"}`, "", 200, `{"lag":"1m0s"}`},
		{"an index that is ahead", "PUT", s.ControlURL + index, `{"lag":"-1m"}`, "", 400, "ahead"},
		{"no lag", "PUT", s.ControlURL + index, `{"lag":"some"}`, "", 400, `lag: \"some\" is not like`},
		{"every attribute is taken at first", "GET", s.ControlURL + attributes, "", "", 200, `{"attributes":[]}`},
		{"defined ones", "PUT", s.ControlURL + attributes, `{"attributes":[{"id":"size","type":"enum_of_string","values":["s"]}]}`, "", 200, `"size"`},
		{"an enumeration of nothing", "PUT", s.ControlURL + attributes, `{"attributes":[{"id":"size","type":"enum_of_string"}]}`, "", 400, "attributes[0] size: an enumeration has values"},
		{"a type that is none", "PUT", s.ControlURL + attributes, `{"attributes":[{"id":"size","type":"money"}]}`, "", 400, "type"},
		{"a site that is not there", "PUT", s.ControlURL + strings.Replace(attributes, "RefArch", "Nowhere", 1), `{"attributes":[]}`, "", 404, "Nowhere"},
	}
	for _, step := range steps {
		req, err := http.NewRequestWithContext(t.Context(), step.method, step.url, strings.NewReader(step.body))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Content-Type", "application/json")
		if step.media != "" {
			req.Header.Set("Content-Type", step.media)
		}
		resp, err := http.DefaultTransport.RoundTrip(req)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(resp.Body)
		_ = resp.Body.Close()
		if err != nil || resp.StatusCode != step.status || !strings.Contains(string(body), step.text) {
			t.Errorf("%s: %d %s, want %d with %s", step.name, resp.StatusCode, body, step.status, step.text)
		}
	}
}
