// Command orderops serves order operations: order history and details, and cancelling, across order management, payment,
// slots and commerce. `orderops serve` is the default; see --help.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"
	_ "time/tzdata" // time zones, for images that have none

	"github.com/somsim/somsim/orderops/command"
	"github.com/somsim/somsim/orderops/service"
)

// version is set by the linker for releases.
var version = "dev"

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	spareProcessor(os.LookupEnv)
	os.Exit(run(ctx, os.Args[1:], os.LookupEnv, os.Stdout, os.Stderr))
}

// heapGrowth is how far the heap grows, in percent of what lives in it, before it is collected. Little lives in this
// service's, and each answer leaves much behind: at Go's 100 a fifth of its processor time went into collecting.
const heapGrowth = 400

// spareProcessor trades some megabytes for processor time, unless the environment says otherwise in Go's own words.
func spareProcessor(env lookup) {
	if _, said := env("GOGC"); !said {
		debug.SetGCPercent(heapGrowth)
	}
}

// The exit codes: 1 for a failure, 2 for a start that was refused.
const (
	exitOK      = 0
	exitFailed  = 1
	exitRefused = 2
)

// lookup finds an environment variable.
type lookup func(name string) (string, bool)

// run is main without the process around it.
func run(ctx context.Context, args []string, env lookup, stdout, stderr io.Writer) int {
	root := newRoot(env, stdout, stderr)
	root.SetArgs(args)
	err := root.ExecuteContext(ctx)
	switch {
	case err == nil:
		return exitOK
	case refused(err):
		_, _ = fmt.Fprintln(stderr, err)
		return exitRefused
	default:
		_, _ = fmt.Fprintln(stderr, "orderops:", err)
		return exitFailed
	}
}

// refused says that the start was refused for a reason that only a person can change.
func refused(err error) bool {
	var config *service.ConfigError
	var settings *settingsError
	var foreign *command.ForeignVersionError
	var usage *usageError
	var alive *command.InstanceAliveError
	var inUse *command.DatabaseInUseError
	return errors.As(err, &usage) || errors.As(err, &settings) || errors.As(err, &config) || errors.As(err, &foreign) ||
		errors.As(err, &alive) || errors.As(err, &inUse)
}

func newLogger(format string, to io.Writer) *slog.Logger {
	if format == "json" {
		return slog.New(slog.NewJSONHandler(to, nil))
	}
	return slog.New(slog.NewTextHandler(to, nil))
}
