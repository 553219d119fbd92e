package main

import (
	"os"
	"testing"

	"go.yaml.in/yaml/v3"
)

// uninterrupted are the calls at which no process is killed, since none is a step of a workflow, each with the reason.
func uninterrupted() map[string]string {
	const login, shown = "a token or a key, got again whenever it is not there", "only what is shown is read by it"
	return map[string]string{
		"b2c accountManagerToken": login, "b2c getCustomerTokenKeys": login, "b2c getJwksUri": login, "b2c getAccessToken": login,
		"b2c getTrustedSystemAccessToken": login, "cdc accountsGetJWTPublicKey": login, "cdc accountsGetAccountInfo": login,
		"som token": login, "som userinfo": login,
		"som query": "a part of composites", "som queryMore": shown,
	}
}

// TestEveryCallIsInTheTables holds what the clients can call against the tables of calls at which processes are killed and
// failures strike, so that a new call cannot be forgotten there.
func TestEveryCallIsInTheTables(t *testing.T) {
	t.Parallel()
	raw, err := os.ReadFile("../../contracts/calls.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var calls []struct{ System, Operation string }
	if err := yaml.Unmarshal(raw, &calls); err != nil || len(calls) == 0 {
		t.Fatalf("%d calls: %v", len(calls), err)
	}
	tabled := map[string]bool{}
	for _, w := range workflows() {
		for _, at := range append(w.calls, w.later...) {
			tabled[at.system+" "+at.operation] = true
		}
	}
	known := map[string]bool{}
	for _, c := range calls {
		name := c.System + " " + c.Operation
		known[name] = true
		if why := uninterrupted()[name]; tabled[name] == (why != "") {
			t.Errorf("%s: in the tables %t, left out because %q; want one of the two", name, tabled[name], why)
		}
	}
	for name := range uninterrupted() {
		if !known[name] {
			t.Errorf("%s is left out, and nothing calls it", name)
		}
	}
	for name := range tabled {
		if !known[name] {
			t.Errorf("%s is in the tables, and nothing calls it", name)
		}
	}
}
