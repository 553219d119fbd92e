package worldline_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/somsim/somsim/simulator/clock"
	"github.com/somsim/somsim/simulator/sandbox"
	"github.com/somsim/somsim/simulator/store"
	"github.com/somsim/somsim/simulator/worldline"
)

func monday() time.Time { return time.Date(2026, 6, 1, 8, 0, 0, 0, time.UTC) }

// world is a sandbox with one payment of 100.00 EUR, authorised now.
type world struct {
	*sandbox.World
	*worldline.Worldline
	payment worldline.Payment
	t       *testing.T
}

func newWorld(t *testing.T, settings ...func(*worldline.Settings)) *world {
	t.Helper()
	schema := store.NewSchema()
	tables, domain := sandbox.Declare(schema), worldline.Declare(schema)
	for _, set := range settings {
		set(&domain.Settings)
	}
	w := &world{Worldline: domain, t: t}
	worlds := sandbox.New(tables, sandbox.Config{
		Schema: schema, Machine: clock.Fixed(monday()), Runners: domain.Runners(),
		Presets: map[string]sandbox.Preset{"small": func(tx *sandbox.Tx) (err error) {
			domain.AddMerchant(tx, worldline.Merchant{ID: "shop"}, worldline.APIKey{ID: "key", Secret: "secret"})
			w.payment, err = domain.Authorize(tx, worldline.NewPayment{
				MerchantID: "shop", Amount: 10000, Currency: "EUR", MerchantReference: "O-1",
			})
			return err
		}},
	})
	var err error
	if w.World, err = worlds.Create("default", sandbox.Options{From: "small", Mode: clock.ModeManual, At: monday()}); err != nil {
		t.Fatal(err)
	}
	return w
}

// step is one operation of a story: c captures, v voids, r refunds; w lets minutes pass.
type step struct {
	do     byte
	amount int64
	final  bool
	// asked is set for what a merchant asks of the API.
	asked bool
}

func (w *world) take(s step) error {
	w.t.Helper()
	if s.do == 'w' {
		w.advance(time.Duration(s.amount) * time.Minute)
		return nil
	}
	return w.Update(func(tx *sandbox.Tx) error {
		p, err := w.Payment(tx, "shop", w.payment.ID)
		if err != nil {
			return err
		}
		i := worldline.Instruction{Amount: s.amount, Final: s.final, Requested: s.asked}
		switch s.do {
		case 'c':
			_, err = w.CapturePayment(tx, p, i)
		case 'v':
			_, err = w.CancelPayment(tx, p, i)
		case 'r':
			_, err = w.RefundPayment(tx, p, i)
		}
		return err
	})
}

func (w *world) advance(d time.Duration) {
	w.t.Helper()
	if _, err := w.Advance(context.Background(), d); err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) state() worldline.State {
	w.t.Helper()
	tx := w.Read()
	defer tx.Abort()
	p, err := w.Payment(tx, "shop", w.payment.ID)
	if err != nil {
		w.t.Fatal(err)
	}
	return w.State(tx, p)
}

