package service

import (
	"log/slog"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/shopspring/decimal"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"

	"github.com/somsim/somsim/orderops"
	"github.com/somsim/somsim/orderops/b2cclient"
	"github.com/somsim/somsim/orderops/cancel"
	"github.com/somsim/somsim/orderops/command"
	"github.com/somsim/somsim/orderops/frontdesk"
	"github.com/somsim/somsim/orderops/history"
	"github.com/somsim/somsim/orderops/mapping"
	"github.com/somsim/somsim/orderops/modify"
	"github.com/somsim/somsim/orderops/ociclient"
	"github.com/somsim/somsim/orderops/operatorapi"
	"github.com/somsim/somsim/orderops/returnby"
	"github.com/somsim/somsim/orderops/returns"
	"github.com/somsim/somsim/orderops/settle"
	"github.com/somsim/somsim/orderops/somclient"
	"github.com/somsim/somsim/orderops/switches"
	"github.com/somsim/somsim/orderops/trackingclient"
	"github.com/somsim/somsim/orderops/worldlineclient"
)

// Config is everything a service is made of. cmd/orderops fills it from flags, environment and file; tests and
// `somsim up` fill it themselves.
type Config struct {
	Listen string // host:port of Run; port 0 chooses one
	// Operator is the host:port of the operators' own listener in Run; empty serves none. Anywhere but on loopback it
	// needs OperatorToken, the bearer token of every request there.
	Operator      string
	OperatorToken string
	Database      string // path of a SQLite file, or a postgres:// URL
	// DatabasePassword is PostgreSQL's where the URL holds none.
	DatabasePassword string
	// Instance is the stable, unique name of this instance, which takes up the work it left. PostgreSQL needs one; on
	// SQLite, whose file belongs to one instance, it may be left out.
	Instance string
	Site     string // commerce site of REST requests that name none

	SOMURL       string
	B2CURL       string
	SlotsURL     string
	WorldlineURL string
	SOM          somclient.Credentials
	B2C          b2cclient.Credentials
	SlotsKey     string
	Worldline    worldlineclient.Credentials

	// OCIURL, LoyaltyURL and TrackingURL are empty where there is no such system: cancels then leave it out.
	OCIURL       string
	LoyaltyURL   string
	TrackingURL  string
	OCI          ociclient.Credentials
	LoyaltyToken string
	Tracking     trackingclient.Credentials
	// EventsSecret is shared with who sends the platform events of order management. Without one none are taken.
	EventsSecret string
	// Webhooks are shared with the payment provider, which signs its webhooks with them. Without a secret none are taken.
	Webhooks WebhookKey
	// HooksSecret is shared with commerce, which signs its calls of hooks. Without one none are believed.
	HooksSecret string
	// MoneyOwners says for each site who voids and refunds; for sites that are not listed order-ops does.
	MoneyOwners map[string]MoneyOwner

	// Callers is who may come, and how they are known.
	Callers Callers

	// Advertise is the base URL under which a simulator on another machine reaches this service; empty is the listener's.
	Advertise string
	// SimulatorControl is the base URL of a simulator's control plane. It switches simulation mode on.
	SimulatorControl string
	// SimulatorControlToken is the bearer token of a control plane that wants one.
	SimulatorControlToken string

	RemoteTimeout time.Duration // of one remote call
	AnswerWithin  time.Duration // how long a caller waits before it is told to come back
	Cancel        cancel.Policy
	Modify        modify.Policy
	Settle        settle.Policy
	Returns       returns.Policy
	// ReturnPolicies say until when something may be given back; nil means fourteen days from its arrival, in UTC.
	ReturnPolicies *returnby.Policies
	// Mapping says which custom field of order management is which custom attribute of commerce; nil means none.
	Mapping *mapping.Table
	// TrackingLinks are where carriers show parcels that order management has no link for.
	TrackingLinks history.TrackingLinks
	Log           *slog.Logger

	// RemoteConcurrency is how many calls to one system may be under way at once.
	RemoteConcurrency int
	// Switches is the path of a file of switches; empty switches everything on.
	Switches string
	// Reload has the switches read again, on a signal; nil never does.
	Reload <-chan os.Signal
	// Snapshots keep what order management last said of orders.
	Snapshots SnapshotConfig
	// OTLPEndpoint is the base URL of a collector of traces; empty sends none.
	OTLPEndpoint string
	// OffSpec says what becomes of answers that are not as documented: OffSpecRefuse or OffSpecReport; empty refuses them in
	// simulation mode alone.
	OffSpec string
	// CORSOrigins are those of pages that may call from a browser; none when it is empty.
	CORSOrigins []string
	// spans takes the place of the collector, in tests.
	spans sdktrace.SpanProcessor
}

