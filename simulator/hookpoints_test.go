package simulator_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/somsim/somsim/simulator/fault"
)

const (
	scapiOrder  = "/checkout/shopper-orders/v1/organizations/f_ecom_zzte_053/orders/00000101?siteId=RefArch"
	omsCancel   = "sfcc.checkout.shopper-orders.v1.orders.orderNo.actions.oms-cancel-order."
	scapiCancel = "/checkout/shopper-orders/v1/organizations/f_ecom_zzte_053/orders/00000101/actions/oms-cancel-order?siteId=RefArch"
)

// slasToken is an access token of the first shopper.
func (c *cartridge) slasToken() string {
	c.t.Helper()
	got := posted(c.t, c.sim.URL+"/shopper/auth/v1/organizations/f_ecom_zzte_053/oauth2/trusted-system/token", url.Values{
		"grant_type": {"client_credentials"}, "hint": {"ts_ext_on_behalf_of"}, "login_id": {"c0ffee00000000000000000000000001"},
		"idp_origin": {"gigya"}, "channel_id": {"RefArch"},
	}, strings.Repeat("a", 30), "somsim")
	token, _ := got["access_token"].(string)
	return "Bearer " + token
}

// Hooks of SCAPI are those of OCAPI, in OCAPI's spelling; its own actions have hooks of their own.
func TestHooksOfSCAPI(t *testing.T) {
	t.Parallel()
	c := openCartridge(t, modifyGET, omsCancel+"beforePOST", omsCancel+"modifyPOSTResponse")
	c.token = c.slasToken()
	c.answers[modifyGET] = func(w http.ResponseWriter, in told) {
		if in.API != "scapi" || in.SiteID != "RefArch" || in.Resource["order_no"] != "00000101" || string(in.Document["order_no"]) != `"00000101"` {
			c.t.Errorf("the hook is told %+v", in)
		}
		_, _ = io.WriteString(w, `{"status":"OK","document":{"c_somOrder":{"a":1},"product_items":[{"c_left":2},{}]}}`)
	}
	status, doc := c.do(http.MethodGet, scapiOrder, "")
	if status != http.StatusOK || string(doc["c_somOrder"]) != `{"a":1}` || !strings.Contains(string(doc["productItems"]), `"c_left":2`) || c.called() != "modifyGETResponse" {
		t.Errorf("answered %d %s", status, doc)
	}
	c.says(omsCancel+"beforePOST", `{"status":"ERROR","code":"NO","message":"Not today.","details":{"a":1}}`)
	status, doc = c.do(http.MethodPost, scapiCancel, `{"reason":"Unknown"}`)
	if status != http.StatusBadRequest || !strings.HasSuffix(string(doc["type"]), `/hook-status"`) || string(doc["statusCode"]) != `"NO"` || string(doc["statusDetails"]) != `{"a":1}` {
		t.Errorf("answered %d %s", status, doc)
	}
	c.says(omsCancel+"beforePOST", "")
	c.says(omsCancel+"modifyPOSTResponse", `{"status":"OK","document":{"c_done":true}}`)
	c.called()
	if status, doc = c.do(http.MethodPost, scapiCancel, `{"reason":"Unknown"}`); status != http.StatusOK || string(doc["c_done"]) != "true" || c.called() != "beforePOST modifyPOSTResponse" {
		t.Errorf("answered %d %s", status, doc)
	}
}

func TestFaultsStrikeHooks(t *testing.T) {
	t.Parallel()
	c := openCartridge(t, afterPATCH)
	for _, kind := range []fault.Kind{fault.LostBefore, fault.LostAfterCommit} {
		body := fmt.Sprintf(`{"name":"f","match":{"system":"b2c","operation":%q},"effect":{"kind":%q},"times":1}`, afterPATCH, kind)
		if status, text := control(t, c.sim, http.MethodPost, "/faults", body); status >= http.StatusMultipleChoices {
			t.Fatalf("%d %s", status, text)
		}
		if status, doc := c.do(http.MethodPatch, hookedOrder, `{"c_x":"1"}`); status != http.StatusInternalServerError {
			t.Errorf("%s: %d %s", kind, status, doc)
		}
	}
	if got := c.called(); got != "afterPATCH" {
		t.Errorf("called: %s", got)
	}
}

func TestTheCircuitBreakerOpensAndTriesAgain(t *testing.T) {
	t.Parallel()
	c := openCartridge(t, afterPATCH)
	c.answers[afterPATCH] = func(w http.ResponseWriter, _ told) { w.WriteHeader(http.StatusInternalServerError) }
	send := func(times int) string {
		t.Helper()
		var kinds []string
		for range times {
			status, doc := c.do(http.MethodPatch, hookedOrder, `{"c_x":"1"}`)
			kind := fmt.Sprint(status)
			if status != http.StatusOK {
				kind, _ = c.faulted(doc)
			}
			kinds = append(kinds, kind)
		}
		return strings.Join(kinds, " ")
	}
	if got := send(51); strings.Contains(got, "Circuit") {
		t.Errorf("opened too soon: %s", got)
	}
	c.called()
	if got := send(2); got != "HookCircuitBreakerException HookCircuitBreakerException" || c.called() != "" {
		t.Errorf("not open: %s", got)
	}
	advance := func(d time.Duration) {
		t.Helper()
		if _, err := c.sim.Default.Advance(t.Context(), d); err != nil {
			t.Fatal(err)
		}
	}
	advance(time.Minute)
	if got := send(7); strings.Count(got, "HookInternalServerErrorException") != 6 || !strings.HasSuffix(got, "HookCircuitBreakerException") {
		t.Errorf("on trial: %s", got)
	}
	advance(time.Minute)
	c.says(afterPATCH, `{"status":"OK"}`)
	if got := send(11); got != strings.TrimSpace(strings.Repeat("200 ", 11)) {
		t.Errorf("after the trial: %s", got)
	}
}

