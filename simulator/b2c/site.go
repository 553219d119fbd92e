package b2c

import (
	"fmt"
	"slices"
	"time"

	"github.com/somsim/somsim/simulator/sandbox"
)

// Taxation says whether prices hold the tax.
type Taxation string

// With gross taxation prices include tax; with net it is added to them.
const (
	Gross Taxation = "gross"
	Net   Taxation = "net"
)

// Site is a storefront.
type Site struct {
	ID, Name string
	// Currency is the ISO 4217 code of every order of the site.
	Currency string
	Taxation Taxation
	// TimeZone is the IANA name of the zone in which the shop counts its days.
	TimeZone string
	// Locale is the preferred locale of customers, such as en_US.
	Locale string
	// Currencies are those, besides Currency, in which baskets may be.
	Currencies []string
	// InventoryListID is the list that products are taken from; without one everything is in stock.
	InventoryListID string
	// TaxByGroup rounds tax once for all lines of one rate, not line by line.
	TaxByGroup bool
	// BasketLife is how long a basket lives that nobody touches; seven days when zero.
	BasketLife time.Duration
	// EnforceHTTPS says that storefront sessions need no secure token beside their cookie.
	EnforceHTTPS bool
	// NoGiftCertificates says that the shop issues none.
	NoGiftCertificates bool
}

func (s Site) clone() Site {
	s.Currencies = slices.Clone(s.Currencies)
	return s
}

// AddSite stores a site. An empty taxation is gross, an empty locale "default".
func (b *B2C) AddSite(tx *sandbox.Tx, s Site) error {
	if s.ID == "" || len(s.Currency) != 3 {
		return fmt.Errorf("add site %q: it needs an id and a currency of three letters, has %q", s.ID, s.Currency)
	}
	if _, err := time.LoadLocation(s.TimeZone); err != nil {
		return fmt.Errorf("add site %s: %w", s.ID, err)
	}
	if s.Taxation == "" {
		s.Taxation = Gross
	}
	if s.Locale == "" {
		s.Locale = "default"
	}
	b.sites.Put(tx.Tx, s)
	return nil
}

// Site returns the site of that id. The error has the code [UnknownSite].
func (b *B2C) Site(tx *sandbox.Tx, id string) (Site, error) {
	s, ok := b.sites.Get(tx.Tx, id)
	if !ok {
		return Site{}, &Error{
			Code: UnknownSite, Rule: "b2c.site.known", Message: fmt.Sprintf("Site '%s' is unknown.", id),
			Arguments: map[string]string{"siteId": id},
		}
	}
	return s, nil
}
