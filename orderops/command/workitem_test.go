package command

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/somsim/somsim/orderops"
)

// givenUp finishes a command whose one effect is then given up, and returns its work item.
func givenUp(t *testing.T, s *Store, no string) (Row, StoredWorkItem) {
	t.Helper()
	row := begin(t, s, order(no, "k"))
	owing(t, s, row, 1)
	giveUpDue(t, s, row, "SLOT_GONE")
	return row, onlyOpen(t, s)
}

func giveUpDue(t *testing.T, s *Store, row Row, code string) {
	t.Helper()
	d := claim(t, s, noon)
	r := EffectResult{State: orderops.EffectFailed, Code: code}
	err := s.settle(t.Context(), row, d, r, []WorkItem{{OrderNo: row.OrderNo, Entity: "slots:release", Reason: code}}, noon)
	if err := errors.Join(err, s.releaseDue(t.Context(), d)); err != nil {
		t.Fatal(err)
	}
}

func onlyOpen(t *testing.T, s *Store) StoredWorkItem {
	t.Helper()
	items, err := s.Items(t.Context(), ItemQuery{State: ItemOpen})
	if err != nil || len(items) != 1 {
		t.Fatalf("open items %+v, %v", items, err)
	}
	return items[0]
}

func itemState(t *testing.T, s *Store, id int64, want ItemState) StoredWorkItem {
	t.Helper()
	item, err := s.Item(t.Context(), id)
	if err != nil || item.State != want {
		t.Errorf("item %d is %+v, %v, want %s", id, item, err, want)
	}
	return item
}

func testRetry(t *testing.T, b bench) {
	t.Helper()
	s := b.open("i")
	row, item := givenUp(t, s, "1")
	if !item.Retriable || item.OperationID != row.ID {
		t.Errorf("item %+v", item)
	}
	noneDue(t, s, noon.Add(time.Hour))
	later := noon.Add(time.Minute)
	if err := s.retry(t.Context(), item.ID, "ada", later); err != nil {
		t.Fatal(err)
	}
	if got := itemState(t, s, item.ID, ItemRetrying); got.SettledBy != "ada" || got.Retriable {
		t.Errorf("retrying item %+v", got)
	}
	if effects := effectsOf(t, s, row.ID); effects[0].State != orderops.EffectPending || effects[0].Code != "" {
		t.Errorf("effects %+v", effects)
	}
	if err := s.retry(t.Context(), item.ID, "bob", later); !errors.Is(err, ErrItemNotOpen) {
		t.Errorf("a second retry: %v, want ErrItemNotOpen", err)
	}
	noneDue(t, s, noon)
	d := claim(t, s, later)
	if d.Kind != "release" || string(d.Payload) != `{"i":1}` || d.tries() != 0 || d.attempt == 0 {
		t.Errorf("due is %+v", d)
	}
	if err := s.settle(t.Context(), row, d, EffectResult{State: orderops.EffectDone}, nil, later); err != nil {
		t.Fatal(err)
	}
	if got := itemState(t, s, item.ID, ItemResolved); got.SettledBy != itself || got.Note != settledByRetry || !got.SettledAt.Equal(later) {
		t.Errorf("settled item %+v", got)
	}
}

// testRetryOfAnEffectThatFailedAtOnce makes owed what never was.
func testRetryOfAnEffectThatFailedAtOnce(t *testing.T, b bench) {
	t.Helper()
	s := b.open("i")
	row := begin(t, s, order("1", "k"))
	answer := Answer{Cancellation: &orderops.Cancellation{Effects: []orderops.Effect{
		{System: "b2c", Action: "mirror", State: orderops.EffectDone}, {System: "worldline", Action: "refund", State: orderops.EffectFailed, Code: "NO"},
	}}}
	items := []WorkItem{
		{OrderNo: "1", Entity: "worldline:refund:1", Reason: "NO", Retry: &Due{Effect: 1, Kind: "refund", Payload: json.RawMessage(`{"i":1}`)}},
		{OrderNo: "1", Entity: "som:x", Reason: "nothing to try"},
	}
	if err := s.finish(t.Context(), row, Result{State: Succeeded, Answer: answer, WorkItems: items}, noon, noon); err != nil {
		t.Fatal(err)
	}
	noneDue(t, s, noon.Add(time.Hour))
	stored, err := s.Items(t.Context(), ItemQuery{State: ItemOpen})
	if err != nil || len(stored) != 2 || !stored[0].Retriable || stored[1].Retriable {
		t.Fatalf("open items %+v, %v", stored, err)
	}
	if err := s.retry(t.Context(), stored[0].ID, "ada", noon); err != nil {
		t.Fatal(err)
	}
	if d := claim(t, s, noon); d.Kind != "refund" || d.Effect != 1 || string(d.Payload) != `{"i":1}` || d.tries() != 0 {
		t.Errorf("due is %+v", d)
	}
	if effects := effectsOf(t, s, row.ID); effects[1].State != orderops.EffectPending || effects[0].State != orderops.EffectDone {
		t.Errorf("effects %+v", effects)
	}
}

