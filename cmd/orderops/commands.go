package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"github.com/somsim/somsim/orderops/service"
)

// usageError is a command line that does not parse.
type usageError struct{ err error }

func (e *usageError) Error() string { return e.err.Error() }

// newRoot makes the command tree. Without a sub-command it serves.
func newRoot(env lookup, stdout, stderr io.Writer) *cobra.Command {
	serve := newServe(env, stdout, stderr)
	root := &cobra.Command{
		Use: "orderops", Short: "Order operations: history, details and cancelling across the systems of an order",
		SilenceUsage: true, SilenceErrors: true, Args: cobra.NoArgs, RunE: serve.RunE,
	}
	addSettings(root, env)
	root.AddCommand(serve, newAttention(env, stdout), newAdopt(env, stdout), newInstances(env, stdout), newPolicy(env, stdout), newHealth(env, stdout), newVersion(stdout))
	root.SetOut(stdout)
	root.SetErr(stderr)
	root.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return &usageError{err} })
	return root
}

func newServe(env lookup, stdout, stderr io.Writer) *cobra.Command {
	cmd := &cobra.Command{
		Use: "serve", Short: "Serve both faces (default)", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			cfg, format, err := configure(cmd, env)
			if err != nil {
				return err
			}
			cfg.Log = newLogger(format, stderr)
			hangUp := make(chan os.Signal, 1)
			signal.Notify(hangUp, syscall.SIGHUP)
			defer signal.Stop(hangUp)
			cfg.Reload = hangUp
			return service.Run(cmd.Context(), cfg, stdout)
		},
	}
	addSettings(cmd, env)
	return cmd
}

// addSettings gives a command the flags of the settings and --config.
func addSettings(cmd *cobra.Command, env lookup) {
	set := serveSettings(env)
	set.Flags(cmd.Flags())
	cmd.Long = cmd.Short + ".\n\n" + set.Secrets()
	cmd.Flags().String("config", "", "YAML file with settings under the flags' names (ORDEROPS_CONFIG)")
}

// newHealth asks a running service whether it is ready; it is the check of container images.
func newHealth(env lookup, stdout io.Writer) *cobra.Command {
	var target string
	cmd := &cobra.Command{
		Use: "health", Short: "Ask a running service whether it is ready", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if fromEnv, ok := env("ORDEROPS_URL"); ok && !cmd.Flags().Changed("url") {
				target = fromEnv
			}
			return checkHealth(cmd.Context(), target, stdout)
		},
	}
	cmd.Flags().StringVar(&target, "url", "http://127.0.0.1:8702", "base URL of the service (env ORDEROPS_URL)")
	return cmd
}

func checkHealth(ctx context.Context, target string, stdout io.Writer) error {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, target+"/readyz", nil)
	if err != nil {
		return fmt.Errorf("url=%q: %w", target, err)
	}
	res, err := (&http.Client{}).Do(req)
	if err != nil {
		return fmt.Errorf("ask %s: %w", target, err)
	}
	defer func() { _ = res.Body.Close() }()
	body, err := io.ReadAll(io.LimitReader(res.Body, 1<<16))
	if err != nil {
		return fmt.Errorf("ask %s: %w", target, err)
	}
	if res.StatusCode != http.StatusOK {
		return fmt.Errorf("not ready: %s", body)
	}
	_, err = fmt.Fprintf(stdout, "%s", body)
	return err
}

func newVersion(stdout io.Writer) *cobra.Command {
	return &cobra.Command{
		Use: "version", Short: "Print the version", Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			_, err := fmt.Fprintln(stdout, "orderops", version)
			return err
		},
	}
}
