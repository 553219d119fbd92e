package shoppertoken_test

import (
	"strings"
	"testing"

	"github.com/somsim/somsim/simulator/b2c"
	"github.com/somsim/somsim/simulator/b2c/shoppertoken"
)

// A shopper of a very long name still has a claim isb of no more than 256 characters, with all its parts.
func TestALongNameDoesNotMakeTheClaimTooLong(t *testing.T) {
	t.Parallel()
	got := shoppertoken.Bound(b2c.ShopperGrant{
		IDP: "ecom", Login: "ada@somsim.test", Name: strings.Repeat("Ä", 200), GuestID: "g", CustomerID: "r", SiteID: "RefArch", ClientID: "c", Agent: "agent@somsim.test",
	})
	if len(got) > 256 || !strings.Contains(got, "::uidn:Ä") || !strings.HasSuffix(got, "::gcid:g::rcid:r::chid:RefArch::taob:c::agent:agent@somsim.test") {
		t.Errorf("%d bytes: %s", len(got), got)
	}
}
