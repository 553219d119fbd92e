//go:build pact

package consumer_test

import (
	"context"
	"encoding/json"
	"net/http"
	"testing"

	"github.com/pact-foundation/pact-go/v2/consumer"
	"github.com/pact-foundation/pact-go/v2/matchers"
	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/orderops/ociclient"
	"github.com/somsim/somsim/orderops/remote"
)

const (
	tenant        = "f_ecom_zzte_053"
	inventoryKey  = "somsim"
	reservationID = "7d3f2b1a-5c4e-8f60-8a1b-2c3d4e5f6071"
	// releaseKey makes a release of the examples once, otherKey another one.
	releaseKey = "0b1c2d3e-4f50-8162-8394-a5b6c7d8e9f0"
	otherKey   = "1b1c2d3e-4f50-8162-8394-a5b6c7d8e9f0"
	// reserveKey makes a reservation of the examples once.
	reserveKey = "2b1c2d3e-4f50-8162-8394-a5b6c7d8e9f0"

	reservationsPath = "/inventory/reservation/v1/organizations/" + tenant + "/reservation-documents"
	releasesPath     = "/inventory/reservation/v1/organizations/" + tenant + "/releases"

	uuid = `[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}`
)

// ociPact holds one method for each kind of interaction.
type ociPact struct{ *pact }

func TestOrderOpsAsksOfOCI(t *testing.T) {
	t.Setenv("PACT_DO_NOT_TRACK", "true")
	p := ociPact{newPact(t, "order-ops", "oci")}
	t.Run("holdings", p.holdings)
	t.Run("no holdings", p.noHoldings)
	t.Run("release", p.release)
	t.Run("release refused", p.releaseRefused)
	t.Run("release in part", p.releaseInPart)
	t.Run("reserve", p.reserve)
	t.Run("reserve refused", p.reserveRefused)
	t.Run("foreign tenant", p.foreignTenant)
	const badToken = "invalid-access-token"
	p.unauthorized(t, ociRequests(), http.StatusUnauthorized, remote.Unauthorized, badToken, problemBody(inventoryProblem(badToken)))
	p.failing(t, ociRequests(), outages(), inventoryKey, nil)
	p.settle(t)
}

// holdings are told of a location, or of a group before it is decided who ships.
func (p ociPact) holdings(t *testing.T) {
	cases := []struct {
		state, number, field, place string
		want                        ociclient.Holding
	}{
		{
			"stock is reserved for an order at a group of locations", unallocatedOrder, "locationGroupIdentifier", "ALL-LOCATIONS",
			ociclient.Holding{ReservationID: reservationID, SKU: "SHIRT-M", Quantity: decimal.NewFromInt(2), Group: "ALL-LOCATIONS"},
		},
		{
			"stock is reserved for an order at a location", allocatedOrder, "locationIdentifier", "WH-EAST",
			ociclient.Holding{ReservationID: reservationID, SKU: "SHIRT-M", Quantity: decimal.NewFromInt(2), Location: "WH-EAST"},
		},
	}
	for _, c := range cases {
		t.Run(c.state, func(t *testing.T) {
			i := p.interaction(t, "a question for reservations when "+c.state).
				GivenWithParameter(order(c.state, c.number)).
				WithRequest(http.MethodGet, reservationsPath, authorized(inventoryKey), referringTo(c.number)).
				WillRespondWith(http.StatusOK, body(object{"reservations": matchers.EachLike(object{
					"reservationId": matchers.Term(reservationID, "^"+uuid+"$"),
					"records": matchers.EachLike(object{
						"stockKeepingUnit": matchers.Like("SHIRT-M"), "quantity": matchers.Like(2), c.field: matchers.S(c.place),
					}, 1),
				}, 1)}))
			p.run(t, i, func(caller remote.Caller) error {
				got, err := inventory(caller, inventoryKey).Holdings(t.Context(), c.number)
				return expect(err, got, []ociclient.Holding{c.want})
			})
		})
	}
}

