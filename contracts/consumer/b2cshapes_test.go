//go:build pact

package consumer_test

import (
	"context"
	"encoding/base64"
	"fmt"
	"net/http"

	"github.com/google/go-cmp/cmp"
	"github.com/pact-foundation/pact-go/v2/consumer"
	"github.com/pact-foundation/pact-go/v2/matchers"
	"github.com/pact-foundation/pact-go/v2/models"

	"github.com/somsim/somsim/orderops/b2cclient"
	"github.com/somsim/somsim/orderops/remote"
)

// shopper sends a shopper's token and the client id that belongs to it.
func shopper(token string) consumer.V4RequestBuilderFunc {
	return func(b *consumer.V4RequestBuilder) {
		b.Header("Authorization", matchers.S("Bearer "+token))
		b.Header("x-dw-client-id", matchers.S(commerceClient))
	}
}

func basicOf(secret string) consumer.V4RequestBuilderFunc {
	credentials := base64.StdEncoding.EncodeToString([]byte(commerceClient + ":" + secret))
	return func(b *consumer.V4RequestBuilder) { b.Header("Authorization", matchers.S("Basic "+credentials)) }
}

func customerOrdersPath() matchers.Matcher {
	const before, after = shopPath + "/customers/", "/orders"
	return fromState(before+"${customerId}"+after, before+customerID+after).shaped(`[A-Za-z0-9-]+`)
}

// pageFrom asks for a page of that size.
func pageFrom(start, size string) consumer.V4RequestBuilderFunc {
	return func(b *consumer.V4RequestBuilder) {
		b.Query("start", matchers.S(start))
		b.Query("count", matchers.S(size))
	}
}

func status(status string) consumer.V4RequestBuilderFunc {
	return func(b *consumer.V4RequestBuilder) { b.JSONBody(object{"status": status}) }
}

// commerceOrder is what order-ops reads of an order document.
func commerceOrder(number matchers.Matcher) object {
	return object{
		"order_no": number, "_resource_state": matchers.Term(commerceState, `^[0-9a-f]{64}$`),
		"status":          matchers.Term("new", "^(created|new|open|completed|cancelled|replaced|failed)$"),
		"export_status":   matchers.Term("exported", "^(not_exported|exported|ready|failed)$"),
		"shipping_status": matchers.Term("not_shipped", "^(not_shipped|part_shipped|shipped)$"),
		"creation_date":   instant("2026-06-01T10:00:00.000Z"), "currency": matchers.Term("EUR", "^[A-Z]{3}$"),
		"order_total": matchers.Like(120.5),
		"product_items": matchers.EachLike(object{
			"item_id": matchers.Like("item-1"), "product_id": matchers.Like("SHIRT-M"), "quantity": matchers.Like(2),
		}, 1),
	}
}

// expectOrder checks that the client read the example of commerceOrder.
func expectOrder(err error, doc b2cclient.Document) error {
	if err != nil {
		return err
	}
	o := doc.Order
	if len(o.ProductItems) != 1 {
		return fmt.Errorf("product items %+v, want one", o.ProductItems)
	}
	got := []string{
		o.OrderNo, o.ResourceState, o.Status, o.ExportStatus, o.ShippingStatus, o.CreationDate.UTC().String(), o.Currency, o.OrderTotal.String(),
		o.ProductItems[0].ItemID, o.ProductItems[0].ProductID, o.ProductItems[0].Quantity.String(),
	}
	want := []string{
		unallocatedOrder, commerceState, "new", "exported", "not_shipped", "2026-06-01 10:00:00 +0000 UTC", "EUR", "120.5",
		"item-1", "SHIRT-M", "2",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		return fmt.Errorf("the client read (-want +got):\n%s", diff)
	}
	return nil
}

// commerceFault is OCAPI's refusal. Its text is for people.
func commerceFault(kind string) object {
	return object{"fault": object{"type": matchers.S(kind), "message": matchers.Like("a sentence")}}
}

// changing is the body of a PATCH.
func changing(properties object) consumer.V4RequestBuilderFunc {
	return func(b *consumer.V4RequestBuilder) { b.JSONBody(properties) }
}

