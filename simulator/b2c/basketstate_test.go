package b2c_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"pgregory.net/rapid"

	"github.com/somsim/somsim/simulator/b2c"
	"github.com/somsim/somsim/simulator/sandbox"
)

// shopModel lets shoppers do whatever they like, one transaction after another; refusals are dropped as the pipeline does.
type shopModel struct {
	*world
	baskets []string
	orders  []string
}

// try runs work that may be refused by a rule; anything else is a mistake.
func (m *shopModel) try(t *rapid.T, work func(tx *sandbox.Tx) error) bool {
	err := m.Update(work)
	var refused *b2c.Error
	if err != nil && !errors.As(err, &refused) {
		t.Fatalf("no refusal of a rule: %v", err)
	}
	return err == nil
}

func (m *shopModel) edit(t *rapid.T, work func(*b2c.BasketEdit) error) {
	if len(m.baskets) == 0 {
		return
	}
	id := rapid.SampledFrom(m.baskets).Draw(t, "basket")
	m.try(t, func(tx *sandbox.Tx) error {
		_, err := m.EditBasket(tx, m.agent(), b2c.BasketRef{ID: id}, work)
		return err
	})
}

func (m *shopModel) open(t *rapid.T) {
	who := rapid.SampledFrom([]b2c.Editor{
		m.shopper(), m.agent(), {Reader: b2c.Reader{SiteID: "net", CustomerID: m.guest.CustomerID}},
	}).Draw(t, "who")
	var basket b2c.Basket
	if m.try(t, func(tx *sandbox.Tx) (err error) {
		basket, err = m.OpenBasket(tx, who, b2c.NewBasket{Temporary: rapid.Bool().Draw(t, "temporary")})
		return err
	}) {
		m.baskets = append(m.baskets, basket.BasketID)
	}
}

func (m *shopModel) fill(t *rapid.T) {
	product := rapid.SampledFrom([]string{"candle", "candle", "shirt", "ring", "mug"}).Draw(t, "product")
	m.edit(t, func(e *b2c.BasketEdit) error {
		return e.AddItems([]b2c.NewBasketItem{{ProductID: product, Quantity: decimal.NewFromInt(int64(rapid.IntRange(1, 3).Draw(t, "quantity")))}})
	})
}

func (m *shopModel) submit(t *rapid.T) {
	if len(m.baskets) == 0 {
		return
	}
	id := rapid.SampledFrom(m.baskets).Draw(t, "basket")
	m.try(t, func(tx *sandbox.Tx) error {
		_, err := m.EditBasket(tx, m.agent(), b2c.BasketRef{ID: id}, ready)
		return err
	})
	var o b2c.Order
	if m.try(t, func(tx *sandbox.Tx) (err error) {
		o, err = m.SubmitBasket(tx, m.agent(), b2c.Submission{BasketRef: b2c.BasketRef{ID: id}})
		return err
	}) {
		m.orders = append(m.orders, o.OrderNo)
	}
}

func (m *shopModel) order(t *rapid.T, work func(tx *sandbox.Tx, orderNo string) error) {
	if len(m.orders) == 0 {
		return
	}
	no := rapid.SampledFrom(m.orders).Draw(t, "order")
	m.try(t, func(tx *sandbox.Tx) error { return work(tx, no) })
}

