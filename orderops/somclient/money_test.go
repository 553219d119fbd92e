package somclient

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/orderops/remote"
)

func answering(t *testing.T, status int, answer string, check func(body string)) *Client {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		check(r.URL.Path + " " + string(body))
		w.WriteHeader(status)
		_, _ = io.WriteString(w, answer)
	}))
	t.Cleanup(server.Close)
	return New(remote.Caller{BaseURL: server.URL}, remote.StaticToken{Value: "t"})
}

func amount(s string) decimal.Decimal { return decimal.RequireFromString(s) }

func TestReversalOnTheWire(t *testing.T) {
	t.Parallel()
	want := `/services/data/v60.0/sobjects/PaymentAuthAdjustment {"PaymentAuthorizationId":"0Xc1","Amount":10.5,"ProcessingMode":"External",` +
		`"Status":"Processed","Type":"Reversal","GatewayRefNumber":"3000_1","SfResultCode":"Success","GatewayDate":"2026-03-02T10:00:00.000Z",` +
		`"Date":"2026-03-02T10:00:00.000Z","EffectiveDate":"2026-03-02T10:00:00.000Z"}`
	c := answering(t, 201, `{"id":"9tv1","success":true,"errors":[]}`, func(body string) {
		if diff := cmp.Diff(want, body); diff != "" {
			t.Errorf("sent (-want +got):\n%s", diff)
		}
	})
	id, err := c.RecordReversal(t.Context(), Reversal{"0Xc1", amount("10.50"), "3000_1", time.Date(2026, 3, 2, 10, 0, 0, 0, time.UTC)})
	if err != nil || id != "9tv1" {
		t.Errorf("%q, %v", id, err)
	}
}

