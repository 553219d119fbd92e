package main

import (
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/somsim/somsim/contracts"
	"github.com/somsim/somsim/contracts/gate"
	"github.com/somsim/somsim/contracts/pactfile"
	"github.com/somsim/somsim/internal/settings"
	"github.com/somsim/somsim/specs"
)

// contractsPrefix is how the environment variables of the commands below contracts begin.
const contractsPrefix = "SOMSIM_CONTRACTS_"

func contractsCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "contracts",
		Short: "Check what order-ops, its consumers and the systems around it have agreed on",
		Args:  cobra.NoArgs,
		RunE:  func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(gateCommand(), checkCommand(), verifyCommand(), publishCommand(), deployedCommand(), importCommand(), assumptionsCommand())
	return cmd
}

// paperSettings say where pacts and documents are.
func paperSettings() []settings.Setting {
	return []settings.Setting{
		{Name: "pacts", Usage: "folder with pact files; those in the binary when left out", Check: folder},
		{Name: "specs", Usage: "folder with the documents, one folder a system; those in the binary when left out", Check: folder},
	}
}

// gateSettings are the settings of gate and check.
func gateSettings() settings.Set {
	return settings.Set{Prefix: contractsPrefix, List: append(paperSettings(),
		settings.Setting{Name: "base", Usage: "git ref, or folder of documents, that breaking changes are found against; found by itself in a checkout", Check: anything},
		settings.Setting{Name: "results", Usage: "folder with results that need not be found out again: of --save, and of scenarios --report", Check: folder},
		settings.Setting{Name: "save", Usage: "folder to keep the results in", Check: folder},
		settings.Setting{Name: "only", Usage: "checks to make, with commas: " + checkNames(), Check: checkList},
		settings.Setting{Name: "without", Usage: "checks to leave out, with commas", Check: checkList},
		settings.Setting{Name: "verifier", Fallback: "auto", Usage: "who verifies providers: pact, the official executable; replay, this binary; auto, pact where there is one", Check: settings.OneOf("auto", "pact", "replay")},
		settings.Setting{Name: "pact", Fallback: "pact", Usage: "the executable of npm's @pact-foundation/pact-cli", Check: anything},
		settings.Setting{Name: "format", Fallback: "text", Usage: "text, json or markdown", Check: settings.OneOf("text", "json", "markdown")},
		settings.Setting{Name: "orderops", Usage: "base URL of the order-ops to verify; one is started when left out", Check: baseURL},
		settings.Setting{Name: "simulator", Usage: "base URL of the simulated systems it works with", Check: baseURL},
		settings.Setting{Name: "control", Usage: "base URL of the simulator's control plane", Check: baseURL},
		settings.Setting{Name: "control-token", Secret: true, Usage: "bearer token of the control plane"},
	)}
}

func anything(string) error { return nil }

func checkNames() string {
	var names []string
	for _, c := range gate.Checks() {
		names = append(names, c.Name)
	}
	return strings.Join(names, ", ")
}

func checkList(value string) error {
	for _, name := range listed(value) {
		if !slices.ContainsFunc(gate.Checks(), func(c gate.Check) bool { return c.Name == name }) {
			return fmt.Errorf("%q is no check: there are %s", name, checkNames())
		}
	}
	return nil
}

// papers of contracts: the pacts, the documents, and where they are.
type agreements struct {
	pacts []pactfile.Pact
	specs fs.FS
}

// readAgreements reads the pacts and documents that settings name.
func readAgreements(v settings.Values) (agreements, error) {
	all := agreements{specs: specs.FS}
	if v["specs"] != "" {
		all.specs = os.DirFS(v["specs"])
	}
	folder, err := fs.Sub(contracts.Pacts, "pacts")
	if err != nil {
		return all, err
	}
	if v["pacts"] != "" {
		folder = os.DirFS(v["pacts"])
	}
	if all.pacts, err = pactfile.ReadAgreements(folder); err != nil {
		return all, failed(fmt.Errorf("pacts: %w", err))
	}
	return all, nil
}

// executable finds the official verifier; "" says that this binary is to replay.
func executable(v settings.Values) (string, error) {
	if v["verifier"] == "replay" {
		return "", nil
	}
	found, err := exec.LookPath(v["pact"])
	if err == nil {
		return found, nil
	}
	if v["verifier"] == "auto" {
		return "", nil
	}
	return "", fmt.Errorf("pact: %w; npm i -g @pact-foundation/pact-cli installs it", err)
}
