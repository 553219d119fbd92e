package service_test

import (
	"net/http"
	"testing"
)

// A page of a shop may call from a browser once its origin is allowed; nobody's may before.
func TestPagesMayCallOnceTheirOriginIsAllowed(t *testing.T) {
	t.Parallel()
	const shop = "https://shop.example"
	w := newWorld(t)
	closed := start(t, w, simulation(w))
	cfg := simulation(w)
	cfg.CORSOrigins = []string{shop}
	open := start(t, w, cfg)
	for _, tc := range []struct {
		name           string
		g              *rig
		method, path   string
		origin, wanted string
		status         int
	}{
		{"asked before it calls", open, http.MethodOptions, "/order-ops/v1/orders/1/cancellations", shop, shop, 204},
		{"the storefront's face", open, http.MethodOptions, "/s/RefArch/dw/shop/v23_2/orders/1", shop, shop, 204},
		{"the call itself, and its refusal", open, http.MethodGet, "/order-ops/v1/orders", shop, shop, 401},
		{"another origin is asked", open, http.MethodOptions, "/order-ops/v1/orders", "https://shop.example.evil.test", "", 404},
		{"another origin calls", open, http.MethodGet, "/order-ops/v1/orders", "http://shop.example", "", 401},
		{"what is no face", open, http.MethodGet, "/metrics", shop, "", 200},
		{"nothing is allowed unless it is said", closed, http.MethodOptions, "/order-ops/v1/orders", shop, "", 404},
		{"nor may anybody read", closed, http.MethodGet, "/order-ops/v1/orders", shop, "", 401},
	} {
		req, err := http.NewRequestWithContext(t.Context(), tc.method, tc.g.server.URL+tc.path, http.NoBody)
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Origin", tc.origin)
		if tc.method == http.MethodOptions {
			req.Header.Set("Access-Control-Request-Method", http.MethodPost)
		}
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		_ = res.Body.Close()
		if got := res.Header.Get("Access-Control-Allow-Origin"); res.StatusCode != tc.status || got != tc.wanted {
			t.Errorf("%s: %d, allowed %q", tc.name, res.StatusCode, got)
		}
		if res.Header.Get("Access-Control-Allow-Credentials") != "" {
			t.Errorf("%s: cookies are let through", tc.name)
		}
	}
}
