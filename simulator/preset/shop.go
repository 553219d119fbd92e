package preset

import (
	"fmt"
	"time"

	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/simulator/b2c"
	"github.com/somsim/somsim/simulator/loyalty"
	"github.com/somsim/somsim/simulator/oci"
	"github.com/somsim/somsim/simulator/sandbox"
	"github.com/somsim/somsim/simulator/slots"
	"github.com/somsim/somsim/simulator/som"
	"github.com/somsim/somsim/simulator/worldline"
)

const (
	siteID = "RefArch"
	// siteGlobal and siteOutlet are sites of the same shop, for what is configured site by site.
	siteGlobal = "RefArchGlobal"
	siteOutlet = "RefArchOutlet"
	currency   = "USD"
	// euro is a currency that the sites take, and in which nothing has a price yet.
	euro = "EUR"
	zone = "America/New_York"
	// taxRate is the sales tax on everything the shop sells; prices are net.
	taxRate = "0.10"
	// shippingSKU is the product that order management books delivery charges on.
	shippingSKU = "STANDARD-DELIVERY"
	// keptSKU is the product that order-ops books money on which a shopper left for points that were spent.
	keptSKU = "SPENT-POINTS"
	// feeSKU is the product that order-ops books the fee of a return on.
	feeSKU = "RESTOCKING-FEE"
	// lostSKU is the product that order-ops books on what it keeps when goods that stay lose a promotion.
	lostSKU    = "LOST-PROMOTION"
	warehouse  = "WH-EAST"
	warehouse2 = "WH-WEST"
	soho       = "STORE-SOHO"
	harlem     = "STORE-HARLEM"
	// everywhere is the group of all locations, at which stock is promised until routing chooses one.
	everywhere = "ALL-LOCATIONS"
	// counted is how many of each product each location has at the start.
	counted = 500
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
		{"SHIRT-L", "Cotton shirt, L", "50.00"},
		{"JEANS-32", "Straight jeans, 32", "79.90"},
		{"BELT", "Leather belt", "35.00"},
		{"CAP", "Corduroy cap", "24.90"},
		{"SOCKS", "Merino socks", "11.95"},
		{"RAINCOAT", "Raincoat", "149.00"},
		{"GLOVES", "Lambskin gloves", "59.00"},
		{"TEAPOT", "Cast iron teapot", "64.50"},
		{"PLATE", "Stoneware plate", "14.00"},
		{"BOWL", "Stoneware bowl", "13.25"},
		{"TOWEL", "Linen towel", "22.00"},
		{"BLANKET", "Wool blanket", "119.99"},
		{"PILLOW", "Feather pillow", "45.45"},
		{"VASE", "Glass vase", "39.00"},
		{"CLOCK", "Wall clock", "54.30"},
		{"RADIO", "Kitchen radio", "99.00"},
		{"KNIFE", "Bread knife", "27.75"},
		{"BOARD", "Oak board", "33.33"},
		{"BASKET", "Willow basket", "29.00"},
		{"SOAP-LAV", "Lavender soap", "4.20"},
		{"NOTEBOOK", "Notebook", "8.50"},
		{"PENCILS", "Twelve pencils", "7.77"},
		{"UMBRELLA", "Umbrella", "42.00"},
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
	for _, step := range []func() error{s.org, s.site, s.people, s.goods, s.places, s.windows, s.storefront} {
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
	s.B2C.AddUser(s.tx, b2c.DefaultUser, b2c.DefaultUserPassword)
	for id, name := range map[string]string{
		siteID: "Reference Architecture", siteGlobal: "Reference Architecture, global", siteOutlet: "Reference Architecture, outlet",
	} {
		err := s.B2C.AddSite(s.tx, b2c.Site{
			ID: id, Name: name, Currency: currency, Currencies: []string{euro}, Taxation: b2c.Net, TimeZone: zone, Locale: "en_US", InventoryListID: everywhere,
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func (s *shop) people() error {
	_, err := s.Loyalty.AddProgram(s.tx, loyalty.Program{
		ID: programID, One: "point", Other: "points", ExpirationMonths: 12, PointValue: dec(pointValue),
		Tiers: []loyalty.Tier{{ID: "ten-off", Name: "Ten off", Points: tenOff}},
	})
	if err != nil {
		return err
	}
	for i, p := range shoppers() {
		_, err := s.B2C.AddCustomer(s.tx, b2c.NewCustomer{
			CustomerID: customerID(i + 1), CustomerNo: p.number, Login: login(i + 1), Email: login(i + 1), Password: "somsim",
			FirstName: p.first, LastName: p.last, ExternalProvider: b2c.IDPGigya, ExternalID: identity(i + 1),
		})
		if err != nil {
			return err
		}
		if err := s.account(i+1, p); err != nil {
			return err
		}
		id, err := s.SOM.Account(s.tx, som.NewAccount{Name: p.first + " " + p.last, Number: p.number})
		if err != nil {
			return err
		}
		s.accounts[p.number] = id
		if err := s.member(p); err != nil {
			return err
		}
	}
	return nil
}

// programID is the shop's loyalty program, welcome what a new member gets, tenOff what a reward costs; in points.
const (
	programID       = "somsim-club"
	welcome, tenOff = 250, 100
	// pointValue is what a point is worth: a hundred buy ten off.
	pointValue = "0.10"
)

// membership is the loyalty account of a shopper.
func membership(p shopper) string { return "member-" + p.number }

func (s *shop) member(p shopper) error {
	if _, err := s.Loyalty.AddAccount(s.tx, loyalty.Account{ID: membership(p), ProgramID: programID, CustomerID: p.number}); err != nil {
		return err
	}
	_, err := s.Loyalty.Earn(s.tx, loyalty.Movement{AccountID: membership(p), OrderID: "welcome-" + p.number, Points: welcome})
	return err
}

func (s *shop) goods() (err error) {
	for _, p := range append(catalogue(), product{shippingSKU, "Standard delivery", "5.99"}, product{keptSKU, "Spent points", "0"}, product{feeSKU, "Restocking fee", "0"}, product{lostSKU, "Lost promotion", "0"}) {
		if s.products[p.sku], err = s.SOM.Product(s.tx, som.NewProduct{Code: p.sku, Name: p.name, Price: dec(p.price)}); err != nil {
			return err
		}
	}
	if s.delivery, err = s.SOM.DeliveryMethod(s.tx, som.NewDeliveryMethod{Name: "Home delivery", ReferenceNumber: "delivery", Carrier: "UPS", ClassOfService: "Ground"}); err != nil {
		return err
	}
	s.pickup, err = s.SOM.DeliveryMethod(s.tx, som.NewDeliveryMethod{Name: "Store pickup", ReferenceNumber: "pickup"})
	return err
}

// places opens the locations in every system that knows them, and has their stock counted.
func (s *shop) places() error {
	group := oci.Group{ID: everywhere, Name: "All locations"}
	for _, l := range []som.NewLocation{
		{Name: "Warehouse East", ExternalReference: warehouse, Type: "Warehouse"},
		{Name: "Warehouse West", ExternalReference: warehouse2, Type: "Warehouse"},
		{Name: "Store SoHo", ExternalReference: soho, Type: "Store", PickUp: true},
		{Name: "Store Harlem", ExternalReference: harlem, Type: "Store", PickUp: true},
	} {
		id, err := s.SOM.Location(s.tx, l)
		if err != nil {
			return err
		}
		s.locations[l.ExternalReference] = id
		group.LocationIDs = append(group.LocationIDs, l.ExternalReference)
		if err := s.Slots.AddLocation(s.tx, slots.Location{ID: l.ExternalReference, Name: l.Name, TimeZone: zone}); err != nil {
			return err
		}
		if err := s.stock(oci.Location{ID: l.ExternalReference, Name: l.Name}); err != nil {
			return err
		}
	}
	return s.OCI.AddGroup(s.tx, group)
}

func (s *shop) stock(l oci.Location) error {
	if err := s.OCI.AddLocation(s.tx, l); err != nil {
		return err
	}
	for _, p := range catalogue() {
		record := oci.Record{LocationID: l.ID, SKU: p.sku, OnHand: decimal.NewFromInt(counted), EffectiveDate: s.tx.Now().AddDate(0, 0, -30)}
		if err := s.OCI.SetStock(s.tx, record); err != nil {
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
