package ocapi

import (
	"encoding/json"
	"mime"
	"net/http"
	"slices"
	"strings"

	"github.com/somsim/somsim/simulator/b2c"
	"github.com/somsim/somsim/simulator/binding"
)

type oauthError struct {
	Error       string `json:"error"`
	Description string `json:"error_description"`
}

// oauthCode spells a refusal the way OAuth does; the face's own are spelled so already.
func oauthCode(f fault) string {
	switch {
	case f.name == string(b2c.InvalidClient):
		return "invalid_client"
	case f.name == "unsupported_grant_type":
		return f.name
	case f.status >= http.StatusInternalServerError:
		return "server_error"
	default:
		return "invalid_request"
	}
}

// wrongVerb tells a verb that the path does not have from one that nothing has.
func wrongVerb(r *http.Request, e *binding.MethodNotAllowed) fault {
	verbs := []string{http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodOptions}
	if wanted := override(r); wanted != "" && !slices.Contains(verbs, wanted) {
		return fault{
			name: "IllegalHttpMethodOverride", message: "The method override '" + wanted + "' is no HTTP method.",
			arguments: map[string]string{"method": wanted},
		}
	}
	return fault{name: "MethodNotAllowed", message: e.Error(), arguments: map[string]string{"method": e.Method}}
}

// invalidRequest finds the vendor's fault for a request that breaks the specification.
func invalidRequest(c *binding.Call, e *binding.InvalidRequest) fault {
	f := fault{message: e.Error()}
	document, path := documentOf(c.Operation), "$."+strings.ReplaceAll(e.Name, "/", ".")
	switch {
	case e.Problem == binding.ProblemMedia:
		f.name, f.arguments = wrongMedia(c.Request.Header.Get("Content-Type"))
	case e.In != "body":
		f.name, f.arguments = "MalformedParameter", map[string]string{"parameter": e.Name, "value": c.Request.Query(e.Name)}
	case e.Problem == binding.ProblemSyntax || len(c.Request.Body) == 0:
		f.name, f.arguments = "BodyDecoding", map[string]string{"body": cut(string(c.Request.Body))}
	case e.Problem == binding.ProblemUnknown:
		f.name, f.arguments = "UnknownProperty", map[string]string{"property": unknownName(e), "document": document}
	case e.Problem == binding.ProblemType:
		f.name, f.arguments = wrongType(e, document, path)
	case e.Problem == binding.ProblemConstraint && enumerated(e):
		f.name, f.arguments = "EnumConstraintViolation", map[string]string{"document": document, "enumValue": bodyValue(c.Request.Body, e.Name)}
	case e.Problem == binding.ProblemConstraint && strings.HasPrefix(e.Reason, "number must"):
		f.name, f.arguments = "ValueConstraintViolation", map[string]string{"document": document, "path": path}
	default:
		f.name, f.arguments = "PropertyConstraintViolation", map[string]string{"document": document, "path": path}
	}
	return f
}

// wrongMedia tells a type that is not taken from one that is none.
func wrongMedia(media string) (string, map[string]string) {
	if kind, _, err := mime.ParseMediaType(media); err != nil || !strings.Contains(kind, "/") {
		return "MalformedMediaType", map[string]string{"mediaType": media}
	}
	return "UnsupportedContentType", map[string]string{"contentType": media}
}

// wrongType tells a null, which is of no type, from a value of another type.
func wrongType(e *binding.InvalidRequest, document, path string) (string, map[string]string) {
	if strings.Contains(e.Reason, "nullable") {
		return "NullConstraintViolation", map[string]string{"path": path, "document": document}
	}
	_, wanted, _ := strings.Cut(e.Reason, "value must be ")
	wanted = strings.TrimPrefix(strings.TrimPrefix(wanted, "an "), "a ")
	return "TypeDecoding", map[string]string{"path": path, "expectedTypes": wanted, "actualType": ""}
}

// enumerated reports whether it is a list of allowed values that a value is missing from.
func enumerated(e *binding.InvalidRequest) bool { return strings.Contains(e.Reason, "allowed values") }

// documentOf is the vendor's name of the document that an operation takes.
func documentOf(operation string) string {
	switch {
	case operation == "authorizeCustomer":
		return "auth_request"
	case operation == "authorizeTrustedSystem":
		return "trusted_system_auth_request"
	case strings.Contains(operation, "CustomerAddress"):
		return "customer_address"
	case strings.Contains(operation, "Customer"):
		return "customer"
	case strings.Contains(operation, "InventoryRecord"):
		return "product_inventory_record"
	case strings.Contains(operation, "InventoryList"):
		return "inventory_list"
	case strings.Contains(operation, "PaymentInstrument"):
		return "order_payment_instrument_request"
	case strings.Contains(operation, "Note"):
		return "note"
	case strings.Contains(operation, "Basket"):
		return basketDocumentOf(operation)
	case strings.HasPrefix(operation, "search"):
		return "search_request"
	default:
		return "order"
	}
}

// basketDocumentOf is the vendor's name of the document that an operation on a part of a basket takes.
func basketDocumentOf(operation string) string {
	parts := [][2]string{
		{"GiftCertificateItem", "gift_certificate_item"},
		{"Item", "product_item"},
		{"Coupon", "coupon_item"},
		{"PriceAdjustment", "price_adjustment_request"},
		{"ShippingMethod", "shipping_method"},
		{"Address", "order_address"},
		{"Shipment", "shipment"},
		{"BasketCustomer", "customer_info"},
		{"Reference", "basket_reference"},
	}
	for _, part := range parts {
		if strings.Contains(operation, part[0]) {
			return part[1]
		}
	}
	return "basket"
}

// unknownName is the property that no document has: the validator tells its name in the reason only, in quotes.
func unknownName(e *binding.InvalidRequest) string {
	_, rest, _ := strings.Cut(e.Reason, `"`)
	name, _, _ := strings.Cut(rest, `"`)
	return name
}

// bodyValue is what stands at a pointer in the body.
func bodyValue(body []byte, pointer string) string {
	v, err := readValue(json.RawMessage(body))
	if err != nil {
		return ""
	}
	for _, name := range strings.Split(pointer, "/") {
		v = v.property(name)
	}
	return cut(v.text())
}

// cut keeps echoes of a body short.
func cut(s string) string { return s[:min(len(s), 200)] }