func TestStories(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name   string
		steps  []step
		want   worldline.Totals
		status worldline.Status
	}{
		{"authorised", nil, worldline.Totals{Authorized: 10000}, worldline.PendingCapture},
		{"voided whole", []step{{do: 'v'}}, worldline.Totals{Authorized: 10000, Cancelled: 10000}, worldline.Cancelled},
		{
			"voided in part stays capturable",
			[]step{{do: 'v', amount: 4000}},
			worldline.Totals{Authorized: 10000, Cancelled: 4000},
			worldline.PendingCapture,
		},
		{"captured whole", []step{{do: 'c'}}, worldline.Totals{Authorized: 10000, Captured: 10000}, worldline.Captured},
		{
			"a partial capture does not void the rest",
			[]step{{do: 'c', amount: 3000}},
			worldline.Totals{Authorized: 10000, Captured: 3000},
			worldline.Captured,
		},
		{
			"a final capture voids the rest",
			[]step{{do: 'c', amount: 3000, final: true}},
			worldline.Totals{Authorized: 10000, Captured: 3000, Cancelled: 7000},
			worldline.Captured,
		},
		{
			"a final void ends the authorisation",
			[]step{{do: 'v', amount: 3000, final: true}},
			worldline.Totals{Authorized: 10000, Cancelled: 10000},
			worldline.Cancelled,
		},
		{
			"captured twice, the rest voided",
			[]step{{do: 'c', amount: 3000}, {do: 'c', amount: 2000}, {do: 'v'}},
			worldline.Totals{Authorized: 10000, Captured: 5000, Cancelled: 5000},
			worldline.Captured,
		},
		{
			"a refund is only requested at first",
			[]step{{do: 'c'}, {do: 'r'}},
			worldline.Totals{Authorized: 10000, Captured: 10000, RefundPending: 10000},
			worldline.RefundRequested,
		},
		{
			"a refund settles after five minutes",
			[]step{{do: 'c'}, {do: 'r'}, {do: 'w', amount: 5}},
			worldline.Totals{Authorized: 10000, Captured: 10000, Refunded: 10000},
			worldline.Refunded,
		},
		{
			"a partial refund leaves it captured",
			[]step{{do: 'c'}, {do: 'r', amount: 1}, {do: 'w', amount: 5}},
			worldline.Totals{Authorized: 10000, Captured: 10000, Refunded: 1},
			worldline.Captured,
		},
		{
			"the authorisation lasts through its seventh day",
			[]step{{do: 'w', amount: 7 * 24 * 60}},
			worldline.Totals{Authorized: 10000},
			worldline.PendingCapture,
		},
		{
			"the uncaptured rest expires after seven days",
			[]step{{do: 'c', amount: 1}, {do: 'w', amount: 7*24*60 + 1}},
			worldline.Totals{Authorized: 10000, Captured: 1, Cancelled: 9999},
			worldline.Captured,
		},
		{
			"what nobody captured expires",
			[]step{{do: 'w', amount: 7*24*60 + 1}},
			worldline.Totals{Authorized: 10000, Cancelled: 10000},
			worldline.Cancelled,
		},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			for _, s := range tc.steps {
				if err := w.take(s); err != nil {
					t.Fatal(err)
				}
			}
			got := w.state()
			if diff := cmp.Diff(tc.want, got.Totals); diff != "" || got.Status != tc.status {
				t.Errorf("status %s %s", got.Status, diff)
			}
		})
	}
}

func TestImpossibleOperationsAreRefusedAndLeaveTheLedger(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name   string
		before []step
		try    step
		rule   string
	}{
		{"voiding more than is open", nil, step{do: 'v', amount: 10001}, "worldline.cancel.uncaptured-only"},
		{"voiding what was captured", []step{{do: 'c'}}, step{do: 'v'}, "worldline.cancel.uncaptured-only"},
		{"voiding into the captured part", []step{{do: 'c', amount: 3000}}, step{do: 'v', amount: 7001}, "worldline.cancel.uncaptured-only"},
		{"voiding twice", []step{{do: 'v'}}, step{do: 'v'}, "worldline.cancel.uncaptured-only"},
		{"voiding after expiry", []step{{do: 'w', amount: 7*24*60 + 1}}, step{do: 'v'}, "worldline.cancel.uncaptured-only"},
		{"refunding before a capture", nil, step{do: 'r', amount: 1}, "worldline.refund.captured-only"},
		{"refunding more than was captured", []step{{do: 'c', amount: 3000}}, step{do: 'r', amount: 3001}, "worldline.refund.captured-only"},
		{"refunding what is being refunded", []step{{do: 'c'}, {do: 'r', amount: 6000}}, step{do: 'r', amount: 4001}, "worldline.refund.captured-only"},
		{"refunding what was refunded", []step{{do: 'c'}, {do: 'r'}, {do: 'w', amount: 5}}, step{do: 'r', amount: 1}, "worldline.refund.captured-only"},
		{"capturing more than was authorised", nil, step{do: 'c', amount: 10001}, "worldline.capture.authorized-only"},
		{"capturing after a void", []step{{do: 'v'}}, step{do: 'c', amount: 1}, "worldline.capture.authorized-only"},
		{"capturing after the final capture", []step{{do: 'c', amount: 1, final: true}}, step{do: 'c', amount: 1}, "worldline.capture.authorized-only"},
		{"capturing after expiry", []step{{do: 'w', amount: 7*24*60 + 1}}, step{do: 'c', amount: 1}, "worldline.capture.authorized-only"},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			for _, s := range tc.before {
				if err := w.take(s); err != nil {
					t.Fatal(err)
				}
			}
			before := w.state()
			var refused *worldline.Error
			if err := w.take(tc.try); !errors.As(err, &refused) || refused.Code != worldline.OperationNotPossible || refused.Rule != tc.rule {
				t.Errorf("want %s, got %v", tc.rule, err)
			}
			if diff := cmp.Diff(before, w.state()); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestCaptureThatAMerchantAsksForIsRequestedFirst(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	if err := w.take(step{do: 'c', asked: true}); err != nil {
		t.Fatal(err)
	}
	if got := w.state(); got.Status != worldline.CaptureRequested || got.CanRefund || got.CanCancel {
		t.Errorf("before: %+v", got)
	}
	w.advance(time.Minute)
	if got := w.state(); got.Status != worldline.Captured || !got.CanRefund {
		t.Errorf("after: %+v", got)
	}
}

func TestCaptureOfAPresetSettlesAtOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(s *worldline.Settings) { s.CaptureDelay = time.Minute })
	err := w.Update(func(tx *sandbox.Tx) error {
		_, err := w.Capture(tx, w.payment.ID, 0, true)
		return err
	})
	if got := w.state(); err != nil || got.Status != worldline.Captured {
		t.Errorf("%v %+v", err, got)
	}
	tx := w.Read()
	defer tx.Abort()
	if due := tx.Scheduled(); len(due) != 0 {
		t.Errorf("a settled payment still has due work: %+v", due)
	}
}

