package control_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/somsim/somsim/simulator/simtest"
)

func TestAMailboxHoldsWhatCommerceMailed(t *testing.T) {
	t.Parallel()
	s := simtest.Start(t)
	call := func(method, address, body string, header http.Header, into any) int {
		req, err := http.NewRequestWithContext(t.Context(), method, address, strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		req.Header = header
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = resp.Body.Close() }()
		if into != nil && json.NewDecoder(resp.Body).Decode(into) != nil {
			t.Errorf("%s %s: %d", method, address, resp.StatusCode)
		}
		return resp.StatusCode
	}
	var token struct {
		Access string `json:"access_token"`
	}
	login := http.Header{"Content-Type": {"application/x-www-form-urlencoded"}, "Authorization": {"Basic YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhOnNvbXNpbQ=="}}
	form := url.Values{"grant_type": {"client_credentials"}, "channel_id": {"RefArch"}}.Encode()
	call(http.MethodPost, s.URL+"/shopper/auth/v1/organizations/f_ecom_zzte_053/oauth2/token", form, login, &token)
	asking := http.Header{"Content-Type": {"application/json"}, "Authorization": {"Bearer " + token.Access}}
	const orders = "/checkout/shopper-orders/v1/organizations/f_ecom_zzte_053/orders/"
	for _, number := range []string{"00000101", "none"} {
		if status := call(http.MethodPost, s.URL+orders+number+"/actions/request-access-code?siteId=RefArch", `{"email":"shopper-1@somsim.test"}`, asking, nil); status != http.StatusAccepted {
			t.Fatalf("%s: %d", number, status)
		}
	}
	var box struct {
		Mails []struct{ Kind, To, Code, About string }
	}
	const mailbox = "/control/v1/sandboxes/default/b2c/mailbox"
	for query, want := range map[string]int{"": 1, "?to=shopper-1%40somsim.test": 1, "?to=shopper-2%40somsim.test": 0} {
		box.Mails = nil
		call(http.MethodGet, s.ControlURL+mailbox+query, "", nil, &box)
		if len(box.Mails) != want || want == 1 && (box.Mails[0].Kind != "order_access_code" || box.Mails[0].About != "00000101" || len(box.Mails[0].Code) != 6) {
			t.Errorf("%q: %+v", query, box.Mails)
		}
	}
	if status := call(http.MethodGet, s.ControlURL+strings.Replace(mailbox, "default", "nowhere", 1), "", nil, nil); status != http.StatusNotFound {
		t.Errorf("a mailbox of no sandbox: %d", status)
	}
}
