package command

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/somsim/somsim/orderops"
)

// bench is an empty database for a suite. open hands out the store of an instance on it.
func TestStoreOnSQLite(t *testing.T) {
	t.Parallel()
	conformance(t, sqlite)
}

// conformance is what every database has to do.
func conformance(t *testing.T, open opener) {
	t.Helper()
	for name, test := range map[string]func(*testing.T, bench){
		"a key names one command":                          testKey,
		"an order has one open command":                    testOneOpen,
		"a released key runs again":                        testReleased,
		"a command is finished once":                       testFinish,
		"an intent is noted once":                          testIntent,
		"due work comes in order of time":                  testDueOrder,
		"an effect that is settled is owed no more":        testSettle,
		"the next attempt gets what the last one left":     testPayloadOfTheNextAttempt,
		"work takes the place of work":                     testInstead,
		"a given-up effect is tried again from its item":   testRetry,
		"a retry that fails opens an item again":           testRetryFails,
		"work that waits is woken by what it waits for":    testWake,
		"one refund of an order has its turn":              testTurn,
		"a person is told of work at once":                 testItemOfDue,
		"an effect that failed at once is tried again":     testRetryOfAnEffectThatFailedAtOnce,
		"an unknown outcome is looked into again":          testRetryUnknown,
		"an item is resolved once, with who and why":       testResolve,
		"items are selected by sandbox, state and id":      testItems,
		"an event is kept once, for thirty days":           testEvents,
		"a status counts unless a later one is known":      testAdvance,
		"an effect that was done is taken back once":       testOverturn,
		"an effect is taken back before it is known":       testLookBack,
		"old commands are forgotten when nothing is open":  testForget,
		"a guest's tries are counted within a window":      testGuestTries,
		"a guest's access ends":                            testGuestAccess,
		"a snapshot takes the place of the one before":     testSnapshots,
		"what was told about a return only moves on":       testReturnWindows,
		"the newest modification is the one begun last":    testNewestModification,
		"opening the tables again changes nothing":         testReopen,
		"a database of a newer build is left alone":        testNewer,
		"every character of an order comes back as it was": testText,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, open(t))
		})
	}
}

func testKey(t *testing.T, b bench) {
	t.Helper()
	s := b.open("i")
	first := begin(t, s, order("1", "k"))
	again, fresh, err := s.begin(t.Context(), "other", order("1", "k"), noon.Add(time.Hour))
	if err != nil || fresh || cmp.Diff(first, again) != "" {
		t.Errorf("fresh %v, %v, %s", fresh, err, cmp.Diff(first, again))
	}
	elsewhere := order("1", "k")
	elsewhere.Sandbox = "z"
	begin(t, s, elsewhere)
	if _, err := s.Command(t.Context(), "nobody"); !errors.Is(err, ErrNoCommand) {
		t.Errorf("got %v, want ErrNoCommand", err)
	}
}

func testOneOpen(t *testing.T, b bench) {
	t.Helper()
	s := b.open("i")
	row := begin(t, s, order("1", "k"))
	if _, _, err := s.begin(t.Context(), "x", order("1", "l"), noon); !errors.Is(err, errOtherOpen) {
		t.Errorf("beside a running one: %v, want errOtherOpen", err)
	}
	if err := s.finish(t.Context(), row, Result{State: Unknown, Resume: json.RawMessage(`{"r":1}`)}, noon, noon); err != nil {
		t.Fatal(err)
	}
	if _, _, err := s.begin(t.Context(), "x", order("1", "l"), noon); !errors.Is(err, errOtherOpen) {
		t.Errorf("beside an unknown one: %v, want errOtherOpen", err)
	}
	if raw, err := s.resume(t.Context(), row.ID); err != nil || string(raw) != `{"r":1}` {
		t.Errorf("resumes with %s, %v", raw, err)
	}
	if err := s.finish(t.Context(), row, Result{State: Succeeded}, noon, noon); err != nil {
		t.Fatal(err)
	}
	begin(t, s, order("1", "l"))
}

func testReleased(t *testing.T, b bench) {
	t.Helper()
	s := b.open("i")
	row := begin(t, s, order("1", "k"))
	if err := s.finish(t.Context(), row, Result{State: Released}, noon, noon); err != nil {
		t.Fatal(err)
	}
	other := order("1", "k")
	other.BodyHash = "another"
	if _, fresh, err := s.begin(t.Context(), "x", other, noon); fresh || err != nil {
		t.Errorf("another body: fresh %v, %v", fresh, err)
	}
	again := begin(t, s, order("1", "k"))
	if again.Attempt != 2 || again.ID != row.ID || again.WorkflowID() != row.WorkflowID()+"/2" {
		t.Errorf("runs again as %+v", again)
	}
	// Whoever still has the row of the first attempt in hand may not finish the second.
	if err := s.finish(t.Context(), row, broken(row), noon, noon); err != nil {
		t.Fatal(err)
	}
	if got := command(t, s, row.ID); got.State != Running {
		t.Errorf("the first attempt's end made the second %s", got.State)
	}
}

