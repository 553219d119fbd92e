package main

import (
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/somsim/somsim/internal/settings"
	"github.com/somsim/somsim/simulator"
	"github.com/somsim/somsim/simulator/clock"
)

// simulatorSettings are what serve and up have in common.
func simulatorSettings() settings.Set {
	return settings.Set{Prefix: "SOMSIM_", List: append([]settings.Setting{
		{Name: "listen", Fallback: "127.0.0.1:8700", Usage: "address of the simulated systems; port 0 picks a free one", Check: address},
		{Name: "control", Fallback: "127.0.0.1:8701", Usage: "address of the control plane", Check: address},
		{Name: "control-token", Secret: true, Usage: "bearer token of the control plane"},
		{Name: "tls-cert", Usage: "certificate, in PEM: serves the simulated systems over TLS too", Check: readableFile},
		{Name: "tls-key", Usage: "private key of the certificate, in PEM", Check: readableFile},
		{Name: "tls-listen", Fallback: "127.0.0.1:8743", Usage: "address of the simulated systems over TLS", Check: address},
		{Name: "preset", Fallback: "omnichannel", Usage: "starting world of the sandbox named default"},
		{Name: "seed", Fallback: "0", Usage: "seed of ids, tokens and chance", Check: integer},
		{Name: "clock", Fallback: "real", Usage: "what moves the default sandbox's clock: real or manual", Check: settings.OneOf("real", "manual")},
		{Name: "store", Fallback: "memory", Usage: "where sandboxes are kept", Check: settings.OneOf("memory")},
		{Name: "journal-bytes", Fallback: strconv.Itoa(32 << 20), Usage: "bytes of each sandbox's journal, and an eighth of what all may take together", Check: journalBytes},
		{Name: "egress", Usage: "addresses outside this machine that the simulator may call, host:port with commas", Check: addressList},
		{Name: "ocapi-settings", Usage: "YAML or JSON file that says what API clients of B2C Commerce may do; everything without one", Check: readableFile},
		{Name: "hooks", Usage: "YAML or JSON file that says who is called at the extension points of OCAPI and SCAPI; nobody without one", Check: readableFile},
		{Name: "warehouse", Fallback: "off", Alone: "on", Usage: "goods move by themselves: on or off", Check: settings.OneOf("on", "off")},
		{Name: "log-format", Fallback: "text", Usage: "text or json", Check: settings.OneOf("text", "json")},
	}, orgSettings()...)}
}

func address(value string) error {
	if _, _, err := net.SplitHostPort(value); err != nil {
		return fmt.Errorf("%q is not host:port", value)
	}
	return nil
}

func addressList(value string) error {
	for _, one := range listed(value) {
		if err := address(one); err != nil {
			return err
		}
	}
	return nil
}

// listed splits a list at its commas; an empty text is an empty list.
func listed(value string) []string {
	var parts []string
	for _, part := range strings.Split(value, ",") {
		if part = strings.TrimSpace(part); part != "" {
			parts = append(parts, part)
		}
	}
	return parts
}

func integer(value string) error {
	if _, err := strconv.ParseInt(value, 10, 64); err != nil {
		return fmt.Errorf("%q is not a whole number", value)
	}
	return nil
}

func positive(value string) error {
	if n, err := strconv.Atoi(value); err != nil || n <= 0 {
		return fmt.Errorf("%q is not a number above 0", value)
	}
	return nil
}

func positiveDuration(value string) error {
	if d, err := time.ParseDuration(value); err != nil || d < time.Millisecond {
		return fmt.Errorf("%q is not a time like 90s or 5m", value)
	}
	return nil
}

func journalBytes(value string) error {
	if n, err := strconv.Atoi(value); err != nil || n < simulator.MinJournalBytes {
		return fmt.Errorf("%q is not a number of %d or more", value, simulator.MinJournalBytes)
	}
	return nil
}

func readableFile(name string) error {
	_, err := readFile(name)
	return err
}

// readFile reads a file that has to hold something; no file is nothing.
func readFile(name string) ([]byte, error) {
	if name == "" {
		return nil, nil
	}
	text, err := os.ReadFile(name)
	if err == nil && len(strings.TrimSpace(string(text))) == 0 {
		err = fmt.Errorf("%s is empty", name)
	}
	return text, err
}

// addSettings gives a command the flags of a set and --config.
func addSettings(cmd *cobra.Command, set settings.Set) {
	set.Flags(cmd.Flags())
	cmd.Long = cmd.Short + ".\n\n" + set.Secrets()
	cmd.Flags().String("config", "", "YAML file with the same names as the flags ("+set.Prefix+"CONFIG)")
}

func resolve(cmd *cobra.Command, set settings.Set) (settings.Values, error) {
	file, err := cmd.Flags().GetString("config")
	if err != nil {
		return nil, err
	}
	if file == "" {
		file = os.Getenv(set.Prefix + "CONFIG")
	}
	return set.Resolve(cmd.Flags(), os.LookupEnv, file)
}

// simulatorConfig turns checked settings into the simulator's configuration.
func simulatorConfig(v settings.Values) (simulator.Config, error) {
	seed, errSeed := strconv.ParseInt(v["seed"], 10, 64)
	bytes, errBytes := strconv.Atoi(v["journal-bytes"])
	org, errOrg := orgConfig(v)
	ocapiSettings, errOCAPI := readFile(v["ocapi-settings"])
	hooks, errHooks := readFile(v["hooks"])
	certificate, errTLS := certificateOf(v)
	log := logger(v["log-format"])
	return simulator.Config{
		Certificate: certificate, TLSAddress: v["tls-listen"],
		APIAddress: v["listen"], ControlAddress: v["control"], ControlToken: v["control-token"],
		Preset: v["preset"], Seed: seed, Clock: clock.Mode(v["clock"]), JournalBytes: bytes, Log: log,
		Egress: listed(v["egress"]), SOM: org, OCAPISettings: ocapiSettings, Hooks: hooks, Warehouse: v["warehouse"] == "on",
		OrderOps: eventTarget(v), Webhooks: webhookTarget(v),
	}, errors.Join(errSeed, errBytes, errOrg, errOCAPI, errHooks, errTLS, guarded(v))
}

// certificateOf reads the certificate with its key; there may be none.
func certificateOf(v settings.Values) (*tls.Certificate, error) {
	if v["tls-cert"] == "" && v["tls-key"] == "" {
		return nil, nil
	}
	if v["tls-cert"] == "" || v["tls-key"] == "" {
		return nil, errors.New("tls-cert, tls-key: a certificate and its key go together")
	}
	pair, err := tls.LoadX509KeyPair(v["tls-cert"], v["tls-key"])
	if err != nil {
		return nil, fmt.Errorf("tls-cert, tls-key: %w", err)
	}
	return &pair, nil
}

// guarded refuses a control plane that strangers can reach without a token.
func guarded(v settings.Values) error {
	host, _, err := net.SplitHostPort(v["control"])
	if err != nil {
		return err
	}
	ip := net.ParseIP(host)
	if host == "localhost" || (ip != nil && ip.IsLoopback()) || v["control-token"] != "" {
		return nil
	}
	return fmt.Errorf("control: %q can be reached from other machines and needs SOMSIM_CONTROL_TOKEN", v["control"])
}

func logger(format string) *slog.Logger {
	if format == "json" {
		return slog.New(slog.NewJSONHandler(os.Stderr, nil))
	}
	return slog.New(slog.NewTextHandler(os.Stderr, nil))
}
