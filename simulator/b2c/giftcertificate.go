package b2c

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/simulator/sandbox"
)

// GiftCertificateMethod is the payment method by which a gift certificate pays.
const GiftCertificateMethod = "GIFT_CERTIFICATE"

// GiftCertificateItem is a gift certificate that is bought. Its amount is in the currency of the basket.
type GiftCertificateItem struct {
	ID, ShipmentID                                     string
	Amount                                             decimal.Decimal
	RecipientName, RecipientEmail, SenderName, Message string
	Custom                                             Attributes
}

// GiftCertificate is a gift certificate that pays for orders until its balance is used up. Its code is as good as money:
// everything else knows it by its id, which does not tell the code.
type GiftCertificate struct {
	ID              string
	Code, Currency  string
	Amount, Balance decimal.Decimal
	// Disabled certificates pay nothing.
	Disabled bool
	// OrderNo is the order it was bought with; empty for those that the shop gave away.
	OrderNo, RecipientName, RecipientEmail string
}

// AddGiftCertificate issues a gift certificate. Its code is made up when empty, its balance is its amount.
func (b *B2C) AddGiftCertificate(tx *sandbox.Tx, g GiftCertificate) (GiftCertificate, error) {
	if !g.Amount.IsPositive() || len(g.Currency) != 3 {
		return g, fmt.Errorf("add gift certificate %q: it needs a positive amount and a currency, has %s %q", g.Code, g.Amount, g.Currency)
	}
	if g.Code == "" {
		g.Code = strings.ToUpper(strings.NewReplacer("-", "X", "_", "Y").Replace(tx.Token("b2c.GiftCertificate")[:16]))
	}
	g.ID = certificateID(g.Code)
	if _, taken := b.certificates.Peek(tx.Tx, g.ID); taken {
		return g, fmt.Errorf("add gift certificate: the code %s is taken", g.Code)
	}
	g.Balance = g.Amount
	b.certificates.Put(tx.Tx, g)
	return g, nil
}

// GiftCertificate returns the gift certificate of that code.
func (b *B2C) GiftCertificate(tx *sandbox.Tx, code string) (GiftCertificate, bool) {
	return b.certificates.Get(tx.Tx, certificateID(code))
}

// GiftCertificatesOf lists the gift certificates that were bought with an order.
func (b *B2C) GiftCertificatesOf(tx *sandbox.Tx, orderNo string) []GiftCertificate {
	return b.certificates.List(tx.Tx, "order", orderNo)
}

// certificateID is the id of the gift certificate with a code.
func certificateID(code string) string {
	sum := sha256.Sum256([]byte("gift certificate\x00" + code))
	return hex.EncodeToString(sum[:16])
}

// usable is what a gift certificate can still pay in a currency.
func (g GiftCertificate) usable(currency string) decimal.Decimal {
	if g.Disabled || g.Currency != currency {
		return decimal.Zero
	}
	return g.Balance
}

// mask hides all of a code but its end, as orders show it.
func mask(code string) string {
	shown := min(4, len(code))
	return strings.Repeat("*", len(code)-shown) + code[len(code)-shown:]
}