// WebhookKey is the id of a key and its secret.
type WebhookKey struct{ KeyID, Secret string }

// MoneyOwner says who voids and refunds at the payment provider.
type MoneyOwner = settle.MoneyOwner

// The owners of money.
const (
	OwnedByOrderOps = settle.OwnedByOrderOps
	OwnedBySOM      = settle.OwnedBySOM
)

// settling is the policy of settling, with the owners of money.
func (c Config) settling() settle.Policy {
	policy := c.Settle
	policy.MoneyOwner = c.MoneyOwners
	return policy
}

// AllSites stands for every site without an entry of its own.
const AllSites = settle.AllSites

// Defaults is a configuration that lacks only the base URLs.
func Defaults() Config {
	return Config{
		Listen: "127.0.0.1:8702", Database: "orderops.db", Site: "RefArch",
		RemoteTimeout: 5 * time.Second, AnswerWithin: 8 * time.Second, Cancel: cancel.DefaultPolicy(), Modify: modify.DefaultPolicy(),
		Settle: settle.DefaultPolicy(), Returns: returns.DefaultPolicy(), TrackingLinks: history.DefaultTrackingLinks(), RemoteConcurrency: 64,
	}
}

// onlyInstance is the name of an instance that has none of its own, on a SQLite file.
const onlyInstance = "orderops-1"

// instance is the name under which the service works.
func (c Config) instance() string {
	if c.Instance == "" {
		return onlyInstance
	}
	return c.Instance
}

// database is where the service keeps its rows. A SQLite file is its alone, and a simulation need not survive a power cut.
func (c Config) database() command.DatabaseConfig {
	return command.DatabaseConfig{Location: c.Database, Password: c.DatabasePassword, Durable: c.SimulatorControl == "", Exclusive: true}
}

