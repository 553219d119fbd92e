package service

import (
	"strings"

	"github.com/somsim/somsim/orderops/identity"
)

// Well-known names that the simulator accepts out of the box. Production refuses them.
const (
	wellKnownSecret   = "somsim"
	wellKnownClientID = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
	wellKnownTenant   = "f_ecom_zzte_053"
	wellKnownStream   = "G-SOMSIM"
)

// Simulation is the configuration of a service beside a simulator that serves all systems at one URL and was left as it
// comes: its well-known credentials are filled in where none are given.
func (c Config) Simulation(simulator, control string) Config {
	for _, target := range []*string{&c.SOMURL, &c.B2CURL, &c.SlotsURL, &c.WorldlineURL, &c.OCIURL, &c.LoyaltyURL, &c.TrackingURL, &c.Callers.SLASURL, &c.Callers.CDCURL} {
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
	fill(&c.OCI.Organization, wellKnownTenant)
	fill(&c.Callers.SLASOrganization, wellKnownTenant)
	fill(&c.Callers.SLAS.ClientID, wellKnownClientID)
	fill(&c.Callers.SLAS.ClientSecret, wellKnownSecret)
	fill(&c.Callers.CDC.APIKey, wellKnownSecret)
	fill(&c.Callers.CDC.UserKey, wellKnownSecret)
	fill(&c.Callers.CDC.Secret, wellKnownSecret)
	if len(c.Callers.Agents) == 0 {
		c.Callers.Agents = []string{identity.Everybody}
	}
	fill(&c.OCI.Token, wellKnownSecret)
	fill(&c.LoyaltyToken, wellKnownSecret)
	fill(&c.Tracking.MeasurementID, wellKnownStream)
	fill(&c.Tracking.APISecret, wellKnownSecret)
	fill(&c.EventsSecret, wellKnownSecret)
	fill(&c.Webhooks.KeyID, wellKnownSecret)
	fill(&c.Webhooks.Secret, wellKnownSecret)
	fill(&c.HooksSecret, wellKnownSecret)
}

func fill(target *string, value string) {
	if *target == "" {
		*target = value
	}
}

// secretProblems finds missing secrets, and in production the simulator's, which everybody knows.
func (c Config) secretProblems() []Problem {
	var list []Problem
	secrets := map[string]string{
		"som-client-secret": c.SOM.ClientSecret, "b2c-client-secret": c.B2C.ClientSecret,
		"slots-key": c.SlotsKey, "worldline-secret": c.Worldline.Secret,
	}
	for _, partner := range []struct{ address, key, value string }{
		{c.OCIURL, "oci-token", c.OCI.Token},
		{c.LoyaltyURL, "loyalty-token", c.LoyaltyToken},
		{c.TrackingURL, "tracking-api-secret", c.Tracking.APISecret},
	} {
		if partner.address != "" {
			secrets[partner.key] = partner.value
		}
	}
	for key, value := range secrets {
		switch {
		case value == "":
			list = append(list, Problem{key, "", "is required, from the environment or the file"})
		case c.SimulatorControl == "" && isWellKnown(value):
			list = append(list, Problem{key, "(hidden)", "is the simulator's well-known secret; it needs --simulator-control"})
		}
	}
	if c.SimulatorControl == "" {
		list = append(list, c.wellKnownIDs()...)
	}
	return list
}

// isWellKnown says that a credential is one of those that the simulator comes with, or one of them for a sandbox.
func isWellKnown(credential string) bool {
	name, _, _ := strings.Cut(credential, "~")
	return name == wellKnownSecret || name == wellKnownClientID
}

// wellKnownIDs finds the simulator's own ids of clients and keys, which in production are somebody's mistake.
func (c Config) wellKnownIDs() []Problem {
	var list []Problem
	for key, value := range map[string]string{
		"som-client-id": c.SOM.ClientID, "b2c-client-id": c.B2C.ClientID, "worldline-key-id": c.Worldline.KeyID,
	} {
		if isWellKnown(value) {
			list = append(list, Problem{key, value, "is the simulator's well-known one; it needs --simulator-control"})
		}
	}
	for key, value := range map[string]string{
		"operator-token": c.OperatorToken, "som-events-secret": c.EventsSecret, "worldline-webhooks-secret": c.Webhooks.Secret, "hooks-secret": c.HooksSecret,
	} {
		if isWellKnown(value) {
			list = append(list, Problem{key, "(hidden)", "is the simulator's well-known secret; it needs --simulator-control"})
		}
	}
	return list
}