func commerce(caller remote.Caller) *b2cclient.Client {
	return b2cclient.New(caller, remote.StaticToken{Value: systemToken})
}

func shop() b2cclient.Shop { return b2cclient.Shop{Site: "RefArch", Version: b2cclient.DefaultVersion} }

func asShopper(token string) b2cclient.Caller {
	return b2cclient.Caller{Token: token, ClientID: commerceClient}
}

// asShopperRequests are the calls that the client makes for a shopper.
func asShopperRequests() []request {
	own := order("an order is the shopper's", unallocatedOrder)
	return []request{
		{
			what: "a shopper's question for a document", state: own, read: true,
			describe: func(i unconfigured, token string) *consumer.V4InteractionWithRequest {
				return i.WithRequest(http.MethodGet, shopPath+"/orders/"+unallocatedOrder, shopper(token))
			},
			call: func(ctx context.Context, caller remote.Caller, token string) error {
				_, err := commerce(caller).Order(ctx, shop(), asShopper(token), unallocatedOrder)
				return err
			},
		},
		{
			what: "a shopper's question for documents", state: models.ProviderState{Name: "the shopper has orders"}, read: true,
			describe: func(i unconfigured, token string) *consumer.V4InteractionWithRequest {
				return i.WithRequestPathMatcher(http.MethodGet, customerOrdersPath(), shopper(token))
			},
			call: func(ctx context.Context, caller remote.Caller, token string) error {
				_, err := commerce(caller).CustomerOrders(ctx, shop(), asShopper(token), customerID, nil)
				return err
			},
		},
		{
			what: "a shopper's change", state: own,
			describe: func(i unconfigured, token string) *consumer.V4InteractionWithRequest {
				return i.WithRequest(http.MethodPatch, shopPath+"/orders/"+unallocatedOrder, shopper(token), changing(ownChange("c_giftNote", "thanks")))
			},
			call: func(ctx context.Context, caller remote.Caller, token string) error {
				_, err := commerce(caller).Patch(ctx, shop(), asShopper(token), unallocatedOrder, []byte(`{"c_giftNote":"thanks"}`))
				return err
			},
		},
	}
}

// asSystemRequests are the calls that the client makes for the service itself.
func asSystemRequests() []request {
	own := order("an order is the shopper's", unallocatedOrder)
	as := func(caller remote.Caller, token string) *b2cclient.Client {
		return b2cclient.New(caller, remote.StaticToken{Value: token})
	}
	return []request{
		{
			what: "a system's question for a status", state: own, read: true,
			describe: func(i unconfigured, token string) *consumer.V4InteractionWithRequest {
				return i.WithRequest(http.MethodGet, shopPath+"/orders/"+unallocatedOrder, authorized(token))
			},
			call: func(ctx context.Context, caller remote.Caller, token string) error {
				_, err := as(caller, token).Status(ctx, shop(), unallocatedOrder)
				return err
			},
		},
		{
			what: "a system's change of a status", state: own,
			describe: func(i unconfigured, token string) *consumer.V4InteractionWithRequest {
				return i.WithRequest(http.MethodPatch, shopPath+"/orders/"+unallocatedOrder, authorized(token), status(b2cclient.StatusCancelled))
			},
			call: func(ctx context.Context, caller remote.Caller, token string) error {
				return as(caller, token).SetStatus(ctx, shop(), unallocatedOrder, b2cclient.StatusCancelled)
			},
		},
	}
}

// systemLogIn is the log-in of the service itself. One that fails leaves
// nothing open.
func systemLogIn() request {
	return request{
		what: "a system's log-in", state: models.ProviderState{Name: "preset omnichannel"}, read: true,
		describe: func(i unconfigured, secret string) *consumer.V4InteractionWithRequest {
			return i.WithRequest(http.MethodPost, "/dwsso/oauth2/access_token", basicOf(secret), form("grant_type=client_credentials"))
		},
		call: func(ctx context.Context, caller remote.Caller, secret string) error {
			_, err := b2cclient.Login(caller, b2cclient.Credentials{ClientID: commerceClient, ClientSecret: secret}).Token(ctx)
			return err
		},
	}
}
