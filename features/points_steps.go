package features

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strconv"

	"github.com/shopspring/decimal"
)

func (w *world) pointsSteps() []step {
	return []step{
		{given, `^the shopper has spent all points but (\d+)$`, w.spendPoints},
		{given, `^the shopper (got|paid|reserved) (\d+) points for the order$`, w.pointsFor},
		{then, `^the shopper has (?:(-?\d+) points|as many points as before they paid)$`, w.hasPoints},
		{then, `^the shopper is told that (\d+) points are ` + oneOf("news", pointsNews()) + `(?:, and that missing ones are ` + oneOf("missing", missingPoints()) + `)?$`, w.toldPoints},
		{then, `^the shopper is told that "([\d.]+)" was kept for points$`, w.toldKeptForPoints},
		{then, `^order management has a fee of "([\d.]+)" for ` + oneOf("fee", feeProducts()) + `$`, w.feeBooked},
	}
}

// pointsEvent is an entry in the ledger of somebody's points.
type pointsEvent struct {
	Account string `json:"loyalty_account_id"`
	Earned  struct {
		Points int64 `json:"points"`
	} `json:"accumulate_points"`
}

const loyaltyPath = "/loyalty/v2/loyalty"

func (u *orgUser) points(method, path string, body any) request {
	return request{method, u.api + loyaltyPath + path, map[string]string{"Authorization": "Bearer " + wellKnown + "~" + u.sandbox}, body}
}

// pointsOf is what an order did to points.
func (u *orgUser) pointsOf(ctx context.Context, orderNo string) ([]pointsEvent, error) {
	var page struct {
		Events []pointsEvent `json:"events"`
	}
	err := u.call(ctx, u.points(http.MethodPost, "/events/search", map[string]any{
		"query": map[string]any{"filter": map[string]any{"order_filter": map[string]string{"order_id": orderNo}}},
	}), &page)
	return page.Events, err
}

// balance is how many points somebody has.
func (u *orgUser) balance(ctx context.Context, account string) (int64, error) {
	var out struct {
		Account struct {
			Balance int64 `json:"balance"`
		} `json:"loyalty_account"`
	}
	err := u.call(ctx, u.points(http.MethodGet, "/accounts/"+url.PathEscape(account), nil), &out)
	return out.Account.Balance, err
}

// earnPoints gives the shopper points for the order, as the shop does when it is paid.
func (w *world) earnPoints(ctx context.Context, points int64) error {
	if err := w.findAccount(ctx); err != nil {
		return err
	}
	return w.office.call(ctx, w.office.points(http.MethodPost, "/accounts/"+url.PathEscape(w.account)+"/accumulate", map[string]any{
		"idempotency_key": newUUID(), "location_id": "online", "accumulate_points": map[string]any{"order_id": w.orderNo, "points": points},
	}), nil)
}

// findAccount finds the shopper's account of points.
func (w *world) findAccount(ctx context.Context) error {
	var found struct {
		Accounts []struct {
			ID string `json:"id"`
		} `json:"loyalty_accounts"`
	}
	err := w.office.call(ctx, w.office.points(http.MethodPost, "/accounts/search", map[string]any{
		"query": map[string]any{"customer_ids": []string{w.before.shop.Customer.Number}},
	}), &found)
	if err == nil && len(found.Accounts) != 1 {
		err = fmt.Errorf("the shopper has %d accounts of points", len(found.Accounts))
	}
	if err != nil {
		return err
	}
	w.account = found.Accounts[0].ID
	return nil
}

// pointsFor gives the shopper points for the order, or has them pay a part of it with some; what they only reserved the shop has
// not redeemed.
func (w *world) pointsFor(ctx context.Context, verb string, points int64) error {
	switch verb {
	case "got":
		return w.earnPoints(ctx, points)
	case "paid":
		return w.payPoints(ctx, points)
	default:
		_, err := w.makeReward(ctx, points)
		return err
	}
}

// payPoints has the shopper pay a part of the order with a reward, as the shop does in checkout.
func (w *world) payPoints(ctx context.Context, points int64) error {
	reward, err := w.makeReward(ctx, points)
	if err != nil {
		return err
	}
	return w.office.call(ctx, w.office.points(http.MethodPost, "/rewards/"+url.PathEscape(reward)+"/redeem", map[string]any{
		"idempotency_key": newUUID(), "location_id": "online",
	}), nil)
}

