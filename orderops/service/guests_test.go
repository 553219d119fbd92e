package service_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/somsim/somsim/orderops/service"
)

const (
	shopperAuth   = "/shopper/auth/v1/organizations/f_ecom_zzte_053/oauth2"
	shopperOrders = "/checkout/shopper-orders/v1/organizations/f_ecom_zzte_053/orders"
	orderToken    = "the-order-token-of-the-shop"
	mailedCode    = "123456"
)

func (w *world) guestToken(*http.Request) (int, any) {
	return 200, object{"access_token": "guest-token"}
}

// requestCode mails a code to the order's own address alone, and answers the same to all.
func (w *world) requestCode(r *http.Request) (int, any) {
	var in struct{ Email string }
	if json.NewDecoder(r.Body).Decode(&in) == nil && r.PathValue("no") == orderNo && in.Email == "erika@example.test" {
		w.mailed = append(w.mailed, in.Email)
	}
	return 202, nil
}

func (w *world) lookup(r *http.Request) (int, any) {
	var in struct{ OrderViewCode string }
	if json.NewDecoder(r.Body).Decode(&in) != nil || r.PathValue("no") != orderNo || in.OrderViewCode != mailedCode {
		return 404, object{"type": "https://api.commercecloud.salesforce.com/documentation/error/v1/errors/order-not-found"}
	}
	return 200, object{"orderNo": orderNo}
}

func (g *rig) open(orderNo, body string) reply {
	g.t.Helper()
	return g.do(request{path: "/order-ops/v1/orders/" + orderNo + "/access", body: body, token: "-"})
}

func accessOf(t *testing.T, r reply) string {
	t.Helper()
	var got struct {
		AccessToken string `json:"access_token"`
		ExpiresIn   int    `json:"expires_in"`
	}
	if err := json.Unmarshal([]byte(r.raw), &got); err != nil || r.status != 200 || got.ExpiresIn != 1800 {
		t.Fatalf("answered %d %s", r.status, r.raw)
	}
	return got.AccessToken
}

// A guest who has the token of the shop, or the mailed code, sees and cancels that order by both faces, and nothing else.
func TestGuestGetsAtOneOrder(t *testing.T) {
	t.Parallel()
	for name, proof := range map[string]string{"token": `{"order_token":"` + orderToken + `"}`, "code": `{"code":"` + mailedCode + `"}`} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			g := start(t, w, simulation(w))
			token := accessOf(t, g.open(orderNo, proof))
			for _, path := range []string{"/order-ops/v1/orders/" + orderNo, ocapiOrder} {
				if got := g.do(request{method: "GET", path: path, token: token}); got.status != 200 {
					t.Errorf("%s answers %d %s", path, got.status, got.raw)
				}
			}
			for _, path := range []string{
				"/order-ops/v1/orders/00009999", "/order-ops/v1/orders/" + orderNo + "?site=Other",
				strings.Replace(ocapiOrder, orderNo, "00009999", 1), strings.Replace(ocapiOrder, "RefArch", "Other", 1),
			} {
				if got := g.do(request{method: "GET", path: path, token: token}); got.status != 404 {
					t.Errorf("%s answers %d %s", path, got.status, got.raw)
				}
			}
			cancel := g.do(request{path: "/order-ops/v1/orders/" + orderNo + "/cancellations", key: "k", token: token})
			if cancel.status != 200 || cancel.body.State != "succeeded" {
				t.Errorf("the cancel answers %d %s", cancel.status, cancel.raw)
			}
			if op := g.do(request{method: "GET", path: "/order-ops/v1/operations/" + cancel.body.OperationID, token: token}); op.status != 200 {
				t.Errorf("the operation answers %d %s", op.status, op.raw)
			}
			if patch := g.do(request{method: "PATCH", path: ocapiOrder, token: token, body: `{"status":"new"}`}); patch.status != 403 {
				t.Errorf("a change of the commerce order answers %d %s", patch.status, patch.raw)
			}
			text := g.db.dump(t)
			for _, secret := range []string{token, orderToken, mailedCode, "erika@"} {
				if strings.Contains(text, secret) {
					t.Errorf("the database holds %q", secret)
				}
			}
		})
	}
}

