package features

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"

	"github.com/shopspring/decimal"
)

// submitReturn takes units back at order management, createReturn announces them.
const (
	submitReturn operation = "som.submitReturn"
	createReturn operation = "som.createReturnOrder"
)

func (w *world) returnSteps() []step {
	return []step{
		{given, `^the delivered order "([^"]+)" of "([^"]+)", which earned (\d+) points$`, w.theDeliveredOrderWithPoints},
		{given, `^the order "([^"]+)" of "([^"]+)" on the site "([^"]+)", which has been handed over$`, w.theHandedOverOrder},
		{given, `^the answer of order management to the return gets lost$`, w.loseReturnAnswer},
		{given, `^the return gets lost on its way to order management$`, w.loseReturn},
		{when, `^the shopper returns (\d+) units? of "([^"]+)" in the (storefront|app)$`, w.returnUnits},
		{when, `^the shopper returns everything in the (storefront|app)$`, w.returnAll},
		{when, `^the shopper returns what can be returned in the (storefront|app)$`, w.returnPossible},
		{when, `^the shopper asks what it comes to to return everything$`, w.askReturn},
		{when, `^the back office calls the announced return off$`, w.callOff},
		{then, `^the shopper is told that "([\d.]+)" comes? back for the goods$`, w.toldRefund},
		{then, `^the shopper is told that "([\d.]+)" comes? back and "([\d.]+)" (?:is|are) kept$`, w.toldRefundAndFee},
		{then, `^the shopper is told to send the goods back, for "([\d.]+)"$`, w.toldToSend},
		{then, `^the shopper is told that the time for returning ended at "([^"]+)"$`, w.toldWindowClosed},
		{then, `^the shopper is told that "([^"]+)" is not taken back, and why$`, w.toldNotTakenBack},
		{then, `^the shopper is told that "([^"]+)" was left out$`, w.toldLeftOut},
		{then, `^the shopper is told that so many units of "([^"]+)" cannot be returned$`, w.toldTooManyBack},
		{then, `^the shopper is told that cancelling was possible until "([^"]+)"$`, w.toldCutoffAt},
		{then, `^the shopper is told that the order is still on its way, and to try again$`, w.toldOnItsWay},
		{then, `^order management was asked to take units back (once|twice) and took them back once$`, w.takenBackOnce},
		{then, `^"([\d.]+)" of the payment (?:was|were) given back in all, and no more$`, w.givenBackInAll},
	}
}

func (w *world) theDeliveredOrderWithPoints(ctx context.Context, orderNo, shopper string, points int64) error {
	if err := w.theDeliveredOrder(ctx, orderNo, shopper); err != nil {
		return err
	}
	events, err := w.office.pointsOf(ctx, orderNo)
	if err != nil {
		return err
	}
	if len(events) != 1 || events[0].Earned.Points != points {
		return fmt.Errorf("what the order did to points is %+v", events)
	}
	w.account = events[0].Account
	return nil
}

// theHandedOverOrder is an order of another site, whose units the warehouse has handed over.
func (w *world) theHandedOverOrder(ctx context.Context, orderNo, shopper, site string) error {
	w.shopper.site, w.auditor.site = site, site
	if err := w.open(ctx, orderNo, shopper); err != nil {
		return err
	}
	if err := w.allocate(ctx); err != nil {
		return err
	}
	return w.ship(ctx)
}

func (w *world) loseReturnAnswer(ctx context.Context) error {
	return w.armOn(ctx, faultLost, submitReturn, faultEffect{Kind: "lost_after_commit"}, 1)
}

func (w *world) loseReturn(ctx context.Context) error {
	return w.armOn(ctx, faultLost, submitReturn, faultEffect{Kind: "lost_before"}, 1)
}

func (w *world) newReturn(channel string) {
	w.newWish(channel)
	w.wish.returned = true
}

func (w *world) returnUnits(ctx context.Context, quantity int, product, channel string) error {
	w.newReturn(channel)
	for _, l := range w.before.summary.products() {
		if l.ProductCode == product {
			w.wish.items = []wishedItem{{l.ID, quantity}}
		}
	}
	if len(w.wish.items) == 0 {
		return fmt.Errorf("the order has no %s", product)
	}
	return w.repeatCancel(ctx)
}

func (w *world) returnAll(ctx context.Context, channel string) error {
	w.newReturn(channel)
	return w.repeatCancel(ctx)
}

func (w *world) returnPossible(ctx context.Context, channel string) error {
	w.newReturn(channel)
	w.wish.partial = true
	return w.repeatCancel(ctx)
}

// askReturn asks what a return would come to; the answer is the bare return.
func (w *world) askReturn(ctx context.Context) error {
	w.newReturn(string(app))
	got := w.shopper.preview(ctx, w.wish)
	if got.lost == nil && got.status == http.StatusOK {
		got.returned = &returned{}
		if err := json.Unmarshal(got.body, got.returned); err != nil {
			return err
		}
	}
	w.answers = append(w.answers, got)
	return got.lost
}

