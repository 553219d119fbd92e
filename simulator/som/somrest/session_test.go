package somrest_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
)

func TestTokenGrants(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	cases := []struct {
		name   string
		answer *httptest.ResponseRecorder
		user   string
	}{
		{"client credentials in the body", s.form("grant_type", "client_credentials", "client_id", "somsim", "client_secret", "somsim"), robotID},
		{"client credentials in the header", s.do("POST", "/services/oauth2/token", "grant_type=client_credentials",
			"Content-Type", "application/x-www-form-urlencoded", "Authorization", "Basic c29tc2ltOnNvbXNpbQ=="), robotID},
		{"user name and password", s.form("grant_type", "password", "client_id", "somsim", "client_secret", "somsim",
			"username", "dev@somsim.test", "password", "somsim"), devID},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			var out map[string]string
			if err := json.Unmarshal(tc.answer.Body.Bytes(), &out); err != nil || tc.answer.Code != http.StatusOK {
				t.Fatalf("%d %s", tc.answer.Code, tc.answer.Body)
			}
			if !regexp.MustCompile(`^00D\w{12}!AQ\.default\..{43}$`).MatchString(out["access_token"]) {
				t.Errorf("access_token %s", out["access_token"])
			}
			if out["id"] != "http://example.com/id/00D5i0000000001EAA/"+tc.user || out["instance_url"] != "http://example.com" {
				t.Errorf("id %s, instance_url %s", out["id"], out["instance_url"])
			}
			if out["token_type"] != "Bearer" || out["issued_at"] != "1772366400000" || out["signature"] == "" {
				t.Errorf("answer %v", out)
			}
		})
	}
}

func TestTokenRefusals(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	cases := []struct {
		name                     string
		form                     []string
		code, description, cause string
	}{
		{"unknown client", []string{"grant_type", "client_credentials", "client_id", "x", "client_secret", "somsim"}, "invalid_client_id", "client identifier invalid", "som.oauth.client-id"},
		{"wrong secret", []string{"grant_type", "client_credentials", "client_id", "somsim", "client_secret", "x"}, "invalid_client", "invalid client credentials", "som.oauth.client-secret"},
		{"wrong password", []string{"grant_type", "password", "client_id", "somsim", "client_secret", "somsim", "username", "dev@somsim.test", "password", "x"}, "invalid_grant", "authentication failure", "som.oauth.password"},
		{"unknown grant", []string{"grant_type", "magic", "client_id", "somsim"}, "unsupported_grant_type", "grant type not supported", "som.oauth.grant-type"},
		{"no grant", []string{"client_id", "somsim"}, "unsupported_grant_type", "grant type not supported", "som.oauth.grant-type"},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			s.want(s.form(tc.form...), http.StatusBadRequest, `{"error":"`+tc.code+`","error_description":"`+tc.description+`"}`)
			if rule := s.lastRule(); rule != tc.cause {
				t.Errorf("rule %q", rule)
			}
		})
	}
	if w := s.do("POST", "/services/oauth2/token", `{}`); w.Code != http.StatusBadRequest || !strings.Contains(w.Body.String(), `"invalid_request"`) {
		t.Errorf("JSON instead of a form: %d %s", w.Code, w.Body)
	}
}

const loginXML = `<se:Envelope xmlns:se="http://schemas.xmlsoap.org/soap/envelope/"><se:Header/><se:Body>` +
	`<login xmlns="urn:partner.soap.sforce.com"><username>USER</username><password>PASSWORD</password></login></se:Body></se:Envelope>`

func (s *server) soap(user, password string) *httptest.ResponseRecorder {
	s.t.Helper()
	body := strings.NewReplacer("USER", user, "PASSWORD", password).Replace(loginXML)
	return s.do("POST", "/services/Soap/u/50.0", body, "Content-Type", "text/xml", "Authorization", "")
}

func TestSOAPLogin(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	w := s.soap("dev@somsim.test", "somsim")
	body := w.Body.String()
	if w.Code != http.StatusOK || !strings.HasPrefix(w.Header().Get("Content-Type"), "text/xml") {
		t.Fatalf("%d %s", w.Code, body)
	}
	for _, want := range []string{
		"<serverUrl>http://example.com/services/Soap/u/50.0/00D5i0000000001</serverUrl>", "<userId>" + devID + "</userId>",
		"<organizationId>00D5i0000000001EAA</organizationId>",
	} {
		if !strings.Contains(body, want) {
			t.Errorf("%s is not in %s", want, body)
		}
	}
	session := regexp.MustCompile(`<sessionId>(.+)</sessionId>`).FindStringSubmatch(body)
	if len(session) != 2 {
		t.Fatalf("no session in %s", body)
	}
	if w := s.do("GET", base, "", "Authorization", "Bearer "+session[1]); w.Code != http.StatusOK {
		t.Errorf("the session is not good: %d %s", w.Code, w.Body)
	}
}

func TestSOAPLoginFaults(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	w := s.soap("dev@somsim.test", "x")
	if w.Code != http.StatusInternalServerError || !strings.Contains(w.Body.String(), "<faultstring>INVALID_LOGIN: Invalid username, password") {
		t.Errorf("wrong password: %d %s", w.Code, w.Body)
	}
	w = s.do("POST", "/services/Soap/u/50.0", "<login>", "Content-Type", "text/xml")
	if w.Code != http.StatusInternalServerError || !strings.Contains(w.Body.String(), "<faultcode>") {
		t.Errorf("broken XML: %d %s", w.Code, w.Body)
	}
}

