package b2c_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/simulator/b2c"
	"github.com/somsim/somsim/simulator/sandbox"
)

func TestOrdersAreSeenByTheirOwnersAndSystems(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	o := w.place(w.twoShirts("gross"))
	cases := []struct {
		name  string
		as    b2c.Reader
		found bool
	}{
		{"the owner", b2c.Reader{SiteID: "gross", CustomerID: w.ada.CustomerID}, true},
		{"somebody else", b2c.Reader{SiteID: "gross", CustomerID: w.guest.CustomerID}, false},
		{"the owner at another site", b2c.Reader{SiteID: "net", CustomerID: w.ada.CustomerID}, false},
		{"a system", b2c.Reader{SiteID: "gross"}, true},
		{"a system at another site", b2c.Reader{SiteID: "net"}, false},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			tx := w.Read()
			defer tx.Abort()
			if _, err := w.Order(tx, tc.as, o.OrderNo); (err == nil) != tc.found {
				t.Error(err)
			}
		})
	}
}

func TestCustomerOrdersAreNewestFirstAndFiltered(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for i, no := range []string{"O-1", "O-2", "O-3"} {
		n := w.twoShirts("gross")
		n.OrderNo, n.CreatedAt = no, monday().Add(time.Duration(i)*time.Hour)
		w.place(n)
	}
	w.do(func(tx *sandbox.Tx) error { return w.SetStatus(tx, "O-2", b2c.Cancelled) })
	cases := []struct {
		name   string
		filter b2c.OrderFilter
		want   []string
	}{
		{"all", b2c.OrderFilter{}, []string{"O-3", "O-2", "O-1"}},
		{"by status", b2c.OrderFilter{Statuses: []b2c.Status{b2c.New}}, []string{"O-3", "O-1"}},
		{"bounds are included", b2c.OrderFilter{From: monday(), Until: monday().Add(time.Hour)}, []string{"O-2", "O-1"}},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			tx := w.Read()
			defer tx.Abort()
			orders, err := w.CustomerOrders(tx, b2c.Reader{SiteID: "gross"}, w.ada.CustomerID, tc.filter)
			var got []string
			for _, o := range orders {
				got = append(got, o.OrderNo)
			}
			if diff := cmp.Diff(tc.want, got); err != nil || diff != "" {
				t.Error(err, diff)
			}
		})
	}
	for _, r := range []b2c.Reader{{CustomerID: w.guest.CustomerID}, {}} {
		id := w.ada.CustomerID
		if r.CustomerID == "" {
			id = "nobody"
		}
		w.refused(b2c.CustomerNotFound, func(tx *sandbox.Tx) error {
			_, err := w.CustomerOrders(tx, r, id, b2c.OrderFilter{})
			return err
		})
	}
}

func TestLoginNeedsTheRightPassword(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.do(func(tx *sandbox.Tx) error {
		c, err := w.Login(tx, "ADA@somsim.test", "somsim")
		if c.CustomerID != w.ada.CustomerID || c.PasswordHash == "somsim" {
			t.Errorf("%+v", c)
		}
		return err
	})
	for login, password := range map[string]string{"ada@somsim.test": "wrong", "nobody@somsim.test": "somsim", "": ""} {
		w.refused(b2c.AuthenticationFailed, func(tx *sandbox.Tx) error { _, err := w.Login(tx, login, password); return err })
	}
}

func TestSystemTokensExpireAndAreForgotten(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	var token b2c.SystemToken
	w.do(func(tx *sandbox.Tx) error { token = w.IssueSystemToken(tx, b2c.DefaultClientID); return nil })
	check := func(tx *sandbox.Tx) error { _, err := w.SystemToken(tx, token.Token); return err }
	if _, err := w.Advance(t.Context(), 1799*time.Second); err != nil {
		t.Fatal(err)
	}
	w.do(check)
	if _, err := w.Advance(t.Context(), time.Millisecond); err != nil {
		t.Fatal(err)
	}
	w.refused(b2c.ExpiredToken, check)
	w.do(func(tx *sandbox.Tx) error { w.IssueSystemToken(tx, b2c.DefaultClientID); return nil })
	w.refused(b2c.InvalidAccessToken, check)
}

func TestClientsProveThemselves(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.do(func(tx *sandbox.Tx) error {
		_, err := w.AuthenticateClient(tx, b2c.DefaultClientID, "somsim")
		return err
	})
	w.refused(b2c.InvalidClient, func(tx *sandbox.Tx) error { _, err := w.AuthenticateClient(tx, b2c.DefaultClientID, ""); return err })
	w.refused(b2c.InvalidClient, func(tx *sandbox.Tx) error { _, err := w.AuthenticateClient(tx, "nobody", "somsim"); return err })
	w.refused(b2c.UnknownClientID, func(tx *sandbox.Tx) error { _, err := w.Client(tx, "nobody"); return err })
}

func TestWhatWasReadCannotAlterWhatIsStored(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	n := w.twoShirts("gross")
	n.Custom = b2c.Attributes{"tags": b2c.SetOf("a", "b")}
	o := w.place(n)
	want := w.read(o.OrderNo)
	got := w.read(o.OrderNo)
	got.Custom["tags"].Set[0] = "x"
	got.Custom["new"] = b2c.Text("x")
	got.ProductItems[0].PriceAdjustments[0].Amount = decimal.Zero
	got.Shipments[0].ShipmentID = "x"
	got.PaymentInstruments[0].ID = "x"
	got.ShippingItems[0].ItemID = "x"
	n.Custom["tags"].Set[1] = "x"
	if diff := cmp.Diff(want, w.read(o.OrderNo)); diff != "" {
		t.Error(diff)
	}
}

func TestAliasesAreTokenAndSummary(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	o := w.place(w.twoShirts("gross"))
	w.do(func(tx *sandbox.Tx) error { return w.MarkExported(tx, o.OrderNo, "1Os1") })
	tx := w.Read()
	defer tx.Abort()
	if diff := cmp.Diff([]string{o.OrderToken, "1Os1"}, w.Aliases(tx, o.OrderNo)); diff != "" {
		t.Error(diff)
	}
	if got := w.Aliases(tx, "none"); got != nil {
		t.Error(got)
	}
}
