package service

import (
	"log/slog"
	"net/url"
	"strings"
	"time"

	"github.com/somsim/somsim/orderops/b2cclient"
	"github.com/somsim/somsim/orderops/cancel"
	"github.com/somsim/somsim/orderops/somclient"
	"github.com/somsim/somsim/orderops/worldlineclient"
)

// Config is everything a service is made of. cmd/orderops fills it from flags, environment and file; tests and
// `somsim up` fill it themselves.
type Config struct {
	Listen   string // host:port of Run; port 0 chooses one
	Database string // path of the SQLite file
	Instance string // stable name of this instance; an instance takes up the work it left
	Site     string // commerce site of REST requests that name none

	SOMURL       string
	B2CURL       string
	SlotsURL     string
	WorldlineURL string
	SOM          somclient.Credentials
	B2C          b2cclient.Credentials
	SlotsKey     string
	Worldline    worldlineclient.Credentials

	// SimulatorControl is the base URL of a simulator's control plane. It switches simulation mode on.
	SimulatorControl string
	// SimulatorControlToken is the bearer token of a control plane that wants one.
	SimulatorControlToken string

	RemoteTimeout time.Duration // of one remote call
	AnswerWithin  time.Duration // how long a caller waits before it is told to come back
	Cancel        cancel.Policy
	Log           *slog.Logger
}

// Defaults is a configuration that lacks only the base URLs.
func Defaults() Config {
	return Config{
		Listen: "127.0.0.1:8702", Database: "orderops.db", Instance: "orderops-1", Site: "RefArch",
		RemoteTimeout: 5 * time.Second, AnswerWithin: 8 * time.Second, Cancel: cancel.DefaultPolicy(),
	}
}

// Well-known names that the simulator accepts out of the box. Production refuses them.
const (
	wellKnownSecret   = "somsim"
	wellKnownClientID = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
)

// Simulation is the configuration of a service beside a simulator that serves all systems at one URL and was left as it
// comes: its well-known credentials are filled in where none are given.
func (c Config) Simulation(simulator, control string) Config {
	for _, target := range []*string{&c.SOMURL, &c.B2CURL, &c.SlotsURL, &c.WorldlineURL} {
		fill(target, simulator)
	}
	c.SimulatorControl = control
	c.WellKnown()
	return c
}

// WellKnown fills the simulator's well-known credentials in where none are given.
func (c *Config) WellKnown() {
	fill(&c.SOM.ClientID, wellKnownSecret)
	fill(&c.SOM.ClientSecret, wellKnownSecret)
	fill(&c.B2C.ClientID, wellKnownClientID)
	fill(&c.B2C.ClientSecret, wellKnownSecret)
	fill(&c.SlotsKey, wellKnownSecret)
	fill(&c.Worldline.MerchantID, wellKnownSecret)
	fill(&c.Worldline.KeyID, wellKnownSecret)
	fill(&c.Worldline.Secret, wellKnownSecret)
}

func fill(target *string, value string) {
	if *target == "" {
		*target = value
	}
}

// Problem is one thing that is wrong with a configuration.
type Problem struct {
	Key   string // as the setting is called in flags and file
	Value string // never a secret
	Why   string
}

// Problems finds everything that is wrong at once.
func (c Config) Problems() []Problem {
	var list []Problem
	for key, value := range map[string]string{
		"som-url": c.SOMURL, "b2c-url": c.B2CURL, "slots-url": c.SlotsURL, "worldline-url": c.WorldlineURL,
	} {
		list = append(list, checkURL(key, value, true)...)
	}
	list = append(list, checkURL("simulator-control", c.SimulatorControl, false)...)
	for key, value := range map[string]string{
		"db": c.Database, "instance": c.Instance, "site": c.Site, "listen": c.Listen, "som-client-id": c.SOM.ClientID,
		"b2c-client-id": c.B2C.ClientID, "worldline-merchant": c.Worldline.MerchantID, "worldline-key-id": c.Worldline.KeyID,
	} {
		if value == "" {
			list = append(list, Problem{key, "", "is required"})
		}
	}
	if c.RemoteTimeout <= 0 {
		list = append(list, Problem{"remote-timeout", c.RemoteTimeout.String(), "must be longer than nothing"})
	}
	if c.AnswerWithin <= 0 {
		list = append(list, Problem{"answer-within", c.AnswerWithin.String(), "must be longer than nothing"})
	}
	if c.Cancel.Allocated != cancel.CancelItem && c.Cancel.Allocated != cancel.Refuse {
		list = append(list, Problem{"allocated-units", string(c.Cancel.Allocated), "is cancel_item or refuse"})
	}
	return append(list, c.secretProblems()...)
}

// secretProblems finds missing secrets, and in production the simulator's, which everybody knows.
func (c Config) secretProblems() []Problem {
	var list []Problem
	for key, value := range map[string]string{
		"som-client-secret": c.SOM.ClientSecret, "b2c-client-secret": c.B2C.ClientSecret,
		"slots-key": c.SlotsKey, "worldline-secret": c.Worldline.Secret,
	} {
		switch {
		case value == "":
			list = append(list, Problem{key, "", "is required, from the environment or the file"})
		case value == wellKnownSecret && c.SimulatorControl == "":
			list = append(list, Problem{key, "(hidden)", "is the simulator's well-known secret; it needs --simulator-control"})
		}
	}
	if strings.HasPrefix(c.B2C.ClientID, wellKnownClientID) && c.SimulatorControl == "" {
		list = append(list, Problem{"b2c-client-id", c.B2C.ClientID, "is the simulator's well-known client; it needs --simulator-control"})
	}
	return list
}

func checkURL(key, value string, required bool) []Problem {
	if value == "" && !required {
		return nil
	}
	u, err := url.Parse(value)
	if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" {
		return []Problem{{key, value, "must be a base URL, http or https"}}
	}
	return nil
}
