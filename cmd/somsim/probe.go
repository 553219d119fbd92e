package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/somsim/somsim/features"
)

// target is a base URL that was given, with what tells that the right thing is served there.
type target struct {
	flag, base, path string
	// answers is the status with which the right thing answers a GET of the path.
	answers int
	token   string
	hint    string
}

// probe makes sure that the scenarios will talk to what they were pointed at, so that a line says what every scenario
// would have said.
func probe(ctx context.Context, o features.Options) error {
	targets := []target{
		{flag: "simulator", base: o.API, path: "/services/data", answers: http.StatusOK},
		{
			flag: "control", base: o.Control, path: "/control/v1/sandboxes", answers: http.StatusOK, token: o.ControlToken,
			hint: "; its token comes from SOMSIM_SCENARIOS_CONTROL_TOKEN",
		},
	}
	if o.Operator != "" {
		targets = append(targets, target{
			flag: "operator", base: o.Operator, path: "/operator/v1/work-items", answers: http.StatusOK, token: o.OperatorToken,
			hint: "; --operator names another address, or none, and its token comes from SOMSIM_SCENARIOS_OPERATOR_TOKEN",
		})
	}
	var problems []error
	for _, t := range targets {
		problems = append(problems, t.check(ctx))
	}
	return errors.Join(append(problems, probeFaces(ctx, o.OrderOps))...)
}

// probeFaces makes sure that order-ops, at its base URL, knows the orders of at least one face; which one is found out
// later. Whoever gives no token is refused by either, and not with a 404.
func probeFaces(ctx context.Context, base string) error {
	var problems []error
	for _, path := range []string{"/order-ops/v1/orders", "/s/RefArch/dw/shop/v23_2/orders/00000101"} {
		err := target{flag: "orderops", base: base, path: path, answers: http.StatusUnauthorized}.check(ctx)
		if err == nil {
			return nil
		}
		problems = append(problems, err)
	}
	return errors.Join(problems...)
}

func (t target) check(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, 3*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, strings.TrimSuffix(t.base, "/")+t.path, http.NoBody)
	if err != nil {
		return err
	}
	if t.token != "" {
		req.Header.Set("Authorization", "Bearer "+t.token)
	}
	resp, err := (&http.Client{}).Do(req)
	if err != nil {
		return fmt.Errorf("%s: nothing answers at %s: %w%s", t.flag, t.base, err, t.hint)
	}
	if err := resp.Body.Close(); err != nil {
		return err
	}
	if resp.StatusCode != t.answers {
		return fmt.Errorf("%s: what is at %s answers %d to GET %s, where %d is expected%s", t.flag, t.base, resp.StatusCode, t.path, t.answers, t.hint)
	}
	return nil
}
