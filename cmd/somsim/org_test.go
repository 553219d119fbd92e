package main

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// org talks to the Salesforce org of a simulator that runs as its users run it.
type org struct {
	t                   *testing.T
	api, control, token string
}

// serveOrg builds the binary and starts it on free ports with further arguments.
func serveOrg(t *testing.T, args ...string) *org {
	t.Helper()
	binary := filepath.Join(t.TempDir(), "somsim")
	if out, err := exec.CommandContext(t.Context(), "go", "build", "-o", binary, ".").CombinedOutput(); err != nil {
		t.Fatalf("build somsim: %v\n%s", err, out)
	}
	server := exec.CommandContext(context.WithoutCancel(t.Context()), binary, append([]string{"serve", "--listen=127.0.0.1:0", "--control=127.0.0.1:0", "--clock=manual"}, args...)...)
	server.Stderr = t.Output()
	stdout, err := server.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = server.Process.Signal(syscall.SIGTERM)
		_ = server.Wait()
	})
	o := &org{t: t}
	for lines := bufio.NewScanner(stdout); o.control == "" && lines.Scan(); {
		if address, ok := strings.CutPrefix(lines.Text(), "api="); ok {
			o.api = address
		}
		if address, ok := strings.CutPrefix(lines.Text(), "control="); ok {
			o.control = address
		}
	}
	go func() { _, _ = io.Copy(io.Discard, stdout) }()
	login := url.Values{"grant_type": {"client_credentials"}, "client_id": {"somsim"}, "client_secret": {"somsim"}}
	var session struct {
		AccessToken string `json:"access_token"`
	}
	o.into(&session, o.send(http.MethodPost, o.api+"/services/oauth2/token", "application/x-www-form-urlencoded", login.Encode()))
	o.token = session.AccessToken
	return o
}

type reply struct {
	status int
	body   string
	header http.Header
}

func (o *org) send(method, address, media, body string) reply {
	o.t.Helper()
	req, err := http.NewRequestWithContext(o.t.Context(), method, address, strings.NewReader(body))
	if err != nil {
		o.t.Fatal(err)
	}
	req.Header.Set("Content-Type", media)
	if o.token != "" {
		req.Header.Set("Authorization", "Bearer "+o.token)
	}
	resp, err := (&http.Client{}).Do(req)
	if err != nil {
		o.t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		o.t.Fatal(err)
	}
	return reply{resp.StatusCode, string(text), resp.Header}
}

func (o *org) data(method, path, body string) reply {
	o.t.Helper()
	return o.send(method, o.api+"/services/data/v60.0"+path, "application/json", body)
}

func (o *org) into(v any, r reply) {
	o.t.Helper()
	if err := json.Unmarshal([]byte(r.body), v); err != nil || r.status >= http.StatusMultipleChoices {
		o.t.Fatalf("%d %s", r.status, r.body)
	}
}

func (o *org) query(soql string) []map[string]any {
	o.t.Helper()
	var found struct{ Records []map[string]any }
	o.into(&found, o.data(http.MethodGet, "/query?q="+url.QueryEscape(soql), ""))
	return found.Records
}

// The example of docs/own-fields.md, from the command line to describe, queries and rows.
func TestOwnObjectsAndFieldsOfTheExample(t *testing.T) {
	t.Parallel()
	o := serveOrg(t, "--som-objects=../../docs/examples/som-objects")

	var summary struct {
		Fields []struct {
			Name, Type string
			Custom     bool
		}
		ChildRelationships []struct{ RelationshipName string }
	}
	described := o.data(http.MethodGet, "/sobjects/OrderSummary/describe", "")
	o.into(&summary, described)
	last := summary.Fields[len(summary.Fields)-1]
	if last.Name != "TotalWithService__c" || last.Type != "currency" || !last.Custom || !strings.Contains(described.body, `"relationshipName":"Installations__r"`) {
		t.Errorf("describe ends with %+v", last)
	}
	if all := o.data(http.MethodGet, "/sobjects", ""); !strings.Contains(all.body, `"keyPrefix":"a10","label":"Installation","labelPlural":"Installations"`) {
		t.Errorf("no installations among %.200s", all.body)
	}

	order := o.query("SELECT Id, GrandTotalAmount, Priority__c FROM OrderSummary ORDER BY OrderNumber LIMIT 1")[0]
	if order["Priority__c"] != "Normal" {
		t.Errorf("the default of orders that the preset made: %v", order)
	}
	id, total := order["Id"].(string), order["GrandTotalAmount"].(float64)
	if r := o.data(http.MethodPatch, "/sobjects/OrderSummary/"+id, `{"StoreCode__c":"S-1","Priority__c":"High","ServiceFee__c":9.5}`); r.status != http.StatusNoContent {
		t.Fatalf("%d %s", r.status, r.body)
	}
	found := o.query("SELECT FIELDS(CUSTOM) FROM OrderSummary WHERE StoreCode__c = 's-1' AND Priority__c = 'High' LIMIT 2")
	if len(found) != 1 || found[0]["TotalWithService__c"] != total+9.5 || found[0]["ServiceFee__c"] != 9.5 {
		t.Errorf("found %v, total %v", found, total)
	}
	if r := o.data(http.MethodPatch, "/sobjects/OrderSummary/"+id, `{"Priority__c":"Urgent"}`); r.status != http.StatusBadRequest || !strings.Contains(r.body, "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST") {
		t.Errorf("another value: %d %s", r.status, r.body)
	}

	var created struct{ ID string }
	o.into(&created, o.data(http.MethodPost, "/sobjects/Installation__c", `{"Name":"Kitchen","OrderSummary__c":"`+id+`","Ticket__c":"T-7"}`))
	if !strings.HasPrefix(created.ID, "a10") {
		t.Errorf("id %s", created.ID)
	}
	if r := o.data(http.MethodPatch, "/sobjects/Installation__c/Ticket__c/T-7", `{"Appointment__c":"2026-04-01T08:00:00Z"}`); r.status != http.StatusOK || !strings.Contains(r.body, `"created":false`) {
		t.Errorf("upsert: %d %s", r.status, r.body)
	}
	order = o.query("SELECT Id, (SELECT Name, Crew__c, Appointment__c, OrderSummary__r.StoreCode__c FROM Installations__r) FROM OrderSummary WHERE Id = '" + id + "'")[0]
	rows := order["Installations__r"].(map[string]any)["records"].([]any)[0].(map[string]any)
	if rows["Crew__c"] != 2.0 || rows["Appointment__c"] != "2026-04-01T08:00:00.000+0000" || rows["OrderSummary__r"].(map[string]any)["StoreCode__c"] != "S-1" {
		t.Errorf("installation %v", rows)
	}
	if r := o.data(http.MethodDelete, "/sobjects/Installation__c/"+created.ID, ""); r.status != http.StatusNoContent {
		t.Errorf("delete: %d %s", r.status, r.body)
	}
}