// instancePattern is what the name of an instance may look like.
var instancePattern = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$`)

// instanceProblems finds what is wrong with the database, the name of the instance on it and its operators' listener.
func (c Config) instanceProblems() []Problem {
	var list []Problem
	db := c.database()
	if scheme, _, ok := strings.Cut(c.Database, "://"); ok && !db.Shared() {
		list = append(list, Problem{"db", scheme + "://…", "is the path of a SQLite file or a postgres:// URL"})
	}
	if c.Operator != "" && c.OperatorToken == "" && !operatorapi.Loopback(c.Operator) {
		list = append(list, Problem{"operator-token", "", "is required, from the environment or the file, because operator=" + c.Operator + " is not loopback"})
	}
	switch {
	case c.Instance == "" && db.Shared():
		list = append(list, Problem{"instance", "", "is required on PostgreSQL: a name that only this instance has, and keeps when it is started again"})
	case !instancePattern.MatchString(c.instance()):
		list = append(list, Problem{"instance", c.Instance, "is 1 to 63 letters, digits and . _ -"})
	}
	return list
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
	list = append(list, checkURL("advertise", c.Advertise, false)...)
	for key, value := range map[string]string{
		"db": c.Database, "site": c.Site, "listen": c.Listen, "som-client-id": c.SOM.ClientID,
		"b2c-client-id": c.B2C.ClientID, "worldline-merchant": c.Worldline.MerchantID, "worldline-key-id": c.Worldline.KeyID,
	} {
		if value == "" {
			list = append(list, Problem{key, "", "is required"})
		}
	}
	if c.RemoteTimeout <= 0 {
		list = append(list, Problem{"remote-timeout", c.RemoteTimeout.String(), "must be longer than nothing"})
	}
	if c.RemoteConcurrency <= 0 {
		list = append(list, Problem{"remote-concurrency", strconv.Itoa(c.RemoteConcurrency), "must be at least 1"})
	}
	if c.OffSpec != "" && c.OffSpec != OffSpecRefuse && c.OffSpec != OffSpecReport {
		list = append(list, Problem{"off-spec", c.OffSpec, "is refuse or report"})
	}
	if _, err := switches.Open(c.Switches); err != nil {
		list = append(list, Problem{"switches", c.Switches, err.Error()})
	}
	for _, origin := range c.CORSOrigins {
		if err := frontdesk.CheckOrigin(origin); err != nil {
			list = append(list, Problem{"cors-origins", origin, err.Error()})
		}
	}
	list = append(list, checkURL("otlp-endpoint", c.OTLPEndpoint, false)...)
	if c.AnswerWithin <= 0 {
		list = append(list, Problem{"answer-within", c.AnswerWithin.String(), "must be longer than nothing"})
	}
	if c.Cancel.SentBonus != cancel.ForgiveBonus && c.Cancel.SentBonus != cancel.RefuseBonus {
		list = append(list, Problem{"cancel-sent-bonus", string(c.Cancel.SentBonus), "is forgive or refuse"})
	}
	if c.Cancel.Allocated != cancel.CancelItem && c.Cancel.Allocated != cancel.Refuse {
		list = append(list, Problem{"allocated-units", string(c.Cancel.Allocated), "is cancel_item or refuse"})
	}
	return slices.Concat(list, c.instanceProblems(), c.secretProblems(), c.partnerProblems(), c.callerProblems(), c.Snapshots.problems())
}

// partnerProblems finds what is wrong with the systems that may be left out, and with the policies about them.
func (c Config) partnerProblems() []Problem {
	var list []Problem
	for _, partner := range []struct{ url, address, key, value string }{
		{"oci-url", c.OCIURL, "oci-organization", c.OCI.Organization},
		{"tracking-url", c.TrackingURL, "tracking-measurement-id", c.Tracking.MeasurementID},
	} {
		list = append(list, checkURL(partner.url, partner.address, false)...)
		if partner.address != "" && partner.value == "" {
			list = append(list, Problem{partner.key, "", "is required"})
		}
	}
	list = append(list, checkURL("loyalty-url", c.LoyaltyURL, false)...)
	list = append(list, c.pointsProblems()...)
	list = append(list, c.returnsProblems()...)
	list = append(list, c.modifyProblems()...)
	for site, owner := range c.MoneyOwners {
		if owner != OwnedByOrderOps && owner != OwnedBySOM {
			list = append(list, Problem{"money-owner", site + "=" + string(owner), "is order_ops or som"})
		}
	}
	return list
}

// returnsProblems finds what is wrong with how goods come back, and money with them.
func (c Config) returnsProblems() []Problem {
	var list []Problem
	for site, mode := range c.Returns.Mode {
		if mode != orderops.ReturnSimple && mode != orderops.ReturnRMA {
			list = append(list, Problem{"returns", site + "=" + string(mode), "is simple or rma"})
		}
	}
	for site, policy := range c.Returns.Shipping {
		if policy != returns.ShippingWithGroup && policy != returns.ShippingKept {
			list = append(list, Problem{"return-shipping", site + "=" + string(policy), "is whole_group or keep"})
		}
	}
	for site, policy := range c.Returns.Bonus {
		if policy != returns.DeductBonus && policy != returns.RequireBonus && policy != returns.ForgiveBonus {
			list = append(list, Problem{"return-bonus", site + "=" + string(policy), "is deduct, require or forgive"})
		}
	}
	for site, fee := range c.Returns.Fee {
		if fee.IsNegative() || fee.GreaterThanOrEqual(decimal.NewFromInt(100)) {
			list = append(list, Problem{"return-fee", site + "=" + fee.String(), "is a percentage from 0 to below 100"})
		}
	}
	for site, order := range c.Settle.RefundOrder {
		if order != settle.CardsFirst && order != settle.CertificatesFirst {
			list = append(list, Problem{"refund-order", site + "=" + string(order), "is cards_first or certificates_first"})
		}
	}
	if c.Returns.LookAgain <= 0 {
		list = append(list, Problem{"return-look", c.Returns.LookAgain.String(), "must be longer than nothing"})
	}
	return list
}

// pointsProblems finds what is wrong with the policies for points. What they cost has to be known where they are paid for.
func (c Config) pointsProblems() []Problem {
	var list []Problem
	for site, policy := range c.Settle.SpentPoints {
		value := site + "=" + string(policy)
		switch policy {
		case settle.NegativeBalance, settle.Forgive:
		case settle.DeductFromRefund:
			if !c.Settle.PointValue.Of(site).IsPositive() {
				list = append(list, Problem{"point-value", "", "is required for spent-points=" + value + ": what a point is worth in money, such as 0.10"})
			}
		default:
			list = append(list, Problem{"spent-points", value, "is negative_balance, forgive or deduct_from_refund"})
		}
	}
	for site, value := range c.Settle.PointValue {
		if value.IsNegative() {
			list = append(list, Problem{"point-value", site + "=" + value.String(), "must not be negative"})
		}
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
