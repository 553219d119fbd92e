package main

import (
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/somsim/somsim/orderops/command"
)

// stepsFile are the steps of each workflow in order, under the version of the build that takes them.
const stepsFile = "testdata/steps.golden"

// TestStepsBelongToTheirVersion runs every workflow and reads which steps it has taken. A build goes on where another one of
// the same version has stopped, step by step: whoever changes the steps of a workflow has to raise the version.
func TestStepsBelongToTheirVersion(t *testing.T) {
	t.Parallel()
	was, err := os.ReadFile(stepsFile)
	if err != nil && !*update {
		t.Fatal(err)
	}
	version, now := stepsOfAll(t)
	got := "version " + version + "\n\n" + strings.Join(now, "\n")
	if got == string(was) {
		return
	}
	knownVersion, _, _ := strings.Cut(strings.TrimPrefix(string(was), "version "), "\n")
	if changed := changedWorkflows(string(was), now); knownVersion == version && len(changed) > 0 {
		t.Errorf("the steps of %v are others than those of version %s: raise applicationVersion in orderops/command/dbos.go, or bridge the change by dbos.Patch, "+
			"and run this test with -update\n%s", changed, version, cmp.Diff(strings.Split(string(was), "\n"), strings.Split(got, "\n")))
		return
	}
	if !*update {
		t.Fatalf("the steps are not those of %s; run this test with -update\n%s", stepsFile, cmp.Diff(strings.Split(string(was), "\n"), strings.Split(got, "\n")))
	}
	if err := os.WriteFile(stepsFile, []byte(got), 0o600); err != nil {
		t.Fatal(err)
	}
}

// changedWorkflows are those that were known and have other steps now.
func changedWorkflows(was string, now []string) (names []string) {
	for _, block := range now {
		name, _, _ := strings.Cut(block, "\n")
		if strings.Contains(was, "\n"+name+"\n") && !strings.Contains(was, "\n"+block) {
			names = append(names, name)
		}
	}
	return names
}

// stepsOfAll are the steps of every workflow of the tables when nothing fails, and the version of the build.
func stepsOfAll(t *testing.T) (version string, blocks []string) {
	t.Helper()
	simulator, steps := serve(t), map[string]string{}
	for _, way := range ways() {
		db := filepath.Join(t.TempDir(), "orderops.db")
		ops := startOn(t, built.orderops, db, simulator.addresses["api"], simulator.addresses["control"], way.flags()...)
		for _, w := range workflows() {
			if w.way == way {
				w.runThrough(t, simulator, ops)
			}
		}
		ops.kill()
		version = stepsIn(t, db, steps)
	}
	for _, w := range workflows() {
		blocks = append(blocks, w.name+"\n"+steps[w.name])
	}
	return version, blocks
}

// runThrough has a workflow done, for each order of its table, with all that comes in the background.
func (w workflow) runThrough(t *testing.T, simulator, ops *process) {
	t.Helper()
	seen := map[string]bool{}
	for _, at := range append(w.calls, w.later...) {
		if seen[at.about.order] {
			continue
		}
		seen[at.about.order] = true
		s := openStage(t, simulator, fmt.Sprintf("steps-%s-%d", w.name, len(seen)), at.about)
		s.ops = ops
		w.begin(s)
		if len(w.later) > 0 {
			s.pass(w.soon)
		}
	}
}

// stepsIn adds the steps that a database remembers, by the workflow of the tables, and returns the version that took them.
func stepsIn(t *testing.T, file string, steps map[string]string) (version string) {
	t.Helper()
	db, err := command.OpenDatabase(t.Context(), command.DatabaseConfig{Location: file})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	rows, err := db.SQL().QueryContext(t.Context(), `SELECT w.workflow_uuid, w.application_version, o.function_name FROM workflow_status w
		JOIN operation_outputs o ON o.workflow_uuid = w.workflow_uuid ORDER BY w.created_at, w.workflow_uuid, o.function_id`)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = rows.Close() }()
	last := ""
	for rows.Next() {
		var id, name string
		var v sql.NullString
		if err := rows.Scan(&id, &v, &name); err != nil {
			t.Fatal(err)
		}
		version = v.String
		sandbox := strings.Split(id, "/")[1]
		of := strings.TrimPrefix(sandbox[:strings.LastIndex(sandbox, "-")], "steps-")
		if id != last {
			steps[of] += "  " + commandOf(id) + "\n"
		}
		last = id
		steps[of] += "    " + withoutIDs(name) + "\n"
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return version
}

// commandOf is what a workflow was asked to do: the key of the command, without the ids in it.
func commandOf(id string) string {
	key := strings.Split(id, "/")[3]
	if what, _, own := strings.Cut(key, "-"); own && what != "kill" {
		return what // of a command that the service has given itself
	}
	return strings.TrimPrefix(key, "kill-")
}

// withoutIDs is the name of a step without what it is about.
func withoutIDs(name string) string {
	return regexp.MustCompile(`/[^/#]+`).ReplaceAllStringFunc(name, func(part string) string {
		if part == "/again" {
			return part
		}
		return "/*"
	})
}
