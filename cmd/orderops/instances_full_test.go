//go:build full

package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/somsim/somsim/internal/pgcluster"
)

// another is an order of the preset that nothing else here touches.
const another = "00000101"

// deployment is a simulator and instances of the service that share a PostgreSQL database.
type deployment struct {
	t         *testing.T
	database  string
	simulator *process
	// way is how the instances are set up.
	way way
}

func deploy(t *testing.T) *deployment {
	t.Helper()
	return &deployment{t: t, database: pgcluster.Start(t).Database(t), simulator: serve(t), way: simple}
}

// eachWay runs a test on a deployment for each way to set instances up: together they run every workflow.
func eachWay(t *testing.T, test func(t *testing.T, d *deployment)) {
	t.Helper()
	for _, way := range ways() {
		t.Run(string(way), func(t *testing.T) {
			t.Parallel()
			d := deploy(t)
			d.way = way
			test(t, d)
		})
	}
}

// password is how an instance gets what may not be on its command line.
func password() []string { return []string{"ORDEROPS_DB_PASSWORD=" + pgcluster.Password} }

func (d *deployment) args(instance string) []string {
	return append(d.way.flags(),
		"--listen", "127.0.0.1:0", "--operator", "127.0.0.1:0", "--db", d.database, "--instance", instance,
		"--simulator", d.simulator.addresses["api"], "--simulator-control", d.simulator.addresses["control"],
		"--remote-timeout", "20m", "--answer-within", "30s",
	)
}

// start begins an instance with a binary.
func (d *deployment) start(binary, instance string) *process {
	d.t.Helper()
	return launchWith(d.t, password(), binary, 2, d.args(instance)...)
}

// refuses asserts that a start is refused with exit code 2 and one line that says why.
func (d *deployment) refuses(why string, args []string) {
	d.t.Helper()
	refuses(d.t, password(), why, args...)
}

// parkAll begins every workflow that instances so set up run, at instance a, in a sandbox for each
// call and each of the phases, each parked there.
func (d *deployment) parkAll(a *process, prefix string, phases ...string) (work []begun) {
	d.t.Helper()
	for _, w := range workflows() {
		if w.way != d.way {
			continue
		}
		stages, _ := w.parkEverywhere(d.t, d.simulator, a, prefix, phases...)
		work = append(work, begun{w, stages})
	}
	return work
}

// begun is a workflow that is under way in some sandboxes.
type begun struct {
	workflow
	stages []*stage
}

// stagesOf are the sandboxes of everything that was begun.
func stagesOf(work []begun) (all []*stage) {
	for _, b := range work {
		all = append(all, b.stages...)
	}
	return all
}

// entries counts what the journals of the stages hold, without the parked calls, which are journalled once whoever sent
// them is gone.
func entries(stages []*stage) map[string]int {
	counts := map[string]int{}
	for _, s := range stages {
		var journal struct{ Entries []struct{ Fault []string } }
		if err := json.Unmarshal(s.must(http.MethodGet, s.sandbox("/journal?limit=1000"), nil, nil), &journal); err != nil {
			s.t.Fatal(err)
		}
		for _, e := range journal.Entries {
			if len(e.Fault) == 0 {
				counts[s.name]++
			}
		}
	}
	return counts
}

// liveOn waits until an instance has lived on for a few heartbeats, in which it would have taken up whatever it believes
// to be its own.
func liveOn(s *stage, ops *process, instance string) {
	s.t.Helper()
	seen := func() time.Time {
		var page struct {
			Instances []struct {
				Name   string
				SeenAt time.Time `json:"seen_at"`
			}
		}
		raw := s.must(http.MethodGet, ops.addresses["operator"]+"/operator/v1/instances", nil, nil)
		if err := json.Unmarshal(raw, &page); err != nil {
			s.t.Fatal(err)
		}
		for _, one := range page.Instances {
			if one.Name == instance {
				return one.SeenAt
			}
		}
		s.t.Fatalf("no instance %s: %s", instance, raw)
		return time.Time{}
	}
	for until := seen().Add(3 * time.Second); seen().Before(until); {
	}
}

// untouched asserts that nothing was sent on the stages since the journals were counted.
func untouched(t *testing.T, stages []*stage, before map[string]int, when string) {
	t.Helper()
	for name, n := range entries(stages) {
		if n != before[name] {
			t.Errorf("%s, %s: %d calls more than before", when, name, n-before[name])
		}
	}
}

// goesOn asserts that an instance serves other orders.
func (d *deployment) goesOn(b *process, name string) {
	d.t.Helper()
	s := openStage(d.t, d.simulator, name, authorised())
	header := map[string]string{"Authorization": s.token, "Idempotency-Key": "other", "X-Sandbox": s.name}
	s.must(http.MethodPost, b.addresses["orderops"]+"/order-ops/v1/orders/"+another+"/cancellations", header, struct{}{})
}

// finished asserts that everything comes to its end, asked for at b, with every effect once.
func finished(work []begun, b *process) {
	for _, some := range work {
		for _, s := range some.stages {
			some.finishes(s, b)
		}
	}
}

