package frontdesk

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// What pages of an allowed origin may send and read beside what every page may.
const (
	browserMethods = "GET, POST, PATCH"
	browserSends   = "Authorization, Content-Type, Idempotency-Key, correlation-id, x-dw-client-id, traceparent, tracestate, " + OverrideHeader
	browserReads   = "correlation-id, Location, Retry-After"
	// browserRemembers is how long a browser need not ask again, in seconds.
	browserRemembers = "600"
)

// CheckOrigin says what is wrong with the origin of pages that may call from a browser.
func CheckOrigin(origin string) error {
	u, err := url.Parse(origin)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || origin != u.Scheme+"://"+u.Host || u.User != nil || strings.ContainsAny(u.Host, "*") {
		return fmt.Errorf("%q is no origin like https://shop.example", origin)
	}
	return nil
}

// Browsers lets pages of the given origins call the faces behind next from a browser (CORS). Without origins it is next
// itself. Cookies are not let through: a caller is known by a token.
func Browsers(origins []string, next http.Handler) http.Handler {
	if len(origins) == 0 {
		return next
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !strings.HasPrefix(r.URL.Path, "/order-ops/") && !strings.HasPrefix(r.URL.Path, "/s/") {
			next.ServeHTTP(w, r)
			return
		}
		h := w.Header()
		h.Add("Vary", "Origin")
		origin := r.Header.Get("Origin")
		if !slices.Contains(origins, origin) {
			next.ServeHTTP(w, r)
			return
		}
		h.Set("Access-Control-Allow-Origin", origin)
		if r.Method != http.MethodOptions || r.Header.Get("Access-Control-Request-Method") == "" {
			h.Set("Access-Control-Expose-Headers", browserReads)
			next.ServeHTTP(w, r)
			return
		}
		h.Set("Access-Control-Allow-Methods", browserMethods)
		h.Set("Access-Control-Allow-Headers", browserSends)
		h.Set("Access-Control-Max-Age", browserRemembers)
		w.WriteHeader(http.StatusNoContent)
	})
}
