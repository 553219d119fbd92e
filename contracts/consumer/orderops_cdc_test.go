//go:build pact

package consumer_test

import (
	"context"
	"net/http"
	"net/url"
	"testing"

	"github.com/pact-foundation/pact-go/v2/consumer"
	"github.com/pact-foundation/pact-go/v2/matchers"
	"github.com/pact-foundation/pact-go/v2/models"

	"github.com/somsim/somsim/orderops/cdcclient"
	"github.com/somsim/somsim/orderops/remote"
)

const (
	cdcKeysPath    = "/accounts.getJWTPublicKey"
	cdcAccountPath = "/accounts.getAccountInfo"
	// knownUID is the first shopper's, strangeUID is nobody's.
	knownUID   = "c0ffee00000000000000000000000001"
	strangeUID = "c0ffee00000000000000000000009999"
	cdcSecret  = "somsim"
)

func TestOrderOpsAsksOfCustomerDataCloud(t *testing.T) {
	t.Setenv("PACT_DO_NOT_TRACK", "true")
	p := newPact(t, "order-ops", "sap-cdc")
	p.granted(t, cdcKeys("somsim"), "", body(told(keys(rsaKey()))))
	t.Run("accounts", p.cdcAccounts)
	t.Run("refusals", p.cdcRefusals)
	requests := []request{cdcKeys("somsim"), cdcAccount("a question about an account", knownUID)}
	p.failing(t, requests, cdcOutages(), cdcSecret, func(code string) any { return refusedBy(code) })
	p.settle(t)
}

// told is an answer of Customer Data Cloud that is a success.
func told(members object) object {
	members["errorCode"] = matchers.Integer(0)
	return members
}

// refusedBy is an answer that came with a status of success and is none.
func refusedBy(code string) object {
	numbers := map[string]int{"400093": 400093, "403005": 403005, "403047": 403047, "403048": 403048, "500001": 500001}
	return object{"errorCode": numbers[code]}
}

// cdcOutages are told by a number, but for those of what stands before the vendor.
func cdcOutages() []outage {
	return []outage{
		{"too many calls were made", " after too many calls", http.StatusOK, "403048", remote.Throttled, remote.Throttled},
		{"the system breaks down", " that breaks the system", http.StatusOK, "500001", remote.Unavailable, remote.Unavailable},
		{"the system is closed", " while the system is closed", http.StatusServiceUnavailable, "", remote.Unavailable, remote.Unavailable},
	}
}

// sentForm is a form exactly as it is sent.
func sentForm(form url.Values) consumer.V4RequestBuilderFunc {
	return func(b *consumer.V4RequestBuilder) {
		b.Header("Content-Type", matchers.S("application/x-www-form-urlencoded"))
		b.Body("application/x-www-form-urlencoded", []byte(form.Encode()))
	}
}

// cdcKeys asks for the keys of a site.
func cdcKeys(apiKey string) request {
	return request{
		what: "a question for the keys of log-ins", state: models.ProviderState{Name: "preset omnichannel"}, read: true,
		describe: func(i unconfigured, _ string) *consumer.V4InteractionWithRequest {
			return i.WithRequest(http.MethodPost, cdcKeysPath, sentForm(url.Values{"apiKey": {apiKey}, "V2": {"true"}}))
		},
		call: func(ctx context.Context, caller remote.Caller, _ string) error {
			return expectKeysOf(cdcclient.New(caller, cdcclient.Credentials{APIKey: apiKey}).Keys(ctx))
		},
	}
}

// cdcAccount asks about an account as the server application with a secret.
func cdcAccount(what, uid string) request {
	return request{
		what: what, state: models.ProviderState{Name: "preset omnichannel"}, read: true,
		describe: func(i unconfigured, secret string) *consumer.V4InteractionWithRequest {
			return i.WithRequest(http.MethodPost, cdcAccountPath, sentForm(url.Values{
				"apiKey": {"somsim"}, "userKey": {"somsim"}, "secret": {secret}, "UID": {uid}, "include": {"loginIDs"},
			}))
		},
		call: func(ctx context.Context, caller remote.Caller, secret string) error {
			_, err := cdcClient(caller, secret).Account(ctx, uid)
			return err
		},
	}
}

func cdcClient(caller remote.Caller, secret string) *cdcclient.Client {
	return cdcclient.New(caller, cdcclient.Credentials{APIKey: "somsim", UserKey: "somsim", Secret: secret})
}

// cdcAccounts reads an account in each of the states that order-ops acts on.
func (p *pact) cdcAccounts(t *testing.T) {
	for _, c := range []struct {
		state, request string
		active         bool
	}{
		{"preset omnichannel", "a question about an account in order", true},
		{"the account of the first shopper was switched off", "a question about an account that was switched off", false},
	} {
		t.Run(c.state, func(t *testing.T) {
			asked := cdcAccount(c.request, knownUID)
			asked.state = models.ProviderState{Name: c.state}
			answer := told(object{"UID": knownUID, "isActive": c.active, "isRegistered": true})
			p.run(t, asked.interaction(t, p, "", cdcSecret).WillRespondWith(http.StatusOK, body(answer)), func(caller remote.Caller) error {
				got, err := cdcClient(caller, cdcSecret).Account(t.Context(), knownUID)
				return expect(err, got, cdcclient.Account{UID: knownUID, Active: c.active, Registered: true})
			})
		})
	}
}

// cdcRefusals are told with HTTP status 200.
func (p *pact) cdcRefusals(t *testing.T) {
	elsewhere := cdcKeys("elsewhere")
	elsewhere.what = "a question for the keys of a site that never was"
	for _, c := range []struct {
		asked  request
		secret string
		class  remote.Class
		code   string
	}{
		{cdcAccount("a question about an account that never was", strangeUID), cdcSecret, remote.NotFound, "403047"},
		{cdcAccount("a question about an account by somebody unknown", knownUID), "nobody", remote.Unauthorized, "403005"},
		{elsewhere, "", remote.Unauthorized, "400093"},
	} {
		t.Run(c.asked.what, func(t *testing.T) {
			i := c.asked.interaction(t, p, "", c.secret).WillRespondWith(http.StatusOK, body(refusedBy(c.code)))
			p.refuses(t, i, c.class, c.code, func(caller remote.Caller) error { return c.asked.call(t.Context(), caller, c.secret) })
		})
	}
}