func TestSandboxesAreChosenByCredential(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	other := s.login("somsim~other")
	if !strings.Contains(other, "!AQ.other.") {
		t.Fatalf("token %s", other)
	}
	if w := s.do("GET", base, "", "Authorization", "Bearer "+other); w.Code != http.StatusOK {
		t.Errorf("its own sandbox: %d %s", w.Code, w.Body)
	}
	if w := s.soap("dev~other@somsim.test", "somsim"); !strings.Contains(w.Body.String(), "!AQ.other.") {
		t.Errorf("SOAP: %s", w.Body)
	}
	w := s.form("grant_type", "password", "client_id", "somsim", "client_secret", "somsim", "username", "dev~other@somsim.test", "password", "somsim")
	if !strings.Contains(w.Body.String(), "!AQ.other.") {
		t.Errorf("password: %s", w.Body)
	}
	s.wantError(s.do("GET", base, "", "Authorization", "Bearer "+other, "X-Sandbox", "default"), http.StatusBadRequest, "SOMSIM_SANDBOX", "the request names two sandboxes")
	s.wantError(s.do("GET", base, "", "X-Sandbox", "other"), http.StatusBadRequest, "SOMSIM_SANDBOX", "the request names two sandboxes")
	s.wantError(s.do("GET", base, "", "Authorization", "Bearer x", "X-Sandbox", "nowhere"), http.StatusBadRequest, "SOMSIM_SANDBOX", `there is no sandbox "nowhere"`)
	w = s.form("grant_type", "password", "client_id", "somsim~default", "client_secret", "somsim", "username", "dev~other@somsim.test", "password", "somsim")
	if w.Code != http.StatusBadRequest || !strings.Contains(w.Body.String(), "SOMSIM_SANDBOX") {
		t.Errorf("client and user of two sandboxes: %d %s", w.Code, w.Body)
	}
}

func TestSessionsAreAskedFor(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	for name, header := range map[string]string{"no token": "", "an unknown token": "Bearer stale", "another scheme": "Basic c29tc2lt"} {
		w := s.do("GET", base+"/query?q=x", "", "Authorization", header)
		s.wantError(w, http.StatusUnauthorized, "INVALID_SESSION_ID", "Session expired or invalid")
		if w.Header().Get("WWW-Authenticate") == "" {
			t.Errorf("%s: no challenge", name)
		}
	}
	if w := s.do("GET", base, "", "Authorization", "OAuth "+s.token); w.Code != http.StatusOK {
		t.Errorf("the old scheme name: %d", w.Code)
	}
	s.wantError(s.do("POST", base+"/commerce/order-management/order-summaries/"+orderID+"/actions/submit-cancel", `{}`, "Authorization", ""),
		http.StatusUnauthorized, "INVALID_SESSION_ID", "Session expired or invalid")
}

func TestIdentity(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	for path, want := range map[string]string{
		"/id/00D5i0000000001EAA/" + robotID: `"username":"integration@somsim.test"`,
		"/services/oauth2/userinfo":         `"preferred_username":"integration@somsim.test"`,
	} {
		if w := s.do("GET", path, ""); w.Code != http.StatusOK || !strings.Contains(w.Body.String(), want) {
			t.Errorf("%s: %d %s", path, w.Code, w.Body)
		}
		if w := s.do("GET", path, "", "Authorization", "Bearer stale"); w.Code != http.StatusForbidden || w.Body.String() != "Bad_OAuth_Token" {
			t.Errorf("%s with a bad token: %d %s", path, w.Code, w.Body)
		}
	}
	if w := s.do("GET", "/id/00D5i0000000001EAA/"+devID, ""); w.Code != http.StatusForbidden {
		t.Errorf("somebody else: %d %s", w.Code, w.Body)
	}
}

func TestVersions(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	var all []struct{ Label, URL, Version string }
	w := s.do("GET", "/services/data", "", "Authorization", "")
	if err := json.Unmarshal(w.Body.Bytes(), &all); err != nil || len(all) != 20 {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	for n, want := range map[int]string{0: "Spring '20", 1: "Summer '20", 2: "Winter '21", 12: "Spring '24", 19: "Summer '26"} {
		if all[n].Label != want {
			t.Errorf("version %s is %s, want %s", all[n].Version, all[n].Label, want)
		}
	}
	if all[19].URL != "/services/data/v67.0" || all[19].Version != "67.0" {
		t.Errorf("newest %+v", all[19])
	}
	w = s.do("GET", base, "")
	if w.Code != http.StatusOK || !strings.Contains(w.Body.String(), `"query":"/services/data/v60.0/query"`) || w.Header().Get("Sforce-Limit-Info") != "api-usage=1/100000" {
		t.Errorf("%d %s %v", w.Code, w.Body, w.Header())
	}
	for _, version := range []string{"v47.0", "v68.0", "v60", "60.0"} {
		s.wantError(s.do("GET", "/services/data/"+version, ""), http.StatusNotFound, "NOT_FOUND", "The requested resource does not exist")
	}
}

func TestUnknownPathsAndVerbs(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	s.wantError(s.do("GET", base+"/nothing/here", ""), http.StatusNotFound, "NOT_FOUND", "The requested resource does not exist")
	s.wantError(s.do("PUT", base+"/query", ""), http.StatusMethodNotAllowed, "METHOD_NOT_ALLOWED", "HTTP Method 'PUT' not allowed. Allowed are GET,HEAD")
	s.wantError(s.do("POST", base+"/sobjects/Account/"+accountID, ""), http.StatusMethodNotAllowed, "METHOD_NOT_ALLOWED",
		"HTTP Method 'POST' not allowed. Allowed are DELETE,GET,HEAD,PATCH")
}
