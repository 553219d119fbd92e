package ocapi_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/somsim/somsim/simulator/b2c"
	"github.com/somsim/somsim/simulator/binding/facetest"
	"github.com/somsim/somsim/simulator/sandbox"
)

const created = base + "/orders/C-1"

// submitted is the shop with ada's order C-1 of 22.80, which nothing pays yet.
func submitted(t *testing.T) *shop {
	t.Helper()
	s := open(t)
	s.change(func(tx *sandbox.Tx) error {
		if err := s.domain.AddPaymentMethod(tx, b2c.PaymentMethod{ID: "CREDIT_CARD", Name: "Card", Cards: []string{"Visa"}}); err != nil {
			return err
		}
		n := oneMug("C-1", facetest.Monday())
		n.Status, n.Payments = b2c.Created, nil
		_, err := s.domain.PlaceOrder(tx, n)
		return err
	})
	return s
}

func instruments(doc map[string]any) []any { return doc["payment_instruments"].([]any) }

func TestAShopperPaysAnOrderAndItIsPlaced(t *testing.T) {
	t.Parallel()
	s := submitted(t)
	ada := s.login("ada")
	const card = `{"payment_method_id":"CREDIT_CARD","amount":10,"c_ref":"r","payment_card":{"card_type":"Visa","holder":"Ada","number":"4111 1111 1111 1111","security_code":"123","expiration_month":12,"expiration_year":2029}}`
	doc := s.document(s.send(http.MethodPost, created+"/payment_instruments?skip_authorization=true", card, ada...))
	paid := instruments(doc)[0].(map[string]any)
	if doc["status"] != "created" || paid["authorization_status"] != nil || paid["amount"] != 10.0 || paid["c_ref"] != "r" {
		t.Errorf("%v", paid)
	}
	if entry := s.Last(); strings.Contains(entry.RequestBody, "4111 1111") || strings.Contains(entry.RequestBody, `"123"`) {
		t.Errorf("the journal has the card: %s", entry.RequestBody)
	}
	id := created + "/payment_instruments/" + paid["payment_instrument_id"].(string)
	doc = s.document(s.send(http.MethodPatch, id, fmt.Sprintf(`{"_resource_state":%q,"amount":12,"c_ref":null}`, doc["_resource_state"]), ada...))
	paid = instruments(doc)[0].(map[string]any)
	equal(t, any(map[string]any{"_type": "status", "code": "OK", "status": 0.0}), paid["authorization_status"])
	equal(t, any("************1111"), paid["payment_card"].(map[string]any)["masked_number"])
	if doc["status"] != "created" || paid["c_ref"] != nil {
		t.Errorf("%v", doc)
	}
	doc = s.document(s.send(http.MethodPost, created+"/payment_instruments", `{"payment_method_id":"CREDIT_CARD"}`, ada...))
	if rest := instruments(doc)[1].(map[string]any)["amount"]; doc["status"] != "new" || rest != 10.8 || doc["confirmation_status"] != "confirmed" {
		t.Errorf("%v paid the rest, the order is %v", rest, doc["status"])
	}
	s.refused(s.send(http.MethodDelete, id, "", ada...), 400, "ValidationException", "b2c.order.payments-open")
}

func TestAPaymentIsTakenOff(t *testing.T) {
	t.Parallel()
	s := submitted(t)
	ada := s.login("ada")
	doc := s.document(s.send(http.MethodPost, created+"/payment_instruments", `{"payment_method_id":"CREDIT_CARD","amount":1}`, ada...))
	id := created + "/payment_instruments/" + instruments(doc)[0].(map[string]any)["payment_instrument_id"].(string)
	s.refused(s.send(http.MethodDelete, id, "", append(ada, "x-dw-resource-state", strings.Repeat("0", 64))...), 409, "ResourceStateConflictException", "b2c.order.resource-state")
	if doc = s.document(s.send(http.MethodDelete, id, "", ada...)); len(instruments(doc)) != 0 {
		t.Errorf("%v", doc)
	}
	got := s.refused(s.send(http.MethodDelete, id, "", ada...), 404, "PaymentInstrumentNotFoundException", "b2c.order.payment-known")
	if got["paymentInstrumentId"] == "" {
		t.Errorf("%v", got)
	}
}

