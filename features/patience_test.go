package features

import (
	"context"
	"errors"
	"net/http"
	"testing"
	"time"
)

func TestWhoseLogInEndsKeepsTheAnswerTheyHad(t *testing.T) {
	t.Parallel()
	w := &world{env: environment{patience: time.Minute, reach: &reach{faces: []Face{OCAPI}}}}
	first := answer{status: http.StatusAccepted, code: codeInProgress, state: running, operationID: "op"}
	for name, next := range map[string]answer{
		"at the shop":                  {status: http.StatusUnauthorized, code: codeUnknownCaller},
		"at the identity provider":     {status: http.StatusUnauthorized, code: "IDP_SESSION_EXPIRED"},
		"as a storefront is told that": {status: http.StatusUnauthorized, code: "ExpiredTokenException"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := w.untilSettled(t.Context(), first, func(context.Context) answer { return next })
			if got.operationID != "op" {
				t.Errorf("the answer is %s", got)
			}
		})
	}
	t.Run("and who is logged in gets the last one", func(t *testing.T) {
		t.Parallel()
		if got := w.untilSettled(t.Context(), first, func(context.Context) answer { return answer{status: http.StatusOK, state: "succeeded"} }); got.status != http.StatusOK {
			t.Errorf("the answer is %s", got)
		}
	})
}

// What could not be asked is not waited for.
func TestWhoCannotAskDoesNotBeginToWait(t *testing.T) {
	t.Parallel()
	for name, begin := range map[string]func(*world) error{
		"a cancel": func(w *world) error {
			return w.asksFor(t.Context(), "begins to cancel", "the order", "in the storefront", "", "", "", "")
		},
		"a return": func(w *world) error {
			return w.asksFor(t.Context(), "begins to return", "everything", "in the storefront", "", "", "", "")
		},
		"a modification": func(w *world) error {
			return w.wantChange(t.Context(), "begins to modify", "storefront", "modify", nil)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(environment{patience: time.Minute, reach: &reach{faces: []Face{REST}}})
			// Nothing that waits could be reached: there is no control plane.
			if err := begin(w); !errors.Is(err, errBeyondReach) {
				t.Errorf("error %v", err)
			}
		})
	}
}