// TestKilledInstanceIsRestarted kills one of two instances while each call of each workflow is under way. The other one goes
// on and repeats nothing; once the killed one is started again its work is finished with every effect once.
func TestKilledInstanceIsRestarted(t *testing.T) {
	t.Parallel()
	eachWay(t, func(t *testing.T, d *deployment) {
		t.Helper()
		a := d.start(built.orderops, "a")
		work := d.parkAll(a, "restart", "before", "after")
		stages := stagesOf(work)
		before := entries(stages)

		b := d.start(built.orderops, "b")
		liveOn(stages[0], b, "b")
		untouched(t, stages, before, "b started beside a")
		d.refuses("instance a is alive", d.args("a"))
		d.refuses(`instance=""`, d.args(""))

		a.kill()
		d.goesOn(b, "restart-other")
		liveOn(stages[0], b, "b")
		untouched(t, stages, before, "b beside what a left")

		letGo(stages)
		d.start(built.orderops, "a")
		finished(work, b)
	})
}

// TestRebuiltBinaryFinishesOnPostgreSQL kills the only instance and starts it again out of another build, which finishes
// alone what the old one began.
func TestRebuiltBinaryFinishesOnPostgreSQL(t *testing.T) {
	t.Parallel()
	rebuilt := rebuild(t)
	eachWay(t, func(_ *testing.T, d *deployment) {
		old := d.start(built.orderops, "a")
		work := d.parkAll(old, "rebuilt", "after")
		old.kill()
		letGo(stagesOf(work))
		finished(work, d.start(rebuilt, "a"))
	})
}

// Unfinished work of a version that a build does not know, and whose instance is gone, stops a start.
func TestUnknownVersionOnPostgreSQLIsRefused(t *testing.T) {
	t.Parallel()
	d := deploy(t)
	d.start(built.orderops, "a").kill() // makes the tables
	conn, err := pgx.Connect(t.Context(), strings.Replace(d.database, "orderops@", "orderops:"+pgcluster.Password+"@", 1))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close(context.WithoutCancel(t.Context())) })
	_, err = conn.Exec(t.Context(), `INSERT INTO dbos.workflow_status (workflow_uuid, status, name, executor_id, application_version, application_name)
		VALUES ('w', 'PENDING', 'order-ops.command', 'a', 'order-ops-99', 'order-ops')`)
	if err != nil {
		t.Fatal(err)
	}
	for _, instance := range []string{"a", "b"} {
		d.refuses("unfinished workflows of version order-ops-99; this build knows only order-ops-", d.args(instance))
	}
}

// TestKilledInstanceIsAdopted is the same for an instance whose machine does not come back.
func TestKilledInstanceIsAdopted(t *testing.T) {
	t.Parallel()
	eachWay(t, func(t *testing.T, d *deployment) {
		t.Helper()
		a, b := d.start(built.orderops, "a"), d.start(built.orderops, "b")
		work := d.parkAll(a, "adopt", "before", "after")
		stages := stagesOf(work)
		before := entries(stages)
		adopt := func(code int, want, name string) {
			t.Helper()
			got, said := finish(t, nil, "adopt", name, "--by", "ada", "--operator-url", b.addresses["operator"])
			if got != code || !strings.Contains(said, want) {
				t.Errorf("adopt %s: exit code %d, said %q, want %d and %q", name, got, said, code, want)
			}
		}
		adopt(exitFailed, "INSTANCE_ALIVE", "a")
		adopt(exitFailed, "INSTANCE_ALIVE", "b")
		adopt(exitFailed, "INSTANCE_NOT_FOUND", "c")
		untouched(t, stages, before, "nothing adopted")
		a.kill()
		d.goesOn(b, "adopt-other")
		liveOn(stages[0], b, "b")
		untouched(t, stages, before, "b beside what a left")

		letGo(stages)
		adopt(exitOK, fmt.Sprintf("adopted a: %d unfinished actions go on", len(stages)), "a")
		finished(work, b)
		adopt(exitOK, "adopted a: 0 unfinished actions", "a")
		if _, said := finish(t, nil, "instances", "--operator-url", b.addresses["operator"]); !strings.Contains(said, "a         false") {
			t.Errorf("instances are told as %s", said)
		}
	})
}

// TestKilledInTheBackgroundOnPostgreSQL is what TestKilledInTheBackground does on SQLite.
func TestKilledInTheBackgroundOnPostgreSQL(t *testing.T) {
	t.Parallel()
	for _, w := range workflows() {
		if len(w.later) == 0 {
			continue
		}
		t.Run(w.name, func(t *testing.T) {
			t.Parallel()
			d := deploy(t)
			d.way = w.way
			w.killedInTheBackground(t, d.simulator, func() *process { return d.start(built.orderops, "a") })
		})
	}
}

// A password on the command line can be read by everybody on the machine.
func TestPasswordDoesNotGoOnTheCommandLine(t *testing.T) {
	t.Parallel()
	d := deploy(t)
	withPassword := strings.Replace(d.database, "orderops@", "orderops:"+pgcluster.Password+"@", 1)
	args := d.args("a")
	for i, arg := range args {
		if arg == d.database {
			args[i] = withPassword
		}
	}
	code, said := finish(t, nil, args...)
	if code != exitRefused || !strings.Contains(said, "ORDEROPS_DB_PASSWORD") || strings.Contains(said, pgcluster.Password) {
		t.Errorf("exit code %d, said %q", code, said)
	}
	args = d.args("a")
	for i, arg := range args {
		if arg == "--db" {
			args = append(args[:i], args[i+2:]...)
			break
		}
	}
	launchWith(t, []string{"ORDEROPS_DB=" + withPassword}, built.orderops, 2, args...)
	if code, said := finish(t, nil, d.args("b")...); code != exitFailed || !strings.Contains(said, "open database postgres://orderops@") {
		t.Errorf("without a password: exit code %d, said %q", code, said)
	}
}
