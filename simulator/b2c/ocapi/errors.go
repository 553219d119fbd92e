package ocapi

import (
	"cmp"
	"encoding/json"
	"errors"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/somsim/somsim/simulator/b2c"
	"github.com/somsim/somsim/simulator/binding"
)

// FaultType is a kind of refusal that OCAPI documents: its name without the ending "Exception", its HTTP status and the
// names of its arguments.
type FaultType struct {
	Name      string
	Status    int
	Arguments []string
}

// FaultTypes is the table of the faults of the Shop and the Data API (specs/b2c/SOURCES.md, faults).
func FaultTypes() []FaultType {
	return slices.Concat(badRequests(), unauthorized(), forbidden(), notFound(), conflicts(), others(), resourceFaults(), dataFaults())
}

func badRequests() []FaultType {
	return of(http.StatusBadRequest,
		"BodyDecoding body", "EnumConstraintViolation document enumValue", "FieldNotSortable field",
		"HookStatus extensionPoint statusCode statusMsg statusDetails", "IllegalEnumerationValue value",
		"IllegalHttpMethodOverride method", "InvalidClientId clientId", "InvalidCustomProperty property document",
		"InvalidExpandValue expandValue", "InvalidHostHeader", "InvalidSearchFieldType field", "InvalidVersion version",
		"MalformedLocale locale", "MalformedMediaType mediaType", "MalformedParameter parameter value", "MalformedSelector selector",
		"MissingClientId", "NullConstraintViolation document path", "PropertyConstraintViolation document path",
		"PropertyNotPermitted property document", "QuerySearchTypesNomatch fields", "QuotaExceeded msg", "RangeFilterType field",
		"RangeFilterValue field", "ResourcePath path", "SearchOperatorNotApplicable operator field", "StartAfterEnd start end",
		"StringConstraintViolation parameter expected", "TermOperatorMismatchValues operator values",
		"TypeDecoding path expectedTypes actualType", "UnexpectedVersion version", "UnknownLocale locale", "UnknownProperty property document",
		"UnknownSearchField field", "UnknownSearchOperator operator", "UnknownSiteId siteId", "UnqueryableField field",
		"UnsupportedCurrency currency", "UnsupportedLocale locale", "ValueConstraintViolation document path",
	)
}

func unauthorized() []FaultType {
	return of(http.StatusUnauthorized,
		"AuthorizationHeaderMissing", "DemoClientId", "InvalidAccessToken", "InvalidAuthorizationHeader", "InvalidSecureToken",
		"UnauthorizedOrigin origin", "UnauthorizedReadAccess method path", "UnauthorizedWriteAccess method path", "UnknownClientId clientId",
		"ExpiredToken", "AuthenticationFailed",
	)
}

func forbidden() []FaultType {
	return of(http.StatusForbidden,
		"AccessWithoutUserForbidden", "ClientAccessForbidden method path", "OrganizationAccessForbidden", "SecureCommunicationRequired",
		"SiteAccessForbidden siteId", "SiteOffline siteId", "UserAccessForbidden",
	)
}

func notFound() []FaultType {
	return of(http.StatusNotFound, "CurrencyNotFound currency", "ResourcePathNotFound path", "UnknownSite siteId", "VersionNotFound version")
}

func conflicts() []FaultType {
	return slices.Concat(
		of(http.StatusConflict, "IfMatchRequired", "ObjectInDeletionConflict", "ResourceStateConflict client server"),
		of(http.StatusPreconditionFailed, "InvalidIfMatch ifMatch"),
	)
}

func others() []FaultType {
	return slices.Concat(
		of(http.StatusMethodNotAllowed, "MethodNotAllowed method"), of(http.StatusNotAcceptable, "CharsetNotAcceptable charset"),
		of(http.StatusRequestEntityTooLarge, "RequestEntityTooLarge"),
		of(http.StatusUnsupportedMediaType, "UnsupportedContentType contentType", "UnsupportedFormat format"),
		of(http.StatusTooManyRequests, "TooManyRequests"),
		of(http.StatusInternalServerError, "InternalServerError", "HookInternalServerError extensionPoint"),
		of(http.StatusServiceUnavailable, "HookCircuitBreaker extensionPoint statusCode statusMsg statusDetails"),
	)
}

