package gigya_test

import (
	"crypto/hmac"
	"crypto/sha1" //nolint:gosec // the vendor's
	"encoding/base64"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/somsim/somsim/simulator/binding/facetest"
	"github.com/somsim/somsim/simulator/cdc"
	"github.com/somsim/somsim/simulator/clock"
)

// signed is a form with the signature that the vendor's clients give to it.
func signed(t *testing.T, method, secret string, f form) form {
	t.Helper()
	out := form{"apiKey": "somsim", "nonce": "n-1", "timestamp": strconv.FormatInt(facetest.Monday().Unix(), 10)}
	maps.Copy(out, f)
	var query []string
	for _, name := range slices.Sorted(maps.Keys(out)) {
		query = append(query, name+"="+strings.ReplaceAll(url.QueryEscape(out[name]), "+", "%20"))
	}
	text := "POST&" + url.QueryEscape("https://example.com/accounts."+method) + "&" + url.QueryEscape(strings.Join(query, "&"))
	key, err := base64.StdEncoding.DecodeString(secret)
	if err != nil {
		t.Fatal(err)
	}
	mac := hmac.New(sha1.New, key)
	mac.Write([]byte(text))
	out["sig"] = base64.StdEncoding.EncodeToString(mac.Sum(nil))
	return out
}

func TestASignedCallIsAServersOrASessions(t *testing.T) {
	t.Parallel()
	s := start(t)
	if got := s.call("getAccountInfo", signed(t, "getAccountInfo", "c29tc2lt", form{"userKey": "somsim", "UID": "uid-ada", "extraProfileFields": "a b~c*d,é"})); got["UID"] != "uid-ada" {
		t.Errorf("%v", got)
	}
	info, _ := s.call("login", form{"loginID": "ada@somsim.test", "password": "somsim", "targetEnv": "mobile"})["sessionInfo"].(map[string]any)
	token, _ := info["sessionToken"].(string)
	secret, _ := info["sessionSecret"].(string)
	if got := s.call("getAccountInfo", signed(t, "getAccountInfo", secret, form{"oauth_token": token})); got["UID"] != "uid-ada" {
		t.Errorf("%v", got)
	}
	// A session's signature makes nobody a server.
	s.fails(s.call("getAccountInfo", signed(t, "getAccountInfo", secret, form{"oauth_token": token, "UID": "uid-ada", "nonce": "n-2"})), cdc.UnauthorizedUser, "cdc.auth.caller")
}

func TestWrongSignaturesAreRefused(t *testing.T) {
	t.Parallel()
	ask := form{"userKey": "somsim", "UID": "uid-ada"}
	cases := []struct {
		name   string
		secret string
		form   form
		forge  form
		code   cdc.Code
		rule   string
	}{
		{"another secret", "eHh4eHh4", ask, nil, cdc.InvalidSignature, "cdc.auth.signature"},
		{"a parameter that was changed", "c29tc2lt", ask, form{"UID": "uid-bob"}, cdc.InvalidSignature, "cdc.auth.signature"},
		{"a parameter that was added", "c29tc2lt", ask, form{"isActive": "false"}, cdc.InvalidSignature, "cdc.auth.signature"},
		{"no nonce", "c29tc2lt", form{"UID": "uid-ada", "nonce": ""}, nil, cdc.InvalidSignature, "cdc.auth.signature"},
		{"no timestamp", "c29tc2lt", form{"UID": "uid-ada", "timestamp": "soon"}, nil, cdc.InvalidSignature, "cdc.auth.signature"},
		{"another user key", "c29tc2lt", form{"userKey": "x", "UID": "uid-ada"}, nil, cdc.UnauthorizedUser, "cdc.auth.secret"},
		{"a session that is none", "c29tc2lt", form{"oauth_token": "x"}, nil, cdc.UnauthorizedUser, "cdc.auth.caller"},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			s := start(t)
			f := signed(t, "getAccountInfo", tc.secret, tc.form)
			maps.Copy(f, tc.forge)
			s.fails(s.call("getAccountInfo", f), tc.code, tc.rule)
		})
	}
}

func TestASignedCallIsSentOnceAndInTime(t *testing.T) {
	t.Parallel()
	s := start(t)
	ask := signed(t, "getAccountInfo", "c29tc2lt", form{"UID": "uid-ada"})
	s.call("getAccountInfo", ask)
	s.fails(s.call("getAccountInfo", ask), cdc.DuplicateNonce, "cdc.auth.nonce")
	old := strconv.FormatInt(facetest.Monday().Add(-3*time.Minute).Unix(), 10)
	late := signed(t, "getAccountInfo", "c29tc2lt", form{"UID": "uid-ada", "nonce": "n-2", "timestamp": old})
	if got := s.call("getAccountInfo", late); got["errorCode"] != 0.0 {
		t.Errorf("a clock that stands still minds no timestamp: %v", got)
	}
	if err := s.World.SetMode(clock.ModeReal); err != nil {
		t.Fatal(err)
	}
	late = signed(t, "getAccountInfo", "c29tc2lt", form{"UID": "uid-ada", "nonce": "n-3", "timestamp": old})
	s.fails(s.call("getAccountInfo", late), cdc.RequestExpired, "cdc.auth.timestamp")
}
