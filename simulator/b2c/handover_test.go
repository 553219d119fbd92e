package b2c_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/somsim/somsim/simulator/b2c"
	"github.com/somsim/somsim/simulator/sandbox"
)

// desk is order management as the tests need it.
type desk struct {
	taken  []string
	refuse error
}

func (d *desk) Ingest(tx *sandbox.Tx, o b2c.Order) (string, error) {
	tx.Next("desk") // something that has to be undone when it is refused
	if d.refuse != nil {
		return "", d.refuse
	}
	d.taken = append(d.taken, o.OrderNo)
	return "1Os-" + o.OrderNo, nil
}

func withDesk(t *testing.T) (*world, *desk) {
	t.Helper()
	w, d := newWorld(t), &desk{}
	w.UseOrderManagement(d)
	return w, d
}

func TestAPlacedOrderIsHandedOver(t *testing.T) {
	t.Parallel()
	w, d := withDesk(t)
	preset := w.place(w.twoShirts("gross"))
	o := w.created()
	w.advance(time.Hour)
	if len(d.taken) != 0 {
		t.Fatalf("handed over before it was placed: %v", d.taken)
	}
	w.do(func(tx *sandbox.Tx) error { return w.Place(tx, o.OrderNo) })
	if got := w.read(o.OrderNo); got.ExportStatus != b2c.Ready {
		t.Errorf("export status %s", got.ExportStatus)
	}
	w.advance(b2c.DefaultDelay - time.Millisecond)
	if len(d.taken) != 0 {
		t.Errorf("handed over too early: %v", d.taken)
	}
	w.advance(time.Millisecond)
	if got := w.read(o.OrderNo); got.ExportStatus != b2c.Exported || got.OrderSummaryID != "1Os-"+o.OrderNo || got.ExportProblem != "" {
		t.Errorf("%+v", got)
	}
	w.do(func(tx *sandbox.Tx) error { return w.SetStatus(tx, o.OrderNo, b2c.Open) })
	w.advance(time.Hour)
	if diff := cmp.Diff([]string{o.OrderNo}, d.taken); diff != "" {
		t.Errorf("handed over: %s", diff)
	}
	if got := w.read(preset.OrderNo); got.ExportStatus != b2c.NotExported {
		t.Errorf("the order that was there at the beginning is %s", got.ExportStatus)
	}
}

func TestWhatOrderManagementRefusesIsRecordedAndTriedAgainOnRequest(t *testing.T) {
	t.Parallel()
	w, d := withDesk(t)
	d.refuse = &b2c.Error{Code: b2c.InvalidOrder, Message: "no such product"}
	o := w.created()
	w.do(func(tx *sandbox.Tx) error { return w.Place(tx, o.OrderNo) })
	w.advance(time.Minute)
	got := w.read(o.OrderNo)
	if got.ExportStatus != b2c.ExportFailed || !strings.Contains(got.ExportProblem, "no such product") || got.Status != b2c.New {
		t.Errorf("%+v", got)
	}
	w.do(func(tx *sandbox.Tx) error {
		if n := tx.Next("desk"); n != 1 {
			t.Errorf("what was refused left something behind: %d", n)
		}
		return nil
	})
	d.refuse = nil
	w.do(func(tx *sandbox.Tx) error {
		return w.UpdateOrder(tx, b2c.Reader{}, o.OrderNo, b2c.OrderUpdate{Export: b2c.Ready})
	})
	w.advance(time.Minute)
	if got := w.read(o.OrderNo); got.ExportStatus != b2c.Exported || got.ExportProblem != "" {
		t.Errorf("%+v", got)
	}
}

func TestACancelledOrReplacedOrderIsNotHandedOver(t *testing.T) {
	t.Parallel()
	w, d := withDesk(t)
	cancelled, replaced, by := w.created(), w.created(), w.place(w.twoShirts("gross"))
	for _, no := range []string{cancelled.OrderNo, replaced.OrderNo} {
		w.do(func(tx *sandbox.Tx) error { return w.Place(tx, no) })
	}
	w.do(func(tx *sandbox.Tx) error { return w.Cancel(tx, cancelled.OrderNo, b2c.Cancellation{}) })
	w.do(func(tx *sandbox.Tx) error { return w.Replace(tx, replaced.OrderNo, by.OrderNo) })
	w.advance(time.Hour)
	if len(d.taken) != 0 || w.read(cancelled.OrderNo).ExportStatus != b2c.NotExported || w.read(replaced.OrderNo).ExportStatus != b2c.NotExported {
		t.Errorf("handed over: %v", d.taken)
	}
	w.do(func(tx *sandbox.Tx) error { return w.SetStatus(tx, cancelled.OrderNo, b2c.New) })
	w.advance(time.Hour)
	if diff := cmp.Diff([]string{cancelled.OrderNo}, d.taken); diff != "" {
		t.Error(diff)
	}
}

func TestTheHandoverIsSwitchable(t *testing.T) {
	t.Parallel()
	w, d := withDesk(t)
	w.do(func(tx *sandbox.Tx) error { return w.SetHandover(tx, b2c.Handover{Attached: true, Delay: time.Hour}) })
	slow := w.created()
	w.do(func(tx *sandbox.Tx) error { return w.Place(tx, slow.OrderNo) })
	w.advance(time.Hour - time.Millisecond)
	w.do(func(tx *sandbox.Tx) error { return w.SetHandover(tx, b2c.Handover{}) })
	never := w.created()
	w.do(func(tx *sandbox.Tx) error { return w.Place(tx, never.OrderNo) })
	w.advance(time.Hour)
	if len(d.taken) != 0 || w.read(slow.OrderNo).ExportStatus != b2c.NotExported || w.read(never.OrderNo).ExportStatus != b2c.NotExported {
		t.Errorf("handed over while nothing was attached: %v", d.taken)
	}
	for h, want := range map[b2c.Handover]string{{Delay: -1}: "before they are placed"} {
		err := w.Update(func(tx *sandbox.Tx) error { return w.SetHandover(tx, h) })
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%+v: %v", h, err)
		}
	}
	bare := newWorld(t)
	err := bare.Update(func(tx *sandbox.Tx) error { return bare.SetHandover(tx, b2c.Handover{Attached: true}) })
	if err == nil || !strings.Contains(err.Error(), "no order management") {
		t.Error(err)
	}
}

func TestOrderManagementOwnsTheStatusOfPlacedOrders(t *testing.T) {
	t.Parallel()
	w, _ := withDesk(t)
	placed, created, exported := w.place(w.twoShirts("gross")), w.created(), w.place(w.twoShirts("gross"))
	w.do(func(tx *sandbox.Tx) error { return w.MarkExported(tx, exported.OrderNo, "1Os1") })
	put := func(no string, to b2c.Status) func(tx *sandbox.Tx) error {
		return func(tx *sandbox.Tx) error { _, err := w.PutStatus(tx, b2c.Reader{}, no, to); return err }
	}
	w.refused(b2c.OrderIntegrationStatus, put(placed.OrderNo, b2c.Cancelled))
	w.refused(b2c.OrderIntegrationStatus, put(exported.OrderNo, b2c.Cancelled))
	w.do(put(created.OrderNo, b2c.New))
	w.do(func(tx *sandbox.Tx) error { return w.SetHandover(tx, b2c.Handover{}) })
	w.refused(b2c.OrderPreviouslyIntegratedStatus, put(exported.OrderNo, b2c.Cancelled))
	w.do(put(placed.OrderNo, b2c.Cancelled))
}
