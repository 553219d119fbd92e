package control

import (
	"crypto/subtle"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/somsim/somsim/simulator/binding"
)

// Guard lets through only calls that are meant for the control plane: their Host is this machine's (so no web page can
// reach it through a name of its own), an Origin is this machine's too, and with a token they carry it as a bearer.
func Guard(next http.Handler, token string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if reason := refusal(r, token); reason != "" {
			writeRefusal(w, reason)
			return
		}
		next.ServeHTTP(w, r)
	})
}

func refusal(r *http.Request, token string) string {
	if token != "" {
		if subtle.ConstantTimeCompare([]byte(r.Header.Get("Authorization")), []byte("Bearer "+token)) != 1 {
			return "the control token is missing or wrong"
		}
		return ""
	}
	if !local(r.Host) {
		return "the Host " + r.Host + " is not this machine; use 127.0.0.1 or localhost"
	}
	if origin := r.Header.Get("Origin"); origin != "" {
		u, err := url.Parse(origin)
		if err != nil || !local(u.Host) {
			return "the Origin " + origin + " is not this machine"
		}
	}
	return ""
}

// Local reports whether host, with or without a port, names the loopback interface.
func local(host string) bool {
	name := host
	if h, _, err := net.SplitHostPort(host); err == nil {
		name = h
	}
	name = strings.Trim(name, "[]")
	if name == "localhost" {
		return true
	}
	ip := net.ParseIP(name)
	return ip != nil && ip.IsLoopback()
}

// Egress is the rule of which addresses the simulator may call: this machine's, and the listed ones, each host:port.
func Egress(allowed []string) func(address string) error {
	return func(address string) error {
		u, err := url.Parse(address)
		if err != nil {
			return err
		}
		if (u.Scheme == "http" || u.Scheme == "https") && (local(u.Host) || slices.Contains(allowed, u.Host)) {
			return nil
		}
		return refuse(http.StatusForbidden, "%s is outside this machine and not among the addresses of --egress, and calls never leave it otherwise", address)
	}
}

func writeRefusal(w http.ResponseWriter, reason string) {
	resp := binding.JSONResponse(http.StatusForbidden, problem{http.StatusText(http.StatusForbidden), http.StatusForbidden, reason})
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(resp.Status)
	_, _ = w.Write(resp.Body)
}