// makeReward takes points for a reward, whose id it returns.
func (w *world) makeReward(ctx context.Context, points int64) (string, error) {
	err := w.findAccount(ctx)
	if err != nil {
		return "", err
	}
	if w.pointsBefore, err = w.office.balance(ctx, w.account); err != nil {
		return "", err
	}
	var made struct {
		Reward struct {
			ID     string `json:"id"`
			Points int64  `json:"points"`
		} `json:"reward"`
	}
	err = w.office.call(ctx, w.office.points(http.MethodPost, "/rewards", map[string]any{
		"idempotency_key": newUUID(), "reward": map[string]any{"loyalty_account_id": w.account, "order_id": w.orderNo, "reward_tier_id": "ten-off"},
	}), &made)
	if err == nil && made.Reward.Points != points {
		err = fmt.Errorf("the reward costs %d points", made.Reward.Points)
	}
	return made.Reward.ID, err
}

// spendPoints has the shopper spend points at a till.
func (w *world) spendPoints(ctx context.Context, left int64) error {
	have, err := w.office.balance(ctx, w.account)
	if err != nil {
		return err
	}
	return w.office.call(ctx, w.office.points(http.MethodPost, "/accounts/"+url.PathEscape(w.account)+"/adjust", map[string]any{
		"idempotency_key": newUUID(), "adjust_points": map[string]any{"points": left - have, "reason": "spent in a store"},
	}), nil)
}

// hasPoints compares with a number, or without one with what the shopper had before they paid with points.
func (w *world) hasPoints(ctx context.Context, points string) error {
	want := w.pointsBefore
	if points != "" {
		n, err := strconv.ParseInt(points, 10, 64)
		if err != nil {
			return err
		}
		want = n
	}
	if w.account == "" {
		if err := w.findAccount(ctx); err != nil {
			return err
		}
	}
	got, err := w.office.balance(ctx, w.account)
	if err == nil && got != want {
		err = fmt.Errorf("the shopper has %d points", got)
	}
	return err
}

// toldOf finds the effect of a name that the shopper was told of last.
func (w *world) toldOf(name string) (effect, error) {
	got, err := w.latest()
	if err != nil {
		return effect{}, err
	}
	for _, e := range got.effects {
		if e.name() == name && e.Amount != nil {
			return e, nil
		}
	}
	return effect{}, fmt.Errorf("the shopper is told of %q", effectLines(got.effects))
}

// pointsNews are the effects on points, by the words for what becomes of them.
func pointsNews() map[string]string {
	return map[string]string{"given back": "points given back", "taken back": "points taken back", "forgiven": "points forgiven"}
}

// missingPoints are the rules for points that are to be taken back and were spent.
func missingPoints() map[string]string {
	return map[string]string{"owed": "negative_balance", "forgiven": "forgive", "deducted from the refund": "deduct_from_refund"}
}

// toldPoints makes sure of an effect on points, which is done.
func (w *world) toldPoints(_ context.Context, points int64, what, missing string) error {
	e, err := w.toldOf(pointsNews()[what])
	if err == nil && (!e.Amount.Equal(decimal.NewFromInt(points)) || e.State != "done" || missing != "" && e.Code != missingPoints()[missing]) {
		err = fmt.Errorf("the shopper is told %+v of %s points", e, e.Amount)
	}
	return err
}

func (w *world) toldKeptForPoints(_ context.Context, amount string) error {
	want, err := decimal.NewFromString(amount)
	if err != nil {
		return err
	}
	e, err := w.toldOf("points paid for")
	if err == nil && !e.Amount.Equal(want) {
		err = fmt.Errorf("the shopper is told of %s", e.Amount)
	}
	return err
}

// keptProduct is what order management books money on that was kept for points.
const keptProduct = "SPENT-POINTS"

// feeProducts are what order management books fees on, by what they are for.
func feeProducts() map[string]string {
	return map[string]string{"spent points": keptProduct, "the lost promotion": lostProduct}
}

// feesOn is what an order was charged on a product.
func (s orderSummary) feesOn(code string) decimal.Decimal {
	sum := decimal.Zero
	for _, l := range s.Lines.Records {
		if l.ProductCode == code {
			sum = sum.Add(l.Total)
		}
	}
	return sum
}

// feeBooked takes the fees of all cancels together.
func (w *world) feeBooked(ctx context.Context, amount, what string) error {
	want, err := decimal.NewFromString(amount)
	if err == nil {
		err = w.giveTime(ctx)
	}
	if err != nil {
		return err
	}
	now, err := w.now(ctx)
	if got := now.summary.feesOn(feeProducts()[what]); err == nil && !got.Equal(want) {
		err = fmt.Errorf("order management has fees of %s", got)
	}
	return err
}
