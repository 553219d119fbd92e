package simulator_test

import (
	"context"
	"crypto/tls"
	"encoding/json"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/somsim/somsim/simulator"
	"github.com/somsim/somsim/simulator/simtest"
)

// browser is a shopper's browser on a hybrid site: it keeps cookies and does not follow redirects by itself.
type browser struct {
	t      *testing.T
	sim    *simtest.Simulator
	client *http.Client
}

func openBrowser(t *testing.T) *browser {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &browser{t: t, sim: simtest.Start(t), client: &http.Client{
		Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

type pageSeen struct {
	Page, Side, USID, Session string
	CustomerID                string `json:"customer_id"`
	BasketID                  string `json:"basket_id"`
}

// visit opens an address and returns the page, or where it redirects to, without the host.
func (b *browser) visit(path string) (page pageSeen, location string) {
	b.t.Helper()
	req, err := http.NewRequestWithContext(b.t.Context(), http.MethodGet, b.sim.URL+path, nil)
	if err != nil {
		b.t.Fatal(err)
	}
	resp, err := b.client.Do(req)
	if err != nil {
		b.t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		b.t.Fatal(err)
	}
	switch resp.StatusCode {
	case http.StatusFound:
		return page, strings.TrimPrefix(resp.Header.Get("Location"), b.sim.URL)
	case http.StatusOK:
		if err := json.Unmarshal(text, &page); err != nil {
			b.t.Fatal(err)
		}
		return page, ""
	}
	return page, resp.Status
}

// to is where a page is in the end.
func (b *browser) to(path string) pageSeen {
	b.t.Helper()
	page, location := b.visit(path)
	if location != "" {
		page, location = b.visit(location)
	}
	if location != "" {
		b.t.Fatalf("%s leads from one side to the other and back, to %s", path, location)
	}
	return page
}

func (b *browser) set(body string) {
	b.t.Helper()
	if status, text := control(b.t, b.sim, http.MethodPut, "/b2c/hybrid", body); status != http.StatusOK {
		b.t.Fatalf("%d %s", status, text)
	}
}

func TestPagesOfAHybridSiteAreWithTheSideThatHasThem(t *testing.T) {
	t.Parallel()
	b := openBrowser(t)
	const shop = "/storefront/RefArch"
	toSFRA := map[string]string{
		shop + "/cart": shop + "/Cart-Show", shop + "/checkout": shop + "/Checkout-Begin", shop + "/login": shop + "/Login-Show", shop + "/account": shop + "/Account-Show",
		shop + "/account/orders": shop + "/Order-History", shop + "/account/orders/00000101": shop + "/Order-Details?orderID=00000101",
		shop + "/checkout/confirmation/00000101?x=1": shop + "/Order-Confirm?ID=00000101&x=1", shop + "/search?q=mug": shop + "/Search-Show?q=mug",
		shop + "/product/SCARF": shop + "/Product-Show?pid=SCARF", shop: shop + "/Home-Show",
	}
	b.set(`{"pwa":[]}`)
	for from, want := range toSFRA {
		if _, got := b.visit(from); got != want {
			t.Errorf("%s leads to %q, want %s", from, got, want)
		}
		if page, got := b.visit(want); got != "" || page.Side != "sfra" {
			t.Errorf("%s leads to %q", want, got)
		}
	}
	b.set(`{"pwa":["home","search","product","cart","checkout","confirmation","login","account","orders","order"]}`)
	for want, from := range toSFRA {
		if _, got := b.visit(from); got != want {
			t.Errorf("%s leads to %q, want %s", from, got, want)
		}
	}
	for _, path := range []string{shop + "/Cart-Nothing", shop + "/account/nothing", "/storefront/Nowhere/cart"} {
		if _, got := b.visit(path); got != "404 Not Found" {
			t.Errorf("%s: %s", path, got)
		}
	}
	if status, text := control(t, b.sim, http.MethodPut, "/b2c/hybrid", `{"pwa":["attic"]}`); status != http.StatusBadRequest || !strings.Contains(text, `no page \"attic\"`) {
		t.Errorf("%d %s", status, text)
	}
}

// The same visit is the same shopper and the same basket on both sides, also when one side has forgotten the shopper.
func TestAVisitGoesOnAcrossTheSides(t *testing.T) {
	t.Parallel()
	b := openBrowser(t)
	first := b.to("/storefront/RefArch")
	if first.Side != "pwa" || first.Session != "new" || first.BasketID != "" {
		t.Fatalf("first seen as %+v", first)
	}
	token := ""
	for _, cookie := range b.client.Jar.Cookies(mustRequest(t, b.sim.URL).URL) {
		if cookie.Name == "cc-at_RefArch" {
			token = "Bearer " + cookie.Value
		}
	}
	c := &cartridge{t: t, sim: b.sim, token: token}
	status, basket := c.do(http.MethodPost, "/checkout/shopper-baskets/v2/organizations/f_ecom_zzte_053/baskets?siteId=RefArch", `{}`)
	if status != http.StatusOK {
		t.Fatalf("%d %s", status, basket)
	}
	same := func(when string, page pageSeen, side, session string) {
		t.Helper()
		if page.Side != side || page.Session != session || page.USID != first.USID || page.CustomerID != first.CustomerID || `"`+page.BasketID+`"` != string(basket["basketId"]) {
			t.Errorf("%s seen as %+v, want usid %s on %s, %s", when, page, first.USID, side, session)
		}
	}
	same("on the other side", b.to("/storefront/RefArch/Cart-Show"), "sfra", "bridged")
	same("there again", b.to("/storefront/RefArch/cart"), "sfra", "known")
	b.set(`{"expire":"sfra"}`)
	same("forgotten by SFRA", b.to("/storefront/RefArch/Cart-Show"), "sfra", "bridged")
	b.set(`{"expire":"pwa"}`)
	if status, doc := c.do(http.MethodGet, "/checkout/shopper-baskets/v2/organizations/f_ecom_zzte_053/baskets/"+first.BasketID+"x?siteId=RefArch", ""); status != http.StatusUnauthorized {
		t.Errorf("an expired token: %d %s", status, doc)
	}
	same("forgotten by the web app", b.to("/storefront/RefArch"), "pwa", "bridged")
	b.set(`{"expire":"pwa"}`)
	b.set(`{"expire":"sfra"}`)
	if page := b.to("/storefront/RefArch"); page.Session != "new" || page.USID == first.USID {
		t.Errorf("forgotten by both, seen as %+v", page)
	}
}

func mustRequest(t *testing.T, address string) *http.Request {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	return req
}

// Over TLS the simulated systems are the same, and cookies are secure.
func TestTheSimulatedSystemsOverTLS(t *testing.T) {
	t.Parallel()
	lender := httptest.NewTLSServer(http.NotFoundHandler()) // its certificate is one that its client trusts
	t.Cleanup(lender.Close)
	sim, err := simulator.New(simulator.Config{Preset: "omnichannel", Certificate: &tls.Certificate{
		Certificate: lender.TLS.Certificates[0].Certificate, PrivateKey: lender.TLS.Certificates[0].PrivateKey,
	}})
	if err != nil {
		t.Fatal(err)
	}
	ready, ended := make(chan simulator.Addresses, 1), make(chan error, 1)
	ctx, cancel := context.WithCancel(t.Context())
	go func() { ended <- sim.Run(ctx, func(a simulator.Addresses) { ready <- a }) }()
	at := <-ready
	req := mustRequest(t, at.Secure+"/storefront/RefArch/Cart-Show")
	req.Header.Set("Origin", "https://shop.example")
	resp, err := lender.Client().Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	if resp.StatusCode != http.StatusOK || resp.Header.Get("Access-Control-Allow-Origin") != "https://shop.example" || len(resp.Cookies()) < 3 {
		t.Errorf("%s %v", resp.Status, resp.Header)
	}
	for _, cookie := range resp.Cookies() {
		if !cookie.Secure || !cookie.HttpOnly || cookie.SameSite != http.SameSiteNoneMode {
			t.Errorf("cookie %s", cookie)
		}
	}
	cancel()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}
