package main

import (
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"slices"
	"sort"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/somsim/somsim/internal/settings"
	"github.com/somsim/somsim/orderops"
	"github.com/somsim/somsim/orderops/cancel"
	"github.com/somsim/somsim/orderops/cdcclient"
	"github.com/somsim/somsim/orderops/command"
	"github.com/somsim/somsim/orderops/returns"
	"github.com/somsim/somsim/orderops/service"
	"github.com/somsim/somsim/orderops/settle"
)

// serveSettings is everything that can be configured. The fallbacks of base URLs, client ids and secrets are empty: they
// have none in production, and in simulation mode they are the simulator's well-known ones.
func serveSettings(env lookup) settings.Set {
	d := service.Defaults()
	return settings.Set{Prefix: "ORDEROPS_", List: append(readSettings(), []settings.Setting{
		{Name: "listen", Fallback: d.Listen, Usage: "address to serve at; port 0 picks a free one", Check: isAddress},
		{Name: "operator", Fallback: "127.0.0.1:8703", Usage: "address of the operators' own listener; empty serves none, and off loopback it wants a token", Check: isAddressOrNone},
		{Name: "operator-token", Secret: true, Usage: "bearer token of the operators' listener"},
		{Name: "db", Fallback: defaultDatabase(env), Usage: "path of the SQLite file, or a postgres:// URL; a password in it only from the environment or the file"},
		{Name: "db-password", Secret: true, Usage: "PostgreSQL's password where the URL holds none"},
		{Name: "instance", Fallback: d.Instance, Usage: "stable, unique name of this instance; PostgreSQL needs one"},
		{Name: "site", Fallback: d.Site, Usage: "commerce site of REST requests that name none"},
		{Name: "simulator", Usage: "one base URL for all systems; the specific ones win"},
		{Name: "simulator-control", Usage: "control plane of a simulator: switches simulation mode on"},
		{Name: "simulator-control-token", Secret: true, Usage: "bearer token of a control plane that wants one"},
		{Name: "advertise", Usage: "base URL under which a simulator on another machine reaches this service"},
		{Name: "som-url", Usage: "base URL of Salesforce Order Management"},
		{Name: "b2c-url", Usage: "base URL of B2C Commerce"},
		{Name: "slots-url", Usage: "base URL of the slot service"},
		{Name: "worldline-url", Usage: "base URL of Worldline"},
		{Name: "som-client-id", Usage: "client id of the connected app"},
		{Name: "som-client-secret", Secret: true, Usage: "secret of the connected app"},
		{Name: "som-events-secret", Secret: true, Usage: "secret that the sender of order management's events shares; left out, none are taken"},
		{Name: "hooks-secret", Secret: true, Usage: "secret that the shop's hooks share; left out, none are answered"},
		{Name: "b2c-client-id", Usage: "API client id"},
		{Name: "b2c-client-secret", Secret: true, Usage: "secret of the API client"},
		{Name: "slots-key", Secret: true, Usage: "API key of the slot service"},
		{Name: "worldline-merchant", Usage: "merchant id"},
		{Name: "worldline-key-id", Usage: "API key id"},
		{Name: "worldline-secret", Secret: true, Usage: "secret of the API key"},
		{Name: "worldline-webhooks-key-id", Usage: "id of the key that the provider signs its webhooks with"},
		{Name: "worldline-webhooks-secret", Secret: true, Usage: "secret that the provider signs its webhooks with"},
		{Name: "oci-url", Usage: "base URL of Omnichannel Inventory; left out, cancels release no stock"},
		{Name: "oci-organization", Usage: "tenant group of the inventory"},
		{Name: "oci-token", Secret: true, Usage: "bearer token of the inventory"},
		{Name: "loyalty-url", Usage: "base URL of the loyalty service; left out, cancels settle no points"},
		{Name: "loyalty-token", Secret: true, Usage: "bearer token of the loyalty service"},
		{Name: "tracking-url", Usage: "base URL of the GA4 Measurement Protocol; left out, cancels send no refund event"},
		{Name: "tracking-measurement-id", Usage: "id of the web stream"},
		{Name: "tracking-api-secret", Secret: true, Usage: "API secret of the web stream"},
		{Name: "ocapi-keys", Usage: "address of the JSON web keys of OCAPI's shopper tokens; left out, /dw/oauth2/jwks of B2C Commerce; the word commerce leaves the proof to commerce"},
		{Name: "slas-url", Usage: "base URL of SLAS; left out, its tokens are refused"},
		{Name: "slas-organization", Usage: "organization of the shop, as f_ecom_abcd_prd"},
		{Name: "slas-client-id", Usage: "private client of SLAS, by which guests have codes mailed; left out, none are"},
		{Name: "slas-client-secret", Secret: true, Usage: "secret of the private client of SLAS"},
		{Name: "cdc-url", Usage: "base URL of SAP Customer Data Cloud, whose tokens shoppers may then come with; left out, they are refused"},
		{Name: "cdc-api-key", Usage: "API key of the site of Customer Data Cloud"},
		{Name: "cdc-user-key", Usage: "user key of the server application of Customer Data Cloud"},
		{Name: "cdc-secret", Secret: true, Usage: "secret of the server application of Customer Data Cloud"},
		{Name: "cdc-audience", Usage: "audience that tokens of Customer Data Cloud have to be for; left out, those for anybody are taken"},
		{Name: "shopper-clients", Usage: "API clients that shoppers may come through, each with its channel, as CLIENTID=storefront,OTHER=app; left out, all that commerce knows", Check: isPairs},
		{Name: "agents", Usage: "user names of the org's people who may act for customers, separated by commas, or * for all of them; left out, nobody"},
		{Name: "cors-origins", Usage: "origins of web pages that may call from a browser, separated by commas, as https://shop.example; left out, none"},
		{Name: "money-owner", Fallback: string(service.OwnedByOrderOps), Usage: "who voids and refunds at the payment provider: order_ops, or som, which order-ops then asks; for single sites SITE=som,OTHER=order_ops"},
		{
			Name: "spent-points", Fallback: string(d.Settle.SpentPoints.Of(settle.AllSites)),
			Usage: "points that a cancelled order earned and that are spent: negative_balance, forgive or deduct_from_refund, or for single sites SITE=forgive,OTHER=…",
		},
		{Name: "point-value", Usage: "what a point is worth in money where spent ones are deducted from the refund, as 0.10, or SITE=0.10,OTHER=…", Check: isPointValue},
		{
			Name: "refund-order", Fallback: string(d.Settle.RefundOrder.Of(settle.AllSites)),
			Usage: "what gets its money back first where an order was paid by several means: cards_first or certificates_first, or for single sites SITE=…",
		},
		{
			Name: "returns", Fallback: string(d.Returns.Mode.Of(settle.AllSites)),
			Usage: "how goods come back: simple (taken back at once) or rma (announced, paid back when they have come), or for single sites SITE=rma,OTHER=…",
		},
		{Name: "return-fee", Usage: "percentage of their worth that is kept of returned goods, as 10, or SITE=10,OTHER=…; left out, nothing", Check: isPercentage},
		{
			Name: "return-shipping", Fallback: string(d.Returns.Shipping.Of(settle.AllSites)),
			Usage: "delivery charges of goods that come back: whole_group (with the last units of a delivery group) or keep, or for single sites SITE=keep,…",
		},
		{
			Name: "return-bonus", Fallback: string(d.Returns.Bonus.Of(settle.AllSites)),
			Usage: "a bonus that stays with the shopper when what it was given for comes back: deduct (its price), require (it has to come back too) or forgive, or for single sites SITE=forgive,…",
		},
		{Name: "return-look", Fallback: d.Returns.LookAgain.String(), Usage: "how often announced returns are looked at while no event tells that goods have come", Check: isDuration},
		{Name: "pickup-methods", Usage: "words in the names of delivery methods whose goods are collected, separated by commas"},
		{Name: "remote-timeout", Fallback: d.RemoteTimeout.String(), Usage: "longest wait for one remote call", Check: isDuration},
		{Name: "remote-concurrency", Fallback: strconv.Itoa(d.RemoteConcurrency), Usage: "calls to one system that may be under way at once", Check: isCount},
		{Name: "snapshots-ttl", Fallback: "0s", Usage: "how long the last answer of order management is shown while it is away; 0s keeps none", Check: isSpan},
		{Name: "snapshots-key", Secret: true, Usage: "key that seals snapshots: base64 of 32 random bytes"},
		{Name: "switches", Usage: "YAML file that says which actions are on for whom; left out, all are for everybody"},
		{Name: "otlp-endpoint", Usage: "base URL of an OpenTelemetry collector (OTLP over HTTP) as http://collector:4318; left out, traces are handed on and not sent"},
		{Name: "off-spec", Usage: "answers that are not as documented: refuse or report; left out, refuse in simulation mode and report elsewhere"},
		{Name: "answer-within", Fallback: d.AnswerWithin.String(), Usage: "longest wait for an action before the caller is told to come back", Check: isDuration},
		{
			Name: "cancel-sent-bonus", Fallback: string(d.Cancel.SentBonus), Usage: "a bonus that has been handed over when what it was given for is cancelled: forgive or refuse",
			Check: settings.OneOf(string(cancel.ForgiveBonus), string(cancel.RefuseBonus)),
		},
		{
			Name: "allocated-units", Fallback: string(d.Cancel.Allocated), Usage: "units a location has not fulfilled yet: cancel_item or refuse",
			Check: settings.OneOf(string(cancel.CancelItem), string(cancel.Refuse)),
		},
		{
			Name: "cancel-prices", Fallback: string(d.Cancel.Prices.Of(settle.AllSites)),
			Usage: "what stays of an order when a part is cancelled: keep_price (it costs what was paid), or reprice (what it loses of promotions is kept of what comes back), or for single sites SITE=reprice,…",
		},
		{
			Name: "modify-policy", Fallback: string(d.Modify.When.Of(settle.AllSites)),
			Usage: "when an order that is being modified is given up: keep_until_confirm or cancel_first, or for single sites SITE=cancel_first,OTHER=…",
		},
		{
			Name: "modify-prices", Fallback: string(d.Modify.Prices.Of(settle.AllSites)),
			Usage: "what lines cost in a follow-up basket: today, or keep_original_price (what has become dearer is taken off again), or for single sites SITE=…",
		},
		{
			Name: "coupons", Fallback: string(d.Cancel.Coupons.Of(settle.AllSites)),
			Usage: "what becomes of the codes of an order that is cancelled as a whole: restore (they can be used again) or burn, or for single sites SITE=burn,…",
		},
		{Name: "burn-coupons-for", Usage: "reason codes of cancels after which codes stay used whatever the site, separated by commas"},
		{Name: "least-order", Usage: "what has to be left, in goods with their tax, of an order of which a part is cancelled, as 25, or SITE=25,OTHER=…; left out, nothing", Check: isPointValue},
		{Name: "edit-for", Fallback: d.Modify.EditFor.String(), Usage: "how long a shopper may edit an order, from 1m to 3h45m; its slots are held as long", Check: isDuration},
		{Name: "hold-status", Fallback: d.Modify.HoldStatus, Usage: "status of an OrderSummary under which routing and warehouses leave an order alone while it is edited"},
		{
			Name: "abandoned-basket", Fallback: "delete", Usage: "what becomes of the follow-up basket when the time for editing is over: delete or keep",
			Check: settings.OneOf("delete", "keep"),
		},
		{Name: "modify-reason", Fallback: d.Modify.Reason, Usage: "reason code under which an order is cancelled that another one takes the place of"},
		{Name: "reasons", Usage: "more reason codes with the SOM picklist value each stands for, as code=Value,other_code=Other Value", Check: isReasons},
		{Name: "log-format", Fallback: "text", Usage: "text or json", Check: settings.OneOf("text", "json")},
	}...)}
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

// settingsError is everything that is wrong with the settings, one line each.
type settingsError struct{ error }

// configure resolves the settings into a configuration and reports every problem at once.
func configure(cmd *cobra.Command, env lookup) (service.Config, string, error) {
	file, err := cmd.Flags().GetString("config")
	if err != nil {
		return service.Config{}, "", err
	}
	if fromEnv, ok := env("ORDEROPS_CONFIG"); ok && file == "" {
		file = fromEnv
	}
	values, err := serveSettings(env).Resolve(cmd.Flags(), env, file)
	cfg := configOf(values)
	problems := []error{err, passwordProblem(cmd)}
	for _, p := range cfg.Problems() {
		if !told(err, p.Key) {
			problems = append(problems, fmt.Errorf("%s=%q: %s", p.Key, p.Value, p.Why))
		}
	}
	if err := errors.Join(problems...); err != nil {
		return cfg, "", &settingsError{sorted(err)}
	}
	if (command.DatabaseConfig{Location: cfg.Database}).Shared() {
		return cfg, values["log-format"], nil
	}
	if err := os.MkdirAll(filepath.Dir(cfg.Database), 0o700); err != nil {
		return cfg, "", fmt.Errorf("make folder of database %s: %w", cfg.Database, err)
	}
	return cfg, values["log-format"], nil
}

// told says that what is wrong with a setting is among some problems already: what cannot be read is no value either.
func told(problems error, key string) bool {
	if problems == nil {
		return false
	}
	return slices.ContainsFunc(strings.Split(problems.Error(), "\n"), func(line string) bool { return strings.HasPrefix(line, key+": ") })
}

// passwordProblem refuses a password on the command line, which everybody on the machine can read. From the environment
// or the file a URL may hold one.
func passwordProblem(cmd *cobra.Command) error {
	flag := cmd.Flags().Lookup("db")
	if db := (command.DatabaseConfig{Location: flag.Value.String()}); flag.Changed && db.HoldsPassword() {
		return fmt.Errorf("db=%q: a password does not belong on the command line: it goes into ORDEROPS_DB_PASSWORD, or db-password in the file", db.Safe())
	}
	return nil
}

// isAddress refuses what cannot be listened at.
func isAddress(value string) error {
	if _, _, err := net.SplitHostPort(value); err != nil {
		return fmt.Errorf("%q is not host:port", value)
	}
	return nil
}

func isAddressOrNone(value string) error {
	if value == "" {
		return nil
	}
	return isAddress(value)
}

// sorted puts the lines of an error in order, so that the same mistakes read the same.
func sorted(err error) error {
	lines := strings.Split(err.Error(), "\n")
	sort.Strings(lines)
	return errors.New(strings.Join(lines, "\n"))
}

func configOf(v settings.Values) service.Config {
	cfg := service.Defaults()
	cfg.Listen, cfg.Database, cfg.DatabasePassword = v["listen"], v["db"], v["db-password"]
	cfg.Operator, cfg.OperatorToken = v["operator"], v["operator-token"]
	cfg.Instance, cfg.Site = v["instance"], v["site"]
	cfg.ReturnPolicies, _ = readPolicies(v["policies"]) // checked by the settings
	cfg.Mapping, _ = readMapping(v["mapping"])
	cfg.TrackingLinks, _ = trackingLinks(v["tracking-links"])
	cfg.Advertise = v["advertise"]
	cfg.SimulatorControl, cfg.SimulatorControlToken = v["simulator-control"], v["simulator-control-token"]
	for name, target := range map[string]*string{
		"som-url": &cfg.SOMURL, "b2c-url": &cfg.B2CURL, "slots-url": &cfg.SlotsURL, "worldline-url": &cfg.WorldlineURL,
		"oci-url": &cfg.OCIURL, "loyalty-url": &cfg.LoyaltyURL, "tracking-url": &cfg.TrackingURL,
		"slas-url": &cfg.Callers.SLASURL, "cdc-url": &cfg.Callers.CDCURL,
	} {
		if *target = v[name]; *target == "" {
			*target = v["simulator"]
		}
	}
	cfg.SOM.ClientID, cfg.SOM.ClientSecret = v["som-client-id"], v["som-client-secret"]
	cfg.B2C.ClientID, cfg.B2C.ClientSecret = v["b2c-client-id"], v["b2c-client-secret"]
	cfg.EventsSecret, cfg.HooksSecret = v["som-events-secret"], v["hooks-secret"]
	cfg.SlotsKey = v["slots-key"]
	cfg.Worldline.MerchantID, cfg.Worldline.KeyID, cfg.Worldline.Secret = v["worldline-merchant"], v["worldline-key-id"], v["worldline-secret"]
	cfg.Webhooks = service.WebhookKey{KeyID: v["worldline-webhooks-key-id"], Secret: v["worldline-webhooks-secret"]}
	cfg.OCI.Organization, cfg.OCI.Token, cfg.LoyaltyToken = v["oci-organization"], v["oci-token"], v["loyalty-token"]
	cfg.Tracking.MeasurementID, cfg.Tracking.APISecret = v["tracking-measurement-id"], v["tracking-api-secret"]
	cfg.Callers.OCAPIKeys, cfg.Callers.SLASOrganization = v["ocapi-keys"], v["slas-organization"]
	cfg.Callers.SLAS.ClientID, cfg.Callers.SLAS.ClientSecret = v["slas-client-id"], v["slas-client-secret"]
	cfg.Callers.CDC = cdcclient.Credentials{APIKey: v["cdc-api-key"], UserKey: v["cdc-user-key"], Secret: v["cdc-secret"]}
	cfg.Callers.CDCAudience = v["cdc-audience"]
	cfg.Snapshots.TTL, _ = time.ParseDuration(v["snapshots-ttl"]) // checked by the settings
	cfg.Snapshots.Key = v["snapshots-key"]
	cfg.Callers.Clients, _ = parsePairs(v["shopper-clients"], "") // checked by the settings
	cfg.Callers.Agents = words(v["agents"])
	cfg.CORSOrigins = words(v["cors-origins"])
	cfg.MoneyOwners = bySite[service.MoneyOwner](v["money-owner"])
	for site, policy := range bySite[settle.SpentPoints](v["spent-points"]) {
		cfg.Settle.SpentPoints[site] = policy // sites that are not named keep the fallback
	}
	cfg.Settle.PointValue, _ = pointValues(v["point-value"]) // checked by the settings
	returnsOf(&cfg, v)
	for site, policy := range bySite[orderops.ModifyPolicy](v["modify-policy"]) {
		cfg.Modify.When[site] = policy
	}
	for site, policy := range bySite[orderops.PricePolicy](v["modify-prices"]) {
		cfg.Modify.Prices[site] = policy
	}
	for site, policy := range bySite[orderops.CouponPolicy](v["coupons"]) {
		cfg.Cancel.Coupons[site] = policy
	}
	for site, policy := range bySite[cancel.Prices](v["cancel-prices"]) {
		cfg.Cancel.Prices[site] = policy
	}
	cfg.Cancel.BurnFor = list(v["burn-coupons-for"])
	cfg.Cancel.Least, _ = pointValues(v["least-order"])       // checked by the settings
	cfg.Modify.EditFor, _ = time.ParseDuration(v["edit-for"]) // checked by the settings
	cfg.Modify.HoldStatus, cfg.Modify.Reason, cfg.Modify.KeepAbandoned = v["hold-status"], v["modify-reason"], v["abandoned-basket"] == "keep"
	if words := list(v["pickup-methods"]); len(words) > 0 {
		cfg.Cancel.PickupMethods = words
	}
	if cfg.SimulatorControl != "" {
		cfg.WellKnown()
	}
	cfg.RemoteTimeout, _ = time.ParseDuration(v["remote-timeout"]) // checked by the settings; zero is refused below
	cfg.AnswerWithin, _ = time.ParseDuration(v["answer-within"])
	cfg.RemoteConcurrency, _ = strconv.Atoi(v["remote-concurrency"])
	cfg.Switches = v["switches"]
	cfg.OTLPEndpoint, cfg.OffSpec = v["otlp-endpoint"], v["off-spec"]
	cfg.Cancel.Allocated = cancel.Allocated(v["allocated-units"])
	cfg.Cancel.SentBonus = cancel.SentBonus(v["cancel-sent-bonus"])
	reasons, _ := parseReasons(v["reasons"]) // checked by the settings
	for code, picklist := range reasons {
		cfg.Cancel.Reasons[code] = picklist
	}
	return cfg
}

// returnsOf fills in how goods come back, and in which order money does.
func returnsOf(cfg *service.Config, v settings.Values) {
	for site, order := range bySite[settle.RefundOrder](v["refund-order"]) {
		cfg.Settle.RefundOrder[site] = order
	}
	for site, mode := range bySite[orderops.ReturnMode](v["returns"]) {
		cfg.Returns.Mode[site] = mode
	}
	for site, policy := range bySite[returns.Shipping](v["return-shipping"]) {
		cfg.Returns.Shipping[site] = policy
	}
	for site, policy := range bySite[returns.Bonus](v["return-bonus"]) {
		cfg.Returns.Bonus[site] = policy
	}
	cfg.Returns.Fee, _ = pointValues(v["return-fee"]) // checked by the settings
	cfg.Returns.LookAgain, _ = time.ParseDuration(v["return-look"])
}
