package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/spf13/cobra"

	"github.com/somsim/somsim/orderops/service"
)

// resolve runs the configuration of serve without serving.
func resolveSettings(t *testing.T, args []string, env map[string]string) (listen string, err error) {
	t.Helper()
	cfg, err := resolveConfig(t, args, env)
	return cfg.Listen, err
}

// resolveConfig is the configuration that arguments and environment come to.
func resolveConfig(t *testing.T, args []string, env map[string]string) (cfg service.Config, err error) {
	t.Helper()
	lookup := func(name string) (string, bool) { v, ok := env[name]; return v, ok }
	cmd := &cobra.Command{SilenceErrors: true, SilenceUsage: true, RunE: func(cmd *cobra.Command, _ []string) (err error) {
		cfg, _, err = configure(cmd, lookup)
		return err
	}}
	addSettings(cmd, lookup)
	cmd.SetArgs(append([]string{"--db", filepath.Join(t.TempDir(), "x.db")}, args...))
	err = cmd.Execute()
	return cfg, err
}

func TestFlagBeatsEnvironmentBeatsFileBeatsDefault(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "orderops.yaml")
	if err := os.WriteFile(file, []byte("listen: file:1\nsimulator: http://s\nsimulator-control: http://c\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	simulation := []string{"--simulator", "http://s", "--simulator-control", "http://c"}
	cases := []struct {
		name string
		args []string
		env  map[string]string
		want string
	}{
		{"default", simulation, nil, "127.0.0.1:8702"},
		{"file", []string{"--config", file}, nil, "file:1"},
		{"file named by the environment", nil, map[string]string{"ORDEROPS_CONFIG": file}, "file:1"},
		{"environment", []string{"--config", file}, map[string]string{"ORDEROPS_LISTEN": "env:1"}, "env:1"},
		{"flag", []string{"--config", file, "--listen", "flag:1"}, map[string]string{"ORDEROPS_LISTEN": "env:1"}, "flag:1"},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			got, err := resolveSettings(t, tc.args, tc.env)
			if err != nil || got != tc.want {
				t.Errorf("got %q, %v, want %q", got, err, tc.want)
			}
		})
	}
}

// Every problem is told at once, one line each with key and value, a secret's value excepted, and the exit code is 2.
func TestEveryProblemAtOnce(t *testing.T) {
	t.Parallel()
	env := map[string]string{"ORDEROPS_SLOTS_KEY": "somsim", "ORDEROPS_SOM_URL": "ftp://x"}
	lookup := func(name string) (string, bool) { v, ok := env[name]; return v, ok }
	var stdout, stderr bytes.Buffer
	code := run(t.Context(), []string{"--log-format", "xml", "--remote-timeout", "soon", "--db", filepath.Join(t.TempDir(), "x.db")}, lookup, &stdout, &stderr)
	if code != exitRefused || stdout.Len() > 0 {
		t.Errorf("exit code %d, printed %q, want %d and nothing", code, stdout.String(), exitRefused)
	}
	for _, want := range []string{`som-url="ftp://x"`, `log-format: "xml"`, `remote-timeout: "soon"`, `slots-key="(hidden)"`, `worldline-secret=""`, "b2c-client-id"} {
		if n := strings.Count(stderr.String(), want); n != 1 {
			t.Errorf("%s is told %d times:\n%s", want, n, stderr.String())
		}
	}
}

// A setting that is wrong in two ways, or that two places look at, is told once.
func TestNoSettingIsToldTwice(t *testing.T) {
	t.Parallel()
	none := func(string) (string, bool) { return "", false }
	bad := map[string]string{
		"som-url": "ftp://x", "slots-url": "nope", "worldline-url": "http://", "oci-url": "zz", "loyalty-url": "zz", "tracking-url": "zz",
		"slas-url": "zz", "cdc-url": "zz", "simulator-control": "zz", "advertise": "zz", "otlp-endpoint": "zz", "cors-origins": "shop.example",
		"off-spec": "maybe", "remote-timeout": "0s", "remote-concurrency": "0", "answer-within": "0s", "allocated-units": "x", "log-format": "xml",
		"listen": "nope", "operator": "nope", "db": "mysql://x", "money-owner": "RefArch=me", "policies": "/nope", "mapping": "/nope",
		"switches": "/nope", "snapshots-ttl": "-1h", "instance": "a b", "returns": "x=y", "return-shipping": "a=b", "return-fee": "ten",
		"refund-order": "points", "spent-points": "ignore", "edit-for": "5h", "modify-policy": "later", "modify-prices": "later", "cancel-prices": "later",
		"coupons": "maybe", "abandoned-basket": "maybe", "return-look": "-1s", "least-order": "x", "point-value": "x",
	}
	args := []string{}
	for key, value := range bad {
		args = append(args, "--"+key, value)
	}
	var stdout, stderr bytes.Buffer
	if code := run(t.Context(), args, none, &stdout, &stderr); code != exitRefused {
		t.Errorf("exit code %d", code)
	}
	times := map[string]int{}
	for line := range strings.Lines(stderr.String()) {
		times[line[:strings.IndexAny(line, ":=")]]++
	}
	for key, n := range times {
		if n != 1 {
			t.Errorf("%s is told %d times:\n%s", key, n, stderr.String())
		}
	}
	for key := range bad {
		if times[key] == 0 {
			t.Errorf("%s is not told", key)
		}
	}
}

