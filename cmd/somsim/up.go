package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"text/template"

	"github.com/spf13/cobra"

	"github.com/somsim/somsim/internal/settings"
	"github.com/somsim/somsim/orderops/hookface"
	"github.com/somsim/somsim/orderops/service"
	"github.com/somsim/somsim/simulator"
)

// addresses are the base URLs of a simulator with order-ops beside it.
type addresses struct {
	simulator.Addresses
	OrderOps string
	// Operator is empty unless order-ops was told to listen for operators.
	Operator string
}

func upCommand() *cobra.Command {
	set := simulatorSettings()
	set.List = append(set.List,
		settings.Setting{Name: "orderops", Fallback: "127.0.0.1:8702", Usage: "address of order-ops", Check: address},
		settings.Setting{Name: "operator", Fallback: "127.0.0.1:8703", Usage: "address of order-ops' operators; empty serves none", Check: addressOrNone},
		settings.Setting{Name: "orderops-hooks", Fallback: "off", Alone: "on", Usage: "commerce calls order-ops at its extension points: on or off", Check: settings.OneOf("on", "off")},
		settings.Setting{Name: "policies", Usage: "order-ops' YAML file that says until when something can be returned", Check: isPolicies},
		settings.Setting{Name: "mapping", Usage: "order-ops' YAML file of custom fields", Check: isMapping},
		settings.Setting{Name: "cors-origins", Usage: "origins of web pages that may call order-ops from a browser, separated by commas, as https://shop.example; left out, none", Check: areOrigins},
		settings.Setting{Name: "operator-token", Secret: true, Usage: "bearer token of order-ops' operators, wanted off loopback"},
	)
	cmd := &cobra.Command{
		Use:   "up",
		Short: "Run the simulator and order-ops in one process, seeded",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			values, err := resolve(cmd, set)
			if err != nil {
				return err
			}
			cfg, err := simulatorConfig(values)
			if err != nil {
				return err
			}
			operators := func(ops *service.Config) {
				ops.Operator, ops.OperatorToken = values["operator"], values["operator-token"]
				ops.ReturnPolicies, _ = policiesIn(values["policies"]) // checked by the settings
				ops.Mapping, _ = mappingIn(values["mapping"])
				ops.CORSOrigins = listed(values["cors-origins"])
			}
			return up(cmd.Context(), cfg, beside{values["orderops"], values["orderops-hooks"] == "on"}, cmd.OutOrStdout(), operators)
		},
	}
	addSettings(cmd, set)
	return cmd
}

func addressOrNone(value string) error {
	if value == "" {
		return nil
	}
	return address(value)
}

// beside is how an order-ops runs beside the simulator: at an address, and called at commerce's extension points or not.
type beside struct {
	address string
	hooks   bool
}

func up(ctx context.Context, cfg simulator.Config, orderops beside, out io.Writer, changes ...func(*service.Config)) error {
	started, wait, err := startBeside(ctx, cfg, orderops, changes...)
	if err != nil {
		return err
	}
	printAddresses(out, started.Addresses)
	_, _ = fmt.Fprintf(out, "orderops=%s\n", started.OrderOps)
	if started.Operator != "" {
		_, _ = fmt.Fprintf(out, "operator=%s\n", started.Operator)
	}
	if err := welcome.Execute(out, welcomeText{
		addresses: started,
		Login: fmt.Sprintf(`$(curl -si -u shopper-1@somsim.test:somsim -H 'x-dw-client-id: %s' -H 'Content-Type: application/json' -d '{"type":"credentials"}' `+
			`%s/s/RefArch/dw/shop/v23_2/customers/auth | tr -d '\r' | grep -i ^authorization:)`, strings.Repeat("a", 30), started.API),
	}); err != nil {
		return failed(err)
	}
	return failed(wait())
}

