package ocapi_test

import (
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"net/http"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/somsim/somsim/simulator/b2c/ocapi"
	"github.com/somsim/somsim/simulator/fault"
)

// documented are the faults that OCAPI documents, by status, written down a second time.
func documented() map[int]string {
	return map[int]string{
		400: `BodyDecoding EnumConstraintViolation FieldNotSortable HookStatus IllegalEnumerationValue IllegalHttpMethodOverride InvalidClientId
			InvalidCustomProperty InvalidExpandValue InvalidHostHeader InvalidSearchFieldType InvalidVersion MalformedLocale MalformedMediaType
			MalformedParameter MalformedSelector MissingClientId NullConstraintViolation PropertyConstraintViolation PropertyNotPermitted
			QuerySearchTypesNomatch QuotaExceeded RangeFilterType RangeFilterValue ResourcePath SearchOperatorNotApplicable StartAfterEnd
			StringConstraintViolation TermOperatorMismatchValues TypeDecoding UnexpectedVersion UnknownLocale UnknownProperty UnknownSearchField
			UnknownSearchOperator UnknownSiteId UnqueryableField UnsupportedCurrency UnsupportedLocale ValueConstraintViolation
			CustomerBasketsQuotaExceeded CustomerTemporaryBasketsQuotaExceeded DuplicateShipmentId DuplicateShipmentNo InvalidCustomer
			InvalidPaymentMethodId InvalidPaymentMethod InvalidPriceAdjustmentLevel InvalidPromotionId MissingCouponCode SystemPromotionId
			TooManyPromotions InvalidProductId InvalidProductType InvalidProductItem InvalidProductItemQuantity ProductItemNotAvailable
			InvalidProductOptionItem InvalidProductOptionValueItem InvalidBonusProduct InvalidCouponCode InvalidShipmentId
			InvalidShippingMethodId MissingShippingMethodId InvalidBasketId BasketQuotaExceeded SourceCodeNotFound SourceCodeInactive
			Validation GiftCertificateCreation StatusTransitionNotPossible InvalidOrderStatus OrderAlreadyExists`,
		401: `AuthorizationHeaderMissing DemoClientId InvalidAccessToken InvalidAuthorizationHeader InvalidSecureToken UnauthorizedOrigin
			UnauthorizedReadAccess UnauthorizedWriteAccess UnknownClientId ExpiredToken AuthenticationFailed`,
		403: `AccessWithoutUserForbidden ClientAccessForbidden OrganizationAccessForbidden SecureCommunicationRequired SiteAccessForbidden
			SiteOffline UserAccessForbidden`,
		404: `CurrencyNotFound ResourcePathNotFound UnknownSite VersionNotFound ProductNotFound ProductItemNotFound BonusDiscountLineItemNotFound
			CouponItemNotFound ShipmentNotFound ShippingItemNotFound BasketNotFound OrderNotFound CustomerNotFound SiteNotFound`,
		405: `MethodNotAllowed`, 406: `CharsetNotAcceptable`, 412: `InvalidIfMatch`, 413: `RequestEntityTooLarge`,
		409: `IfMatchRequired ObjectInDeletionConflict ResourceStateConflict CancelOrder OrderIntegrationStatus OrderPreviouslyIntegratedStatus
			OrderStatusTransition PlaceOrder UndoCancelOrder UndoFailOrder`,
		415: `UnsupportedContentType UnsupportedFormat`, 429: `TooManyRequests`, 500: `InternalServerError HookInternalServerError`, 503: `HookCircuitBreaker`,
	}
}

func TestTheTableHasEveryDocumentedFault(t *testing.T) {
	t.Parallel()
	status := map[string]int{}
	for _, f := range ocapi.FaultTypes() {
		if _, twice := status[f.Name]; twice {
			t.Errorf("%s is there twice", f.Name)
		}
		status[f.Name] = f.Status
	}
	for want, names := range documented() {
		for _, name := range strings.Fields(names) {
			if status[name] != want {
				t.Errorf("%s has the status %d, want %d", name, status[name], want)
			}
		}
	}
}

// Every fault can be had by a rule of the sandbox, with the status it has in life.
func TestEveryFaultCanBeInjectedUnderItsName(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.Watch = nil // what a rule raises counts as nothing that the simulator raises by itself
	for _, f := range ocapi.FaultTypes() {
		rule := fault.Rule{Name: "inject", Match: fault.Match{System: "b2c", Operation: "getOrder"}, Effect: fault.Effect{Kind: fault.VendorError, Code: f.Name + "Exception", Message: "Injected."}}
		if err := s.World.Arm(rule); err != nil {
			t.Fatal(err)
		}
		w := s.send(http.MethodGet, order, "")
		var got struct {
			Fault struct {
				Type      string
				Arguments map[string]string
			}
		}
		if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil || w.Code != f.Status || got.Fault.Type != f.Name+"Exception" || got.Fault.Arguments == nil {
			t.Errorf("%s: %d %s %v", f.Name, w.Code, w.Body, err)
		}
		if err := s.World.Disarm("inject"); err != nil {
			t.Fatal(err)
		}
	}
}

// Every refusal of the domain that a face passes on is in the table.
func TestEveryCodeOfTheDomainIsInTheTable(t *testing.T) {
	t.Parallel()
	kept := []string{
		"InvalidOrder", "NotModifiable", "NothingTransferable", // presets and scripts alone
		"InvalidClient", "InvalidGrant", "InvalidRequest", "Conflict", // Account Manager's and SLAS's, which speak OAuth
	}
	known := map[string]bool{}
	for _, f := range ocapi.FaultTypes() {
		known[f.Name] = true
	}
	for _, code := range domainCodes(t) {
		if !known[code] && !slices.Contains(kept, code) {
			t.Errorf("the code %s is no fault of the table", code)
		}
	}
}

// domainCodes reads the constants of type Code out of the domain's source.
func domainCodes(t *testing.T) []string {
	t.Helper()
	files, err := filepath.Glob("../*codes.go")
	if err != nil || len(files) == 0 {
		t.Fatal(err, files)
	}
	var codes []string
	for _, file := range files {
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(parsed, func(n ast.Node) bool {
			spec, ok := n.(*ast.ValueSpec)
			if !ok || len(spec.Values) != 1 {
				return true
			}
			if kind, ok := spec.Type.(*ast.Ident); !ok || kind.Name != "Code" {
				return true
			}
			if literal, ok := spec.Values[0].(*ast.BasicLit); ok {
				text, err := strconv.Unquote(literal.Value)
				if err != nil {
					t.Fatal(err)
				}
				codes = append(codes, text)
			}
			return true
		})
	}
	return codes
}