func testFinish(t *testing.T, b bench) {
	t.Helper()
	s := b.open("i")
	row := begin(t, s, order("1", "k"))
	amount := &orderops.Amount{}
	if err := amount.UnmarshalJSON([]byte("12.30")); err != nil {
		t.Fatal(err)
	}
	item := WorkItem{OrderNo: "1", Entity: "e", Amount: amount, Currency: "EUR", Reason: "r"}
	result := Result{State: NeedsAttention, Answer: Answer{Refusal: orderops.Refuse(orderops.InternalError, "x")}, WorkItems: []WorkItem{item}}
	for range 2 {
		if err := s.finish(t.Context(), row, result, noon, noon); err != nil {
			t.Fatal(err)
		}
		result.State = Succeeded
	}
	if got := command(t, s, row.ID); got.State != NeedsAttention || got.Answer.Refusal.Code != orderops.InternalError {
		t.Errorf("finished as %+v", got)
	}
	items, err := s.WorkItems(t.Context(), "s")
	if err != nil || len(items) != 1 || items[0].Amount.String() != "12.3" || items[0].Reason != "r" {
		t.Errorf("items %+v, %v", items, err)
	}
}

func testIntent(t *testing.T, b bench) {
	t.Helper()
	s := b.open("i")
	for _, want := range []bool{true, false} {
		if got, err := s.first(t.Context(), "w", "submit"); err != nil || got != want {
			t.Errorf("first: %v, %v, want %v", got, err, want)
		}
	}
	if got, err := s.first(t.Context(), "w/2", "submit"); err != nil || !got {
		t.Errorf("another workflow's: %v, %v", got, err)
	}
}

func testDueOrder(t *testing.T, b bench) {
	t.Helper()
	s := b.open("i")
	for i, no := range []string{"2", "1", "3"} {
		row := begin(t, s, order(no, "k"))
		result := Result{State: Succeeded, Due: []Due{{Kind: "of-" + no, Payload: json.RawMessage("{}")}}}
		if err := s.finish(t.Context(), row, result, noon, noon.Add(time.Duration(10-i)*time.Minute)); err != nil {
			t.Fatal(err)
		}
	}
	if at, err := s.earliestDue(t.Context(), "s"); err != nil || !at.Equal(noon.Add(8*time.Minute)) {
		t.Errorf("earliest %v, %v", at, err)
	}
	if names, err := s.sandboxesWithDue(t.Context()); err != nil || cmp.Diff(names, []string{"s"}) != "" {
		t.Errorf("sandboxes %v, %v", names, err)
	}
	noneDue(t, s, noon)
	var got []string
	for range 3 {
		d := claim(t, s, noon.Add(time.Hour))
		got = append(got, d.Kind)
		if err := errors.Join(s.postpone(t.Context(), d, noon.Add(2*time.Hour)), s.releaseDue(t.Context(), d)); err != nil {
			t.Fatal(err)
		}
	}
	if want := []string{"of-3", "of-1", "of-2"}; cmp.Diff(want, got) != "" {
		t.Errorf("came as %v, want %v", got, want)
	}
	if d := claim(t, s, noon.Add(3*time.Hour)); d.attempt != 1 || d.tries() != 1 {
		t.Errorf("postponed with %d attempts, %d tries", d.attempt, d.tries())
	}
}

func testSettle(t *testing.T, b bench) {
	t.Helper()
	s := b.open("i")
	row := begin(t, s, order("1", "k"))
	owing(t, s, row, 2)
	d := claim(t, s, noon)
	if err := s.settle(t.Context(), row, d, EffectResult{State: orderops.EffectDone, Reference: "R"}, nil, noon); err != nil {
		t.Fatal(err)
	}
	effects := effectsOf(t, s, row.ID)
	if effects[0].State != orderops.EffectDone || effects[0].Reference != "R" || effects[1].State != orderops.EffectPending {
		t.Errorf("effects %+v", effects)
	}
	d = claim(t, s, noon)
	if d.Effect != 1 {
		t.Errorf("effect %d is due, want 1", d.Effect)
	}
	if err := s.drop(t.Context(), d, noon); err != nil {
		t.Fatal(err)
	}
	noneDue(t, s, noon)
}

