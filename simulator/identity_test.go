package simulator_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/lestrrat-go/jwx/v3/jwk"
	jwxt "github.com/lestrrat-go/jwx/v3/jwt"

	"github.com/somsim/somsim/simulator/b2c"
	"github.com/somsim/somsim/simulator/simtest"
)

// posted posts a form and reads the answer.
func posted(t *testing.T, address string, values url.Values, user, password string) map[string]any {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, address, strings.NewReader(values.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if user != "" {
		req.SetBasicAuth(user, password)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	got := map[string]any{}
	if err := json.NewDecoder(resp.Body).Decode(&got); err != nil || resp.StatusCode != http.StatusOK {
		t.Fatalf("%s: %d %v %v", address, resp.StatusCode, got, err)
	}
	return got
}

func TestAShopperOfCustomerDataCloudGetsTheTokensOfTheSameCustomer(t *testing.T) {
	t.Parallel()
	s := simtest.Start(t)
	session, _ := posted(t, s.URL+"/accounts.login", url.Values{"apiKey": {"somsim"}, "loginID": {"shopper-2@somsim.test"}, "password": {"somsim"}}, "", "")["sessionInfo"].(map[string]any)
	token, _ := session["cookieValue"].(string)
	vouched, _ := posted(t, s.URL+"/accounts.getJWT", url.Values{"apiKey": {"somsim"}, "login_token": {token}}, "", "")["id_token"].(string)
	// The back end believes the token by the published key, as no shopper can be believed.
	published := posted(t, s.URL+"/accounts.getJWTPublicKey", url.Values{"apiKey": {"somsim"}, "V2": {"true"}}, "", "")
	set, err := json.Marshal(published)
	if err != nil {
		t.Fatal(err)
	}
	keys, err := jwk.Parse(set)
	if err != nil {
		t.Fatal(err)
	}
	believed, err := jwxt.Parse([]byte(vouched), jwxt.WithKeySet(keys), jwxt.WithIssuer("https://fidm.gigya.com/jwt/somsim/"), jwxt.WithClock(jwxt.ClockFunc(s.Default.Now)))
	if err != nil {
		t.Fatal(err)
	}
	uid, _ := believed.Subject()
	got := posted(t, s.URL+"/shopper/auth/v1/organizations/"+b2c.Organization+"/oauth2/trusted-system/token", url.Values{
		"grant_type": {"client_credentials"}, "hint": {"ts_ext_on_behalf_of"}, "login_id": {uid}, "idp_origin": {"gigya"}, "channel_id": {"RefArch"},
	}, b2c.DefaultClientID, b2c.DefaultClientSecret)
	if got["customer_id"] != "abcustomer000000000000000002" {
		t.Errorf("%v", got["customer_id"])
	}
}
