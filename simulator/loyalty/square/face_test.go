package square_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/somsim/somsim/simulator/binding/facetest"
	"github.com/somsim/somsim/simulator/loyalty"
	"github.com/somsim/somsim/simulator/loyalty/square"
	"github.com/somsim/somsim/simulator/sandbox"
)

const (
	base    = "/loyalty/v2/loyalty"
	account = base + "/accounts/ada"
)

// service is the face over a sandbox with the program "program", whose points last a year and buy the reward "ten" for
// 100 points, and the account "ada" with 120 points that order O-1 earned in the event earned.
type service struct {
	*facetest.Bench
	earned string
}

func start(t *testing.T) *service {
	t.Helper()
	s := &service{}
	s.Bench, _ = facetest.Start(t, loyalty.Declare, square.New, s.fill)
	s.Header["Authorization"] = "Bearer somsim"
	return s
}

func (s *service) fill(tx *sandbox.Tx, d *loyalty.Loyalty) error {
	_, err := d.AddProgram(tx, loyalty.Program{
		ID: "program", One: "point", Other: "points", ExpirationMonths: 12, Tiers: []loyalty.Tier{{ID: "ten", Name: "10 off", Points: 100}},
	})
	if err != nil {
		return err
	}
	if _, err := d.AddAccount(tx, loyalty.Account{ID: "ada", ProgramID: "program", CustomerID: "00000001", PhoneNumber: "+14155550001"}); err != nil {
		return err
	}
	e, err := d.Earn(tx, loyalty.Movement{AccountID: "ada", OrderID: "O-1", Points: 120})
	s.earned = e.ID
	return err
}

// answer sends a request that has to succeed and reads its answer.
func (s *service) answer(method, path, body string) document {
	s.T.Helper()
	code, text := s.Call(method, path, body)
	if code != http.StatusOK {
		s.T.Fatalf("%s %s: %d %s", method, path, code, text)
	}
	var out document
	if err := json.Unmarshal([]byte(text), &out); err != nil {
		s.T.Fatal(err)
	}
	return out
}

// document is what a client reads of the answers.
type document struct {
	Account struct {
		Balance  int64
		Lifetime int64 `json:"lifetime_points"`
	} `json:"loyalty_account"`
	Accounts []struct{ ID string } `json:"loyalty_accounts"`
	Event    event
	Events   []event
	Reward   struct{ ID, Status string }
	Rewards  []struct{ ID, Status string }
	Cursor   string
}

type event struct {
	ID, Type string
	Adjust   struct {
		Points           int64
		Reason, Reverses string
	} `json:"adjust_points"`
}

func (s *service) balance() int64 {
	s.T.Helper()
	return s.answer("GET", account, "").Account.Balance
}

// types lists the events of a search.
func (d document) types() []string {
	var types []string
	for _, e := range d.Events {
		types = append(types, e.Type)
	}
	return types
}

