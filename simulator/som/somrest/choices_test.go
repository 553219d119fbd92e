package somrest_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/somsim/somsim/simulator/choice"
	"github.com/somsim/somsim/simulator/som"
	"github.com/somsim/somsim/simulator/som/somrest"
)

// chosen reads choices as a file has them.
func chosen(t testing.TB, text string) choice.Values {
	t.Helper()
	v, err := choice.Read("choices.yaml", []byte(text), append([]choice.Table{som.Choices()}, somrest.Tables()...)...)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestTheTablesOfChoicesAreInOrder(t *testing.T) {
	t.Parallel()
	if err := choice.Validate(append([]choice.Table{som.Choices()}, somrest.Tables()...)...); err != nil {
		t.Error(err)
	}
}

// told is status and body of an answer.
func told(w *httptest.ResponseRecorder) string { return fmt.Sprintf("%d %s", w.Code, w.Body) }

// effects are, for each choice of the faces, values other than the default, and something that shows which one holds.
func effects() map[string]struct {
	others []string
	seen   func(s *server) string
} {
	cancel := func(reason string) func(s *server) string {
		return func(s *server) string {
			return told(s.do("POST", actions+"preview-cancel", cancelBody(jacketID, "1", reason, "")))
		}
	}
	composite := func(s *server) string {
		return s.do("POST", base+"/composite", `{"compositeRequest":[{"method":"POST","url":"`+actions+`preview-cancel","referenceId":"a","body":{}}]}`).Body.String()
	}
	return map[string]struct {
		others []string
		seen   func(s *server) string
	}{
		"som.rest.refusals": {[]string{"{som.cancel.reason-active: {status: 422}}", "{som.cancel.reason-active: {code: OTHER}}", "{som.cancel.reason-active: {message: other}}"}, cancel("x")},
		"som.rest.conversion-rates": {[]string{"{USD: 2}"}, func(s *server) string {
			return s.soql("SELECT Id FROM OrderSummary WHERE GrandTotalAmount > USD200").Body.String()
		}},
		"som.rest.composite-connect-status":  {[]string{"403", "404"}, composite},
		"som.rest.composite-connect-code":    {[]string{"NOT_SUPPORTED"}, composite},
		"som.rest.composite-connect-message": {[]string{"No."}, composite},
		"som.rest.identity-refusal": {[]string{"json"}, func(s *server) string {
			return told(s.do("GET", "/services/oauth2/userinfo", "", "Authorization", "Bearer x"))
		}},
		"som.rest.usage-header": {[]string{"org-and-app"}, func(s *server) string {
			return s.do("GET", base+"/limits", "").Header().Get("Sforce-Limit-Info")
		}},
		"som.connect.action-status":  {[]string{"200"}, cancel("Unknown")},
		"som.connect.refusal-status": {[]string{"409", "422", "200", "201"}, cancel("x")},
		"som.connect.refusal-code":   {[]string{"CANCEL_FAILED"}, cancel("x")},
		"som.connect.no-errors":      {[]string{`"null"`}, cancel("Unknown")},
		"som.connect.return-items-refusal": {[]string{"plain"}, func(s *server) string {
			return told(s.do("POST", base+"/commerce/returns/return-orders/2oN5i0000000001EAA/actions/return-items", `{"returnOrderItems":[]}`))
		}},
		"som.connect.gateway-refusal": {[]string{"error"}, func(s *server) string {
			s.domain.UseGateway(bank{})
			declined := purchaseBody(map[string]any{"paymentMethod": map[string]any{"cardPaymentMethod": cardBody("4000000000000002")}})
			return told(s.do("POST", base+"/commerce/payments/authorizations", declined))
		}},
	}
}

func TestEveryChoiceOfTheFacesHasAnEffect(t *testing.T) {
	t.Parallel()
	all := effects()
	for _, table := range somrest.Tables() {
		for _, c := range table.Choices {
			effect, ok := all[c.ID]
			delete(all, c.ID)
			if !ok {
				t.Errorf("nothing shows what %s does", c.ID)
				continue
			}
			if want := len(c.Allowed) - 1; want > len(effect.others) {
				t.Errorf("%s: only %q are tried of %q", c.ID, effect.others, c.Allowed)
			}
			t.Run(c.ID, func(t *testing.T) {
				t.Parallel()
				before := effect.seen(newServer(t))
				for _, other := range effect.others {
					if after := effect.seen(newServer(t, chosen(t, c.ID+": "+other))); after == before {
						t.Errorf("%s changes nothing of %s", other, before)
					}
				}
			})
		}
	}
	for id := range all {
		t.Errorf("there is no choice %s", id)
	}
}

// A refusal with a status of success has the output alone, and leaves nothing behind.
func TestRefusalsInsideASuccess(t *testing.T) {
	t.Parallel()
	s := newServer(t, chosen(t, "som.connect.refusal-status: 200"))
	before := s.state()
	s.want(s.do("POST", actions+"submit-cancel", cancelBody(jacketID, "3", "Unknown", "")), http.StatusOK,
		`{"success":false,"errors":[{"errorCode":"INVALID_API_INPUT","message":"The quantity 3 of the order item summary `+jacketID+` is more than the 2 available to cancel."}],
		"changeOrderId":null,"feeChangeOrderId":null,"changeBalances":null}`)
	s.want(s.do("POST", actions+"submit-cancel", `{"changeItems":[{}]}`), http.StatusOK,
		`{"success":false,"errors":[{"errorCode":"INVALID_API_INPUT","message":"Required: changeItems.0.orderItemSummaryId"}],"changeOrderId":null,"feeChangeOrderId":null,"changeBalances":null}`)
	if s.lastRule() != "" && s.state() != before {
		t.Error("a refusal changed something")
	}
	// Where there is no output to tell it in, and where it is no rule of the action, it stays an error.
	s.wantError(s.do("POST", base+"/commerce/payments/payments/"+paymentID+"/refunds", `{"amount":0}`), http.StatusBadRequest, "INVALID_API_INPUT", "The amount")
	if w := s.do("POST", actions+"submit-cancel", "{"); w.Code != http.StatusBadRequest {
		t.Errorf("broken JSON: %d %s", w.Code, w.Body)
	}
}

// An error for a gateway's refusal leaves the rows and the log of the call.
func TestAGatewaysRefusalAsAnError(t *testing.T) {
	t.Parallel()
	s := newServer(t, chosen(t, "som.connect.gateway-refusal: error"))
	s.domain.UseGateway(bank{})
	declined := purchaseBody(map[string]any{"paymentMethod": map[string]any{"cardPaymentMethod": cardBody("4000000000000002")}})
	s.wantError(s.do("POST", base+"/commerce/payments/authorizations", declined), http.StatusBadRequest, "GATEWAY_ERROR", "The card was declined.")
	w := s.soql("SELECT SfResultCode FROM PaymentGatewayLog WHERE InteractionStatus = 'Failed'")
	if !strings.Contains(w.Body.String(), `"SfResultCode":"Decline"`) {
		t.Errorf("the log: %s", w.Body)
	}
}