func TestHooksOfOtherResources(t *testing.T) {
	t.Parallel()
	points := []string{
		modifyCustomer, "dw.ocapi.shop.order.beforePOST", "dw.ocapi.shop.order.afterPOST", "dw.ocapi.shop.order.modifyPOSTResponse",
		"dw.ocapi.shop.basket.beforePOST", "dw.ocapi.shop.basket.afterPOST", "dw.ocapi.shop.basket.items.beforePOST", "dw.ocapi.shop.basket.items.afterPOST",
		"dw.ocapi.shop.basket.items.modifyPOSTResponse", "dw.ocapi.shop.basket.beforeDELETE", "dw.ocapi.shop.basket.afterDELETE",
	}
	c := openCartridge(t, points...)
	c.says("dw.ocapi.shop.basket.items.afterPOST", `{"status":"OK","changes":{"c_gift":true}}`)
	c.answers[modifyCustomer] = func(w http.ResponseWriter, in told) {
		var orders []document
		if err := json.Unmarshal(in.Document["data"], &orders); err != nil {
			c.t.Error(err)
		}
		for i := range orders {
			orders[i]["c_somOrder"] = json.RawMessage(fmt.Sprint(i))
		}
		text, _ := json.Marshal(map[string]any{"status": "OK", "document": map[string]any{"data": orders}})
		_, _ = w.Write(text)
	}
	_, list := c.do(http.MethodGet, shopURL+"/customers/abcustomer000000000000000001/orders", "")
	if !strings.Contains(string(list["data"]), `"c_somOrder":1`) || c.called() != "modifyGETResponse_v2" {
		t.Errorf("the list is %s", list["data"])
	}
	// The one who is called is told the ids that things will have.
	var ids []string
	c.answers["dw.ocapi.shop.basket.afterPOST"] = func(_ http.ResponseWriter, in told) {
		ids = append(ids, string(in.Document["basket_id"]))
		tx := c.sim.Default.Write()
		defer tx.Abort()
		tx.UUID("b2c.Basket")
		if err := tx.Commit(); err != nil {
			c.t.Error(err)
		}
	}
	status, basket := c.do(http.MethodPost, shopURL+"/baskets", "")
	if status != http.StatusOK || len(ids) != 1 || ids[0] != string(basket["basket_id"]) || c.called() != "beforePOST afterPOST" {
		t.Fatalf("the basket is %d %s, the hook was told %v", status, basket, ids)
	}
	at := shopURL + "/baskets/" + strings.Trim(ids[0], `"`)
	status, basket = c.do(http.MethodPost, at+"/items", `[{"product_id":"SCARF","quantity":1}]`)
	if status != http.StatusOK || string(basket["c_gift"]) != "true" || c.called() != "beforePOST afterPOST modifyPOSTResponse" {
		t.Errorf("items: %d %s", status, basket)
	}
	if status, _ := c.do(http.MethodDelete, at, ""); status != http.StatusNoContent || c.called() != "beforeDELETE afterDELETE" {
		t.Errorf("DELETE answers %d", status)
	}
}

func TestHooksAreSettings(t *testing.T) {
	t.Parallel()
	c := openCartridge(t, afterPATCH)
	for body, want := range map[string]string{
		`{}`: "hooks: there is no list named hooks",
		`{"timeout":"soon","hooks":[{"name":"dw.x","url":"here"}]}`:             `timeout \"soon\" is not like`,
		`{"hooks":[{"name":"dw.x","url":"http://127.0.0.1/"}]}`:                 `hooks[0]: there is no extension point \"dw.x\"`,
		`{"hooks":[{"name":"` + afterPATCH + `","url":"http://example.com/"}]}`: "outside this machine",
		`{"hooks":[],"surprise":1}`:                                             "surprise",
	} {
		if status, text := control(t, c.sim, http.MethodPut, "/b2c/hooks", body); status < 400 || !strings.Contains(text, want) {
			t.Errorf("%s: %d %s", body, status, text)
		}
	}
	if _, text := control(t, c.sim, http.MethodGet, "/b2c/hooks", ""); !strings.Contains(text, afterPATCH) || strings.Contains(text, "whisper") {
		t.Errorf("the hooks are %s", text)
	}
	if status, _ := control(t, c.sim, http.MethodDelete, "/b2c/hooks", ""); status != http.StatusNoContent {
		t.Errorf("DELETE answers %d", status)
	}
	if status, _ := c.do(http.MethodPatch, hookedOrder, `{"c_x":"1"}`); status != http.StatusOK || c.called() != "" {
		t.Error("a hook that is gone is called")
	}
}
