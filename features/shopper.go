package features

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
)

// channel is the way by which a shopper reaches order-ops.
type channel string

// The channels: the storefront speaks the commerce API it has always spoken, the app order-ops' own. What comes of a
// wish must not depend on it.
const (
	storefront channel = "storefront"
	app        channel = "app"
)

// The simulator's well-known names, as every client of it uses them.
const (
	firstSite    = "RefArch"
	wellKnown    = "somsim"
	clientID     = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
	mailDomain   = "@somsim.test"
	orderOpsPath = "/order-ops/v1"
)

// shopPath is where a site of the shop serves its orders.
func shopPath(site string) string { return "/s/" + site + "/dw/shop/v23_2" }

// shopper is somebody who places orders, or a guest, or nobody known.
type shopper struct {
	wire
	api, orderOps, sandbox string
	site                   string
	name                   string      // under which the shopper logged in; empty for a guest, or nobody known
	token                  string      // with its scheme; empty for somebody who has not logged in
	lasting                string      // the token of the last log-in by name
	override               string      // the rule that is to be set aside; empty sets none
	sessions               []string    // the tokens of the sessions of SLAS, the first one first
	certificate            json.Number // what a gift certificate pays of what they order; empty where none does
	web                    bool        // they use the web app, whose sessions are those of SLAS
	reach                  *reach
}

// logIn makes the shopper of that name known, as the storefront does.
func (s *shopper) logIn(ctx context.Context, name string) error {
	s.name = name
	basic := base64.StdEncoding.EncodeToString([]byte(name + mailDomain + ":" + wellKnown))
	err := s.authorize(ctx, "credentials", map[string]string{"Authorization": "Basic " + basic})
	s.lasting = s.token
	return err
}

// visit makes the shopper a guest.
func (s *shopper) visit(ctx context.Context) error {
	return s.authorize(ctx, "guest", map[string]string{})
}

func (s *shopper) authorize(ctx context.Context, kind string, header map[string]string) error {
	header["x-dw-client-id"] = clientID + "~" + s.sandbox
	answer, err := s.send(ctx, request{http.MethodPost, s.api + shopPath(s.site) + "/customers/auth", header, map[string]string{"type": kind}})
	if err != nil {
		return err
	}
	s.token = answer.header.Get("Authorization")
	if answer.status != http.StatusOK || s.token == "" {
		return fmt.Errorf("log in: status %d: %s", answer.status, answer.body)
	}
	return nil
}

// wish is a cancel, or a return, that a shopper asks for. Asking twice with the same wish is one wish.
type wish struct {
	channel channel
	orderNo string
	key     string
	items   []wishedItem // none means the whole order
	// reason is a reason code; empty sends none.
	reason string
	// partial accepts that only the open part of a partly fulfilled order is cancelled, or what can be returned is returned.
	partial bool
	// expected is the refund that the shopper agrees to; empty sends none.
	expected string
	// returned says that units are to come back, and not to be cancelled.
	returned bool
}

// action is what the storefront calls the wish, resource where the app asks for it.
func (w wish) action() (action, resource string) {
	if w.returned {
		return "return", "/returns"
	}
	return "cancel", "/cancellations"
}

type wishedItem struct {
	ItemID   string `json:"item_id"`
	Quantity int    `json:"quantity"`
}

func (s *shopper) header() map[string]string {
	header := map[string]string{"baggage": "sandbox=" + s.sandbox, "correlation-id": "scenario"}
	if s.token != "" {
		header["Authorization"] = s.token
	}
	if s.override != "" {
		header["Order-Ops-Override"] = s.override
	}
	return header
}

// cancel asks order-ops for what is wished: a cancel, or a return.
func (s *shopper) cancel(ctx context.Context, w wish) answer {
	got := s.tell(ctx, w)
	got.again = func(ctx context.Context) answer { return s.tell(ctx, w) }
	return got
}

func (s *shopper) tell(ctx context.Context, w wish) answer {
	header := s.header()
	action, resource := w.action()
	if w.channel == storefront || w.channel == atShop {
		body := map[string]any{"c_action": action, "c_actionRequestId": w.key}
		if len(w.items) > 0 {
			items, _ := json.Marshal(w.items) // plain strings and numbers cannot fail
			body["c_items"] = string(items)
		}
		w.describe(body, "c_reasonCode", "c_partial", "c_expectedRefund")
		server := s.orderOps
		if w.channel == atShop {
			server, header["x-dw-client-id"] = s.api, clientID
		}
		path := server + shopPath(s.site) + "/orders/" + url.PathEscape(w.orderNo)
		return s.ask(ctx, storefront, request{http.MethodPatch, path, header, body})
	}
	header["Idempotency-Key"] = w.key
	body := map[string]any{}
	if len(w.items) > 0 {
		body["items"] = w.items
	}
	w.describe(body, "reason_code", "partial", "expected_refund")
	path := s.orderOps + orderOpsPath + "/orders/" + url.PathEscape(w.orderNo) + resource + "?site=" + url.QueryEscape(s.site)
	return s.ask(ctx, app, request{http.MethodPost, path, header, body})
}