// resourceFaults are those of baskets, orders, customers and products.
func resourceFaults() []FaultType {
	return slices.Concat(
		of(http.StatusBadRequest,
			"CustomerBasketsQuotaExceeded basketIds", "CustomerTemporaryBasketsQuotaExceeded basketIds", "DuplicateShipmentId shipmentId",
			"DuplicateShipmentNo shipmentNo", "InvalidCustomer customerId", "InvalidPaymentMethodId paymentMethodId", "InvalidPaymentMethod paymentMethodId",
			"InvalidPriceAdjustmentLevel level", "InvalidPromotionId promotionId",
			"MissingCouponCode", "SystemPromotionId promotionId", "TooManyPromotions", "InvalidProductId productId", "InvalidProductType productId",
			"InvalidProductItem productId", "InvalidProductItemQuantity quantity", "ProductItemNotAvailable productId",
			"InvalidProductOptionItem optionId", "InvalidProductOptionValueItem optionValueId", "InvalidBonusProduct productId",
			"InvalidCouponCode couponCode", "InvalidShipmentId shipmentId", "InvalidShippingMethodId shippingMethodId", "MissingShippingMethodId",
			"InvalidBasketId basketId", "BasketQuotaExceeded", "SourceCodeNotFound sourceCode", "SourceCodeInactive sourceCode",
			"Validation", "GiftCertificateCreation", "OrderAlreadyExists orderNo", "StatusTransitionNotPossible statusFrom statusTo",
			"InvalidOrderStatus status", "LoginAlreadyInUse login", "InvalidPassword", "InvalidPasswordResetToken", "CustomerAddressNameAlreadyInUse addressName customerId",
		),
		of(http.StatusNotFound,
			"ProductNotFound productId", "ProductItemNotFound itemId", "BonusDiscountLineItemNotFound itemId", "CouponItemNotFound couponItemId",
			"ShipmentNotFound shipmentId", "ShippingItemNotFound itemId", "BasketNotFound basketId", "OrderNotFound orderNo",
			"CustomerNotFound customerId", "CustomerAddressNotFound addressName customerId", "PaymentInstrumentNotFound paymentInstrumentId", "NoteNotFound noteId",
		),
	)
}

// dataFaults are those of the Data API alone.
func dataFaults() []FaultType {
	return slices.Concat(
		of(http.StatusConflict,
			"CancelOrder orderNo", "OrderIntegrationStatus orderNo", "OrderPreviouslyIntegratedStatus orderNo",
			"OrderStatusTransition statusFrom statusTo", "PlaceOrder orderNo", "UndoCancelOrder orderNo", "UndoFailOrder orderNo",
			"CustomerAlreadyExists customerNo",
		),
		of(http.StatusNotFound,
			"SiteNotFound siteId", "CustomerListNotFound customerListId", "InventoryListNotFound inventoryListId",
			"ProductInventoryRecordNotFound productId",
		),
	)
}

// of reads rows of the table: a name and its arguments.
func of(status int, rows ...string) []FaultType {
	out := make([]FaultType, 0, len(rows))
	for _, row := range rows {
		words := strings.Fields(row)
		out = append(out, FaultType{Name: words[0], Status: status, Arguments: words[1:]})
	}
	return out
}

// statusOf returns the HTTP status of a fault, 0 when there is no such fault.
func statusOf(name string) int {
	for _, f := range FaultTypes() {
		if f.Name == name {
			return f.Status
		}
	}
	return 0
}

// fault is a refusal of the face itself. Its name is one of [FaultTypes], or of the simulator's own.
type fault struct {
	// status is the table's when it is 0.
	status              int
	name, message, rule string
	arguments           map[string]string
	// retryAfter is the wait that the answer announces; none when it is 0.
	retryAfter time.Duration
	// details are arguments that are documents.
	details map[string]json.RawMessage
}

