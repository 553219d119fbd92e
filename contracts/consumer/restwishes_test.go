//go:build pact

package consumer_test

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/pact-foundation/pact-go/v2/consumer"
	"github.com/pact-foundation/pact-go/v2/matchers"
)

// channel is how a front end reaches order-ops' own face for its shopper.
type channel struct{ base, token string }

// answerAt is where and when to ask what became of a wish that is not over.
type answerAt struct{ location, after string }

// wishes asks for what a wish says. What it would come to is a preview.
func (c channel) wishes(ctx context.Context, number string, w shopWish, preview bool, out any) (answerAt, error) {
	resource, in, err := w.rest()
	if err != nil {
		return answerAt{}, err
	}
	sent, err := json.Marshal(in)
	if err != nil {
		return answerAt{}, err
	}
	key := w.requestID
	path := "/orders/" + url.PathEscape(number) + "/" + resource
	if preview {
		path, key = path+"/preview", ""
	}
	return c.post(ctx, path+siteOf(number), key, sent, out)
}

func (c channel) post(ctx context.Context, path, key string, sent []byte, out any) (answerAt, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, c.base+restPath+path, bytes.NewReader(sent))
	if err != nil {
		return answerAt{}, err
	}
	req.Header.Set("Content-Type", "application/json")
	if c.token != "" {
		req.Header.Set("Authorization", "Bearer "+c.token)
	}
	if key != "" {
		req.Header.Set("Idempotency-Key", key)
	}
	header, err := restDo(req, out)
	return answerAt{header.Get("Location"), header.Get("Retry-After")}, err
}

// restDo makes a request and reads the answer, or the refusal.
func restDo(req *http.Request, out any) (http.Header, error) {
	resp, err := (&http.Client{Timeout: 10 * time.Second}).Do(req)
	if err != nil {
		return nil, err
	}
	defer func() { _ = resp.Body.Close() }()
	if resp.StatusCode < http.StatusBadRequest {
		return resp.Header, json.NewDecoder(resp.Body).Decode(out)
	}
	var problem struct {
		Code      string `json:"code"`
		Retriable bool   `json:"retriable"`
		shopDetails
	}
	if err := json.NewDecoder(resp.Body).Decode(&problem); err != nil {
		return nil, err
	}
	return resp.Header, &restRefusal{resp.StatusCode, problem.Code, problem.Retriable, resp.Header.Get("Retry-After") != "", problem.shopDetails}
}

// siteOf is the query of an order that is of another site than the configured one.
func siteOf(number string) string {
	if number == outletOrder {
		return "?site=" + outlet
	}
	return ""
}

// rest is the wish as order-ops' own face takes it.
func (w shopWish) rest() (resource string, body map[string]any, err error) {
	body = map[string]any{}
	set := func(name, value string) {
		if value != "" {
			body[name] = value
		}
	}
	amount := func(name, value string) {
		if value != "" && err == nil {
			body[name], err = strconv.ParseFloat(value, 64)
		}
	}
	if len(w.items) > 0 {
		body["items"] = w.items
	}
	switch action := cmp.Or(w.action, "cancel"); action {
	case "cancel", "return":
		resource = map[string]string{"cancel": "cancellations", "return": "returns"}[action]
		set("reason_code", w.reason)
		if w.partial {
			set("partial", "allow")
		}
		amount("expected_refund", w.expectedRefund)
	case modifying:
		resource = "modifications"
		set("on_existing_basket", w.onExisting)
		set("slot_id", w.slot)
		set("channel", w.channel)
		amount("expected_total", w.expectedTotal)
	case confirming:
		resource = "confirmations"
		set("new_order_no", w.newOrder)
		set("basket_id", w.basket)
		set("slot_id", w.slot)
		amount("expected_total", w.expectedTotal)
	}
	return resource, body, err
}

// asking is the request for a wish, or for its preview. Ids are the provider's to name.
func (p restPact) asking(t *testing.T, i unconfigured, number string, w shopWish, preview bool, token string) *consumer.V4InteractionWithRequest {
	t.Helper()
	resource, sent, err := w.rest()
	if err != nil {
		t.Fatal(err)
	}
	for name, value := range sent {
		switch value := value.(type) {
		case string:
			if known := named(value); known != "" {
				sent[name] = fromState("${"+known+"}", value).shaped(`[A-Za-z0-9-]+`)
			}
		case []shopItem:
			sent[name] = itemsAsked(value)
		}
	}
	path := restPath + "/orders/" + number + "/" + resource
	if preview {
		path += "/preview"
	}
	return i.WithRequest(http.MethodPost, path, func(b *consumer.V4RequestBuilder) {
		b.Header("Authorization", matchers.S("Bearer "+token))
		if !preview {
			b.Header("Idempotency-Key", matchers.S(w.requestID))
		}
		if number == outletOrder {
			b.Query("site", matchers.S(outlet))
		}
		b.JSONBody(sent)
	})
}

func itemsAsked(items []shopItem) (asked []object) {
	for _, item := range items {
		one := object{"item_id": any(item.ItemID), "quantity": item.Quantity}
		if item.ItemID == itemOfOrder {
			one["item_id"] = fromState("${itemId}", itemOfOrder).shaped(`[A-Za-z0-9-]+`)
		}
		asked = append(asked, one)
	}
	return asked
}

