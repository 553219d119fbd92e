package frontdesk

import (
	"context"

	"github.com/somsim/somsim/orderops/b2cclient"
	"github.com/somsim/somsim/orderops/guest"
)

// RequestCode has a code mailed to a guest. The answer is the same whatever comes of it.
func (d *Desk) RequestCode(ctx context.Context, shop b2cclient.Shop, orderNo, email string) error {
	return refused(d.Guests.RequestCode(ctx, shop, orderNo, email))
}

// Open gives a guest access to an order.
func (d *Desk) Open(ctx context.Context, shop b2cclient.Shop, orderNo string, proof guest.Proof) (guest.Access, error) {
	access, err := d.Guests.Open(ctx, shop, orderNo, proof)
	return access, refused(err)
}
