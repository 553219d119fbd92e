package som

import (
	_ "embed" // the certificate

	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/simulator/sandbox"
	"github.com/somsim/somsim/simulator/som/sobject"
)

// OrganizationID returns the 18 character id of the simulated org. It is the same in every sandbox.
func OrganizationID() string { return makeID("00D", 1) }

// IntegrationUserID returns the id of the user that API clients with client credentials run as.
func IntegrationUserID() string { return makeID("005", 1) }

// GatewayID returns the id of the payment gateway that SetUp connects.
func GatewayID() string { return makeID("0b0", 1) }

func standardPricebookID() string { return makeID("01s", 1) }

func userOrDefault(user string) string {
	if user == "" {
		return IntegrationUserID()
	}
	return user
}

// SetUp makes what every org has before its first order: the integration user and the developer dev@somsim.test, both
// with the password somsim, the connected app somsim with the secret somsim, the standard price book and a sales
// channel, and a connection to the payment gateway. The connected app can log in by every grant; somsim-public is one that keeps no secret and has to prove its
// authorization codes. SetUp has to come before every other constructor.
func (d *SOM) SetUp(tx *sandbox.Tx) error {
	users := []NewUser{
		{Username: "integration@somsim.test", Password: "somsim", FirstName: "Order", LastName: "Integration"},
		{Username: "dev@somsim.test", Password: "somsim", FirstName: "Dev", LastName: "Somsim"},
	}
	for _, u := range users {
		if _, err := d.User(tx, u); err != nil {
			return err
		}
	}
	d.connectedApps(tx)
	d.insert(tx, "", objOrganization, values{
		"Name": "somsim", "DefaultLocaleSidKey": "en_US", "TimeZoneSidKey": "Europe/Berlin", "LanguageLocaleKey": "en_US", "FiscalYearStartMonth": decimal.NewFromInt(1),
		"InstanceName": "SIM1", "IsSandbox": true, "IsReadOnly": false, "OrganizationType": "Enterprise Edition",
	})
	d.insert(tx, "", objPricebook, values{"Name": "Standard Price Book", "IsActive": true, "IsStandard": true})
	d.insert(tx, "", objSalesChannel, values{"SalesChannelName": "Storefront", "ExternalChannelNumber": "storefront"})
	d.PaymentGateway(tx, NewPaymentGateway{Name: "Worldline", ExternalReference: "worldline"})
	return nil
}

// simulationOnlyCertificate verifies what simulation_only_app.key signed. Both are public, so a signature proves nothing
// outside a simulation.
//
//go:embed simulation_only_app.crt
var simulationOnlyCertificate string

// successPage is the redirect URI of apps that have none of their own.
const successPage = "https://login.salesforce.com/services/oauth2/success"

func (d *SOM) connectedApps(tx *sandbox.Tx) {
	scopes := []string{scopeAPI, "id", "web", scopeOpenID, "profile", "email", scopeRefresh}
	callbacks := append([]string{successPage}, d.settings.Callbacks...)
	d.ConnectedApp(tx, NewConnectedApp{
		ClientID: "somsim", Secret: "somsim", RunAs: IntegrationUserID(), Preauthorized: true, AnyLoopback: true,
		Callbacks: callbacks, Scopes: scopes, Certificate: firstText(d.settings.Certificate, simulationOnlyCertificate),
	})
	d.ConnectedApp(tx, NewConnectedApp{
		ClientID: "somsim-public", Public: true, ProofRequired: true, AnyLoopback: true, Callbacks: callbacks, Scopes: scopes,
	})
}

// NewUser is the input of [SOM.User].
type NewUser struct {
	Username, Password, FirstName, LastName string
	// Email is the user name when empty.
	Email string
}

// User makes a user who can log in.
func (d *SOM) User(tx *sandbox.Tx, n NewUser) (string, error) {
	if _, taken := d.logins.Get(tx.Tx, n.Username); taken {
		return "", refuse("som.user.unique", CodeDuplicate, "Duplicate Username: %s", n.Username).on("Username")
	}
	id := d.insert(tx, "", objUser, values{
		"Username": n.Username, "FirstName": n.FirstName, "LastName": n.LastName, "Name": n.FirstName + " " + n.LastName,
		"Email": firstText(n.Email, n.Username), "Alias": clipped(n.LastName, 8), "CommunityNickname": clipped(n.Username, 40),
		"IsActive": true, "UserType": "Standard", "TimeZoneSidKey": "Europe/Berlin", "LocaleSidKey": "en_US",
		"LanguageLocaleKey": "en_US", "EmailEncodingKey": "UTF-8",
	})
	d.logins.Put(tx.Tx, login{Username: n.Username, Password: n.Password, UserID: id})
	return id, nil
}

