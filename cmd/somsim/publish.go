package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"github.com/somsim/somsim/contracts/broker"
	"github.com/somsim/somsim/contracts/matrix"
	"github.com/somsim/somsim/contracts/verification"
	"github.com/somsim/somsim/internal/settings"
	"github.com/somsim/somsim/simulator/clock"
)

// ledgerSettings say where versions, results and deployments are kept.
func ledgerSettings() []settings.Setting {
	return []settings.Setting{
		{Name: "matrix", Fallback: "contracts/matrix", Usage: "folder that stands in for a broker, to be committed", Check: anything},
		{Name: "broker", Usage: "base URL of a Pact Broker, used instead of the folder", Check: baseURL},
		{Name: "broker-token", Secret: true, Usage: "bearer token of the broker"},
		{Name: "broker-user", Usage: "user name at the broker", Check: anything},
		{Name: "broker-password", Secret: true, Usage: "password at the broker"},
	}
}

// brokerOf is the broker that settings name; nil is the folder.
func brokerOf(v settings.Values, out io.Writer) (*broker.Broker, error) {
	if v["broker"] == "" {
		return nil, nil
	}
	v["verifier"] = "pact"
	found, err := executable(v)
	if err != nil {
		return nil, err
	}
	return &broker.Broker{
		Executable: found, URL: v["broker"], Token: v["broker-token"], User: v["broker-user"], Password: v["broker-password"],
		Client: &http.Client{Timeout: 30 * time.Second}, Out: out,
	}, nil
}

func publishCommand() *cobra.Command {
	set := gateSettings()
	set.List = append(set.List, ledgerSettings()...)
	set.List = append(set.List,
		settings.Setting{Name: "version", Usage: "version that is published, such as a commit", Check: anything},
		settings.Setting{Name: "branch", Usage: "branch it is of", Check: anything},
		settings.Setting{Name: "tags", Usage: "tags of it, with commas", Check: anything},
		settings.Setting{Name: "pacticipants", Usage: "whose, with commas; everybody's that a pact names when left out", Check: anything},
		settings.Setting{Name: "webhook", Usage: "URL that the broker calls when a pact wants to be verified", Check: baseURL},
	)
	cmd := &cobra.Command{
		Use:   "publish",
		Short: "Verify providers, and record pacts and results of a version in a Pact Broker or in files",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			values, err := resolve(cmd, set)
			if err != nil {
				return err
			}
			return publish(cmd.Context(), cmd.OutOrStdout(), values)
		},
	}
	addSettings(cmd, set)
	return cmd
}

func publish(ctx context.Context, out io.Writer, v settings.Values) error {
	if v["version"] == "" {
		return errors.New("version is wanted")
	}
	target, err := brokerOf(v, out)
	if err != nil {
		return err
	}
	work, err := newGateWork(v)
	if err != nil {
		return err
	}
	defer work.close()
	names := listed(v["pacticipants"])
	if len(names) == 0 {
		names = everybody(work.agreements)
	}
	// Files first: what goes to a broker is what could be kept.
	folder := matrix.Folder{Dir: v["matrix"]}
	if target != nil {
		if folder.Dir, err = os.MkdirTemp("", "somsim-publish-"); err != nil {
			return err
		}
		defer func() { _ = os.RemoveAll(folder.Dir) }()
	}
	for _, name := range names {
		if err := work.publish(ctx, out, folder, name); err != nil {
			return failed(fmt.Errorf("publish %s: %w", name, err))
		}
	}
	if target == nil {
		return nil
	}
	if err := target.Import(ctx, folder); err != nil {
		return failed(err)
	}
	if v["webhook"] != "" {
		return failed(target.Webhook(ctx, "somsim-contract-webhook", v["webhook"]))
	}
	return nil
}

func everybody(a agreements) (names []string) {
	for _, p := range a.pacts {
		for _, name := range []string{p.Consumer.Name, p.Provider.Name} {
			if !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
	}
	slices.Sort(names)
	return names
}

// publish records one pacticipant: its pacts, and what it was verified with.
func (w *gateWork) publish(ctx context.Context, out io.Writer, folder matrix.Folder, name string) error {
	version := matrix.Version{
		Pacticipant: name, Version: w.values["version"], Branch: w.values["branch"], Tags: listed(w.values["tags"]), At: clock.Real{}.Now().UTC(),
	}
	var reports []verification.Report
	if len(verification.With(name, w.pacts)) > 0 {
		at, err := w.world(ctx)
		if err != nil {
			return err
		}
		report, err := w.verify(ctx, at, name)
		if err != nil {
			return err
		}
		reports = append(reports, report)
		for _, f := range report.Failures() {
			_, _ = fmt.Fprintln(out, f)
		}
	}
	if err := folder.Publish(version, w.pacts, reports); err != nil {
		return err
	}
	_, err := fmt.Fprintf(out, "published %s %s\n", name, version.Version)
	return err
}

func deployedCommand() *cobra.Command {
	set := settings.Set{Prefix: contractsPrefix, List: append(append(ledgerSettings(), paperSettings()...),
		settings.Setting{Name: "version", Usage: "version that was deployed; the latest that was published when left out", Check: anything},
		settings.Setting{Name: "to", Usage: "environment it was deployed to", Check: anything},
		settings.Setting{Name: "pact", Fallback: "pact", Usage: "the executable of npm's @pact-foundation/pact-cli", Check: anything},
	)}
	cmd := &cobra.Command{
		Use:   "deployed PACTICIPANT|all",
		Short: "Record that a version was deployed; all records that of everybody, as a first deployment does",
		Args:  cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			values, err := resolve(cmd, set)
			if err != nil {
				return err
			}
			return deployed(cmd.Context(), cmd.OutOrStdout(), values, args[0])
		},
	}
	addSettings(cmd, set)
	return cmd
}