func TestReads(t *testing.T) {
	t.Parallel()
	s := start(t)
	const program = `{"id":"program","status":"ACTIVE","reward_tiers":[{"id":"ten","points":100,"name":"10 off","created_at":"2026-06-01T08:00:00.000Z"}],` +
		`"expiration_policy":{"expiration_duration":"P12M"},"terminology":{"one":"point","other":"points"},` +
		`"created_at":"2026-06-01T08:00:00.000Z","updated_at":"2026-06-01T08:00:00.000Z"}`
	_, body := s.Call("GET", account, "")
	var got map[string]map[string]any
	if err := json.Unmarshal([]byte(body), &got); err != nil {
		t.Fatal(err)
	}
	mapping, _ := got["loyalty_account"]["mapping"].(map[string]any)
	delete(mapping, "id")
	want := map[string]any{
		"id": "ada", "program_id": "program", "balance": 120.0, "lifetime_points": 120.0, "customer_id": "00000001",
		"enrolled_at": "2026-06-01T08:00:00.000Z", "created_at": "2026-06-01T08:00:00.000Z", "updated_at": "2026-06-01T08:00:00.000Z",
		"mapping":                  map[string]any{"created_at": "2026-06-01T08:00:00.000Z", "phone_number": "+14155550001"},
		"expiring_point_deadlines": []any{map[string]any{"points": 120.0, "expires_at": "2027-07-01T00:00:00.000Z"}},
	}
	if diff := cmp.Diff(want, got["loyalty_account"]); diff != "" {
		t.Error(diff)
	}
	event := `{"id":"` + s.earned + `","type":"ACCUMULATE_POINTS","created_at":"2026-06-01T08:00:00.000Z","loyalty_account_id":"ada",` +
		`"source":"LOYALTY_API","accumulate_points":{"loyalty_program_id":"program","points":120,"order_id":"O-1"}}`
	cases := []struct{ name, method, path, body, want string }{
		{"all programs", "GET", "/programs", "", `{"programs":[` + program + `]}`},
		{"one program", "GET", "/programs/program", "", `{"program":` + program + `}`},
		{"the main program", "GET", "/programs/main", "", `{"program":` + program + `}`},
		{"the account of a customer", "POST", "/accounts/search", `{"query":{"customer_ids":["00000001"]}}`, `{"loyalty_accounts":[` + strings.TrimSuffix(strings.TrimPrefix(body, `{"loyalty_account":`), "}") + `]}`},
		{"no account", "POST", "/accounts/search", `{"query":{"mappings":[{"phone_number":"+1"}]}}`, `{}`},
		{"the events of an order", "POST", "/events/search", `{"query":{"filter":{"order_filter":{"order_id":"O-1"}}}}`, `{"events":[` + event + `]}`},
		{"events by everything", "POST", "/events/search", `{"query":{"filter":{"loyalty_account_filter":{"loyalty_account_id":"ada"},"type_filter":{"types":["ACCUMULATE_POINTS"]},` +
			`"date_time_filter":{"created_at":{"start_at":"2026-06-01T08:00:00Z","end_at":"2026-06-01T08:00:01Z"}}}}}`, `{"events":[` + event + `]}`},
		{"no events before", "POST", "/events/search", `{"query":{"filter":{"date_time_filter":{"created_at":{"end_at":"2026-06-01T08:00:00Z"}}}}}`, `{}`},
		{"no rewards", "POST", "/rewards/search", `{"query":{"loyalty_account_id":"ada"}}`, `{}`},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			code, got := s.Call(tc.method, base+tc.path, tc.body)
			if diff := cmp.Diff(tc.want, got); code != http.StatusOK || diff != "" {
				t.Errorf("%d %s", code, diff)
			}
		})
	}
}

func TestReversingAnOrderIsIdempotentAndFoundByItsNumber(t *testing.T) {
	t.Parallel()
	s := start(t)
	body := `{"idempotency_key":"cancel O-1","allow_negative_balance":true,"adjust_points":{"points":-120,"reason":"order O-1 cancelled","reverses":"` + s.earned + `"}}`
	first := s.answer("POST", account+"/adjust", body).Event
	if first.Adjust.Points != -120 || first.Adjust.Reverses != s.earned || first.Adjust.Reason != "order O-1 cancelled" {
		t.Errorf("%+v", first)
	}
	if again := s.answer("POST", account+"/adjust", body).Event; again != first {
		t.Errorf("again: %+v", again)
	}
	found := s.answer("POST", base+"/events/search", `{"query":{"filter":{"order_filter":{"order_id":"O-1"}}}}`)
	if diff := cmp.Diff([]string{"ADJUST_POINTS", "ACCUMULATE_POINTS"}, found.types()); diff != "" {
		t.Error(diff)
	}
	if got := s.balance(); got != 0 {
		t.Errorf("balance %d", got)
	}
}

func TestRewardsLockSpendAndGiveBack(t *testing.T) {
	t.Parallel()
	s := start(t)
	create := `{"idempotency_key":"reward","reward":{"loyalty_account_id":"ada","reward_tier_id":"ten","order_id":"O-2"}}`
	r := s.answer("POST", base+"/rewards", create).Reward
	if r.Status != "ISSUED" || s.balance() != 20 {
		t.Errorf("%+v, balance %d", r, s.balance())
	}
	for range 2 {
		if code, body := s.Call("DELETE", base+"/rewards/"+r.ID, ""); code != 200 || body != "{}" || s.balance() != 120 {
			t.Errorf("%d %s, balance %d", code, body, s.balance())
		}
	}
	spent := s.answer("POST", base+"/rewards", strings.Replace(create, `"reward"`, `"another"`, 1)).Reward
	redeem := `{"idempotency_key":"redeem","location_id":"WEB"}`
	if e := s.answer("POST", base+"/rewards/"+spent.ID+"/redeem", redeem).Event; e.Type != "REDEEM_REWARD" {
		t.Errorf("%+v", e)
	}
	if got := s.answer("GET", base+"/rewards/"+spent.ID, "").Reward.Status; got != "REDEEMED" {
		t.Errorf("status %s", got)
	}
	if got := s.answer("POST", base+"/rewards/search", `{"query":{"loyalty_account_id":"ada","status":"DELETED"}}`).Rewards; len(got) != 1 || got[0].ID != r.ID {
		t.Errorf("deleted %+v", got)
	}
	if code, body := s.Call("DELETE", base+"/rewards/"+spent.ID, ""); code != 400 || s.Last().Rule != "loyalty.reward.issued" {
		t.Errorf("%d %s", code, body)
	}
	events := s.answer("POST", base+"/events/search", `{}`)
	want := []string{"REDEEM_REWARD", "CREATE_REWARD", "DELETE_REWARD", "CREATE_REWARD", "ACCUMULATE_POINTS"}
	if diff := cmp.Diff(want, events.types()); diff != "" {
		t.Error(diff)
	}
}