// clipped cuts a text to the length of its field, in characters.
func clipped(s string, n int) string {
	if runes := []rune(s); len(runes) > n {
		return string(runes[:n])
	}
	return s
}

// NewAccount is the input of [SOM.Account].
type NewAccount struct {
	Name string
	// Number is the customer number of the commerce system.
	Number  string
	Phone   string
	Billing Address
}

// Account makes the account of a shopper.
func (d *SOM) Account(tx *sandbox.Tx, n NewAccount) (string, error) {
	v := values{"Name": n.Name, "AccountNumber": n.Number, "Phone": n.Phone}
	n.Billing.into(v, "Billing")
	return d.insert(tx, "", objAccount, v), nil
}

// NewProduct is the input of [SOM.Product].
type NewProduct struct {
	// Code becomes ProductCode, SKU StockKeepingUnit; an empty SKU means the code.
	Code, SKU, Name string
	Price           decimal.Decimal
	// Work is no goods: it has no stock keeping unit.
	Work bool
}

// Product makes a product, or a charge that orders use as one, with its entry in the standard price book.
func (d *SOM) Product(tx *sandbox.Tx, n NewProduct) (string, error) {
	sku := firstText(n.SKU, n.Code)
	if n.Work {
		sku = ""
	}
	id := d.insert(tx, "", objProduct, values{
		"Name": n.Name, "ProductCode": n.Code, "StockKeepingUnit": sku, "IsActive": true,
		"ProductClass": "Simple",
	})
	d.insert(tx, "", objPricebookEntry, values{
		"Name": n.Name, "Pricebook2Id": standardPricebookID(), "Product2Id": id, "ProductCode": n.Code, "UnitPrice": n.Price,
		"IsActive": true,
	})
	return id, nil
}

func (d *SOM) pricebookEntry(tx *sandbox.Tx, productID string) sobject.Value {
	for _, entry := range d.Rows(tx).children(objPricebookEntry, "Product2Id", productID) {
		return entry.ID
	}
	return nil
}

// NewLocation is the input of [SOM.Location].
type NewLocation struct {
	Name string
	// ExternalReference is the location's key in other systems, unique.
	ExternalReference string
	// Type is the LocationType; empty means Warehouse.
	Type string
	// PickUp marks stores where shoppers collect orders.
	PickUp bool
}

// Location makes a warehouse or store that fulfils orders.
func (d *SOM) Location(tx *sandbox.Tx, n NewLocation) (string, error) {
	if d.first(tx, objLocation, "ExternalReference", n.ExternalReference) != "" {
		return "", refuse("som.location.unique", CodeDuplicate,
			"duplicate value found: ExternalReference %s", n.ExternalReference).on("ExternalReference")
	}
	return d.insert(tx, "", objLocation, values{
		"Name": n.Name, "ExternalReference": n.ExternalReference, "LocationType": firstText(n.Type, "Warehouse"),
		"IsInventoryLocation": true, "IsEligibleForPickup": n.PickUp,
	}), nil
}

// LocationByReference returns the id of the location with that external reference.
func (d *SOM) LocationByReference(tx *sandbox.Tx, reference string) (string, bool) {
	id := d.first(tx, objLocation, "ExternalReference", reference)
	return id, id != ""
}

// NewDeliveryMethod is the input of [SOM.DeliveryMethod].
type NewDeliveryMethod struct{ Name, ReferenceNumber, Carrier, ClassOfService string }

// DeliveryMethod makes an OrderDeliveryMethod.
func (d *SOM) DeliveryMethod(tx *sandbox.Tx, n NewDeliveryMethod) (string, error) {
	return d.insert(tx, "", objDeliveryMethod, values{
		"Name": n.Name, "ReferenceNumber": n.ReferenceNumber, "Carrier": n.Carrier, "ClassOfService": n.ClassOfService,
		"IsActive": true,
	}), nil
}

// SalesChannelID returns the id of the sales channel that SetUp makes.
func SalesChannelID() string { return makeID("0bI", 1) }

// PaymentGatewayID returns the id of the connection to the payment gateway that SetUp makes.
func PaymentGatewayID() string { return makeID("0b0", 1) }

// first returns the id of the first row with that value in an indexed field, or nothing.
func (d *SOM) first(tx *sandbox.Tx, object, field, value string) string {
	if value == "" {
		return ""
	}
	for _, r := range living(d.Rows(tx).Lookup(object, field, value)) {
		return r.ID
	}
	return ""
}
