package httpapi

import (
	"context"
	"io"
	"net/http"

	"github.com/somsim/somsim/orderops"
	"github.com/somsim/somsim/orderops/inbound"
)

// receipt answers an event.
type receipt struct {
	EventUUID string `json:"event_uuid"`
	Duplicate bool   `json:"duplicate"`
}

// takeEvent takes in a platform event of order management. One that came before is answered like a new one: its sender is
// done with it either way.
func (a *API) takeEvent(ctx context.Context, r *http.Request) (answer, error) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return answer{}, orderops.Refuse(orderops.InvalidRequest, "the body cannot be read, or is too large")
	}
	taken, err := a.Inbox.Take(ctx, r.Header.Get(inbound.SignatureHeader), body)
	if err != nil {
		return answer{}, err
	}
	return answer{Status: http.StatusAccepted, Body: receipt{taken.UUID, taken.Duplicate}}, nil
}
