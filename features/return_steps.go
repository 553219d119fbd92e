package features

import (
	"context"
	"fmt"
	"net/http"
)

func (w *world) returnSteps() []step {
	return []step{
		{when, `^the back office calls the announced return off$`, w.callOff},
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
