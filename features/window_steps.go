package features

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
)

// openWindows are the windows of the booking's kind that have room, but for its own.
func (w *world) openWindows(ctx context.Context) ([]string, error) {
	var list struct {
		Slots []struct {
			ID       string   `json:"slot_id"`
			Type     string   `json:"type"`
			Capacity capacity `json:"capacity"`
		} `json:"slots"`
	}
	own := w.before.bookings[0].Window
	err := w.slotService(ctx, http.MethodGet, "/slots?type="+own.Type, nil, &list)
	var ids []string
	for _, s := range list.Slots {
		if s.ID != own.ID && s.Capacity.Available > 0 {
			ids = append(ids, s.ID)
		}
	}
	slices.Sort(ids)
	if err == nil && len(ids) == 0 {
		err = errors.New("no other window has room")
	}
	return ids, err
}

// slotService sends a request to the slot service.
func (w *world) slotService(ctx context.Context, method, path string, body, into any) error {
	header := map[string]string{"Authorization": "Bearer " + wellKnown + "~" + w.control.sandbox}
	return w.auditor.call(ctx, request{method, w.auditor.api + "/slots/v1" + path, header, body}, into)
}

// fillWindow has others take every place in the window of the booking that is left.
func (w *world) fillWindow(ctx context.Context) error {
	own := w.before.bookings[0].Window
	for n := range own.Capacity.Available {
		holder := map[string]any{"holder_ref": fmt.Sprintf("somebody-%d", n), "ttl_seconds": 14400}
		if err := w.slotService(ctx, http.MethodPost, "/slots/"+own.ID+"/holds", holder, nil); err != nil {
			return err
		}
	}
	return nil
}

func (w *world) toldHeld(context.Context) error {
	m, err := w.modified()
	if err == nil && (len(m.Slots) != 1 || m.Slots[0].HoldID == "") {
		err = fmt.Errorf("the shopper was told of %+v", m.Slots)
	}
	return err
}

// toldNotHeld makes sure that the shopper learns which window it is, and why it cannot be kept.
func (w *world) toldNotHeld(context.Context) error {
	m, err := w.modified()
	if err == nil && (len(m.Slots) != 1 || m.Slots[0].HoldID != "" || m.Slots[0].Code == "") {
		err = fmt.Errorf("the shopper was told of %+v", m.Slots)
	}
	return err
}