// testItemOfDue tells a person of work at once, and settles it with the work, be it done or given up.
func testItemOfDue(t *testing.T, b bench) {
	t.Helper()
	s := b.open("i")
	row := begin(t, s, order("1", "k"))
	refusal := orderops.Refuse(orderops.NotCancellable, "no")
	refusal.Effects = []orderops.Effect{{System: "som", Action: "reallocate", State: orderops.EffectPending}}
	told := &WorkItem{OrderNo: "1", Entity: "som:fulfillmentOrder:0a3", Reason: "not given back"}
	result := Result{
		State: Refused, Answer: Answer{Refusal: refusal},
		Due: []Due{{Effect: 0, Kind: "reallocate", Payload: json.RawMessage("{}"), Item: told}},
	}
	if err := s.finish(t.Context(), row, result, noon, noon); err != nil {
		t.Fatal(err)
	}
	item := onlyOpen(t, s)
	if item.Entity != told.Entity || item.Retriable {
		t.Errorf("item %+v, want one that is tried by itself", item)
	}
	d := claim(t, s, noon)
	if err := s.settle(t.Context(), row, d, EffectResult{State: orderops.EffectDone}, nil, noon); err != nil {
		t.Fatal(err)
	}
	if got := itemState(t, s, item.ID, ItemResolved); got.SettledBy != itself {
		t.Errorf("settled item %+v", got)
	}
}

func testRetryFails(t *testing.T, b bench) {
	t.Helper()
	s := b.open("i")
	row, item := givenUp(t, s, "1")
	for _, code := range []string{"SLOT_GONE", "SLOT_STUCK"} {
		if err := s.retry(t.Context(), onlyOpen(t, s).ID, "ada", noon); err != nil {
			t.Fatal(err)
		}
		giveUpDue(t, s, row, code)
	}
	if got := onlyOpen(t, s); got.Reason != "SLOT_STUCK" || !got.Retriable || got.SettledBy != "" {
		t.Errorf("open is %+v", got)
	}
	if got := itemState(t, s, item.ID, ItemResolved); got.Note != failedAgain {
		t.Errorf("the first item says %q", got.Note)
	}
}

func testRetryUnknown(t *testing.T, b bench) {
	t.Helper()
	s := b.open("i")
	row := begin(t, s, order("1", "k"))
	if err := s.finish(t.Context(), row, Result{State: Unknown, Resume: json.RawMessage("{}")}, noon, noon); err != nil {
		t.Fatal(err)
	}
	d := claim(t, s, noon)
	d.attempt = maxAttempts
	if err := errors.Join(s.giveUp(t.Context(), row, d, "nobody knows", noon), s.releaseDue(t.Context(), d)); err != nil {
		t.Fatal(err)
	}
	if got := command(t, s, row.ID); got.State != NeedsAttention {
		t.Errorf("given up as %s", got.State)
	}
	item := onlyOpen(t, s)
	other := begin(t, s, order("1", "l"))
	if err := s.retry(t.Context(), item.ID, "ada", noon); !errors.Is(err, errOtherOpen) {
		t.Errorf("beside another open command: %v, want errOtherOpen", err)
	}
	if err := s.finish(t.Context(), other, Result{State: Refused}, noon, noon); err != nil {
		t.Fatal(err)
	}
	if err := s.retry(t.Context(), item.ID, "ada", noon); err != nil {
		t.Fatal(err)
	}
	if got := command(t, s, row.ID); got.State != Unknown {
		t.Errorf("looked into as %s", got.State)
	}
	d = claim(t, s, noon)
	if d.Kind != kindResume || d.attempt <= maxAttempts || d.tries() != 0 {
		t.Errorf("due is %+v: its workflows need ids that were not used yet", d)
	}
}