func TestCommandLine(t *testing.T) {
	t.Parallel()
	none := func(string) (string, bool) { return "", false }
	cases := []struct {
		args []string
		code int
		out  string
	}{
		{[]string{"version"}, exitOK, "orderops dev"},
		{[]string{"--nope"}, exitRefused, ""},
		{[]string{"health", "--url", "http://127.0.0.1:1"}, exitFailed, ""},
		{[]string{"--help"}, exitOK, "simulator-control"},
	}
	for _, tc := range cases {
		var stdout, stderr bytes.Buffer
		if code := run(t.Context(), tc.args, none, &stdout, &stderr); code != tc.code || !strings.Contains(stdout.String(), tc.out) {
			t.Errorf("%v: exit code %d, %q %q", tc.args, code, stdout.String(), stderr.String())
		}
	}
}

// Owners of money are given for all sites or one by one; others are refused.
func TestMoneyOwnersAndPoliciesAboutPoints(t *testing.T) {
	t.Parallel()
	simulation := []string{"--simulator", "http://s", "--simulator-control", "http://c"}
	for _, tc := range []struct{ flag, value, problem string }{
		{"--money-owner", "order_ops", ""},
		{"--money-owner", "RefArch=order_ops, Outlet=order_ops", ""},
		{"--money-owner", "som", ""},
		{"--money-owner", "RefArch=order_ops,Outlet=som", ""},
		{"--money-owner", "bank", `money-owner="*=bank": is order_ops or som`},
		{"--returns", "RefArch=rma", ""},
		{"--returns", "later", `returns="*=later": is simple or rma`},
		{"--modify-policy", "RefArch=cancel_first", ""},
		{"--modify-policy", "later", `modify-policy="*=later": is keep_until_confirm or cancel_first`},
		{"--edit-for", "3h45m", ""},
		{"--edit-for", "3h46m", `edit-for="3h46m0s": is from 1m to 3h45m: commerce keeps what is in a basket for 4h at most`},
		{"--edit-for", "59s", `edit-for="59s": is from 1m to 3h45m`},
		{"--return-fee", "10,Outlet=0", ""},
		{"--return-fee", "ten", `"ten" is not a percentage like 10`},
		{"--return-fee", "Outlet=100", `return-fee="Outlet=100": is a percentage from 0 to below 100`},
		{"--return-bonus", "require,Outlet=forgive", ""},
		{"--return-bonus", "lose", `return-bonus="*=lose": is deduct, require or forgive`},
		{"--cancel-sent-bonus", "lose", `cancel-sent-bonus: "lose" is none of forgive, refuse`},
		{"--return-shipping", "lose", `return-shipping="*=lose": is whole_group or keep`},
		{"--refund-order", "Outlet=certificates_first", ""},
		{"--refund-order", "points", `refund-order="*=points": is cards_first or certificates_first`},
		{"--spent-points", "forgive", ""},
		{"--spent-points", "RefArch=forgive, Outlet=negative_balance", ""},
		{"--spent-points", "deduct_from_refund", `point-value="": is required for spent-points=*=deduct_from_refund`},
		{"--spent-points", "Outlet=deduct_from_refund", `point-value="": is required for spent-points=Outlet=deduct_from_refund`},
		{"--spent-points", "ignore", `spent-points="*=ignore": is negative_balance`},
		{"--point-value", "0.10", ""},
		{"--point-value", "0.10,Outlet=0.05", ""},
		{"--point-value", "Outlet=-1", `point-value="Outlet=-1": must not be negative`},
		{"--point-value", "ten cents", `"ten cents" is not an amount of money`},
		{"--oci-url", "nowhere", `oci-url="nowhere": must be a base URL`},
	} {
		_, err := resolveSettings(t, append([]string{tc.flag, tc.value}, simulation...), nil)
		if (err == nil) != (tc.problem == "") || err != nil && !strings.Contains(err.Error(), tc.problem) {
			t.Errorf("%s %s: %v, want %q", tc.flag, tc.value, err, tc.problem)
		}
	}
}

func TestPointsAreConfiguredBySite(t *testing.T) {
	t.Parallel()
	cfg, err := resolveConfig(t, []string{
		"--simulator", "http://s", "--simulator-control", "http://c",
		"--spent-points", "Outlet=deduct_from_refund,Global=forgive", "--point-value", "0.10, Outlet=0.05",
	}, nil)
	if err != nil {
		t.Fatal(err)
	}
	for site, want := range map[string]string{"RefArch": "negative_balance 0.1", "Global": "forgive 0.1", "Outlet": "deduct_from_refund 0.05"} {
		if got := string(cfg.Settle.SpentPoints.Of(site)) + " " + cfg.Settle.PointValue.Of(site).String(); got != want {
			t.Errorf("%s has %s, want %s", site, got, want)
		}
	}
}

// In production the systems that have no URL are left out; those that have one need their secrets.
func TestPartnersAreOptionalInProduction(t *testing.T) {
	t.Parallel()
	env := map[string]string{
		"ORDEROPS_SOM_CLIENT_SECRET": "1", "ORDEROPS_B2C_CLIENT_SECRET": "2", "ORDEROPS_SLOTS_KEY": "3", "ORDEROPS_WORLDLINE_SECRET": "4",
	}
	args := []string{
		"--som-url", "http://a", "--b2c-url", "http://b", "--slots-url", "http://c", "--worldline-url", "http://d",
		"--som-client-id", "a", "--b2c-client-id", "b", "--worldline-merchant", "m", "--worldline-key-id", "k",
	}
	if _, err := resolveSettings(t, args, env); err != nil {
		t.Errorf("without partners: %v", err)
	}
	_, err := resolveSettings(t, append([]string{"--loyalty-url", "http://l", "--tracking-url", "http://t"}, args...), env)
	for _, want := range []string{"loyalty-token", "tracking-api-secret", "tracking-measurement-id"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s is not asked for: %v", want, err)
		}
	}
}