// grant is a wish, or its preview, with the answer that the channel reads of it.
type grant struct {
	request, state, number string
	wish                   shopWish
	preview                bool
	status                 int
	answer                 object
}

// grants has a wish granted; want is what the channel has read then.
func grants[T any](t *testing.T, p restPact, g grant, want T) {
	t.Helper()
	t.Run(g.request, func(t *testing.T) {
		i := p.asking(t, p.interaction(t, g.request).GivenWithParameter(order(g.state, g.number)), g.number, g.wish, g.preview, p.token).
			WillRespondWith(cmp.Or(g.status, http.StatusOK), func(b *consumer.V4ResponseBuilder) {
				if g.status == http.StatusAccepted {
					b.Header("Location", matchers.Term(openedAt.location, `^/order-ops/v1/operations/.+$`))
					b.Header("Retry-After", matchers.Term(openedAt.after, `^[1-9]\d*$`))
				}
				b.JSONBody(exactly(g.answer))
			})
		p.reads(t, i, func(base string) error {
			var got T
			at, err := channel{base, p.token}.wishes(t.Context(), g.number, g.wish, g.preview, &got)
			if err == nil && g.status == http.StatusAccepted && at != openedAt {
				err = fmt.Errorf("to be asked at %+v", at)
			}
			return expect(err, got, want)
		})
	})
}

// openedAt are where and when to ask in the examples.
var openedAt = answerAt{restPath + "/operations/operation-1", "2"}

// wishRefused has a wish, or its preview, refused.
func (p restPact) wishRefused(t *testing.T, r storefrontRefusal, preview bool) {
	t.Helper()
	request, want := r.request, p.told(restOf(r.want))
	if preview {
		request = "the preview of " + request
	}
	token := cmp.Or(r.token, p.token)
	t.Run(request, func(t *testing.T) {
		i := p.asking(t, p.interaction(t, request).GivenWithParameter(order(r.state, r.number)), r.number, *r.wish, preview, token).
			WillRespondWith(want.status, problemOf(want))
		p.reads(t, i, func(base string) error {
			_, err := channel{base, token}.wishes(t.Context(), r.number, *r.wish, preview, nil)
			return expectRefusal(err, want)
		})
	})
}

func expectRefusal(err error, want restRefusal) error {
	got, ok := err.(*restRefusal) //nolint:errorlint // it is not wrapped
	if !ok {
		return fmt.Errorf("got %w, want %s", err, want.Error())
	}
	return expect(nil, gocmp.Diff(want, *got, gocmp.AllowUnexported(restRefusal{})), "")
}

// restOf is what a refusal that a storefront knows is at order-ops' own face.
func restOf(f shopFault) restRefusal {
	known := map[string]string{
		"OrderNotFoundException": "ORDER_NOT_FOUND", "InvalidAccessTokenException": "UNAUTHENTICATED",
		"ClientAccessForbiddenException": "FORBIDDEN", "TooManyRequestsException": "RATE_LIMITED",
	}
	code := cmp.Or(f.code, known[f.kind])
	status, ok := map[string]int{
		"ORDER_NOT_FOUND": 404, "UNAUTHENTICATED": 401, "FORBIDDEN": 403, "RATE_LIMITED": 429, "UPSTREAM_ERROR": 502, "UPSTREAM_TIMEOUT": 504,
		"OMS_UNAVAILABLE": 503, "ACTION_NOT_AVAILABLE": 501, "IDEMPOTENCY_KEY_REUSED": 422, "PAYMENT_DECLINED": 402, "BASKET_NOT_FOUND": 404,
		"UNKNOWN_ITEMS": 400, "INVALID_QUANTITY": 400, "CANCEL_QUANTITY_EXCEEDED": 400, "RETURN_QUANTITY_EXCEEDED": 400, "INVALID_REASON_CODE": 400,
		"INVALID_REQUEST": 400, "QUANTITY_INVALID": 400,
	}[code]
	if !ok {
		status = http.StatusConflict
	}
	return restRefusal{status, code, f.retriable || code == "RATE_LIMITED", f.retryAfter, f.details}
}

// wishRefusals are those of what the document of order-ops' own face lets a channel ask for: a request without a key, or with
// items that are no list, no channel can make.
func wishRefusals() []storefrontRefusal {
	return slices.DeleteFunc(allRefusals(), func(r storefrontRefusal) bool {
		return r.wish == nil || r.wish.action == noAction || r.wish.requestID == "" || r.wish.spoiled || r.wish.resourceState != ""
	})
}

// previewRefusals are those that a preview foresees. It takes no key, changes nothing that somebody else may be changing,
// and neither pays nor takes a slot.
func previewRefusals() []storefrontRefusal {
	unseen := strings.Fields(`IDEMPOTENCY_KEY_REUSED ORDER_ACTION_IN_PROGRESS ORDER_CHANGED PAYMENT_DECLINED BASKET_INCOMPLETE SLOT_HOLD_EXPIRED SLOT_FULL
		ACTION_NOT_AVAILABLE`)
	return slices.DeleteFunc(wishRefusals(), func(r storefrontRefusal) bool { return slices.Contains(unseen, r.want.code) })
}

// allRefusals are the refusals of every action.
func allRefusals() []storefrontRefusal {
	return slices.Concat(cancelsRefused(), wishesRefused(), failures(), modificationsRefused(), confirmationsRefused(), returnsRefused(), everyActionRefused())
}
