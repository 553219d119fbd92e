package preset

import (
	"fmt"
	"time"

	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/simulator/b2c"
	"github.com/somsim/somsim/simulator/sandbox"
	"github.com/somsim/somsim/simulator/slots"
	"github.com/somsim/somsim/simulator/som"
	"github.com/somsim/somsim/simulator/worldline"
)

const (
	siteID   = "RefArch"
	currency = "USD"
	zone     = "America/New_York"
	// taxRate is the sales tax on everything the shop sells; prices are net.
	taxRate = "0.10"
	// shippingSKU is the product that order management books delivery charges on.
	shippingSKU = "STANDARD-DELIVERY"
	warehouse   = "WH-EAST"
	soho        = "STORE-SOHO"
)

type shopper struct{ first, last, number string }

// shoppers have the logins shopper-1@somsim.test and so on, in this order, and the password somsim.
func shoppers() []shopper {
	return []shopper{
		{"Ada", "Nolan", "00000001"},
		{"Grace", "Ito", "00000002"},
		{"Joan", "Meyer", "00000003"},
		{"Katherine", "Diaz", "00000004"},
		{"Dorothy", "Okafor", "00000005"},
	}
}

func login(n int) string { return fmt.Sprintf("shopper-%d@somsim.test", n) }

func customerID(n int) string { return fmt.Sprintf("abcustomer%018d", n) }

type product struct{ sku, name, price string }

func catalogue() []product {
	return []product{
		{"SHIRT-M", "Cotton shirt, M", "50.00"},
		{"SCARF", "Wool scarf", "30.00"},
		{"CANDLE", "Beeswax candle", "9.99"},
		{"LAMP", "Desk lamp", "84.99"},
		{"MUG", "Stoneware mug", "12.50"},
		{"BOOTS-42", "Walking boots, 42", "129.00"},
		{"SOAP", "Olive soap", "4.20"},
		{shippingSKU, "Standard delivery", "5.99"},
	}
}

// shop is a sandbox being filled.
type shop struct {
	Domains
	tx *sandbox.Tx
	// ids in order management: accounts by customer number, products by SKU, locations by external reference.
	accounts, products, locations map[string]string
	delivery, pickup              string
}

// open makes the shop before its first order.
func open(d Domains, tx *sandbox.Tx) (*shop, error) {
	s := &shop{Domains: d, tx: tx, accounts: map[string]string{}, products: map[string]string{}, locations: map[string]string{}}
	for _, step := range []func() error{s.org, s.site, s.people, s.goods, s.places, s.windows} {
		if err := step(); err != nil {
			return nil, err
		}
	}
	return s, nil
}

func (s *shop) org() error { return s.SOM.SetUp(s.tx) }

func (s *shop) site() error {
	s.Worldline.AddMerchant(s.tx, worldline.Merchant{ID: worldline.DefaultMerchant, Name: "Reference Architecture"},
		worldline.APIKey{ID: worldline.DefaultKeyID, Secret: worldline.DefaultSecret})
	s.B2C.AddClient(s.tx, b2c.APIClient{ID: b2c.DefaultClientID, Secret: b2c.DefaultClientSecret})
	return s.B2C.AddSite(s.tx, b2c.Site{
		ID: siteID, Name: "Reference Architecture", Currency: currency, Taxation: b2c.Net, TimeZone: zone, Locale: "en_US",
	})
}

func (s *shop) people() error {
	for i, p := range shoppers() {
		_, err := s.B2C.AddCustomer(s.tx, b2c.NewCustomer{
			CustomerID: customerID(i + 1), CustomerNo: p.number, Login: login(i + 1), Email: login(i + 1), Password: "somsim",
			FirstName: p.first, LastName: p.last,
		})
		if err != nil {
			return err
		}
		id, err := s.SOM.Account(s.tx, som.NewAccount{Name: p.first + " " + p.last, Number: p.number})
		if err != nil {
			return err
		}
		s.accounts[p.number] = id
	}
	return nil
}

func (s *shop) goods() (err error) {
	for _, p := range catalogue() {
		price, err := decimal.NewFromString(p.price)
		if err != nil {
			return err
		}
		if s.products[p.sku], err = s.SOM.Product(s.tx, som.NewProduct{Code: p.sku, Name: p.name, Price: price}); err != nil {
			return err
		}
	}
	if s.delivery, err = s.SOM.DeliveryMethod(s.tx, som.NewDeliveryMethod{Name: "Home delivery", ReferenceNumber: "delivery", Carrier: "UPS", ClassOfService: "Ground"}); err != nil {
		return err
	}
	s.pickup, err = s.SOM.DeliveryMethod(s.tx, som.NewDeliveryMethod{Name: "Store pickup", ReferenceNumber: "pickup"})
	return err
}

func (s *shop) places() error {
	for _, l := range []som.NewLocation{
		{Name: "Warehouse East", ExternalReference: warehouse, Type: "Warehouse"},
		{Name: "Store SoHo", ExternalReference: soho, Type: "Store", PickUp: true},
	} {
		id, err := s.SOM.Location(s.tx, l)
		if err != nil {
			return err
		}
		s.locations[l.ExternalReference] = id
		if err := s.Slots.AddLocation(s.tx, slots.Location{ID: l.ExternalReference, Name: l.Name, TimeZone: zone}); err != nil {
			return err
		}
	}
	return nil
}

// windows opens three delivery and three pickup slots on each of the next three days, with room for ten orders each.
func (s *shop) windows() error {
	local, err := time.LoadLocation(zone)
	if err != nil {
		return err
	}
	today := s.tx.Now().In(local)
	for day := 1; day <= 3; day++ {
		for _, hour := range []int{9, 13, 17} {
			start := time.Date(today.Year(), today.Month(), today.Day()+day, hour, 0, 0, 0, local)
			for kind, place := range map[slots.Type]string{slots.Delivery: warehouse, slots.Pickup: soho} {
				_, err := s.Slots.AddSlot(s.tx, slots.Slot{
					ID: slotID(kind, day, hour), Type: kind, LocationID: place, Start: start.UTC(), End: start.Add(2 * time.Hour).UTC(),
					CutoffAt: start.Add(-12 * time.Hour).UTC(), Capacity: 10, Price: decimal.Zero, Currency: currency,
				})
				if err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// slotID names a slot by its kind, the days from the sandbox's start and the hour it begins.
func slotID(kind slots.Type, day, hour int) string { return fmt.Sprintf("%s-%d-%02d", kind, day, hour) }