// noHoldings are told when an order never had any, or has none any more.
func (p ociPact) noHoldings(t *testing.T) {
	cases := []struct {
		state, number string
		reservations  any
	}{
		{"nothing was ever reserved for an order", unknownOrder, []object{}},
		{"the stock of an order was given back", cancelledOrder, []object{{"reservationId": matchers.Term(reservationID, "^"+uuid+"$"), "records": []object{}}}},
	}
	for _, c := range cases {
		t.Run(c.state, func(t *testing.T) {
			i := p.interaction(t, "a question for reservations when "+c.state).
				GivenWithParameter(order(c.state, c.number)).
				WithRequest(http.MethodGet, reservationsPath, authorized(inventoryKey), referringTo(c.number)).
				WillRespondWith(http.StatusOK, body(object{"reservations": c.reservations}))
			p.run(t, i, func(caller remote.Caller) error {
				got, err := inventory(caller, inventoryKey).Holdings(t.Context(), c.number)
				return expect(err, len(got), 0)
			})
		})
	}
}

func (p ociPact) release(t *testing.T) {
	cases := []struct {
		state, number, request string
		record                 ociclient.Release
	}{
		{"stock is reserved for an order at a group of locations", unallocatedOrder, "a release from a group", ofGroup(unallocatedOrder, 1)},
		{"stock is reserved for an order at a location", allocatedOrder, "a release from a location", ofLocation(allocatedOrder, 1)},
		{"stock of an order was released under the key", unallocatedOrder, "the same release again", ofGroup(unallocatedOrder, 1)},
	}
	for _, c := range cases {
		t.Run(c.request, func(t *testing.T) {
			i := p.interaction(t, c.request).
				GivenWithParameter(order(c.state, c.number)).
				WithRequest(http.MethodPost, releasesPath, authorized(inventoryKey), releasing(c.record)).
				WillRespondWith(http.StatusOK, body(object{"success": true}))
			p.run(t, i, func(caller remote.Caller) error {
				failed, err := inventory(caller, inventoryKey).Release(t.Context(), []ociclient.Release{c.record})
				return expect(err, len(failed), 0)
			})
		})
	}
}

// releaseRefused has a record refused for each of the reasons. It is echoed to
// be sent again; Moved tells whether that may help.
func (p ociPact) releaseRefused(t *testing.T) {
	const reserved = "stock is reserved for an order at a group of locations"
	wrongSKU, wrongPlace, otherRecord := ofGroup(unallocatedOrder, 1), ofGroup(unallocatedOrder, 1), ofGroup(unallocatedOrder, 2)
	wrongSKU.SKU, wrongPlace.Group = "NEVER-SOLD", "NOWHERE"
	cases := []struct {
		state, request, code string
		record               ociclient.Release
		moved                bool
	}{
		{reserved, "a release of more than is reserved", "QUANTITY_EXCEEDS_RESERVED", ofGroup(unallocatedOrder, 1000), true},
		{reserved, "a release from a location that holds nothing", "RESERVATION_NOT_FOUND", ofLocation(unallocatedOrder, 1), true},
		{"the reservation of an order has expired", "a release of what has expired", "RESERVATION_EXPIRED", ofGroup(unallocatedOrder, 1), true},
		{reserved, "a release from a group that is not there", "LOCATION_NOT_FOUND", wrongPlace, false},
		{reserved, "a release of what was never sold", "SKU_NOT_FOUND", wrongSKU, false},
		{"stock of an order was released under the key", "another release under the key", "DUPLICATE_ACTION_REQUEST", otherRecord, false},
	}
	for _, c := range cases {
		t.Run(c.request, func(t *testing.T) {
			i := p.interaction(t, c.request).
				GivenWithParameter(order(c.state, unallocatedOrder)).
				WithRequest(http.MethodPost, releasesPath, authorized(inventoryKey), releasing(c.record)).
				WillRespondWith(http.StatusOK, body(notReleased(c.code, c.record)))
			p.run(t, i, func(caller remote.Caller) error {
				failed, err := inventory(caller, inventoryKey).Release(t.Context(), []ociclient.Release{c.record})
				if err == nil && len(failed) == 1 {
					err = expect(nil, failed[0].Moved(), c.moved)
				}
				return expect(err, failed, []ociclient.Failed{{Code: c.code, Record: c.record}})
			})
		})
	}
}

