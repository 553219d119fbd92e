// Command somsim is the post-purchase sandbox: the simulator, order-ops beside it, scenarios and contracts.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	_ "time/tzdata" // The binary knows all time zones even where the machine has none.

	"github.com/spf13/cobra"

	"github.com/somsim/somsim/internal/spare"
)

// version is set when a release is built.
var version = "development"

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	spare.Heap(os.LookupEnv)
	code := run(ctx, os.Args[1:])
	stop()
	os.Exit(code)
}

// run executes the command line and returns the exit code: 0, 1 when the work failed, 2 when it was asked for wrongly.
func run(ctx context.Context, args []string) int {
	root := rootCommand()
	root.SetArgs(args)
	err := root.ExecuteContext(ctx)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
	}
	return exitCode(err)
}

func exitCode(err error) int {
	var failed *failure
	switch {
	case err == nil:
		return 0
	case errors.As(err, &failed):
		return 1
	default:
		return 2
	}
}

// failure is an error of the work, not of how it was asked for.
type failure struct{ err error }

func (f *failure) Error() string { return f.err.Error() }
func (f *failure) Unwrap() error { return f.err }

func failed(err error) error {
	if err == nil {
		return nil
	}
	return &failure{err}
}

func rootCommand() *cobra.Command {
	root := &cobra.Command{
		Use:           "somsim",
		Short:         "A post-purchase sandbox for Salesforce Order Management and B2C Commerce",
		SilenceErrors: true,
		SilenceUsage:  true,
		// An error is one line.
		DisableSuggestions: true,
	}
	root.AddCommand(upCommand(), serveCommand(), routesCommand(), choicesCommand(), scenariosCommand(), contractsCommand(), replayCommand(), healthCommand(), versionCommand())
	return root
}

func versionCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "Print the version",
		Args:  cobra.NoArgs,
		Run:   func(cmd *cobra.Command, _ []string) { cmd.Println("somsim", version) },
	}
}
