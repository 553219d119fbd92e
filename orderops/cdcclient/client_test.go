package cdcclient

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/somsim/somsim/orderops/remote"
)

// asked is a client of a vendor that gives one answer to the right question.
func asked(t *testing.T, path, form string, status int, body string) *Client {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := r.ParseForm(); err != nil || r.Method != http.MethodPost || r.URL.Path != path || r.URL.RawQuery != "" || r.PostForm.Encode() != form {
			t.Errorf("asked %s %s for %s", r.Method, r.URL, r.PostForm.Encode())
		}
		w.WriteHeader(status)
		_, _ = w.Write([]byte(body))
	}))
	t.Cleanup(server.Close)
	return New(remote.Caller{BaseURL: server.URL}, Credentials{APIKey: "site", UserKey: "app", Secret: "secret"})
}

func TestKeysByTheirOutcome(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name   string
		status int
		body   string
		class  remote.Class
		code   string
	}{
		{"keys", 200, `{"errorCode":0,"callId":"x","keys":[{"kty":"RSA"}]}`, "", ""},
		{"no keys", 200, `{"errorCode":0,"keys":[]}`, remote.Unavailable, "malformed_answer"},
		{"no JSON", 200, `<html>`, remote.Unavailable, "malformed_answer"},
		{"unknown site", 200, `{"errorCode":400093,"statusCode":400}`, remote.Unauthorized, "400093"},
		{"a parameter that is none", 200, `{"errorCode":400006}`, remote.Rejected, "400006"},
		{"not permitted", 200, `{"errorCode":403007}`, remote.Unauthorized, "403007"},
		{"too many calls", 200, `{"errorCode":403048}`, remote.Throttled, "403048"},
		{"too many calls for a gateway", 429, ``, remote.Throttled, ""},
		{"a failure of theirs", 200, `{"errorCode":500001}`, remote.Unavailable, "500001"},
		{"down", 503, ``, remote.Unavailable, ""},
		{"broken", 500, `{"errorCode":500001}`, remote.Unavailable, "500001"},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			keys, err := asked(t, "/accounts.getJWTPublicKey", "V2=true&apiKey=site", tc.status, tc.body).Keys(t.Context())
			failure, failed := remote.AsError(err)
			switch {
			case failed != (tc.class != "") || tc.class == "" && string(keys) != `{"keys":[{"kty":"RSA"}]}`:
				t.Errorf("got %s, %v", keys, err)
			case failed && (failure.Class != tc.class || failure.VendorCode != tc.code || failure.System != System):
				t.Errorf("got %+v, want %s %s", failure, tc.class, tc.code)
			}
		})
	}
}

func TestAccountsByTheirOutcome(t *testing.T) {
	t.Parallel()
	const form = "UID=u&apiKey=site&include=loginIDs&secret=secret&userKey=app"
	cases := []struct {
		name, body string
		want       Account
		class      remote.Class
	}{
		{"in order", `{"errorCode":0,"UID":"u","isActive":true,"isRegistered":true}`, Account{"u", true, true}, ""},
		{"switched off", `{"errorCode":0,"UID":"u","isActive":false,"isRegistered":true}`, Account{"u", false, true}, ""},
		{"a registration that is pending", `{"errorCode":206001,"UID":"u","regToken":"r"}`, Account{UID: "u"}, ""},
		{"unknown", `{"errorCode":403047}`, Account{}, remote.NotFound},
		{"a wrong secret", `{"errorCode":403005}`, Account{}, remote.Unauthorized},
		{"somebody else", `{"errorCode":0,"UID":"v","isActive":true,"isRegistered":true}`, Account{}, remote.Unavailable},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			got, err := asked(t, "/accounts.getAccountInfo", form, 200, tc.body).Account(t.Context(), "u")
			if diff := cmp.Diff(tc.want, got); diff != "" || remote.ClassOf(err) != tc.class || (err == nil) != (tc.class == "") {
				t.Errorf("%v %s", err, diff)
			}
		})
	}
}

// Nothing is in doubt after a question that was cut off, and a sandbox goes with the site's key.
func TestQuestionsLeaveNothingInDoubt(t *testing.T) {
	t.Parallel()
	cut := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		if key := r.PostFormValue("apiKey"); key != "site~blue" {
			t.Errorf("asked with the key %s", key)
		}
		panic(http.ErrAbortHandler)
	}))
	t.Cleanup(cut.Close)
	ctx := remote.WithScope(t.Context(), remote.Scope{Sandbox: "blue", Forward: true})
	if _, err := New(remote.Caller{BaseURL: cut.URL}, Credentials{APIKey: "site"}).Account(ctx, "u"); remote.ClassOf(err) != remote.Unavailable {
		t.Errorf("got %v", err)
	}
}