// releaseInPart proves that a record that fails keeps no other from being done.
func (p ociPact) releaseInPart(t *testing.T) {
	good, bad := ofGroup(unallocatedOrder, 1), ofGroup(unallocatedOrder, 1000)
	bad.ActionRequestID, bad.SKU = otherKey, "SCARF"
	i := p.interaction(t, "a release of two records of which one fails").
		GivenWithParameter(order("stock is reserved for an order at a group of locations", unallocatedOrder)).
		WithRequest(http.MethodPost, releasesPath, authorized(inventoryKey), releasing(good, bad)).
		WillRespondWith(http.StatusOK, body(notReleased("QUANTITY_EXCEEDS_RESERVED", bad)))
	p.run(t, i, func(caller remote.Caller) error {
		failed, err := inventory(caller, inventoryKey).Release(t.Context(), []ociclient.Release{good, bad})
		return expect(err, failed, []ociclient.Failed{{Code: "QUANTITY_EXCEEDS_RESERVED", Record: bad}})
	})
}

// reserve has units kept for an order again, once however often it is asked for.
func (p ociPact) reserve(t *testing.T) {
	for _, c := range []struct{ state, request string }{
		{"stock is reserved for an order at a group of locations", "a reservation for an order"},
		{"stock was reserved for an order under the key", "the same reservation again"},
	} {
		t.Run(c.request, func(t *testing.T) {
			i := p.interaction(t, c.request).
				GivenWithParameter(order(c.state, unallocatedOrder)).
				WithRequest(http.MethodPost, reservationsPath, authorized(inventoryKey), reserving(oneMore())).
				WillRespondWith(http.StatusOK, body(object{"success": true}))
			p.run(t, i, func(caller remote.Caller) error {
				return inventory(caller, inventoryKey).Reserve(t.Context(), oneMore())
			})
		})
	}
}

// reserveRefused has a reservation refused for each of the reasons.
func (p ociPact) reserveRefused(t *testing.T) {
	const reserved = "stock is reserved for an order at a group of locations"
	tooMany, wrongSKU, wrongPlace, other := oneMore(), oneMore(), oneMore(), oneMore()
	tooMany.Records[0].Quantity, wrongSKU.Records[0].SKU, wrongPlace.Records[0].Group, other.Records[0].Quantity = "100000", "NEVER-SOLD", "NOWHERE", "2"
	for _, c := range []struct {
		state, request, code string
		wish                 ociclient.Reservation
	}{
		{reserved, "a reservation of more than there is", "INSUFFICIENT_AVAILABILITY", tooMany},
		{reserved, "a reservation of what was never sold", "SKU_NOT_FOUND", wrongSKU},
		{reserved, "a reservation at a group that is not there", "LOCATION_NOT_FOUND", wrongPlace},
		{"stock was reserved for an order under the key", "another reservation under the key", "DUPLICATE_ACTION_REQUEST", other},
	} {
		t.Run(c.request, func(t *testing.T) {
			i := p.interaction(t, c.request).
				GivenWithParameter(order(c.state, unallocatedOrder)).
				WithRequest(http.MethodPost, reservationsPath, authorized(inventoryKey), reserving(c.wish)).
				WillRespondWith(http.StatusOK, body(object{"success": false, "errors": []object{{"errorCode": matchers.S(c.code)}}}))
			p.refuses(t, i, remote.Rejected, c.code, func(caller remote.Caller) error { return inventory(caller, inventoryKey).Reserve(t.Context(), c.wish) })
		})
	}
}

// oneMore is a reservation of one more unit for an order, under a key of its own.
func oneMore() ociclient.Reservation {
	return ociclient.Reservation{
		ActionRequestID: reserveKey, ExternalRefID: unallocatedOrder,
		Records: []ociclient.Wanted{{SKU: "SHIRT-M", Quantity: "1", Group: "ALL-LOCATIONS"}},
	}
}

func reserving(r ociclient.Reservation) consumer.V4RequestBuilderFunc {
	w := r.Records[0]
	return jsonBody(object{
		"actionRequestId": r.ActionRequestID, "externalRefId": r.ExternalRefID,
		"createRecords": []object{{"stockKeepingUnit": w.SKU, "quantity": w.Quantity, "locationGroupIdentifier": w.Group}},
	})
}

func (p ociPact) foreignTenant(t *testing.T) {
	const foreign = "f_ecom_nobody"
	i := p.interaction(t, "a question for the reservations of another tenant").
		Given("preset omnichannel").
		WithRequest(http.MethodGet, "/inventory/reservation/v1/organizations/"+foreign+"/reservation-documents",
			authorized(inventoryKey), referringTo(unallocatedOrder)).
		WillRespondWith(http.StatusForbidden, problemBody(inventoryProblem("forbidden")))
	p.refuses(t, i, remote.Rejected, "forbidden", func(caller remote.Caller) error {
		_, err := ociclient.New(caller, ociclient.Credentials{Organization: foreign, Token: inventoryKey}).Holdings(t.Context(), unallocatedOrder)
		return err
	})
}