func testInstead(t *testing.T, b bench) {
	t.Helper()
	s := b.open("i")
	row := begin(t, s, order("1", "k"))
	owing(t, s, row, 1)
	instead := EffectResult{Instead: []Owed{
		{Effect: orderops.Effect{Action: "void", State: orderops.EffectPending}, Kind: "void", Payload: json.RawMessage("{}")},
		{Effect: orderops.Effect{Action: "refund", State: orderops.EffectPending}, Kind: "refund", Payload: json.RawMessage("{}")},
	}}
	if err := s.settle(t.Context(), row, claim(t, s, noon), instead, nil, noon); err != nil {
		t.Fatal(err)
	}
	effects := effectsOf(t, s, row.ID)
	if len(effects) != 2 || effects[0].Action != "void" || effects[1].Action != "refund" {
		t.Errorf("effects %+v", effects)
	}
	if d := claim(t, s, noon); d.Kind != "void" || d.Effect != 0 {
		t.Errorf("due is %+v", d)
	}
}

func testForget(t *testing.T, b bench) {
	t.Helper()
	s := b.open("i")
	done, owes, open := begin(t, s, order("1", "k")), begin(t, s, order("2", "k")), begin(t, s, order("3", "k"))
	if err := s.finish(t.Context(), done, Result{State: Succeeded}, noon, noon); err != nil {
		t.Fatal(err)
	}
	owing(t, s, owes, 1)
	result := broken(open)
	if err := s.finish(t.Context(), open, result, noon, noon); err != nil {
		t.Fatal(err)
	}
	forgettable := func(want ...string) {
		t.Helper()
		rows, err := s.finishedBefore(t.Context(), "s", noon.Add(time.Second))
		var got []string
		for _, row := range rows {
			got = append(got, row.OrderNo)
		}
		if err != nil || cmp.Diff(want, got) != "" {
			t.Errorf("forgettable are %v, %v, want %v", got, err, want)
		}
	}
	forgettable("1")
	if rows, err := s.finishedBefore(t.Context(), "s", noon); err != nil || len(rows) != 0 {
		t.Errorf("too young, but %v, %v", rows, err)
	}
	if err := s.forget(t.Context(), done); err != nil {
		t.Fatal(err)
	}
	items, err := s.Items(t.Context(), ItemQuery{Sandbox: "s"})
	if err != nil || len(items) != 1 {
		t.Fatalf("items %+v, %v", items, err)
	}
	if err := s.resolve(t.Context(), items[0].ID, "ada", "done by hand", noon); err != nil {
		t.Fatal(err)
	}
	forgettable("3")
	if err := s.forget(t.Context(), open); err != nil {
		t.Fatal(err)
	}
	if items, err = s.Items(t.Context(), ItemQuery{}); err != nil || len(items) != 0 {
		t.Errorf("left over: %+v, %v", items, err)
	}
}

func testReopen(t *testing.T, b bench) {
	t.Helper()
	row := begin(t, b.open("i"), order("1", "k"))
	if got := command(t, b.open("j"), row.ID); cmp.Diff(row, got) != "" {
		t.Error(cmp.Diff(row, got))
	}
}

func testNewer(t *testing.T, b bench) {
	t.Helper()
	b.open("i")
	if _, err := b.db.exec(t.Context(), `INSERT INTO ops_schema (version) VALUES (99)`); err != nil {
		t.Fatal(err)
	}
	if _, err := OpenStore(t.Context(), b.db, "i"); !errors.Is(err, errNewer) {
		t.Errorf("got %v, want errNewer", err)
	}
}

func testText(t *testing.T, b bench) {
	t.Helper()
	s := b.open("i")
	c := order("ä'\"?$1", strings.Repeat("k", 128))
	c.Input = json.RawMessage(`{"q":"\u0000 ? $1 \\"}`)
	row := begin(t, s, c)
	if got := command(t, s, row.ID); cmp.Diff(row, got) != "" {
		t.Error(cmp.Diff(row, got))
	}
}

// A file of the first build has no version number; what it holds is kept.
func TestFileOfTheFirstBuildIsBroughtUpToDate(t *testing.T) {
	t.Parallel()
	b := sqlite(t)
	ctx := context.WithoutCancel(t.Context())
	first := strings.ReplaceAll(migrations()[0], "{{id}}", "INTEGER PRIMARY KEY AUTOINCREMENT")
	for _, statement := range []string{
		first, `INSERT INTO ops_command VALUES ('a','s','RefArch','1','k','cancel','h','{}','c','t','succeeded',1,'{}',NULL,1,2)`,
		`INSERT INTO ops_due (command_id, sandbox, kind, effect, payload, due_at) VALUES ('a','s','release',0,'{}',1)`,
	} {
		if _, err := b.db.exec(ctx, statement); err != nil {
			t.Fatal(err)
		}
	}
	s := b.open("i")
	if got := command(t, s, "a"); got.State != Succeeded {
		t.Errorf("the command is %+v", got)
	}
	if d := claim(t, s, noon); d.Kind != "release" {
		t.Errorf("due is %+v", d)
	}
}
