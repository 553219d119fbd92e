package control_test

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/somsim/somsim/simulator/simtest"
)

func TestRulesAboutElapsedTimeAreArmedByName(t *testing.T) {
	t.Parallel()
	s := simtest.Start(t)
	const rules = "/control/v1/sandboxes/default/elapsed-rules"
	const login = "/shopper/auth/v1/organizations/f_ecom_zzte_053/oauth2/login"
	const form = "client_id=aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa&channel_id=RefArch&redirect_uri=http%3A%2F%2Flocalhost%2Fcallback"
	steps := []struct {
		name, method, url, body string
		status                  int
		text                    string
	}{
		{"none at first", "GET", s.ControlURL + rules, "", 200, `{"armed":[],"known":["b2c.slas.login-spacing","b2c.slas.code-spacing"]}`},
		{"so one logs in", "POST", s.URL + login, form, 303, ""},
		{"and again at once", "POST", s.URL + login, form, 303, ""},
		{"armed", "PUT", s.ControlURL + rules, `{"armed":["b2c.slas.login-spacing"]}`, 200, `"armed":["b2c.slas.login-spacing"]`},
		{"then no longer", "POST", s.URL + login, form, 409, "conflict"},
		{"a rule that is none", "PUT", s.ControlURL + rules, `{"armed":["x"]}`, 400, `no rule \"x\"`},
		{"disarmed", "PUT", s.ControlURL + rules, `{"armed":[]}`, 200, `"armed":[]`},
		{"and again at will", "POST", s.URL + login, form, 303, ""},
		{"a sandbox that is none", "GET", s.ControlURL + strings.Replace(rules, "default", "nowhere", 1), "", 404, "nowhere"},
	}
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	for _, step := range steps {
		req, err := http.NewRequestWithContext(t.Context(), step.method, step.url, strings.NewReader(step.body))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Content-Type", "application/json")
		if step.body == form {
			req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			req.SetBasicAuth("shopper-1@somsim.test", "somsim")
		}
		resp, err := client.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(resp.Body)
		_ = resp.Body.Close()
		if err != nil || resp.StatusCode != step.status || !strings.Contains(string(body), step.text) {
			t.Errorf("%s: %d %s, want %d %s", step.name, resp.StatusCode, body, step.status, step.text)
		}
	}
}
