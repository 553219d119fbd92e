package service

import (
	"context"
	"crypto/rand"
	"strings"

	"github.com/somsim/somsim/orderops/b2cclient"
	"github.com/somsim/somsim/orderops/command"
	"github.com/somsim/somsim/orderops/guest"
	"github.com/somsim/somsim/orderops/identity"
	"github.com/somsim/somsim/orderops/scapiclient"
	"github.com/somsim/somsim/orderops/slasclient"
	"github.com/somsim/somsim/orderops/somclient"
)

// ProvedByCommerce is what stands for the address of OCAPI's keys where its tokens are left to commerce.
const ProvedByCommerce = "commerce"

// customerKeysPath is where commerce publishes the keys of shoppers' tokens unless the configuration says otherwise.
const customerKeysPath = "/dw/oauth2/jwks"

// Callers is who may come, and how they are known.
type Callers struct {
	// OCAPIKeys is the address of the keys of OCAPI's shopper tokens; empty is commerce's own, ProvedByCommerce leaves the
	// proof to commerce.
	OCAPIKeys string
	// SLASURL and SLASOrganization are those of SLAS; empty where there is none.
	SLASURL, SLASOrganization string
	// SLAS are the credentials of a private client, by which guests have codes mailed; without them none are.
	SLAS slasclient.Credentials
	// Clients names the API clients of the channels, each with its channel; empty lets in those of every client.
	Clients map[string]string
	// Agents are the user names of the org's people who serve customers, or identity.Everybody.
	Agents []string
}

// identifier makes what proves who asks.
func (s *Service) identifier(b2c *b2cclient.Client, som *somclient.Client) (*identity.Verifier, error) {
	cfg := s.cfg.Callers
	v := &identity.Verifier{Clock: s.clock, Clients: cfg.Clients, Tenant: strings.TrimPrefix(cfg.SLASOrganization, "f_ecom_")}
	if cfg.OCAPIKeys != ProvedByCommerce {
		address := cfg.OCAPIKeys
		if address == "" {
			address = strings.TrimSuffix(s.cfg.B2CURL, "/") + customerKeysPath
		}
		v.OCAPI = identity.NewKeys(s.clock, func(ctx context.Context) ([]byte, error) { return b2c.Keys(ctx, address) })
	}
	if cfg.SLASURL != "" {
		v.SLAS = identity.NewKeys(s.clock, slasclient.New(s.caller(cfg.SLASURL), cfg.SLASOrganization).Keys)
	}
	if len(cfg.Agents) > 0 {
		agents, err := identity.NewAgents(s.clock, func(ctx context.Context, session string) (identity.User, error) {
			user, err := som.UserOf(ctx, session)
			return identity.User(user), err
		}, cfg.Agents)
		if err != nil {
			return nil, err
		}
		v.Agents = agents
	}
	return v, nil
}

// guests makes what lets in those without an account.
func (s *Service) guests(b2c *b2cclient.Client, store *command.Store) *guest.Guests {
	cfg := s.cfg.Callers
	g := &guest.Guests{Store: store, Commerce: b2c, Clock: s.clock, Secret: rand.Text, Count: s.telemetry.GuestCode}
	if cfg.SLASURL != "" && cfg.SLAS.ClientID != "" {
		slas := slasclient.New(s.caller(cfg.SLASURL), cfg.SLASOrganization)
		g.Codes = scapiclient.New(s.caller(cfg.SLASURL), cfg.SLASOrganization, func(ctx context.Context, site string) (string, error) {
			return slas.GuestToken(ctx, cfg.SLAS, site)
		})
	}
	return g
}

// callerProblems finds what is wrong with who may come.
func (c Config) callerProblems() []Problem {
	list := checkURL("slas-url", c.Callers.SLASURL, false)
	if c.Callers.OCAPIKeys != ProvedByCommerce {
		list = append(list, checkURL("ocapi-keys", c.Callers.OCAPIKeys, false)...)
	}
	if c.Callers.SLASURL != "" && !strings.HasPrefix(c.Callers.SLASOrganization, "f_ecom_") {
		list = append(list, Problem{"slas-organization", c.Callers.SLASOrganization, "is the organization's id, such as f_ecom_abcd_prd"})
	}
	if c.Callers.SLAS.ClientID != "" && c.Callers.SLAS.ClientSecret == "" {
		list = append(list, Problem{"slas-client-secret", "", "is required, from the environment or the file"})
	}
	if c.SimulatorControl == "" && (isWellKnown(c.Callers.SLAS.ClientID) || isWellKnown(c.Callers.SLAS.ClientSecret)) {
		list = append(list, Problem{"slas-client-secret", "(hidden)", "is the simulator's well-known secret; it needs --simulator-control"})
	}
	return list
}
