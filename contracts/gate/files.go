package gate

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"

	"github.com/dustin/go-humanize/english"

	"github.com/somsim/somsim/contracts/pactfile"
)

// Save keeps a row in a folder for a gate that is run elsewhere.
func Save(folder, name string, r Row) error {
	source, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(folder, "gate-"+name+".json"), append(source, '\n'), 0o600)
}

// Kept reads a row that was saved. A row about other pacts than those that the
// check is about now is as good as none, and so is a file that is not there.
func Kept(folder fs.FS, name string, pacts []pactfile.Pact) (Row, bool, error) {
	source, err := fs.ReadFile(folder, "gate-"+name+".json")
	if errors.Is(err, fs.ErrNotExist) {
		return Row{}, false, nil
	}
	if err != nil {
		return Row{}, false, err
	}
	var r Row
	if err := json.Unmarshal(source, &r); err != nil || r.Verdict == "" {
		return Row{}, false, fmt.Errorf("gate-%s.json is no result of a gate: %w", name, err)
	}
	if !maps.Equal(r.Pacts, sums(pacts)) {
		return Row{}, false, nil
	}
	r.By += " (kept)"
	return r, true, nil
}

// ScenarioRow sums up scenarios that ran, with those that did not hold.
func ScenarioRow(ran int, problems []string, by string) Row {
	if ran == 0 {
		return Row{Check: Scenarios, Verdict: Missing, Detail: "no scenario ran", Fix: "somsim scenarios --report DIR, then --results DIR"}
	}
	return row(Scenarios, problems, english.Plural(ran, "scenario", ""), by, "somsim scenarios --tags, and read its report")
}