func TestAccumulate(t *testing.T) {
	t.Parallel()
	s := start(t)
	body := `{"idempotency_key":"earn","location_id":"WEB","accumulate_points":{"points":7,"order_id":"O-3"}}`
	for range 2 {
		if got := s.answer("POST", account+"/accumulate", body); len(got.Events) != 1 || s.balance() != 127 {
			t.Errorf("%+v, balance %d", got, s.balance())
		}
	}
}

func TestExpiredPointsAreAnEvent(t *testing.T) {
	t.Parallel()
	s := start(t)
	if _, err := s.World.Advance(t.Context(), 400*24*time.Hour); err != nil {
		t.Fatal(err)
	}
	_, body := s.Call("POST", base+"/events/search", `{"query":{"filter":{"type_filter":{"types":["EXPIRE_POINTS"]}}}}`)
	if !strings.Contains(body, `"expire_points":{"loyalty_program_id":"program","points":-120}`) || s.balance() != 0 {
		t.Error(body)
	}
}

func TestPagesFollowACursor(t *testing.T) {
	t.Parallel()
	s := start(t)
	s.answer("POST", account+"/adjust", `{"idempotency_key":"a","adjust_points":{"points":1}}`)
	s.answer("POST", account+"/adjust", `{"idempotency_key":"b","adjust_points":{"points":-1}}`)
	first := s.answer("POST", base+"/events/search", `{"limit":2}`)
	second := s.answer("POST", base+"/events/search", `{"limit":2,"cursor":"`+first.Cursor+`"}`)
	if len(first.Events) != 2 || len(second.Events) != 1 || second.Events[0].ID != s.earned || second.Cursor != "" {
		t.Errorf("first %+v, second %+v", first, second)
	}
}