func (w *world) callOff(ctx context.Context) error {
	rows, err := find[struct {
		ID string `json:"Id"`
	}](ctx, w.office, "SELECT Id FROM ReturnOrder WHERE OrderSummaryId = '"+w.before.summary.ID+"'")
	if err != nil || len(rows) != 1 {
		return fmt.Errorf("%d returns are announced: %w", len(rows), err)
	}
	no, err := w.office.act(ctx, w.office.request(http.MethodPatch, "/sobjects/ReturnOrder/"+rows[0].ID, map[string]any{"Status": "Canceled"}))
	return w.officeActs("calls", no, err)
}

// theReturn is the latest answer, if it is one about a return.
func (w *world) theReturn() (*returned, error) {
	got, err := w.latest()
	if err != nil {
		return nil, err
	}
	if got.returned == nil {
		return nil, fmt.Errorf("no return: %s", got)
	}
	return got.returned, nil
}

func (w *world) toldRefund(_ context.Context, refund string) error {
	return w.toldRefundAndFee(context.Background(), refund, "0")
}

func (w *world) toldRefundAndFee(_ context.Context, refund, fee string) error {
	got, err := w.theReturn()
	if err != nil {
		return err
	}
	if got.Refund.String() != decimal.RequireFromString(refund).String() || !got.Fee.Equal(decimal.RequireFromString(fee)) {
		return fmt.Errorf("told of %s and a fee of %s", got.Refund, got.Fee)
	}
	return nil
}

func (w *world) toldToSend(ctx context.Context, refund string) error {
	got, err := w.theReturn()
	if err != nil {
		return err
	}
	if got.Mode != "rma" || len(got.Effects) != 1 || got.Effects[0].State != "pending" {
		return fmt.Errorf("told of a return %s with %v", got.Mode, got.Effects)
	}
	return w.toldRefund(ctx, refund)
}

// returnRefused is the latest answer, if it is a refusal with the code.
func (w *world) returnRefused(code string) (answer, error) {
	got, err := w.latest()
	if err == nil && got.code != code {
		err = fmt.Errorf("told %s", got)
	}
	return got, err
}

func (w *world) toldWindowClosed(_ context.Context, until string) error {
	got, err := w.returnRefused("RETURN_WINDOW_CLOSED")
	if err == nil && got.refused.ReturnBy != until {
		err = fmt.Errorf("told until %s", got.refused.ReturnBy)
	}
	return err
}

func (w *world) toldCutoffAt(_ context.Context, until string) error {
	got, err := w.returnRefused("CUTOFF_PASSED")
	if err == nil && got.refused.CutoffAt != until {
		err = fmt.Errorf("told until %s", got.refused.CutoffAt)
	}
	return err
}

func (w *world) toldOnItsWay(context.Context) error {
	got, err := w.returnRefused("ORDER_NOT_YET_IN_OMS")
	if err == nil && !got.retriable {
		err = fmt.Errorf("told %s", got)
	}
	return err
}

func (w *world) toldNotTakenBack(_ context.Context, product string) error {
	got, err := w.returnRefused("NOT_RETURNABLE")
	if err != nil {
		return err
	}
	for _, l := range got.refused.NotReturned {
		if l.ProductCode == product && l.Why == "not_returnable" && l.Reason == "Made to order" {
			return nil
		}
	}
	return fmt.Errorf("told %s", got)
}

func (w *world) toldLeftOut(_ context.Context, product string) error {
	got, err := w.theReturn()
	if err != nil {
		return err
	}
	if len(got.LeftOut) != 1 || got.LeftOut[0].ProductCode != product {
		return fmt.Errorf("left out are %+v", got.LeftOut)
	}
	return nil
}

func (w *world) toldTooManyBack(_ context.Context, product string) error {
	got, err := w.returnRefused("RETURN_QUANTITY_EXCEEDED")
	if err != nil {
		return err
	}
	for _, l := range w.before.summary.products() {
		if l.ProductCode == product && strings.Join(got.refused.Items, "") == l.ID {
			return nil
		}
	}
	return fmt.Errorf("told of %v", got.refused.Items)
}

func (w *world) takenBackOnce(ctx context.Context, asked string) error {
	happened, err := w.since(ctx)
	if err != nil {
		return err
	}
	calls := happened.of(submitReturn)
	if len(calls) != times(asked) || len(calls.effective()) != 1 {
		return fmt.Errorf("order management was asked %d times and took units back %d times", len(calls), len(calls.effective()))
	}
	return nil
}

// givenBackInAll compares what the payment provider has given back since the shopper came.
func (w *world) givenBackInAll(ctx context.Context, amount string) error {
	if err := w.giveTime(ctx); err != nil {
		return err
	}
	now, err := w.now(ctx)
	if err != nil {
		return err
	}
	sum := decimal.Zero
	for i, p := range now.payments {
		sum = sum.Add(decimal.New(p.sum("refund")-w.start.payments[i].sum("refund"), -2))
	}
	if !sum.Equal(decimal.RequireFromString(amount)) {
		return fmt.Errorf("%s were given back", sum)
	}
	return nil
}