// preview asks order-ops what a wish would come to. In the app the answer is that alone.
func (s *shopper) preview(ctx context.Context, w wish) answer {
	if w.channel == storefront {
		return s.previewInStorefront(ctx, w)
	}
	body := map[string]any{}
	if len(w.items) > 0 {
		body["items"] = w.items
	}
	w.describe(body, "reason_code", "partial", "expected_refund")
	_, resource := w.action()
	path := s.orderOps + orderOpsPath + "/orders/" + url.PathEscape(w.orderNo) + resource + "/preview?site=" + url.QueryEscape(s.site)
	return s.ask(ctx, app, request{http.MethodPost, path, s.header(), body})
}

func (s *shopper) previewInStorefront(ctx context.Context, w wish) answer {
	action, _ := w.action()
	body := map[string]any{"c_action": action, "c_preview": true}
	if len(w.items) > 0 {
		body["c_items"] = w.items
	}
	w.describe(body, "c_reasonCode", "c_partial", "c_expectedRefund")
	got := s.ask(ctx, storefront, request{http.MethodPatch, s.orderOps + shopPath(s.site) + "/orders/" + url.PathEscape(w.orderNo), s.header(), body})
	var document struct {
		Preview struct {
			Return       *returned     `json:"return"`
			Cancellation *cancellation `json:"cancellation"`
		} `json:"c_actionPreview"`
	}
	if err := json.Unmarshal(got.body, &document); got.lost == nil && err == nil {
		got.returned, got.cancellation = document.Preview.Return, document.Preview.Cancellation
	}
	return got
}

// describe adds what a wish says beside its items to a body, under the names that a channel has for it.
func (w wish) describe(body map[string]any, reason, partial, expected string) {
	if w.expected != "" {
		body[expected] = json.Number(w.expected)
	}
	if w.reason != "" {
		body[reason] = w.reason
	}
	if w.partial {
		body[partial] = "allow"
	}
}

// look asks order-ops for an order.
func (s *shopper) look(ctx context.Context, c channel, orderNo string) answer {
	path := s.orderOps + orderOpsPath + "/orders/" + url.PathEscape(orderNo) + "?site=" + url.QueryEscape(s.site)
	if c == storefront {
		path = s.orderOps + shopPath(s.site) + "/orders/" + url.PathEscape(orderNo)
	}
	return s.ask(ctx, c, request{http.MethodGet, path, s.header(), nil})
}

// follow asks order-ops what has become of an operation.
func (s *shopper) follow(ctx context.Context, operationID string) answer {
	path := s.orderOps + orderOpsPath + "/operations/" + url.PathEscape(operationID)
	return s.ask(ctx, app, request{http.MethodGet, path, s.header(), nil})
}

func (s *shopper) ask(ctx context.Context, c channel, r request) answer {
	got, err := s.sendBy(ctx, c, r)
	if err != nil {
		return answer{lost: err}
	}
	read := appAnswer
	if c == storefront {
		read = storefrontAnswer
	}
	a := read(got)
	s.reach.hear(a.code)
	return a
}

// sendBy carries a request to order-ops out if order-ops can be asked in that channel.
func (s *shopper) sendBy(ctx context.Context, c channel, r request) (reply, error) {
	if err := s.reach.fits(c); err != nil {
		return reply{}, err
	}
	return s.send(ctx, r)
}

// callBy is sendBy for requests that have to succeed.
func (s *shopper) callBy(ctx context.Context, c channel, r request, into any) error {
	if err := s.reach.fits(c); err != nil {
		return err
	}
	return s.call(ctx, r, into)
}

// askAboutReturns asks order-ops in the app why an order can or cannot be returned.
func (s *shopper) askAboutReturns(ctx context.Context, orderNo string) answer {
	path := s.orderOps + orderOpsPath + "/orders/" + url.PathEscape(orderNo) + "/return-policy?site=" + url.QueryEscape(s.site)
	return s.ask(ctx, app, request{http.MethodGet, path, s.header(), nil})
}

// customerID is the id under which the shop knows the shopper, out of the login.
func (s *shopper) customerID() (string, error) {
	token := strings.TrimPrefix(s.token, "Bearer ")
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		return "", fmt.Errorf("the shopper has no token")
	}
	raw, err := base64.RawURLEncoding.DecodeString(parts[1])
	if err != nil {
		return "", fmt.Errorf("read the shopper's token: %w", err)
	}
	var claims struct {
		Subject string `json:"sub"`
	}
	var subject struct {
		Customer struct {
			ID string `json:"customer_id"`
		} `json:"customer_info"`
	}
	if err := json.Unmarshal(raw, &claims); err != nil {
		return "", fmt.Errorf("read the shopper's token: %w", err)
	}
	if err := json.Unmarshal([]byte(claims.Subject), &subject); err != nil {
		return "", fmt.Errorf("read the shopper's token: %w", err)
	}
	return subject.Customer.ID, nil
}