func testResolve(t *testing.T, b bench) {
	t.Helper()
	s := b.open("i")
	_, item := givenUp(t, s, "1")
	if err := s.resolve(t.Context(), item.ID, "ada", "phoned the shop", noon); err != nil {
		t.Fatal(err)
	}
	got := itemState(t, s, item.ID, ItemResolved)
	if got.SettledBy != "ada" || got.Note != "phoned the shop" || !got.SettledAt.Equal(noon) {
		t.Errorf("resolved as %+v", got)
	}
	if err := s.resolve(t.Context(), item.ID, "bob", "me too", noon); !errors.Is(err, ErrItemNotOpen) {
		t.Errorf("resolved twice: %v", err)
	}
	if err := s.resolve(t.Context(), 99, "bob", "x", noon); !errors.Is(err, ErrNoItem) {
		t.Errorf("resolved nothing: %v", err)
	}
	row := begin(t, s, order("2", "k"))
	if err := s.finish(t.Context(), row, broken(row), noon, noon); err != nil {
		t.Fatal(err)
	}
	broke := onlyOpen(t, s)
	if err := s.retry(t.Context(), broke.ID, "ada", noon); broke.Retriable || !errors.Is(err, ErrNotRetriable) {
		t.Errorf("retriable %v, %v, want ErrNotRetriable", broke.Retriable, err)
	}
}

func testItems(t *testing.T, b bench) {
	t.Helper()
	s := b.open("i")
	_, first := givenUp(t, s, "1")
	if err := s.resolve(t.Context(), first.ID, "ada", "x", noon); err != nil {
		t.Fatal(err)
	}
	_, second := givenUp(t, s, "2")
	cases := []struct {
		name string
		q    ItemQuery
		want []int64
	}{
		{"all", ItemQuery{}, []int64{first.ID, second.ID}},
		{"a sandbox", ItemQuery{Sandbox: "s"}, []int64{first.ID, second.ID}},
		{"another sandbox", ItemQuery{Sandbox: "z"}, nil},
		{"open", ItemQuery{State: ItemOpen}, []int64{second.ID}},
		{"resolved", ItemQuery{State: ItemResolved}, []int64{first.ID}},
		{"after", ItemQuery{After: first.ID}, []int64{second.ID}},
		{"a page", ItemQuery{Limit: 1}, []int64{first.ID}},
	}
	for _, tc := range cases {
		items, err := s.Items(t.Context(), tc.q)
		var got []int64
		for _, item := range items {
			got = append(got, item.ID)
		}
		if err != nil || cmp.Diff(tc.want, got) != "" {
			t.Errorf("%s: %v, %v, want %v", tc.name, got, err, tc.want)
		}
	}
}

// attempts answers each attempt at due work with the next of its results, and keeps what it was given.
type attempts struct {
	results []EffectResult
	given   []string
}

func (*attempts) Run(context.Context, Run, Row, json.RawMessage) (Result, error) {
	return Result{}, errors.New("no command is run")
}

func (a *attempts) Perform(_ context.Context, _ Row, due Due) EffectResult {
	a.given = append(a.given, string(due.Payload))
	result := a.results[0]
	a.results = a.results[1:]
	return result
}

// What an attempt leaves for the next one is what the next one gets: by itself, and on behalf of a person.
func testPayloadOfTheNextAttempt(t *testing.T, b bench) {
	t.Helper()
	s := b.open("i")
	row := begin(t, s, order("1", "k"))
	owing(t, s, row, 1)
	a := &attempts{results: []EffectResult{
		{State: orderops.EffectPending, Payload: json.RawMessage(`{"i":2}`)},
		{State: orderops.EffectFailed, Payload: json.RawMessage(`{"i":3}`)},
		{State: orderops.EffectPending},
		{State: orderops.EffectDone},
	}}
	e := &Engine{store: s, handlers: map[orderops.Action]Handler{row.Action: a}, log: slog.New(slog.DiscardHandler)}
	at := noon
	tick := func() {
		at = at.Add(time.Hour)
		if _, err := e.Tick(t.Context(), "s", at); err != nil {
			t.Fatal(err)
		}
	}
	tick()
	tick()
	if err := s.retry(t.Context(), onlyOpen(t, s).ID, "ada", at); err != nil {
		t.Fatal(err)
	}
	tick()
	tick()
	if diff := cmp.Diff([]string{`{"i":1}`, `{"i":2}`, `{"i":3}`, `{"i":3}`}, a.given); diff != "" {
		t.Errorf("the attempts were given (-want +got):\n%s", diff)
	}
}