func deployed(ctx context.Context, out io.Writer, v settings.Values, pacticipant string) error {
	if v["to"] == "" {
		return errors.New("to is wanted: the environment")
	}
	at, err := ledgerOf(ctx, v, out)
	if err != nil {
		return err
	}
	names := []string{pacticipant}
	if pacticipant == "all" {
		if names, err = at.everybody(); err != nil {
			return failed(err)
		}
	}
	for _, name := range names {
		version := v["version"]
		if version == "" {
			if version, err = at.latest(name); err != nil {
				return failed(err)
			}
		}
		if err := at.deploy(name, version); err != nil {
			return failed(err)
		}
		if _, err := fmt.Fprintf(out, "%s %s is in %s\n", name, version, v["to"]); err != nil {
			return failed(err)
		}
	}
	return nil
}

// ledger is where deployments are recorded.
type ledger struct {
	everybody func() ([]string, error)
	latest    func(pacticipant string) (string, error)
	deploy    func(pacticipant, version string) error
}

// ledgerOf is the broker or the folder that settings name, and the environment there.
func ledgerOf(ctx context.Context, v settings.Values, out io.Writer) (ledger, error) {
	target, err := brokerOf(v, out)
	if err != nil {
		return ledger{}, err
	}
	if target != nil {
		return ledger{
			// A broker may be that of many teams: everybody is whom the pacts name.
			everybody: func() ([]string, error) {
				agreed, err := readAgreements(v)
				return everybody(agreed), err
			},
			latest: func(name string) (string, error) { return target.Latest(ctx, name) },
			deploy: func(name, version string) error {
				if err := target.CreateEnvironment(ctx, v["to"]); err != nil {
					return err
				}
				return target.Deployed(ctx, name, version, v["to"])
			},
		}, nil
	}
	folder := matrix.Folder{Dir: v["matrix"]}
	return ledger{
		everybody: func() ([]string, error) {
			names, err := folder.Pacticipants()
			if err == nil && len(names) == 0 {
				err = fmt.Errorf("nothing is published in %s: somsim contracts publish --version …", filepath.Clean(folder.Dir))
			}
			return names, err
		},
		latest: func(name string) (string, error) {
			version, err := folder.Latest(name)
			return version.Version, err
		},
		deploy: func(name, version string) error {
			return folder.Deploy(matrix.Deployment{Pacticipant: name, Environment: v["to"], Version: version, At: clock.Real{}.Now().UTC()})
		},
	}, nil
}

func importCommand() *cobra.Command {
	set := settings.Set{Prefix: contractsPrefix, List: append(ledgerSettings(),
		settings.Setting{Name: "pact", Fallback: "pact", Usage: "the executable of npm's @pact-foundation/pact-cli", Check: anything},
	)}
	cmd := &cobra.Command{
		Use:   "import",
		Short: "Bring what the files of --matrix know into a Pact Broker",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			values, err := resolve(cmd, set)
			if err != nil {
				return err
			}
			target, err := brokerOf(values, cmd.OutOrStdout())
			if err == nil && target == nil {
				err = errors.New("broker is wanted")
			}
			if err != nil {
				return err
			}
			return failed(target.Import(cmd.Context(), matrix.Folder{Dir: values["matrix"]}))
		},
	}
	addSettings(cmd, set)
	return cmd
}

// canDeploy answers from the broker or from the files, with the same exit codes.
func canDeploy(ctx context.Context, out io.Writer, v settings.Values) error {
	if v["to"] == "" {
		return errors.New("to is wanted: the environment")
	}
	target, err := brokerOf(v, out)
	if err != nil {
		return err
	}
	if target != nil {
		return failed(target.CanDeploy(ctx, v["can-deploy"], v["version"], v["to"]))
	}
	folder, version := matrix.Folder{Dir: v["matrix"]}, v["version"]
	if version == "" {
		latest, err := folder.Latest(v["can-deploy"])
		if err != nil {
			return failed(fmt.Errorf("%w: somsim contracts publish --version …", err))
		}
		version = latest.Version
	}
	answer, err := folder.CanDeploy(v["can-deploy"], version, v["to"])
	if err != nil {
		return failed(err)
	}
	if err := answer.Write(out); err != nil {
		return failed(err)
	}
	if !answer.OK() {
		return failed(errStopped)
	}
	return nil
}