func TestPaymentIsTheMerchantsOwn(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	tx := w.Read()
	defer tx.Abort()
	for _, tc := range []struct{ merchant, id string }{
		{"other", w.payment.ID}, {"shop", "3000000099_0"}, {"shop", w.payment.Number}, {"shop", w.payment.Number + "_7"}, {"shop", ""},
	} {
		var refused *worldline.Error
		if _, err := w.Payment(tx, tc.merchant, tc.id); !errors.As(err, &refused) || refused.Code != worldline.UnknownPayment {
			t.Errorf("%s of %s: %v", tc.id, tc.merchant, err)
		}
	}
}

func TestInstructionHasToFitThePayment(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	if err := w.take(step{do: 'c'}); err != nil {
		t.Fatal(err)
	}
	for rule, i := range map[string]worldline.Instruction{
		"worldline.amount.currency":    {Amount: 1, Currency: "USD"},
		"worldline.refund.own-capture": {Amount: 1, CaptureID: w.payment.ID},
	} {
		err := w.Update(func(tx *sandbox.Tx) error {
			_, err := w.RefundPayment(tx, w.payment, i)
			return err
		})
		var refused *worldline.Error
		if !errors.As(err, &refused) || refused.Rule != rule || refused.Property == "" {
			t.Errorf("want %s, got %v", rule, err)
		}
	}
}

func TestAnswersAreKeptForADay(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	remember := func(key string) {
		if err := w.Update(func(tx *sandbox.Tx) error {
			w.Remember(tx, worldline.Answer{MerchantID: "shop", Path: "/p", Key: key, Body: []byte(key)})
			return nil
		}); err != nil {
			t.Fatal(err)
		}
	}
	recall := func(merchant, path, key string) bool {
		tx := w.Read()
		defer tx.Abort()
		a, ok := w.Recall(tx, merchant, path, key)
		return ok && string(a.Body) == key
	}
	remember("a")
	w.advance(24 * time.Hour)
	if !recall("shop", "/p", "a") || recall("other", "/p", "a") || recall("shop", "/q", "a") {
		t.Error("an answer belongs to its merchant, path and key, for a day")
	}
	w.advance(time.Millisecond)
	remember("b")
	if recall("shop", "/p", "a") || !recall("shop", "/p", "b") {
		t.Error("the old answer is still there, or the new one is not")
	}
}

func TestAliasesAreThePaymentNumbersOfAnOrder(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	tx := w.Read()
	defer tx.Abort()
	if diff := cmp.Diff([]string{w.payment.Number}, w.Aliases(tx, "O-1")); diff != "" {
		t.Error(diff)
	}
}