func TestTheDailyLimitIsASettingAndCanBeSetWhileRunning(t *testing.T) {
	t.Parallel()
	o := serveOrg(t, "--som-daily-api-requests=2")
	path := o.control + "/control/v1/sandboxes/default/som/daily-api-requests"
	for n, want := range []int{200, 200, 403, 403} {
		if r := o.data(http.MethodGet, "/limits", ""); r.status != want || (want == 403) != strings.Contains(r.body, `"message":"TotalRequests Limit exceeded.","errorCode":"REQUEST_LIMIT_EXCEEDED"`) {
			t.Errorf("request %d: %d %s", n+1, r.status, r.body)
		}
	}
	if r := o.send(http.MethodPut, path, "application/json", `{"max":3}`); r.status != http.StatusOK || r.body != `{"used":2,"max":3}` {
		t.Errorf("raise: %d %s", r.status, r.body)
	}
	if r := o.data(http.MethodGet, "/limits", ""); r.header.Get("Sforce-Limit-Info") != "api-usage=3/3" || !strings.Contains(r.body, `"DailyApiRequests":{"Max":3,"Remaining":0}`) {
		t.Errorf("the third: %d %v %s", r.status, r.header, r.body)
	}
	if r := o.send(http.MethodPut, path, "application/json", `{"max":-1}`); r.status != http.StatusBadRequest {
		t.Errorf("a limit below zero: %d %s", r.status, r.body)
	}
}

func TestMistakesAboutTheOrgAreNamedAllAtOnce(t *testing.T) {
	folder := t.TempDir()
	for name, text := range map[string]string{
		"order.yaml":  "extends: Order\nfields:\n  - {name: Code, type: text}\n",
		"visits.yaml": "name: Visits\n",
	} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	code, stderr := runCaptured(t, "serve", "--listen=127.0.0.1:0", "--control=127.0.0.1:0", "--som-objects="+folder)
	want := `som-objects: visits.yaml: object Visits: the name of an own object is letters, digits and single underscores before __c
som-objects: order.yaml: object Order: field Code: the name of an own field is letters, digits and single underscores before __c
som-objects: order.yaml: object Order: field Code: unknown type "text"
`
	if code != 2 || stderr != want {
		t.Errorf("exit %d, stderr:\n%swant exit 2 and\n%s", code, stderr, want)
	}
	noCertificate := filepath.Join(folder, "order.yaml")
	code, stderr = runCaptured(t, "up", "--som-objects=/nowhere", "--som-daily-api-requests=none", "--som-callbacks=/cb,https://a/#b", "--som-jwt-certificate="+noCertificate)
	for _, want := range []string{
		`som-objects: "/nowhere" is not a folder`, `som-daily-api-requests: "none" is not a number above 0`,
		`som-callbacks: "/cb" is not a redirect URI`, "som-jwt-certificate: " + noCertificate + ": there is no PEM in it",
	} {
		if !strings.Contains(stderr, want) {
			t.Errorf("stderr:\n%swant %s", stderr, want)
		}
	}
	if code != 2 || strings.Count(stderr, "\n") != 4 {
		t.Errorf("exit %d, stderr:\n%s", code, stderr)
	}
}
