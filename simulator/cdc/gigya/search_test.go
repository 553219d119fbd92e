package gigya_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/somsim/somsim/simulator/cdc"
	"github.com/somsim/somsim/simulator/sandbox"
)

// crowd adds three accounts to ada's, who has the tier gold and 3 visits.
func crowd(t *testing.T) *cloud {
	t.Helper()
	s := start(t)
	err := s.World.Update(func(tx *sandbox.Tx) error {
		_, bob := s.domain.AddAccount(tx, cdc.NewAccount{UID: "uid-bob", Email: "bob@somsim.test", Password: "somsim", Profile: cdc.Document{"firstName": `"Bob"`, "zip": `"10115"`}, Data: cdc.Document{"visits": "12"}})
		_, cyd := s.domain.AddAccount(tx, cdc.NewAccount{UID: "uid-cyd", Username: "cyd", Password: "somsim", Profile: cdc.Document{"firstName": `"O'Cyd"`}, Data: cdc.Document{"tier": `"gold"`, "visits": "7"}})
		_, dan := s.domain.AddAccount(tx, cdc.NewAccount{UID: "uid-dan", Email: "Dan@elsewhere.test", Password: "somsim"})
		return errors.Join(bob, cyd, dan)
	})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestAccountsAreSearched(t *testing.T) {
	t.Parallel()
	s := crowd(t)
	cases := []struct{ name, query, want string }{
		{"by email", `SELECT UID FROM accounts WHERE profile.email = "BOB@somsim.test"`, `uid-bob of 1`},
		{"by login", `select UID from accounts where loginIDs.username = 'cyd'`, `uid-cyd of 1`},
		{"by a part", `SELECT UID FROM accounts WHERE profile.email contains "somsim"`, `uid-ada uid-bob of 2`},
		{"by data of the site", `SELECT UID FROM accounts WHERE data.tier = 'gold' AND data.visits > 5`, `uid-cyd of 1`},
		{"numbers as numbers", `SELECT UID FROM accounts WHERE data.visits >= 7 ORDER BY data.visits DESC`, `uid-bob uid-cyd of 2`},
		{"one or the other", `SELECT UID FROM accounts WHERE (UID = "uid-dan" OR data.visits < 4) AND isActive = true`, `uid-ada uid-dan of 2`},
		{"what is not there", `SELECT UID FROM accounts WHERE data.tier is null AND profile.zip is not null`, `uid-bob of 1`},
		{"anything but", `SELECT UID FROM accounts WHERE data.tier != "gold"`, `uid-bob uid-dan of 2`},
		{"one of several", `SELECT UID FROM accounts WHERE UID IN ("uid-ada", "uid-dan", "x")`, `uid-ada uid-dan of 2`},
		{"a quote", `SELECT UID FROM accounts WHERE profile.firstName = 'O\'Cyd'`, `uid-cyd of 1`},
		{"states", `SELECT UID FROM accounts WHERE isRegistered = false AND emails.unverified = 'dan@elsewhere.test'`, `uid-dan of 1`},
		{"a page", `SELECT UID FROM accounts ORDER BY UID START 1 LIMIT 2`, `uid-bob uid-cyd of 4`},
		{"nobody", `SELECT UID FROM accounts WHERE UID = "x"`, ` of 0`},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			got := s.call("search", server(form{"query": tc.query}))
			results, _ := got["results"].([]any)
			var uids []string
			for _, r := range results {
				uids = append(uids, r.(map[string]any)["UID"].(string))
			}
			total, err := json.Marshal(got["totalCount"])
			if text := strings.Join(uids, " ") + " of " + string(total); err != nil || text != tc.want || got["results"] == nil || got["objectsCount"] != float64(len(uids)) {
				t.Errorf("found %s: %v", text, got)
			}
		})
	}
	some := s.call("search", server(form{"query": `SELECT profile.firstName, profile.email, data.visits, isActive, loginIDs.emails FROM accounts WHERE UID = "uid-bob"`}))
	want := []any{map[string]any{
		"profile": map[string]any{"firstName": "Bob", "email": "bob@somsim.test"}, "data": map[string]any{"visits": 12.0}, "isActive": true,
		"loginIDs": map[string]any{"emails": []any{}},
	}}
	if diff := cmp.Diff(want, some["results"]); diff != "" {
		t.Error(diff)
	}
	whole, _ := s.call("search", server(form{"query": `SELECT * FROM accounts LIMIT 1`}))["results"].([]any)
	if len(whole) != 1 || whole[0].(map[string]any)["emails"] == nil || whole[0].(map[string]any)["UIDSignature"] != nil {
		t.Errorf("%v", whole)
	}
	counted := s.call("search", server(form{"query": `SELECT count(*) FROM accounts WHERE data.tier = "gold"`}))
	if diff := cmp.Diff([]any{map[string]any{"count(*)": 2.0}}, counted["results"]); diff != "" {
		t.Error(diff)
	}
}

func TestSearchesThatAreNoneAreRefused(t *testing.T) {
	t.Parallel()
	s := crowd(t)
	s.fails(s.call("search", form{"query": "SELECT * FROM accounts"}), cdc.PermissionDenied, "cdc.search.server")
	s.fails(s.call("search", server(form{"login_token": s.login()})), cdc.MissingParameter, "cdc.request.required")
	for _, query := range []string{
		"", "x", "SELECT * FROM orders", "SELECT secret FROM accounts", "SELECT * FROM accounts WHERE passwordHash = 'x'", "SELECT * FROM accounts WHERE UID",
		"SELECT * FROM accounts LIMIT 5001", "SELECT * FROM accounts LIMIT -1", "SELECT * FROM accounts START -1", "SELECT * FROM accounts WHERE UID = 'x", "SELECT profile. FROM accounts",
	} {
		got := s.call("search", server(form{"query": query}))
		if query == "" {
			s.fails(got, cdc.MissingParameter, "cdc.request.required")
			continue
		}
		s.fails(got, cdc.InvalidParameter, "cdc.search.query")
	}
}
