package cometd

import (
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/somsim/somsim/simulator/binding"
)

func TestErrorsOfThePipelineInTheFormOfBayeux(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name   string
		err    error
		body   string
		status int
		want   string
	}{
		{
			"no version", &binding.NotFound{Path: "/cometd"}, `[{"channel":"/meta/handshake","id":"1"}]`, http.StatusBadRequest,
			`[{"ext":{"sfdc":{"failureReason":"400::API version in the URI is mandatory. URI format: '/cometd/67.0'"}},` +
				`"advice":{"reconnect":"none","interval":0},"channel":"/meta/handshake","id":"1","error":"403::Handshake denied","successful":false}]`,
		},
		{"another verb", &binding.MethodNotAllowed{Method: "GET"}, "", http.StatusMethodNotAllowed, `[{"error":"405::Method not allowed","successful":false}]`},
		{"too large", &binding.TooLarge{Limit: 1}, "[", http.StatusRequestEntityTooLarge, `[{"error":"413::the body is larger than 1 bytes","successful":false}]`},
		{
			"a bug", &binding.Bug{Err: errors.New("inside")}, `{"channel":"/meta/connect"}`, http.StatusInternalServerError,
			`[{"advice":{"reconnect":"retry","interval":0},"channel":"/meta/connect","error":"500::Internal server error","successful":false}]`,
		},
		{
			"an error nobody knows", errors.New("inside"), "", http.StatusInternalServerError,
			`[{"advice":{"reconnect":"retry","interval":0},"error":"500::Internal server error","successful":false}]`,
		},
		{
			"a fault with a status", &binding.VendorFault{Code: "503", Message: "Server is too busy", Status: 503}, "", http.StatusServiceUnavailable,
			`[{"advice":{"reconnect":"retry","interval":0},"error":"503::Server is too busy","successful":false}]`,
		},
	} {
		got := answerError(&binding.Call{Request: &binding.Request{Body: []byte(tc.body)}}, tc.err)
		if got.Status != tc.status || strings.ReplaceAll(string(got.Body), `\u0026`, "&") != tc.want {
			t.Errorf("%s: got %d %s, want %d %s", tc.name, got.Status, got.Body, tc.status, tc.want)
		}
	}
}
