//go:build pact

package consumer_test

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/pact-foundation/pact-go/v2/consumer"
	"github.com/pact-foundation/pact-go/v2/matchers"

	"github.com/somsim/somsim/orderops/remote"
	"github.com/somsim/somsim/orderops/worldlineclient"
)

const (
	paymentNo    = "3000000101_0"
	unknownPayNo = "9999999999_0"
	apiKey       = "somsim"
	payCurrency  = "USD" // of preset omnichannel
	// moveKey is the idempotence key of the examples, which is the operation's reference too.
	moveKey = "3f1b6d0c9a2e4f7785c1d2e3a4b5c6d7"
)

// merchant is a client that signs with the key. Its clock dates the requests.
func merchant(caller remote.Caller, key string) *worldlineclient.Client {
	return worldlineclient.New(caller, worldlineclient.Credentials{MerchantID: "somsim", KeyID: key, Secret: "somsim"}, stopped{})
}

// stopped is a clock that stands still.
type stopped struct{}

// Now is always the same instant.
func (stopped) Now(context.Context) time.Time { return moved() }

// Wait never ends by itself: no call is repeated in a contract.
func (stopped) Wait(ctx context.Context, _ time.Duration) error {
	<-ctx.Done()
	return ctx.Err()
}

// signed is a request with the headers of the key. A pact can hold a signature
// to its form alone: it changes with the ids that a provider puts in.
func signed(key string) consumer.V4RequestBuilderFunc {
	return func(b *consumer.V4RequestBuilder) {
		b.Header("Authorization", matchers.Term("GCS v1HMAC:"+key+":QUJD", "^GCS v1HMAC:"+key+":[A-Za-z0-9+/]+=*$"))
		// The mock server takes the comma of a date for that of a list, and matches both halves.
		b.Header("Date", matchers.Term("Mon, 01 Jun 2026 10:00:00 GMT", `^([A-Z][a-z]{2}, )?\d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT$|^[A-Z][a-z]{2}$`))
	}
}

// rightlySigned checks a signature the way the provider does (v1HMAC, by
// specs/worldline/SOURCES.md).
func rightlySigned(r *http.Request) error {
	contentType := r.Header.Get("Content-Type")
	if r.Method == http.MethodGet {
		contentType = ""
	}
	text := r.Method + "\n" + contentType + "\n" + r.Header.Get("Date") + "\n"
	if key := r.Header.Get("X-Gcs-Idempotence-Key"); key != "" { // the only header of its kind
		text += "x-gcs-idempotence-key:" + key + "\n"
	}
	mac := hmac.New(sha256.New, []byte("somsim"))
	text += r.URL.RequestURI() + "\n"
	_, _ = mac.Write([]byte(text)) // a hash never fails to write
	if want := base64.StdEncoding.EncodeToString(mac.Sum(nil)); !strings.HasSuffix(r.Header.Get("Authorization"), ":"+want) {
		return fmt.Errorf("%s %s is signed %q, want the signature %s of %q", r.Method, r.URL.Path, r.Header.Get("Authorization"), want, text)
	}
	return nil
}

func underKey(key string) consumer.V4RequestBuilderFunc {
	return func(b *consumer.V4RequestBuilder) { b.Header("X-GCS-Idempotence-Key", matchers.S(key)) }
}

// paymentPath is the path of something below the payment of an order.
func paymentPath(below string) matchers.Matcher {
	const before = "/v2/somsim/payments/"
	return fromState(before+"${paymentId}"+below, before+paymentNo+below).shaped(`\d+_\d+`)
}

// voiding is a void of an amount in minor units.
func voiding(amount int, currency string, final bool) consumer.V4RequestBuilderFunc {
	return func(b *consumer.V4RequestBuilder) {
		b.JSONBody(object{
			"amountOfMoney": object{"amount": amount, "currencyCode": currency}, "isFinal": final,
			"operationReferences": object{"merchantReference": moveKey},
		})
	}
}

// refunding is a refund of an amount in minor units.
func refunding(amount int) consumer.V4RequestBuilderFunc {
	return func(b *consumer.V4RequestBuilder) {
		b.JSONBody(object{
			"amountOfMoney":       object{"amount": amount, "currencyCode": payCurrency},
			"operationReferences": object{"merchantReference": moveKey},
		})
	}
}

func movement(amount int64, final bool) worldlineclient.Movement {
	return worldlineclient.Movement{Amount: amount, Currency: payCurrency, Key: moveKey, Final: final}
}

// paymentDocument is what order-ops reads of a payment of a hundred.
func paymentDocument(status string, cancellable bool, operations ...object) object {
	return object{
		"id": matchers.Term(paymentNo, `^\d+_0$`), "status": matchers.S(status), "statusOutput": object{"isCancellable": cancellable},
		"paymentOutput": object{"amountOfMoney": object{"amount": matchers.Integer(10000), "currencyCode": matchers.S(payCurrency)}},
		"Operations":    operations,
	}
}

// moneyOperation is an entry of a payment's ledger.
func moneyOperation(id, status string, amount int, more object) object {
	entry := object{
		"id": matchers.Term(id, `^\d+_\d+$`), "status": matchers.S(status), "amountOfMoney": object{"amount": matchers.Integer(amount)},
		"statusOutput": object{"statusCodeChangeDateTime": matchers.Term("20260601100000", `^\d{14}$`)},
	}
	for name, value := range more {
		entry[name] = value
	}
	return entry
}

// ofKey says that the operation was asked for under the key.
func ofKey() object {
	return object{"operationReferences": object{"merchantReference": matchers.S(moveKey)}}
}

// paymentError is a refusal; its first error tells.
func paymentError(id matchers.Matcher) object {
	return object{"errors": matchers.EachLike(object{"id": id, "message": matchers.Like("a sentence")}, 1)}
}

// worldlineRequests are the calls of the client.
func worldlineRequests() []request {
	return []request{
		{
			what: "a question for a payment", state: order("the payment of an order is authorised", unallocatedOrder), read: true,
			describe: func(i unconfigured, key string) *consumer.V4InteractionWithRequest {
				return i.WithRequestPathMatcher(http.MethodGet, paymentPath("/details"), signed(key))
			},
			call: func(ctx context.Context, caller remote.Caller, key string) error {
				_, err := merchant(caller, key).Payment(ctx, paymentNo)
				return err
			},
		},
		{
			what: "a void", state: order("the payment of an order is authorised", unallocatedOrder),
			describe: func(i unconfigured, key string) *consumer.V4InteractionWithRequest {
				return i.WithRequestPathMatcher(http.MethodPost, paymentPath("/cancel"), signed(key), underKey(moveKey), voiding(1000, payCurrency, false))
			},
			call: func(ctx context.Context, caller remote.Caller, key string) error {
				return merchant(caller, key).Void(ctx, paymentNo, movement(1000, false))
			},
		},
		{
			what: "a refund", state: order("the payment of an order is captured", paidOrder),
			describe: func(i unconfigured, key string) *consumer.V4InteractionWithRequest {
				return i.WithRequestPathMatcher(http.MethodPost, paymentPath("/refund"), signed(key), underKey(moveKey), refunding(1000))
			},
			call: func(ctx context.Context, caller remote.Caller, key string) error {
				_, err := merchant(caller, key).Refund(ctx, paymentNo, movement(1000, false))
				return err
			},
		},
	}
}
