package main

import (
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/pflag"

	"github.com/somsim/somsim/orderops/cancel"
	"github.com/somsim/somsim/orderops/service"
)

// setting is one thing that can be configured: as a flag, as the environment variable ORDEROPS_NAME and as a key of the
// file, all by the same name. Secrets have no flag, since a command line is visible to everybody on the machine.
type setting struct {
	name, usage string
	secret      bool
	apply       func(c *values, value string) error
}

// values are the settings as they are filled in.
type values struct {
	cfg       service.Config
	simulator string
	logFormat string
}

// settings is the list of everything that can be configured.
func settings() []setting {
	text := func(name, usage string, at func(v *values) *string) setting {
		return setting{name: name, usage: usage, apply: func(v *values, s string) error { *at(v) = s; return nil }}
	}
	secret := func(name, usage string, at func(v *values) *string) setting {
		s := text(name, usage, at)
		s.secret = true
		return s
	}
	duration := func(name, usage string, at func(v *values) *time.Duration) setting {
		return setting{name: name, usage: usage, apply: func(v *values, s string) (err error) {
			if *at(v), err = time.ParseDuration(s); err != nil {
				return fmt.Errorf("is not a duration like 5s")
			}
			return nil
		}}
	}
	return []setting{
		text("listen", "address to serve at; port 0 chooses one (default 127.0.0.1:8702)", func(v *values) *string { return &v.cfg.Listen }),
		text("db", "path of the SQLite file (default: orderops.db in the user's state folder)", func(v *values) *string { return &v.cfg.Database }),
		text("instance", "stable, unique name of this instance (default orderops-1)", func(v *values) *string { return &v.cfg.Instance }),
		text("site", "commerce site of REST requests that name none (default RefArch)", func(v *values) *string { return &v.cfg.Site }),
		text("som-url", "base URL of Salesforce Order Management", func(v *values) *string { return &v.cfg.SOMURL }),
		text("b2c-url", "base URL of B2C Commerce", func(v *values) *string { return &v.cfg.B2CURL }),
		text("slots-url", "base URL of the slot service", func(v *values) *string { return &v.cfg.SlotsURL }),
		text("worldline-url", "base URL of Worldline", func(v *values) *string { return &v.cfg.WorldlineURL }),
		text("simulator", "one base URL for all systems; the specific ones win", func(v *values) *string { return &v.simulator }),
		text("simulator-control", "control plane of a simulator: switches simulation mode on", func(v *values) *string { return &v.cfg.SimulatorControl }),
		text("som-client-id", "client id of the connected app", func(v *values) *string { return &v.cfg.SOM.ClientID }),
		secret("som-client-secret", "", func(v *values) *string { return &v.cfg.SOM.ClientSecret }),
		text("b2c-client-id", "API client id", func(v *values) *string { return &v.cfg.B2C.ClientID }),
		secret("b2c-client-secret", "", func(v *values) *string { return &v.cfg.B2C.ClientSecret }),
		secret("slots-key", "", func(v *values) *string { return &v.cfg.SlotsKey }),
		text("worldline-merchant", "merchant id", func(v *values) *string { return &v.cfg.Worldline.MerchantID }),
		text("worldline-key-id", "API key id", func(v *values) *string { return &v.cfg.Worldline.KeyID }),
		secret("worldline-secret", "", func(v *values) *string { return &v.cfg.Worldline.Secret }),
		duration("remote-timeout", "longest wait for one remote call (default 5s)", func(v *values) *time.Duration { return &v.cfg.RemoteTimeout }),
		duration("answer-within", "longest wait for an action before the caller is told to come back (default 8s)",
			func(v *values) *time.Duration { return &v.cfg.AnswerWithin }),
		{name: "allocated-units", usage: "units at a location that are not fulfilled yet: cancel_item or refuse (default cancel_item)",
			apply: func(v *values, s string) error { v.cfg.Cancel.Allocated = cancel.Allocated(s); return nil }},
		{name: "log-format", usage: "text or json (default text)", apply: applyLogFormat},
	}
}

func applyLogFormat(v *values, s string) error {
	if s != "text" && s != "json" {
		return fmt.Errorf("is text or json")
	}
	v.logFormat = s
	return nil
}

// addSettings adds the flags.
func addSettings(flags *pflag.FlagSet) {
	flags.String("config", "", "YAML file with settings, keys as the flags (env ORDEROPS_CONFIG)")
	for _, s := range settings() {
		if !s.secret {
			flags.String(s.name, "", s.usage)
		}
	}
}

// defaultDatabase is orderops.db in the user's state folder.
func defaultDatabase(env lookup) string {
	state, ok := env("XDG_STATE_HOME")
	if !ok || state == "" {
		home, err := os.UserHomeDir()
		if err != nil {
			return "orderops.db"
		}
		state = filepath.Join(home, ".local", "state")
	}
	return filepath.Join(state, "orderops", "orderops.db")
}