// Whatever shoppers and agents do: stock that is held is held by a basket or an order that is there, a single-use code is
// redeemed once, and what a gift certificate has lost is what living orders were paid with.
func TestWhatIsHeldIsHeldBySomebody(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		m := &shopModel{world: stocked(t)}
		rt.Repeat(map[string]func(*rapid.T){
			"open": m.open, "fill": m.fill, "fill more": m.fill, "submit": m.submit, "submit another": m.submit,
			"coupon": func(t *rapid.T) { m.edit(t, coupon("ONCE")) },
			"gift":   func(t *rapid.T) { m.edit(t, payByGift) },
			"reserve": func(t *rapid.T) {
				remove := rapid.Bool().Draw(t, "remove")
				m.edit(t, func(e *b2c.BasketEdit) error { return e.Reserve(0, remove) })
			},
			"delete": func(t *rapid.T) {
				if len(m.baskets) == 0 {
					return
				}
				id := rapid.SampledFrom(m.baskets).Draw(t, "basket")
				m.try(t, func(tx *sandbox.Tx) error { return m.DeleteBasket(tx, m.agent().Reader, id, "") })
			},
			"merge": func(t *rapid.T) {
				m.try(t, func(tx *sandbox.Tx) error {
					_, _, err := m.MergeBaskets(tx, "net", m.guest.CustomerID, m.ada.CustomerID)
					return err
				})
			},
			"wait": func(t *rapid.T) { m.wait(t) },
			"status": func(t *rapid.T) {
				to := rapid.SampledFrom([]b2c.Status{b2c.New, b2c.Failed, b2c.Created, b2c.Cancelled, b2c.Open}).Draw(t, "status")
				m.order(t, func(tx *sandbox.Tx, no string) error { return m.SetStatus(tx, no, to) })
			},
			"change": func(t *rapid.T) {
				var basket b2c.Basket
				m.order(t, func(tx *sandbox.Tx, no string) (err error) { basket, err = m.EditOrder(tx, m.agent(), no); return err })
				if basket.BasketID != "" {
					m.baskets = append(m.baskets, basket.BasketID)
				}
			},
			"again": func(t *rapid.T) {
				m.order(t, func(tx *sandbox.Tx, no string) error {
					f, err := m.FollowUpBasket(tx, b2c.Reader{}, no, b2c.FollowUpOptions{Temporary: true})
					if err == nil {
						m.baskets = append(m.baskets, f.Basket.BasketID)
					}
					return err
				})
			},
			"": m.check,
		})
	})
}

func waits() []time.Duration {
	return []time.Duration{time.Minute, 12 * time.Minute, 20 * time.Minute, 8 * 24 * time.Hour}
}

func (m *shopModel) wait(t *rapid.T) {
	if _, err := m.Advance(m.t.Context(), rapid.SampledFrom(waits()).Draw(t, "wait")); err != nil {
		t.Fatal(err)
	}
}

func (m *shopModel) check(t *rapid.T) {
	tx := m.Read()
	defer tx.Abort()
	reserved, ordered := map[string]decimal.Decimal{}, map[string]decimal.Decimal{}
	for _, id := range slices.Compact(slices.Sorted(slices.Values(m.baskets))) {
		if basket, err := m.Basket(tx, b2c.Reader{}, id); err == nil {
			add(reserved, basket.Reserved)
		}
	}
	redeemed, paid := 0, decimal.Zero
	for _, no := range m.orders {
		c, ok := m.Claim(tx, no)
		o, err := m.Order(tx, b2c.Reader{}, no)
		if err != nil || !ok {
			t.Fatalf("order %s: %v, claim %v", no, err, ok)
		}
		if gone := o.Status == b2c.Failed || o.Status == b2c.Cancelled || o.Status == b2c.Replaced; gone == c.Held {
			t.Fatalf("order %s is %s, and its claim in force: %v", no, o.Status, c.Held)
		}
		if c.Held {
			add(ordered, c.Stock)
			redeemed += len(c.Coupons)
		}
		for _, p := range c.Payments {
			if c.Held || o.Status == b2c.Cancelled {
				paid = paid.Add(p.Amount)
			}
		}
	}
	m.checkStock(t, tx, reserved, ordered)
	if got := len(m.Redemptions(tx, "once")); got != redeemed || got > 1 {
		t.Fatalf("%d redemptions, %d by orders that hold one", got, redeemed)
	}
	if g, _ := m.GiftCertificate(tx, "GIFT-1"); !g.Balance.Add(paid).LessThanOrEqual(g.Amount) || g.Balance.IsNegative() {
		t.Fatalf("the gift certificate of %s has %s, orders were paid %s", g.Amount, g.Balance, paid)
	}
}

func (m *shopModel) checkStock(t *rapid.T, tx *sandbox.Tx, reserved, ordered map[string]decimal.Decimal) {
	for _, r := range m.InventoryRecords(tx, "main") {
		if !r.Reserved.Equal(reserved[r.ProductID]) || !r.OnOrder.Add(r.Turnover).Equal(ordered[r.ProductID]) || r.OnOrder.IsNegative() {
			t.Fatalf("%s: %s reserved by baskets that have %s, %s ordered and %s sold by orders that hold %s",
				r.ProductID, r.Reserved, reserved[r.ProductID], r.OnOrder, r.Turnover, ordered[r.ProductID])
		}
		if r.Reserved.Add(r.OnOrder).Add(r.Turnover).GreaterThan(r.Allocation) {
			t.Fatalf("%s is oversold: %+v", r.ProductID, r)
		}
	}
}

func add(to map[string]decimal.Decimal, lines []b2c.StockLine) {
	for _, line := range lines {
		to[line.ProductID] = to[line.ProductID].Add(line.Quantity)
	}
}