func TestOrderPaymentRefusals(t *testing.T) {
	t.Parallel()
	s := submitted(t)
	ada, bob := s.login("ada"), s.login("bob")
	cases := []struct {
		name, method, path, body string
		header                   []string
		status                   int
		fault, rule              string
	}{
		{"another's order", "POST", created + "/payment_instruments", `{"payment_method_id":"CREDIT_CARD"}`, bob, 404, "OrderNotFound", "b2c.order.own"},
		{"an unknown method", "POST", created + "/payment_instruments", `{"payment_method_id":"SHELLS"}`, ada, 400, "InvalidPaymentMethodId", "b2c.payment.method"},
		{"more than the order", "POST", created + "/payment_instruments", `{"payment_method_id":"CREDIT_CARD","amount":22.81}`, ada, 400, "Validation", "b2c.order.paid"},
		{"less than nothing", "POST", created + "/payment_instruments", `{"payment_method_id":"CREDIT_CARD","amount":-1}`, ada, 400, "ValueConstraintViolation", ""},
		{"an amount in words", "POST", created + "/payment_instruments", `{"payment_method_id":"CREDIT_CARD","amount":"ten"}`, ada, 400, "TypeDecoding", ""},
		{"a month that is none", "POST", created + "/payment_instruments", `{"payment_method_id":"CREDIT_CARD","payment_card":{"expiration_month":13}}`, ada, 400, "ValueConstraintViolation", ""},
		{"no body", "POST", created + "/payment_instruments", ``, ada, 400, "BodyDecoding", ""},
		{"a media type that is none", "POST", created + "/payment_instruments", `{}`, append(ada, "Content-Type", "json"), 400, "MalformedMediaType", ""},
		{"a placed order", "POST", order + "/payment_instruments", `{"payment_method_id":"CREDIT_CARD"}`, ada, 400, "Validation", "b2c.order.payments-open"},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(*testing.T) {
			s.refused(s.send(tc.method, tc.path, tc.body, tc.header...), tc.status, tc.fault+"Exception", tc.rule)
		})
	}
}

func TestOrderPaymentMethods(t *testing.T) {
	t.Parallel()
	s := submitted(t)
	doc := s.document(s.send(http.MethodGet, created+"/payment_methods", "", s.login("ada")...))
	want := map[string]any{"_v": "23.2", "_type": "payment_method_result", "applicable_payment_methods": []any{map[string]any{
		"_type": "payment_method", "id": "CREDIT_CARD", "name": "Card", "cards": []any{map[string]any{"_type": "payment_card_spec", "card_type": "Visa"}},
	}}}
	equal(t, want, doc)
}

func TestNotesOfAnOrder(t *testing.T) {
	t.Parallel()
	s := open(t)
	ada := s.login("ada")
	s.document(s.send(http.MethodPost, order+"/notes", `{"subject":"Door","text":"Ring twice"}`, ada...))
	s.document(s.send(http.MethodPost, order+"/notes", `{"subject":"Called","text":""}`, s.system()...))
	doc := s.document(s.send(http.MethodGet, order+"/notes", "", ada...))
	notes := doc["data"].([]any)
	one := notes[0].(map[string]any)
	if doc["total"] != 2.0 || one["subject"] != "Door" || one["text"] != "Ring twice" || one["created_by"] != "Customer" || one["creation_date"] != "2026-06-01T08:00:00.000Z" ||
		notes[1].(map[string]any)["created_by"] != client {
		t.Errorf("%v", doc)
	}
	path := order + "/notes/" + one["id"].(string)
	s.document(s.send(http.MethodDelete, path, "", ada...))
	got := s.refused(s.send(http.MethodDelete, path, "", ada...), 404, "NoteNotFoundException", "b2c.order.note-known")
	equal(t, map[string]string{"noteId": one["id"].(string)}, got)
	s.refused(s.send(http.MethodGet, order+"/notes", "", s.login("bob")...), 404, "OrderNotFoundException", "b2c.order.own")
	s.refused(s.send(http.MethodPost, order+"/notes", `{"subject":""}`, ada...), 400, "PropertyConstraintViolationException", "")
}

func TestAnOrderHasSoManyNotes(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.change(func(tx *sandbox.Tx) error {
		n := oneMug("N-1", facetest.Monday())
		n.Notes = make([]b2c.Note, 1000)
		_, err := s.domain.PlaceOrder(tx, n)
		return err
	})
	got := s.refused(s.send(http.MethodPost, base+"/orders/N-1/notes", `{"subject":"x","text":"y"}`, s.login("ada")...), 400, "QuotaExceededException", "b2c.order.notes")
	if got["msg"] == "" {
		t.Errorf("%v", got)
	}
}

