package som

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/somsim/somsim/simulator/sandbox"
)

// told lists the events since a replay id: name and fields.
func (o testOrder) announced(after uint64) []string {
	tx := o.world.Read()
	defer tx.Abort()
	var out []string
	for _, e := range o.Events(tx, EventQuery{After: after}) {
		line := e.Name
		for _, f := range e.Fields {
			line += fmt.Sprintf(" %s=%v", strings.ReplaceAll(f.Name, "Status", ""), f.Value)
		}
		out = append(out, line)
	}
	return out
}

func TestEventsTellWhatHasChanged(t *testing.T) {
	t.Parallel()
	o := newTestOrg(t).workedExample()
	order := o.value(-1, "OriginalOrderId")
	if diff := cmp.Diff([]string{"OrderSummaryCreatedEvent OrderId=" + order + " OrderSummaryId=" + o.id}, o.announced(0)); diff != "" {
		t.Errorf("at first (-want +got):\n%s", diff)
	}
	fo, _ := o.allocate("2")
	line := o.line(fo).ID
	o.write(func(tx *sandbox.Tx) error {
		return o.CancelFulfillmentOrderItem(tx, "", fo, []LineToCancel{{line, dec("1")}})
	})
	o.setStatus(fo, "Pickpack")
	o.setStatus(fo, "Pickpack")
	o.setStatus(fo, "Fulfilled")
	summary := " OrderSummaryId=" + o.id
	want := []string{
		"FulfillOrdItemQtyChgEvent FulfillmentOrderLineItemId=" + line + " OldQuantity=2 NewQuantity=1 OrderItemSummaryId=" + o.item(0).ID,
		"FOStatusChangedEvent FulfillmentOrderId=" + fo + summary + " OldCategory=ACTIVATED NewCategory=FULFILLING Old=Allocated New=Pickpack",
		"FOStatusChangedEvent FulfillmentOrderId=" + fo + summary + " OldCategory=FULFILLING NewCategory=CLOSED Old=Pickpack New=Fulfilled",
	}
	if diff := cmp.Diff(want, o.announced(1)); diff != "" {
		t.Errorf("C33 (-want +got):\n%s", diff)
	}
	if got := o.announced(4); len(got) != 0 {
		t.Errorf("after the last: %q", got)
	}
}

func TestEventsAreRetainedForThreeDays(t *testing.T) {
	t.Parallel()
	o := newTestOrg(t).workedExample()
	if _, err := o.world.Advance(t.Context(), 72*time.Hour-time.Second); err != nil {
		t.Fatal(err)
	}
	if n := len(o.announced(0)); n != 1 {
		t.Errorf("%d events", n)
	}
	if _, err := o.world.Advance(t.Context(), time.Second); err != nil {
		t.Fatal(err)
	}
	if n := len(o.announced(0)); n != 0 {
		t.Errorf("%d events after three days", n)
	}
}
