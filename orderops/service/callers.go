package service

import (
	"context"
	"crypto/rand"
	"strings"

	"github.com/somsim/somsim/orderops/b2cclient"
	"github.com/somsim/somsim/orderops/cdcclient"
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
	// CDCURL and CDC are those of SAP Customer Data Cloud, whose tokens shoppers may come with; empty where they may not. It
	// needs SLAS and its private client, which stands up for them. CDCAudience is what the tokens have to be for, if anything.
	CDCURL      string
	CDC         cdcclient.Credentials
	CDCAudience string
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
	if cfg.CDCURL != "" {
		logins, err := s.logins()
		if err != nil {
			return nil, err
		}
		v.Logins = logins
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

// logins makes what believes Customer Data Cloud.
func (s *Service) logins() (*identity.Logins, error) {
	cfg := s.cfg.Callers
	accounts := cdcclient.New(s.caller(cfg.CDCURL), cfg.CDC)
	slas := slasclient.New(s.caller(cfg.SLASURL), cfg.SLASOrganization)
	return identity.NewLogins(identity.LoginSystem{
		APIKey: cfg.CDC.APIKey, Audience: cfg.CDCAudience, Keys: identity.NewKeys(s.clock, accounts.Keys),
		Standing: func(ctx context.Context, uid string) (identity.Standing, error) {
			account, err := accounts.Account(ctx, uid)
			return identity.Standing{Active: account.Active, Complete: account.Registered}, err
		},
		Exchange: func(ctx context.Context, site, uid string) (string, error) {
			return slas.VouchedToken(ctx, cfg.SLAS, slasclient.Vouched{Site: site, Provider: cdcProvider, ID: uid})
		},
	})
}

// cdcProvider is what SLAS calls Customer Data Cloud.
const cdcProvider = "gigya"

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
	list = append(list, c.cdcProblems()...)
	if c.SimulatorControl == "" && (isWellKnown(c.Callers.SLAS.ClientID) || isWellKnown(c.Callers.SLAS.ClientSecret)) {
		list = append(list, Problem{"slas-client-secret", "(hidden)", "is the simulator's well-known secret; it needs --simulator-control"})
	}
	return list
}

// cdcProblems finds what is wrong with Customer Data Cloud, where shoppers may come from there.
func (c Config) cdcProblems() []Problem {
	list := checkURL("cdc-url", c.Callers.CDCURL, false)
	if c.SimulatorControl == "" {
		for key, value := range map[string]string{"cdc-api-key": c.Callers.CDC.APIKey, "cdc-user-key": c.Callers.CDC.UserKey, "cdc-secret": c.Callers.CDC.Secret} {
			if isWellKnown(value) {
				list = append(list, Problem{key, "(hidden)", "is the simulator's well-known one; it needs --simulator-control"})
			}
		}
	}
	if c.Callers.CDCURL == "" {
		return list
	}
	if c.Callers.CDC.APIKey == "" || c.Callers.CDC.UserKey == "" {
		list = append(list, Problem{"cdc-api-key", c.Callers.CDC.APIKey, "is required with cdc-url, and so is cdc-user-key"})
	}
	if c.Callers.CDC.Secret == "" {
		list = append(list, Problem{"cdc-secret", "", "is required with cdc-url, from the environment or the file"})
	}
	if c.Callers.SLASURL == "" || c.Callers.SLAS.ClientID == "" {
		list = append(list, Problem{"cdc-url", c.Callers.CDCURL, "needs slas-url and slas-client-id, by which shoppers of Customer Data Cloud get their token of the shop"})
	}
	return list
}
