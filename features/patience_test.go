package features

import (
	"context"
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
