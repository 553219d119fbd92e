package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"github.com/somsim/somsim/internal/settings"
	"github.com/somsim/somsim/simulator"
	"github.com/somsim/somsim/simulator/sandbox"
)

func serveCommand() *cobra.Command {
	set := simulatorSettings()
	set.List = append(set.List, eventSettings()...)
	cmd := &cobra.Command{
		Use:   "serve",
		Short: "Run the simulator alone",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			s, err := newSimulator(cmd, set)
			if err != nil {
				return err
			}
			return failed(s.Run(cmd.Context(), func(a simulator.Addresses) {
				printAddresses(cmd.OutOrStdout(), a)
			}))
		},
	}
	addSettings(cmd, set)
	return cmd
}

func newSimulator(cmd *cobra.Command, set settings.Set) (*simulator.Simulator, error) {
	values, err := resolve(cmd, set)
	if err != nil {
		return nil, err
	}
	cfg, err := simulatorConfig(values)
	if err != nil {
		return nil, err
	}
	s, err := simulator.New(cfg)
	return s, startProblem(err)
}

// startProblem tells a setting that names nothing from a simulator that is wrong.
func startProblem(err error) error {
	if errors.Is(err, sandbox.ErrPreset) {
		return fmt.Errorf("preset: %w", err)
	}
	if errors.Is(err, simulator.ErrOrg) || errors.Is(err, simulator.ErrOCAPISettings) || errors.Is(err, simulator.ErrHooks) {
		return err
	}
	return failed(err)
}

func printAddresses(w io.Writer, a simulator.Addresses) {
	_, _ = fmt.Fprintf(w, "api=%s\ncontrol=%s\n", a.API, a.Control)
	if a.Secure != "" {
		_, _ = fmt.Fprintf(w, "api-tls=%s\n", a.Secure)
	}
}

func routesCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "routes",
		Short: "List every simulated operation",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			s, err := simulator.New(simulator.Config{})
			if err != nil {
				return failed(err)
			}
			return failed(writeRoutes(cmd.OutOrStdout(), s))
		},
	}
}

// writeRoutes prints one line an operation: system, method, path, operationId, and whether it is stateful.
func writeRoutes(w io.Writer, s *simulator.Simulator) error {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, op := range s.Operations() {
		kind := "stateful"
		if op.Example != "" {
			kind = "example only: " + op.Example
		}
		if _, err := fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\n", op.System, op.Method, op.Path, op.ID, kind); err != nil {
			return err
		}
	}
	return table.Flush()
}

func healthCommand() *cobra.Command {
	var address string
	cmd := &cobra.Command{
		Use:   "health",
		Short: "Ask a running simulator whether it is ready; exit code 0 when it is",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			ctx, cancel := context.WithTimeout(cmd.Context(), 3*time.Second)
			defer cancel()
			return failed(askHealth(ctx, cmd.OutOrStdout(), address, os.Getenv("SOMSIM_CONTROL_TOKEN")))
		},
	}
	cmd.Flags().StringVar(&address, "control-url", "http://127.0.0.1:8701", "base URL of the control plane")
	return cmd
}

func askHealth(ctx context.Context, w io.Writer, address, token string) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address+"/control/v1/health", nil)
	if err != nil {
		return err
	}
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	resp, err := (&http.Client{}).Do(req)
	if err != nil {
		return err
	}
	defer func() { _ = resp.Body.Close() }()
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("%s answers %s", address, resp.Status)
	}
	_, err = fmt.Fprintln(w, "ok")
	return err
}