func inventory(caller remote.Caller, token string) *ociclient.Client {
	return ociclient.New(caller, ociclient.Credentials{Organization: tenant, Token: token})
}

// ofGroup is a record of units of an order that no location was told to ship yet.
func ofGroup(number string, quantity int) ociclient.Release {
	return ociclient.Release{
		ActionRequestID: releaseKey, ReservationID: reservationID, ExternalRefID: number, SKU: "SHIRT-M",
		Quantity: json.Number(decimal.NewFromInt(int64(quantity)).String()), Group: "ALL-LOCATIONS",
	}
}

func ofLocation(number string, quantity int) ociclient.Release {
	r := ofGroup(number, quantity)
	r.Group, r.Location = "", "WH-EAST"
	return r
}

// releasing is a release of records; their reservation is for the provider to name.
func releasing(records ...ociclient.Release) consumer.V4RequestBuilderFunc {
	var sent []object
	for _, r := range records {
		sent = append(sent, releaseRecord(r, fromState("${reservationId}", reservationID).shaped(uuid)))
	}
	return func(b *consumer.V4RequestBuilder) { b.JSONBody(object{"releaseRecords": sent}) }
}

// notReleased is the answer to a release of which a record fails: it is echoed.
func notReleased(code string, r ociclient.Release) object {
	return object{"success": false, "errors": []object{{
		"errorCode": matchers.S(code), "details": releaseRecord(r, matchers.Term(reservationID, "^"+uuid+"$")),
	}}}
}

func releaseRecord(r ociclient.Release, reservation any) object {
	record := object{
		"actionRequestId": r.ActionRequestID, "reservationId": reservation, "externalRefId": r.ExternalRefID,
		"stockKeepingUnit": r.SKU, "quantity": r.Quantity,
	}
	if r.Group != "" {
		record["locationGroupIdentifier"] = r.Group
	} else {
		record["locationIdentifier"] = r.Location
	}
	return record
}

func referringTo(number string) consumer.V4RequestBuilderFunc {
	return func(b *consumer.V4RequestBuilder) { b.Query("externalRefId", matchers.S(number)) }
}

// inventoryProblem is a refusal of a whole call; the end of its type tells.
func inventoryProblem(kind string) object {
	return object{"type": matchers.Term("https://api.example.test/errors/"+kind, "^https://.+/"+kind+"$")}
}

// problemBody is a body of the media type for problems.
func problemBody(content any) consumer.V4ResponseBuilderFunc {
	return func(b *consumer.V4ResponseBuilder) {
		b.Header("Content-Type", matchers.S("application/problem+json"))
		b.JSONBody(content)
	}
}

// ociRequests are the calls of the client.
func ociRequests() []request {
	reserved := order("stock is reserved for an order at a group of locations", unallocatedOrder)
	return []request{
		{
			what: "a question for reservations", state: reserved, read: true,
			describe: func(i unconfigured, token string) *consumer.V4InteractionWithRequest {
				return i.WithRequest(http.MethodGet, reservationsPath, authorized(token), referringTo(unallocatedOrder))
			},
			call: func(ctx context.Context, caller remote.Caller, token string) error {
				_, err := inventory(caller, token).Holdings(ctx, unallocatedOrder)
				return err
			},
		},
		{
			what: "a reservation", state: reserved,
			describe: func(i unconfigured, token string) *consumer.V4InteractionWithRequest {
				return i.WithRequest(http.MethodPost, reservationsPath, authorized(token), reserving(oneMore()))
			},
			call: func(ctx context.Context, caller remote.Caller, token string) error {
				return inventory(caller, token).Reserve(ctx, oneMore())
			},
		},
		{
			what: "a release", state: reserved,
			describe: func(i unconfigured, token string) *consumer.V4InteractionWithRequest {
				return i.WithRequest(http.MethodPost, releasesPath, authorized(token), releasing(ofGroup(unallocatedOrder, 1)))
			},
			call: func(ctx context.Context, caller remote.Caller, token string) error {
				_, err := inventory(caller, token).Release(ctx, []ociclient.Release{ofGroup(unallocatedOrder, 1)})
				return err
			},
		},
	}
}