func (f *fault) Error() string  { return f.name + ": " + f.message }
func (f *fault) RuleID() string { return f.rule }

// Refuse makes a refusal by a rule of the face: a fault of the table, with the names and values of its arguments.
func Refuse(rule, name, message string, arguments ...string) error {
	f := &fault{name: name, message: message, rule: rule, arguments: map[string]string{}}
	for i := 0; i+1 < len(arguments); i += 2 {
		f.arguments[arguments[i]] = arguments[i+1]
	}
	return f
}

// allArguments are the arguments of a fault, texts and documents.
func (f *fault) allArguments() map[string]json.RawMessage {
	all := map[string]json.RawMessage{}
	maps.Copy(all, f.details)
	for name, value := range f.arguments {
		all[name], _ = json.Marshal(value) //nolint:errchkjson // a text always is JSON
	}
	return all
}

type faultDocument struct {
	Version string    `json:"_v"`
	Fault   faultBody `json:"fault"`
}

type faultBody struct {
	Arguments map[string]json.RawMessage `json:"arguments"`
	Type      string                     `json:"type"`
	Message   string                     `json:"message"`
}

// answerError is the one place where errors become answers.
func answerError(c *binding.Call, err error) *binding.Response {
	f := explain(c, err)
	if f.status == 0 {
		f.status = cmp.Or(statusOf(f.name), http.StatusInternalServerError)
	}
	if c.Operation == "accountManagerToken" || c.Operation == "agentToken" {
		return binding.JSONResponse(f.status, oauthError{oauthCode(f), f.message})
	}
	resp := binding.JSONResponse(f.status, faultDocument{
		Version: versionOf(c.Request), Fault: faultBody{f.allArguments(), strings.TrimSuffix(f.name, "Exception") + "Exception", f.message},
	})
	if f.retryAfter > 0 {
		resp.Header.Set("Retry-After", strconv.Itoa(int(f.retryAfter/time.Second)))
	}
	return resp
}

func explain(c *binding.Call, err error) fault {
	var (
		domain   *b2c.Error
		own      *fault
		unknown  *binding.NotFound
		verb     *binding.MethodNotAllowed
		invalid  *binding.InvalidRequest
		sandbox  *binding.SandboxError
		large    *binding.TooLarge
		alone    *binding.NotComposable
		injected *binding.VendorFault
	)
	switch {
	case errors.As(err, &own):
		return *own
	case errors.As(err, &domain):
		return ofDomain(domain)
	case errors.As(err, &unknown):
		return fault{name: "ResourcePathNotFound", message: unknown.Error(), arguments: map[string]string{"path": unknown.Path}}
	case errors.As(err, &verb):
		return wrongVerb(c.Request.HTTP(), verb)
	case errors.As(err, &invalid):
		return invalidRequest(c, invalid)
	case errors.As(err, &sandbox):
		return fault{status: http.StatusBadRequest, name: "Sandbox", message: sandbox.Error()}
	case errors.As(err, &large):
		return fault{name: "RequestEntityTooLarge", message: large.Error()}
	case errors.As(err, &alone):
		return fault{name: "ResourcePath", message: alone.Error(), arguments: map[string]string{"path": alone.Path}}
	case errors.As(err, &injected):
		return injectedFault(injected)
	default: // a bug of the simulator; its detail is in the journal
		return fault{name: "InternalServerError", message: "An internal error occurred."}
	}
}

// ofDomain gives a refusal of the domain its name; Account Manager's is none of OCAPI's.
func ofDomain(e *b2c.Error) fault {
	f := fault{name: string(e.Code), message: e.Message, arguments: e.Arguments}
	if e.Code == b2c.InvalidClient {
		f.status = http.StatusUnauthorized
	}
	return f
}

// injectedFault dresses a fault under its own name; without a status it gets the one the name has in life.
func injectedFault(e *binding.VendorFault) fault {
	name := strings.TrimSuffix(e.Code, "Exception")
	status := cmp.Or(e.Status, statusOf(name), http.StatusServiceUnavailable)
	return fault{status: status, name: name, message: e.Message}
}