func TestCustomAttributesAreTypedWhereTheSiteDefinesThem(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.change(func(tx *sandbox.Tx) error {
		return s.domain.DefineAttributes(tx, b2c.AttributeDefinitions{SiteID: "RefArch", Attributes: []b2c.AttributeDefinition{
			{ID: "text", Type: b2c.TypeString},
			{ID: "count", Type: b2c.TypeInt},
			{ID: "share", Type: b2c.TypeDouble},
			{ID: "gift", Type: b2c.TypeBoolean},
			{ID: "day", Type: b2c.TypeDate},
			{ID: "at", Type: b2c.TypeDateTime},
			{ID: "size", Type: b2c.TypeEnum, Values: []string{"s", "l"}},
			{ID: "tags", Type: b2c.TypeSet},
		}})
	})
	ada := s.login("ada")
	s.document(s.send(http.MethodPatch, order, `{"c_text":"a","c_count":2,"c_share":0.5,"c_gift":true,"c_day":"2026-06-01","c_at":"2026-06-01T08:00:00Z","c_size":"l","c_tags":["a"]}`, ada...))
	s.document(s.send(http.MethodPatch, order, `{"c_text":null}`, ada...))
	for body, property := range map[string]string{
		`{"c_colour":"red"}`: "c_colour", `{"c_text":1}`: "c_text", `{"c_count":"2"}`: "c_count", `{"c_count":2.5}`: "c_count", `{"c_share":true}`: "c_share",
		`{"c_gift":"yes"}`: "c_gift", `{"c_day":"tomorrow"}`: "c_day", `{"c_at":"2026-06-01"}`: "c_at", `{"c_size":"m"}`: "c_size", `{"c_tags":"a"}`: "c_tags",
	} {
		got := s.refused(s.send(http.MethodPatch, order, body, ada...), 400, "InvalidCustomPropertyException", "b2c.order.custom-defined")
		equal(t, map[string]string{"property": property, "document": "order"}, got)
	}
}

func TestWhatIsAskedForIsJSONInUTF8(t *testing.T) {
	t.Parallel()
	s := open(t)
	system := s.system()
	s.document(s.send(http.MethodGet, order, "", append(system, "Accept", "application/json, text/plain", "Accept-Charset", "utf-8")...))
	got := s.refused(s.send(http.MethodGet, order, "", append(system, "Accept", "application/xml")...), 415, "UnsupportedFormatException", "b2c.accept.format")
	equal(t, map[string]string{"format": "application/xml"}, got)
	got = s.refused(s.send(http.MethodGet, order, "", append(system, "Accept-Charset", "iso-8859-1")...), 406, "CharsetNotAcceptableException", "b2c.accept.charset")
	equal(t, map[string]string{"charset": "iso-8859-1"}, got)
}

// bank declines every card.
type bank struct{}

func (bank) Authorize(*sandbox.Tx, b2c.PaymentRequest) b2c.PaymentAnswer {
	return b2c.PaymentAnswer{Authorization: b2c.Authorization{Code: "DECLINED", Message: "No"}}
}

func (bank) Void(*sandbox.Tx, string) error { return nil }

func TestADeclinedCardAnswersAsTheScriptBehindIt(t *testing.T) {
	t.Parallel()
	s := submitted(t)
	s.domain.UsePaymentProcessor(bank{})
	for card, point := range map[string]string{`,"payment_card":{"card_type":"Visa"}`: "dw.order.payment.authorizeCreditCard", "": "dw.order.payment.authorize"} {
		w := s.send(http.MethodPost, created+"/payment_instruments", `{"payment_method_id":"CREDIT_CARD"`+card+`}`, s.login("ada")...)
		got := s.refused(w, 400, "HookStatusException", "b2c.payment.authorized")
		equal(t, map[string]string{"extensionPoint": point, "statusCode": "DECLINED", "statusMsg": "No", "statusDetails": ""}, got)
	}
}

func TestABodyHasFiveMegabytesAtMost(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.refused(s.send(http.MethodPatch, order, `{"c_a":"`+strings.Repeat("x", 5<<20)+`"}`, s.system()...), 413, "RequestEntityTooLargeException", "")
}
