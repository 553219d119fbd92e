package features

import (
	"context"
	"fmt"
	"net/http"

	"github.com/shopspring/decimal"
)

func (w *world) returnSteps() []step {
	return []step{
		{when, `^the back office calls the announced return off$`, w.callOff},
		{then, `^"([\d.]+)" of the payment (?:was|were) given back in all, and no more$`, w.givenBackInAll},
	}
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
