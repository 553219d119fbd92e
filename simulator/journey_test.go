package simulator_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/somsim/somsim/simulator/b2c"
	"github.com/somsim/somsim/simulator/simtest"
)

// A shopper fills a basket, orders, pays with a card and finds the order in order management a little later: over the
// network, through the faces alone.
func TestAShoppersOrderArrivesInOrderManagement(t *testing.T) {
	t.Parallel()
	s := simtest.Start(t)
	shop := s.URL + "/s/RefArch/dw/shop/v23_2"
	call := func(method, address, body string, header ...string) (map[string]any, http.Header) {
		t.Helper()
		req, err := http.NewRequestWithContext(t.Context(), method, address, strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Content-Type", "application/json")
		req.Header.Set("x-dw-client-id", b2c.DefaultClientID)
		for i := 0; i < len(header); i += 2 {
			req.Header.Set(header[i], header[i+1])
		}
		resp, err := http.DefaultTransport.RoundTrip(req)
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(resp.Body)
		_ = resp.Body.Close()
		doc := map[string]any{}
		if err != nil || resp.StatusCode >= 300 || len(text) > 0 && json.Unmarshal(text, &doc) != nil {
			t.Fatalf("%s %s: %d %s %v", method, address, resp.StatusCode, text, err)
		}
		return doc, resp.Header
	}
	login := http.Request{Header: http.Header{}}
	login.SetBasicAuth("shopper-2@somsim.test", "somsim")
	_, header := call(http.MethodPost, shop+"/customers/auth", `{"type":"credentials"}`, "Authorization", login.Header.Get("Authorization"))
	grace := []string{"Authorization", header.Get("Authorization")}

	basket, _ := call(http.MethodPost, shop+"/baskets", `{}`, grace...)
	at := shop + "/baskets/" + basket["basket_id"].(string)
	call(http.MethodPost, at+"/items", `[{"product_id":"SHIRT-M","quantity":2}]`, grace...)
	call(http.MethodPut, at+"/billing_address?use_as_shipping=true", `{"first_name":"Grace","last_name":"Ito","address1":"12 Elm Street","city":"Boston","state_code":"MA","postal_code":"02110","country_code":"US"}`, grace...)
	call(http.MethodPut, at+"/shipments/me/shipping_method", `{"id":"delivery"}`, grace...)
	call(http.MethodPost, at+"/payment_instruments", `{"payment_method_id":"CREDIT_CARD","payment_card":{"card_type":"Visa","number":"4111111111111111"}}`, grace...)
	order, _ := call(http.MethodPost, shop+"/orders", `{"basket_id":"`+basket["basket_id"].(string)+`"}`, grace...)
	no := order["order_no"].(string)
	paid := order["payment_instruments"].([]any)[0].(map[string]any)["payment_instrument_id"].(string)
	placed, _ := call(http.MethodPatch, shop+"/orders/"+no+"/payment_instruments/"+paid, `{}`, grace...)
	if order["status"] != "created" || placed["status"] != "new" || placed["export_status"] != "ready" {
		t.Fatalf("the order was %v, is %v and %v", order["status"], placed["status"], placed["export_status"])
	}
	if _, err := s.Default.Advance(t.Context(), time.Minute); err != nil {
		t.Fatal(err)
	}
	token, _ := call(http.MethodPost, s.URL+"/services/oauth2/token", "grant_type=client_credentials&client_id=somsim&client_secret=somsim",
		"Content-Type", "application/x-www-form-urlencoded")
	query := "SELECT GrandTotalAmount, ExternalReferenceIdentifier FROM OrderSummary WHERE OrderNumber = '" + no + "'"
	found, _ := call(http.MethodGet, s.URL+"/services/data/v60.0/query?q="+url.QueryEscape(query), "", "Authorization", "Bearer "+token["access_token"].(string))
	exported, _ := call(http.MethodGet, shop+"/orders/"+no, "", grace...)
	if records := found["records"].([]any); len(records) != 1 || records[0].(map[string]any)["GrandTotalAmount"] != order["order_total"] ||
		records[0].(map[string]any)["ExternalReferenceIdentifier"] != "zzte_053@RefArch@"+no || exported["export_status"] != "exported" {
		t.Errorf("order management has %v of %v, which is %v", records, order["order_total"], exported["export_status"])
	}
}
