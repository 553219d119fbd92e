package main

import (
	"bytes"
	"net/http"
	"strings"
	"testing"
)

// owing is a stage on which the slot of a cancelled order could not be released, and was given up.
func owing(t *testing.T, name string) *stage {
	t.Helper()
	simulator := serve(t)
	s := newStage(t, simulator, name, authorised())
	s.must(http.MethodPost, s.sandbox("/faults"), nil, map[string]any{
		"name": "park", "effect": map[string]any{"kind": "status", "status": 503}, "match": map[string]any{"system": "slots", "operation": "releaseBooking"},
	})
	if status, answer, err := s.cancel(); err != nil || status != http.StatusOK {
		t.Fatalf("the cancel answers %d %s %v", status, answer, err)
	}
	s.must(http.MethodPost, s.sandbox("/clock/advance"), nil, map[string]any{"duration": "3h"})
	return s
}

// operate runs a command of operators against the stage's service.
func (s *stage) operate(args ...string) (int, string) {
	var stdout, stderr bytes.Buffer
	env := map[string]string{"ORDEROPS_OPERATOR_URL": s.ops.addresses["operator"], "USER": "ada"}
	code := run(s.t.Context(), args, func(name string) (string, bool) { v, ok := env[name]; return v, ok }, &stdout, &stderr)
	return code, stdout.String() + stderr.String()
}

func (s *stage) says(code int, part string, args ...string) {
	s.t.Helper()
	if got, said := s.operate(args...); got != code || !strings.Contains(said, part) {
		s.t.Errorf("orderops %s: exit code %d, said %q, want %d and %q", strings.Join(args, " "), got, said, code, part)
	}
}

func TestOperatorHasAnEffectTriedAgain(t *testing.T) {
	t.Parallel()
	s := owing(t, "attention-retry")
	s.says(exitOK, s.order, "attention", "list")
	s.says(exitOK, `"state": "failed"`, "attention", "show", "1")
	s.says(exitOK, "is retrying", "attention", "retry", "1")
	s.letGo()
	s.must(http.MethodPost, s.sandbox("/clock/advance"), nil, map[string]any{"duration": "1h"})
	s.says(exitOK, "resolved", "attention", "list", "--state", "all")
	if n := s.happened()["releaseBooking"]; n != 1 {
		t.Errorf("the slot was released %d times, want once", n)
	}
	s.says(exitFailed, "WORK_ITEM_NOT_OPEN", "attention", "retry", "1")
}

func TestOperatorResolvesByHand(t *testing.T) {
	t.Parallel()
	s := owing(t, "attention-resolve")
	s.says(exitRefused, "--note is required", "attention", "resolve", "1")
	s.says(exitRefused, "--by is required", "attention", "resolve", "1", "--by", "", "--note", "x")
	s.says(exitOK, "is resolved", "attention", "resolve", "1", "--note", "freed by phone")
	s.says(exitOK, `"note": "freed by phone"`, "attention", "show", "1")
	if _, said := s.operate("attention", "list"); strings.Contains(said, s.order) {
		t.Errorf("still listed: %s", said)
	}
	s.says(exitFailed, "WORK_ITEM_NOT_FOUND", "attention", "show", "9")
	s.says(exitFailed, "NOT_SHARED", "adopt", "b")
	s.says(exitOK, "INSTANCE", "instances")
	s.says(exitRefused, "base URL", "attention", "list", "--operator-url", "nowhere")
	s.says(exitFailed, "is it the operators' address?", "attention", "list", "--operator-url", s.api)
}