// A refund and its lines are one call; when a line fails, the refund was rolled back with it.
func TestRefundAnswers(t *testing.T) {
	t.Parallel()
	rolledBack := `{"referenceId":"refund","httpStatusCode":400,"body":[{"errorCode":"PROCESSING_HALTED","message":"m"}]}`
	cases := []struct {
		name, parts string
		id          string
		class       remote.Class
		code        string
	}{
		{"made", `{"referenceId":"refund","httpStatusCode":201,"body":{"id":"0cb1","success":true,"errors":[]}},{"referenceId":"line1","httpStatusCode":201,"body":{"id":"0dR1"}}`, "0cb1", "", ""},
		{"a line is refused", rolledBack + `,{"referenceId":"line1","httpStatusCode":400,"body":[{"errorCode":"FIELD_INTEGRITY_EXCEPTION","message":"m"}]}`, "", remote.Rejected, "FIELD_INTEGRITY_EXCEPTION"},
		{"a row is locked", rolledBack + `,{"referenceId":"line1","httpStatusCode":400,"body":[{"errorCode":"UNABLE_TO_LOCK_ROW","message":"m"}]}`, "", remote.Conflict, "UNABLE_TO_LOCK_ROW"},
		{"the org is down for a part", rolledBack + `,{"referenceId":"line1","httpStatusCode":503,"body":[{"errorCode":"SERVER_UNAVAILABLE","message":"m"}]}`, "", remote.Unavailable, "SERVER_UNAVAILABLE"},
		{"a part fails without a word", rolledBack + `,{"referenceId":"line1","httpStatusCode":503,"body":null}`, "", remote.Unavailable, ""},
		{"a part fails and may have happened", rolledBack + `,{"referenceId":"line1","httpStatusCode":500,"body":[{"errorCode":"UNKNOWN_EXCEPTION","message":"m"}]}`, "", remote.Unavailable, "UNKNOWN_EXCEPTION"},
		{"a part is over the limit", rolledBack + `,{"referenceId":"line1","httpStatusCode":403,"body":[{"errorCode":"REQUEST_LIMIT_EXCEEDED","message":"m"}]}`, "", remote.Throttled, "REQUEST_LIMIT_EXCEEDED"},
		{"a part is throttled", rolledBack + `,{"referenceId":"line1","httpStatusCode":429,"body":null}`, "", remote.Throttled, ""},
		{"the session ends between the parts", rolledBack + `,{"referenceId":"line1","httpStatusCode":401,"body":[{"errorCode":"INVALID_SESSION_ID","message":"m"}]}`, "", remote.Unauthorized, "INVALID_SESSION_ID"},
		{"a part is refused a session without a word", rolledBack + `,{"referenceId":"line1","httpStatusCode":401,"body":null}`, "", remote.Unauthorized, ""},
		{"a part is not there", rolledBack + `,{"referenceId":"line1","httpStatusCode":404,"body":[{"errorCode":"NOT_FOUND","message":"m"}]}`, "", remote.NotFound, "NOT_FOUND"},
		{"a part contradicts the state", rolledBack + `,{"referenceId":"line1","httpStatusCode":409,"body":null}`, "", remote.Conflict, ""},
		{"a part has no form", rolledBack + `,{"referenceId":"line1","httpStatusCode":502,"body":"<html>"}`, "", remote.Unavailable, ""},
		{"nothing is said of the refund", ``, "", remote.Ambiguous, "malformed_answer"},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			c := answering(t, 200, `{"compositeResponse":[`+tc.parts+`]}`, func(body string) {
				_, raw, _ := strings.Cut(body, " ")
				var in struct {
					AllOrNone        bool
					CompositeRequest []struct {
						URL  string
						Body json.RawMessage
					}
				}
				if err := json.Unmarshal([]byte(raw), &in); err != nil || !in.AllOrNone || len(in.CompositeRequest) != 2 ||
					string(in.CompositeRequest[1].Body) != `{"RefundId":"@{refund.id}","PaymentId":"0aQ1","Amount":10,"Type":"Applied"}` {
					t.Errorf("sent %s, %v", raw, err)
				}
			})
			id, err := c.RecordRefund(t.Context(), Refund{OrderPaymentSummaryID: "0bM1", Amount: amount("10"), Reference: "3000_2", Lines: []RefundLine{{"0aQ1", amount("10")}}})
			e, _ := remote.AsError(err)
			if id != tc.id || remote.ClassOf(err) != tc.class || e != nil && e.VendorCode != tc.code {
				t.Errorf("%q, %v, want %q %s %s", id, err, tc.id, tc.class, tc.code)
			}
		})
	}
}

func TestWhatIsOnRecord(t *testing.T) {
	t.Parallel()
	rows := func(id, records string) string {
		return `{"referenceId":"` + id + `","httpStatusCode":200,"body":{"done":true,"records":[` + records + `]}}`
	}
	c := answering(t, 200, `{"compositeResponse":[`+rows("adjustments", "")+`,`+rows("refunds", `{"Id":"0cb1"}`)+`,`+
		rows("payments", `{"Id":"0aQ1","Amount":20.0,"NetRefundApplied":5.0}`)+`]}`, func(string) {})
	got, err := c.Recorded(t.Context(), "3000_2", "0bM1")
	if err != nil || got.ID != "0cb1" || len(got.Captures) != 1 || !got.Captures[0].Left.Equal(amount("15")) {
		t.Errorf("%+v, %v", got, err)
	}
	for failed, want := range map[string]remote.Class{
		`"httpStatusCode":400,"body":[{"errorCode":"INVALID_TYPE","message":"m"}]`:           remote.Unavailable,
		`"httpStatusCode":403,"body":[{"errorCode":"REQUEST_LIMIT_EXCEEDED","message":"m"}]`: remote.Throttled,
		`"httpStatusCode":503,"body":null`:                                                   remote.Unavailable,
	} {
		c = answering(t, 200, `{"compositeResponse":[{"referenceId":"refunds",`+failed+`}]}`, func(string) {})
		if _, err := c.Recorded(t.Context(), "3000_2", ""); remote.ClassOf(err) != want {
			t.Errorf("a look that failed by %s: %v, want %s", failed, err, want)
		}
	}
}

