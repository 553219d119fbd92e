package main

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// fileOf writes a file of a name for one test.
func fileOf(t *testing.T, name, text string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// upWith runs `somsim up` with further flags until the test ends, and returns its base URLs by name.
func upWith(t *testing.T, flags ...string) map[string]string {
	t.Helper()
	root := rootCommand()
	ctx, cancel := context.WithCancel(t.Context())
	read, write := io.Pipe()
	root.SetOut(write)
	root.SetArgs(append([]string{"up", "--listen", "127.0.0.1:0", "--control", "127.0.0.1:0", "--orderops", "127.0.0.1:0", "--operator", ""}, flags...))
	ended := make(chan error, 1)
	go func() {
		err := root.ExecuteContext(ctx)
		_ = write.CloseWithError(io.EOF)
		ended <- err
	}()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	urls := map[string]string{}
	for lines := bufio.NewScanner(read); urls["orderops"] == "" && lines.Scan(); {
		name, value, _ := strings.Cut(lines.Text(), "=")
		urls[name] = value
	}
	go func() { _, _ = io.Copy(io.Discard, read) }()
	if urls["orderops"] == "" {
		t.Fatal("up has ended before it told its addresses")
	}
	return urls
}

// answer asks an order-ops as a shopper, reads what it answers into a document, and returns the headers of the answer.
func answer(t *testing.T, method, url string, header http.Header, into any) http.Header {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, url, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	req.Header = header
	resp, err := (&http.Client{}).Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	if into != nil {
		if err := json.NewDecoder(resp.Body).Decode(into); err != nil {
			t.Fatal(err)
		}
	}
	return resp.Header
}

func TestUpTakesTheFilesOfOrderOps(t *testing.T) {
	t.Parallel()
	const shop, other = "https://shop.example", "https://app.example"
	urls := upWith(t,
		"--policies", fileOf(t, "policies.yaml", "time_zone: Europe/Berlin\npolicies:\n  - {id: generous, version: 7, days: 30}\n"),
		"--mapping", fileOf(t, "mapping.yaml", "order:\n  - {som: Status, commerce: c_statusInOffice}\n"),
		"--cors-origins", shop+", "+other)
	token := logIn(t, urls["api"])
	order := urls["orderops"] + "/order-ops/v1/orders/00000101"

	var explained struct {
		Lines []struct {
			Policy string
			Zone   string `json:"time_zone"`
			Days   int
		}
	}
	answer(t, http.MethodGet, order+"/return-policy", token, &explained)
	if len(explained.Lines) == 0 {
		t.Error("no line is explained")
	}
	for _, line := range explained.Lines {
		if line.Policy != "generous@7" || line.Zone != "Europe/Berlin" || line.Days != 30 {
			t.Errorf("a line goes by %+v, not by the file", line)
		}
	}

	var details struct{ Custom map[string]string }
	answer(t, http.MethodGet, order, token, &details)
	if details.Custom["c_statusInOffice"] == "" {
		t.Errorf("custom attributes are %v, without that of the file", details.Custom)
	}

	for origin, allowed := range map[string]string{shop: shop, other: other, "https://elsewhere.example": ""} {
		headers := answer(t, http.MethodOptions, order, http.Header{"Origin": {origin}, "Access-Control-Request-Method": {"GET"}}, nil)
		if got := headers.Get("Access-Control-Allow-Origin"); got != allowed {
			t.Errorf("pages of %s are allowed %q, want %q", origin, got, allowed)
		}
	}
}

// logIn logs a shopper in and returns the headers to call with.
func logIn(t *testing.T, api string) http.Header {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, api+"/s/RefArch/dw/shop/v23_2/customers/auth", strings.NewReader(`{"type":"credentials"}`))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("x-dw-client-id", strings.Repeat("a", 30))
	req.Header.Set("Content-Type", "application/json")
	req.SetBasicAuth("shopper-1@somsim.test", "somsim")
	resp, err := (&http.Client{}).Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	return http.Header{"Authorization": {resp.Header.Get("Authorization")}}
}

func TestAllMistakesInTheFilesOfOrderOpsAreToldAtOnce(t *testing.T) {
	t.Parallel()
	policies := fileOf(t, "policies.yaml", "time_zone: Mars/Olympus\npolicies:\n  - {id: short, version: 1, days: -1}\n  - {id: odd, version: 1, anchor: someday}\n")
	mapping := fileOf(t, "mapping.yaml", "order:\n  - {som: Colour, commerce: c_colour}\n  - {som: Size__c, commerce: c_size, as: shoe}\n")
	_, problem, code := somsim(t, "up", "--policies", policies, "--mapping", mapping, "--cors-origins", "shop.example,https://app.example,ftp://x/y", "--clock", "slow")
	if code != 2 {
		t.Errorf("exit code %d", code)
	}
	for _, want := range []string{
		policies, "Mars/Olympus", "short", "someday", "(from the flag --policies)",
		mapping, "Colour", "shoe", "(from the flag --mapping)",
		`"shop.example"`, `"ftp://x/y"`, "(from the flag --cors-origins)",
		`clock: "slow" is none of real, manual`,
	} {
		if !strings.Contains(problem, want) {
			t.Errorf("%q is missing in:\n%s", want, problem)
		}
	}
	if strings.Contains(problem, "app.example") {
		t.Errorf("an origin is told that is one:\n%s", problem)
	}
	_, problem, code = somsim(t, "up", "--policies", "nowhere.yaml", "--mapping", "nowhere-else.yaml")
	if code != 2 || !strings.Contains(problem, "nowhere.yaml") || !strings.Contains(problem, "nowhere-else.yaml") {
		t.Errorf("files that are not there end with %d and\n%s", code, problem)
	}
}