func TestRefusalsNameARuleAndChangeNothing(t *testing.T) {
	t.Parallel()
	const adjust = `{"idempotency_key":"k","adjust_points":{"points":%}}`
	points := func(p string) string { return strings.Replace(adjust, "%", p, 1) }
	cases := []struct {
		name, method, path, body string
		header                   []string
		status                   int
		code, field, rule        string
	}{
		{"no token", "GET", "/accounts/ada", "", []string{"Authorization", ""}, 401, "UNAUTHORIZED", "", "loyalty.auth.token"},
		{"a wrong token", "GET", "/accounts/ada", "", []string{"Authorization", "Bearer nobody"}, 401, "UNAUTHORIZED", "", "loyalty.auth.token"},
		{"another scheme", "GET", "/accounts/ada", "", []string{"Authorization", "Basic somsim"}, 401, "UNAUTHORIZED", "", "loyalty.auth.token"},
		{"an unknown account", "GET", "/accounts/none", "", nil, 404, "NOT_FOUND", "account_id", "loyalty.account.known"},
		{"an unknown program", "GET", "/programs/none", "", nil, 404, "NOT_FOUND", "program_id", "loyalty.program.known"},
		{"an unknown reward", "GET", "/rewards/none", "", nil, 404, "NOT_FOUND", "reward_id", "loyalty.reward.known"},
		{"deleting an unknown reward", "DELETE", "/rewards/none", "", nil, 404, "NOT_FOUND", "reward_id", "loyalty.reward.known"},
		{"redeeming an unknown reward", "POST", "/rewards/none/redeem", `{"idempotency_key":"k","location_id":"WEB"}`, nil, 404, "NOT_FOUND", "reward_id", "loyalty.reward.known"},
		{"adjusting an unknown account", "POST", "/accounts/none/adjust", points("1"), nil, 404, "NOT_FOUND", "account_id", "loyalty.account.known"},
		{"more than the balance", "POST", "/accounts/ada/adjust", points("-121"), nil, 400, "BAD_REQUEST", "adjust_points.points", "loyalty.adjust.negative-balance"},
		{"no points", "POST", "/accounts/ada/adjust", points("0"), nil, 400, "BAD_REQUEST", "adjust_points.points", "loyalty.adjust.points"},
		{"an unknown event", "POST", "/accounts/ada/adjust", points(`-1,"reverses":"none"`), nil, 404, "NOT_FOUND", "adjust_points.reverses", "loyalty.event.known"},
		{"an order that nobody reads", "POST", "/accounts/ada/accumulate", `{"idempotency_key":"k","location_id":"WEB","accumulate_points":{"order_id":"O-2"}}`, nil, 400, "BAD_REQUEST", "accumulate_points.points", "loyalty.accumulate.points"},
		{"an unknown tier", "POST", "/rewards", `{"idempotency_key":"k","reward":{"loyalty_account_id":"ada","reward_tier_id":"none"}}`, nil, 404, "NOT_FOUND", "reward.reward_tier_id", "loyalty.reward.tier"},
		{"two ways to search", "POST", "/accounts/search", `{"query":{"customer_ids":["1"],"mappings":[{"phone_number":"+1"}]}}`, nil, 400, "CONFLICTING_PARAMETERS", "query", "loyalty.accounts.query"},
		{"a cursor of nowhere", "POST", "/events/search", `{"cursor":"none"}`, nil, 400, "INVALID_CURSOR", "cursor", "loyalty.request.valid"},
		{"a day that no month has", "POST", "/events/search", `{"query":{"filter":{"date_time_filter":{"created_at":{"end_at":"2026-02-31T00:00:00Z"}}}}}`, nil, 400, "INVALID_TIME", "query.filter.date_time_filter.created_at.end_at", "loyalty.request.valid"},
		{"no idempotency key", "POST", "/accounts/ada/adjust", `{"adjust_points":{"points":1}}`, nil, 400, "MISSING_REQUIRED_PARAMETER", "idempotency_key", ""},
		{"an unknown property", "POST", "/accounts/ada/adjust", `{"idempotency_key":"k","adjust_points":{"points":1},"x":1}`, nil, 400, "UNKNOWN_BODY_PARAMETER", "", ""},
		{"points in words", "POST", "/accounts/ada/adjust", points(`"one"`), nil, 400, "INCORRECT_TYPE", "adjust_points.points", ""},
		{"overflowing points", "POST", "/accounts/ada/adjust", points("9999999999"), nil, 400, "INVALID_VALUE", "adjust_points.points", ""},
		{"bad JSON", "POST", "/accounts/ada/adjust", `{"idempotency_key":`, nil, 400, "EXPECTED_JSON_BODY", "", ""},
		{"another media type", "POST", "/accounts/ada/adjust", `x`, []string{"Content-Type", "text/plain"}, 415, "UNSUPPORTED_MEDIA_TYPE", "", ""},
		{"an unknown path", "GET", "/nothing", "", nil, 404, "NOT_FOUND", "", ""},
		{"an unknown verb", "PUT", "/accounts/ada", "", nil, 405, "METHOD_NOT_ALLOWED", "", ""},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			s := start(t)
			status, body := s.Call(tc.method, base+tc.path, tc.body, tc.header...)
			var got struct {
				Errors []struct{ Category, Code, Detail, Field string }
			}
			if err := json.Unmarshal([]byte(body), &got); err != nil || len(got.Errors) != 1 {
				t.Fatalf("%v %s", err, body)
			}
			if e := got.Errors[0]; status != tc.status || e.Code != tc.code || e.Field != tc.field || e.Detail == "" || e.Category == "" {
				t.Errorf("%d %s", status, body)
			}
			if e := s.Last(); e.Rule != tc.rule || len(e.Changes) != 0 {
				t.Errorf("rule %q, changes %v", e.Rule, e.Changes)
			}
			if got := s.balance(); got != 120 {
				t.Errorf("balance %d", got)
			}
		})
	}
}

func TestAKeyOfAnotherRequestIsRefused(t *testing.T) {
	t.Parallel()
	s := start(t)
	s.answer("POST", account+"/adjust", `{"idempotency_key":"k","adjust_points":{"points":1}}`)
	code, body := s.Call("POST", account+"/adjust", `{"idempotency_key":"k","adjust_points":{"points":2}}`)
	if code != 400 || !strings.Contains(body, "IDEMPOTENCY_KEY_REUSED") || s.Last().Rule != "loyalty.request.idempotent" || s.balance() != 121 {
		t.Errorf("%d %s, balance %d", code, body, s.balance())
	}
}

func TestTokenSelectsTheSandbox(t *testing.T) {
	t.Parallel()
	s := start(t)
	s.Call("POST", account+"/adjust", `{"idempotency_key":"k","adjust_points":{"points":1}}`, "Authorization", "Bearer somsim~other")
	if got := s.balance(); got != 120 {
		t.Errorf("balance %d", got)
	}
	if code, body := s.Call("GET", account, "", "Authorization", "Bearer somsim~nowhere"); code != 400 || !strings.Contains(body, "nowhere") {
		t.Errorf("%d %s", code, body)
	}
}