// A fee is a line of an order summary, which an org takes from API v66.0 on.
func TestFeeOnTheWire(t *testing.T) {
	t.Parallel()
	want := `/services/data/v66.0/commerce/order-management/order-summaries/1Os1/actions/submit-change {"changeOrdersReferenceNumber":"k","changeReason":"Unknown",` +
		`"orderItemSummaries":[{"changeType":"New","orderItemSummary":{"Description":"Spent points","Name":"Spent points","OrderDeliveryGroupSummaryId":"0ag1",` +
		`"Product2Id":"01t1","Quantity":1,"TotalLineAmount":0.5,"Type":"Fee","UnitPrice":0.5,"attributes":{"type":"OrderItemSummary"}}}]}`
	fee := Fee{"1Os1", "0ag1", "01t1", amount("0.50"), "k", "Unknown", "Spent points"}
	cases := []struct {
		status int
		answer string
		id     string
		class  remote.Class
	}{
		{201, `{"success":true,"errors":[],"preFulfillmentChangeOrderId":"8011"}`, "8011", ""},
		{201, `{"success":false,"errors":[{"errorCode":"INVALID_API_INPUT","message":"m"}]}`, "", remote.Rejected},
		{400, `[{"errorCode":"UNABLE_TO_LOCK_ROW","message":"m"}]`, "", remote.Conflict},
		{404, `[{"errorCode":"NOT_FOUND","message":"m"}]`, "", remote.NotFound},
		{500, `[{"errorCode":"UNKNOWN_EXCEPTION","message":"m"}]`, "", remote.Ambiguous},
	}
	for _, tc := range cases {
		c := answering(t, tc.status, tc.answer, func(body string) {
			if diff := cmp.Diff(want, body); diff != "" {
				t.Errorf("sent (-want +got):\n%s", diff)
			}
		})
		if id, err := c.ChargeFee(t.Context(), fee); id != tc.id || remote.ClassOf(err) != tc.class {
			t.Errorf("%d %s: %q, %v, want %q %s", tc.status, tc.answer, id, err, tc.id, tc.class)
		}
	}
}

func TestWhatAFeeIsBookedOn(t *testing.T) {
	t.Parallel()
	part := func(id, record string) string {
		return `{"referenceId":"` + id + `","httpStatusCode":200,"body":{"done":true,"records":[` + record + `]}}`
	}
	order := part("order", `{"Id":"1Os1","OrderDeliveryGroupSummaries":{"done":true,"records":[{"Id":"0ag1"}]}}`)
	for name, tc := range map[string]struct {
		parts string
		want  FeeBasis
		class remote.Class
	}{
		"not booked":   {order + "," + part("fee", "") + "," + part("product", `{"Id":"01t1"}`), FeeBasis{"", "1Os1", "0ag1", "01t1"}, ""},
		"booked":       {order + "," + part("fee", `{"Id":"8011"}`) + "," + part("product", `{"Id":"01t1"}`), FeeBasis{"8011", "1Os1", "0ag1", "01t1"}, ""},
		"no product":   {order + "," + part("fee", "") + "," + part("product", ""), FeeBasis{"", "1Os1", "0ag1", ""}, ""},
		"a part fails": {order + `,{"referenceId":"fee","httpStatusCode":400,"body":[{"errorCode":"INVALID_TYPE","message":"m"}]}`, FeeBasis{}, remote.Unavailable},
		"no rows":      {order + `,{"referenceId":"fee","httpStatusCode":200,"body":"<html>"}`, FeeBasis{}, remote.Unavailable},
	} {
		c := answering(t, 200, `{"compositeResponse":[`+tc.parts+`]}`, func(body string) {
			if !strings.Contains(body, "OrderNumber+%3D+%27O%5C%27Neil%27") && !strings.Contains(body, `O%5C%27Neil`) {
				t.Errorf("%s: sent %s", name, body)
			}
		})
		if got, err := c.FeeBasis(t.Context(), "O'Neil", "k", "SPENT-POINTS"); got != tc.want || remote.ClassOf(err) != tc.class {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
}