// After five wrong codes an order is locked until a quarter of an hour has passed on the clock, even for the right code; an
// order that does not exist is locked just the same.
func TestCodesAreTriedFiveTimes(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	g := start(t, w, simulation(w))
	var told []string
	for _, number := range []string{orderNo, "00009999"} {
		said := ""
		for range 5 {
			got := g.open(number, `{"code":"000000"}`)
			said += strings.ReplaceAll(got.raw, number, "N")
			if got.status != 401 || got.body.Code != "UNAUTHENTICATED" {
				t.Fatalf("a wrong code answers %d %s", got.status, got.raw)
			}
		}
		locked := g.open(number, `{"code":"`+mailedCode+`"}`)
		if locked.status != 429 || locked.header.Get("Retry-After") != "900" {
			t.Errorf("the sixth answers %d %s after %s", locked.status, locked.raw, locked.header.Get("Retry-After"))
		}
		told = append(told, withoutIDs(said))
	}
	if told[0] != told[1] {
		t.Errorf("the answers tell orders apart:\n%s\n%s", told[0], told[1])
	}
	if n := w.count("lookup"); n != 10 {
		t.Errorf("commerce was asked %d times, want ten", n)
	}
	w.later = 15 * time.Minute
	accessOf(t, g.open(orderNo, `{"code":"`+mailedCode+`"}`))
}

// withoutIDs takes out the correlation ids, which differ between any two answers.
func withoutIDs(text string) string {
	parts := strings.Split(text, `"correlation_id":"`)
	for i := 1; i < len(parts); i++ {
		_, parts[i], _ = strings.Cut(parts[i], `"`)
	}
	return strings.Join(parts, "")
}

// Many codes at once are no more than many one after another.
func TestCodesTriedAtOnceAreCounted(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	g := start(t, w, simulation(w))
	var wait sync.WaitGroup
	for range 20 {
		wait.Go(func() { g.open(orderNo, `{"code":"000000"}`) })
	}
	wait.Wait()
	if n := w.count("lookup"); n != 5 {
		t.Errorf("commerce was asked %d times, want five", n)
	}
}

// Commerce that cannot be asked, or takes order-ops for nobody, costs no try, and does not send the guest to log in anew.
func TestAwayCommerceCostsNoTry(t *testing.T) {
	t.Parallel()
	for name, broken := range map[string]struct {
		operation string
		status    int
	}{
		"away":                       {"lookup", 503},
		"its token is not accepted":  {"lookup", 401},
		"its token lacks a scope":    {"lookup", 403},
		"its secret is not accepted": {"guestToken", 401},
		"its log-in is refused":      {"guestToken", 400},
		"the site is not known":      {"guestToken", 404},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			g := start(t, w, simulation(w))
			w.set(broken.operation, status(broken.status))
			for range 6 {
				if got := g.open(orderNo, `{"code":"`+mailedCode+`"}`); got.status != 502 || got.body.Code != "UPSTREAM_ERROR" {
					t.Fatalf("answered %d %s", got.status, got.raw)
				}
			}
			w.set(broken.operation, nil)
			accessOf(t, g.open(orderNo, `{"code":"`+mailedCode+`"}`))
		})
	}
}

// A request for a code answers the same whatever is wrong with it, and only so many are passed on.
func TestRequestForACodeTellsNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	g := start(t, w, simulation(w))
	ask := func(number, email string) string {
		got := g.do(request{path: "/order-ops/v1/orders/" + number + "/access-code", body: `{"email":"` + email + `"}`, token: "-"})
		return http.StatusText(got.status) + got.raw
	}
	right := ask(orderNo, "erika@example.test")
	for _, wrong := range []string{ask(orderNo, "other@example.test"), ask("00009999", "erika@example.test"), ask(orderNo, "erika@example.test"), ask(orderNo, "erika@example.test")} {
		if wrong != right {
			t.Errorf("answered %s and %s", right, wrong)
		}
	}
	if len(w.mailed) != 2 || w.count("requestCode") != 4 {
		t.Errorf("%d mails of %d requests, want two of four", len(w.mailed), w.count("requestCode"))
	}
}

func TestGuestsOfAServiceWithoutCodes(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	cfg := production(w)
	cfg.Callers = service.Callers{OCAPIKeys: service.ProvedByCommerce}
	g := start(t, w, cfg)
	if got := g.open(orderNo, `{"code":"`+mailedCode+`"}`); got.status != 501 {
		t.Errorf("a code answers %d %s", got.status, got.raw)
	}
	for body, want := range map[string]int{`{"order_token":"` + orderToken + `"}`: 200, `{"order_token":"wrong"}`: 401, `{}`: 400, `{"order_token":"a","code":"123456"}`: 400, `{"code":"12"}`: 400} {
		if got := g.open(orderNo, body); got.status != want {
			t.Errorf("%s answers %d %s, want %d", body, got.status, got.raw, want)
		}
	}
	if got := g.do(request{method: "GET", path: "/order-ops/v1/orders/" + orderNo, token: "oog_made-up"}); got.status != 401 {
		t.Errorf("a made-up access answers %d", got.status)
	}
}
