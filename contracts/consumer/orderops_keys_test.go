//go:build pact

package consumer_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"testing"

	"github.com/pact-foundation/pact-go/v2/consumer"
	"github.com/pact-foundation/pact-go/v2/matchers"
	"github.com/pact-foundation/pact-go/v2/models"

	"github.com/somsim/somsim/orderops/remote"
	"github.com/somsim/somsim/orderops/slasclient"
	"github.com/somsim/somsim/orderops/somclient"
)

const (
	slasKeysPath  = "/shopper/auth/v1/organizations/f_ecom_zzte_053/oauth2/jwks"
	ocapiKeysPath = "/dw/oauth2/jwks"
	userInfoPath  = "/services/oauth2/userinfo"
)

// keys are what tokens are proved with; of a key order-ops reads what tells and makes it.
func keys(key object) object { return object{"keys": matchers.EachLike(key, 1)} }

func published(key object) object {
	key["kid"] = matchers.Like("key-1")
	return key
}

func ellipticKey() object {
	return published(object{"kty": matchers.S("EC"), "crv": matchers.S("P-256"), "x": matchers.Like("eHh4"), "y": matchers.Like("eXl5")})
}

func rsaKey() object {
	return published(object{"kty": matchers.S("RSA"), "n": matchers.Like("bm5u"), "e": matchers.Like("AQAB")})
}

// expectKeys wants a set of one key in an answer.
func expectKeys(raw []byte, err error) error {
	var set struct{ Keys []struct{ Kid string } }
	if err == nil {
		err = json.Unmarshal(raw, &set)
	}
	if err != nil || len(set.Keys) != 1 || set.Keys[0].Kid != "key-1" {
		return fmt.Errorf("keys %s, %w", raw, err)
	}
	return nil
}

func slasKeys() request {
	return request{
		what: "a question for the keys of access tokens", state: models.ProviderState{Name: "preset omnichannel"}, read: true,
		describe: func(i unconfigured, _ string) *consumer.V4InteractionWithRequest {
			return i.WithRequest(http.MethodGet, slasKeysPath)
		},
		call: func(ctx context.Context, caller remote.Caller, _ string) error {
			return expectKeysOf(slasclient.New(caller, "f_ecom_zzte_053").Keys(ctx))
		},
	}
}

// expectKeysOf passes a failure on as it is.
func expectKeysOf(raw []byte, err error) error {
	if err != nil {
		return err
	}
	return expectKeys(raw, nil)
}

// ocapiKeys are those of the shopper tokens of OCAPI.
func ocapiKeys() request {
	return request{
		what: "a question for the keys of shoppers' tokens", state: models.ProviderState{Name: "preset omnichannel"}, read: true,
		describe: func(i unconfigured, _ string) *consumer.V4InteractionWithRequest {
			return i.WithRequest(http.MethodGet, ocapiKeysPath)
		},
		call: func(ctx context.Context, caller remote.Caller, _ string) error {
			return expectKeysOf(commerce(caller).Keys(ctx, caller.BaseURL+ocapiKeysPath))
		},
	}
}

func TestOrderOpsAsksOfSLAS(t *testing.T) {
	t.Setenv("PACT_DO_NOT_TRACK", "true") // the native library would report its use to its makers
	p := newPact(t, "order-ops", "b2c-slas")
	p.granted(t, slasKeys(), "", body(keys(ellipticKey())))
	p.failing(t, []request{slasKeys()}, outages(), "", nil)
	p.guests(t)
	p.vouchedShoppers(t)
	p.settle(t)
}

// granted has a request answered with success.
func (p *pact) granted(t *testing.T, r request, credential string, answer consumer.V4ResponseBuilderFunc) {
	t.Helper()
	t.Run(r.what, func(t *testing.T) {
		i := r.interaction(t, p, "", credential).WillRespondWith(http.StatusOK, answer)
		p.run(t, i, func(caller remote.Caller) error { return r.call(t.Context(), caller, credential) })
	})
}

// userOf asks whose session it is.
func userOf() request {
	return request{
		what: "a question whose session it is", state: models.ProviderState{Name: "preset omnichannel"}, read: true,
		describe: func(i unconfigured, token string) *consumer.V4InteractionWithRequest {
			return i.WithRequest(http.MethodGet, userInfoPath, authorized(token))
		},
		call: func(ctx context.Context, caller remote.Caller, token string) error {
			user, err := client(caller, token).UserOf(ctx, token)
			if err != nil {
				return err
			}
			return expect(nil, user, somclient.User{ID: userID, Username: "dev@somsim.test", Type: "STANDARD", Active: true})
		},
	}
}

func userInfo() consumer.V4ResponseBuilderFunc {
	return body(object{
		"user_id": id(userID), "preferred_username": matchers.Like("dev@somsim.test"), "user_type": matchers.Like("STANDARD"), "active": matchers.Like(true),
	})
}

// anyBody leaves the body of an answer out: nobody reads it.
func anyBody(*consumer.V4ResponseBuilder) {}