// startBeside runs simulator and order-ops until the context ends; wait returns when both have stopped. The commands of
// order-ops are kept in a folder that goes when they stop, as the simulator's sandboxes do. Changes are made to its
// configuration before it starts.
func startBeside(ctx context.Context, cfg simulator.Config, orderops beside, changes ...func(*service.Config)) (addresses, func() error, error) {
	sim, err := simulator.New(cfg)
	if err != nil {
		return addresses{}, nil, startProblem(err)
	}
	ctx, cancel := context.WithCancel(ctx)
	ready, simEnded := make(chan simulator.Addresses, 1), make(chan error, 1)
	go func() { simEnded <- sim.Run(ctx, func(a simulator.Addresses) { ready <- a }) }()
	started := addresses{}
	select {
	case started.Addresses = <-ready:
	case err := <-simEnded:
		cancel()
		return started, nil, failed(err)
	}
	events, webhooks, hooks := simulator.EventTarget{}, simulator.WebhookTarget{}, simulator.HookTarget{Points: hookface.Points()}
	changes = append(changes, func(ops *service.Config) {
		events.Secret, hooks.Secret = ops.EventsSecret, ops.HooksSecret
		webhooks.KeyID, webhooks.Secret = ops.Webhooks.KeyID, ops.Webhooks.Secret
	})
	urls, opsEnded, err := startOrderOps(ctx, started.Addresses, orderops.address, cfg, changes)
	if err == nil {
		events.URL, hooks.URL = urls["orderops"]+eventsPath, urls["orderops"]+hookface.Path
		webhooks.URL = urls["orderops"] + webhooksPath
		err = errors.Join(sim.SendEvents(events), sim.SendWebhooks(webhooks))
	}
	if err == nil && orderops.hooks {
		err = sim.AttachHooks(hooks)
	}
	if err != nil {
		cancel()
		return started, nil, orderOpsProblem(errors.Join(err, <-simEnded))
	}
	started.OrderOps, started.Operator = urls["orderops"], urls["operator"]
	return started, func() error {
		defer cancel()
		select {
		case err := <-simEnded:
			cancel()
			return errors.Join(err, <-opsEnded)
		case err := <-opsEnded:
			cancel()
			return errors.Join(err, <-simEnded)
		}
	}, nil
}

// startUp is startBeside on a free port, without calls at commerce's extension points.
func startUp(ctx context.Context, cfg simulator.Config, changes ...func(*service.Config)) (addresses, func() error, error) {
	return startBeside(ctx, cfg, beside{address: "127.0.0.1:0"}, changes...)
}

// orderOpsProblem tells settings that order-ops refuses from an order-ops that is wrong.
func orderOpsProblem(err error) error {
	var refused *service.ConfigError
	if errors.As(err, &refused) {
		return refused
	}
	return failed(err)
}

// startOrderOps returns the URLs at which order-ops listens, by name.
func startOrderOps(ctx context.Context, sim simulator.Addresses, listen string, of simulator.Config, changes []func(*service.Config)) (map[string]string, <-chan error, error) {
	dir, err := os.MkdirTemp("", "somsim-up-")
	if err != nil {
		return nil, nil, err
	}
	cfg := service.Defaults().Simulation(sim.API, sim.Control)
	cfg.Listen, cfg.Database, cfg.Log = listen, filepath.Join(dir, "orderops.db"), of.Log
	cfg.SimulatorControlToken = of.ControlToken
	for _, change := range changes {
		change(&cfg)
	}
	names := 1
	if cfg.Operator != "" {
		names++
	}
	lines, ended := make(chan string, names), make(chan error, 1)
	go func() {
		err := service.Run(ctx, cfg, firstLines(lines))
		ended <- errors.Join(err, os.RemoveAll(dir))
	}()
	urls := map[string]string{}
	for len(urls) < names {
		select {
		case line := <-lines:
			name, url, _ := strings.Cut(strings.TrimSpace(line), "=")
			urls[name] = url
		case err := <-ended:
			return nil, nil, err
		}
	}
	return urls, ended, nil
}

// firstLines is where order-ops prints its addresses, one at a time.
type firstLines chan<- string

// Write implements io.Writer.
func (f firstLines) Write(p []byte) (int, error) {
	select {
	case f <- string(p):
	default:
	}
	return len(p), nil
}

type welcomeText struct {
	addresses
	Login string
}

var welcome = template.Must(template.New("welcome").Parse(`
Salesforce   client_id=somsim client_secret=somsim, user dev@somsim.test password somsim
OCAPI        client id {{/**/}}aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa, site RefArch
Shoppers     shopper-1@somsim.test to shopper-5@somsim.test, password somsim
Worldline    merchant, API key id and secret somsim
Slots        bearer somsim

Three things to try:

# the orders of a shopper
curl -s -H "{{.Login}}" {{.OrderOps}}/order-ops/v1/orders

# one order, with what order management knows of it
curl -s -H "{{.Login}}" {{.OrderOps}}/order-ops/v1/orders/00000101

# cancel it
curl -s -H "{{.Login}}" -H 'Idempotency-Key: try-1' -H 'Content-Type: application/json' -d '{"reason_code":"Unknown"}' {{.OrderOps}}/order-ops/v1/orders/00000101/cancellations

`))
