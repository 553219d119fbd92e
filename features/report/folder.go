package report

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// The files of a report.
const (
	RunFile      = "run.json"
	HistoryFile  = "history.json"
	PageFile     = "report.html"
	JUnitFile    = "junit.xml"
	CucumberFile = "cucumber.json"
	MessagesFile = "messages.ndjson"
)

// Folder is where the reports of runs go, each over the last one; only the history grows.
type Folder struct {
	Dir string
	// Version is that of this program, for the messages.
	Version string
}

// Prepare makes the folder, and sure that its files can be written, before anything runs.
func (f Folder) Prepare() error {
	if err := os.MkdirAll(f.Dir, 0o755); err != nil {
		return fmt.Errorf("report: %w", err)
	}
	for _, name := range []string{RunFile, HistoryFile, PageFile, JUnitFile, CucumberFile, MessagesFile} {
		file, err := os.OpenFile(filepath.Join(f.Dir, name), os.O_WRONLY|os.O_CREATE, 0o644)
		if err != nil {
			return fmt.Errorf("report: %w", err)
		}
		if err := file.Close(); err != nil {
			return fmt.Errorf("report: %w", err)
		}
	}
	return nil
}

// Write writes every file of the report of a run.
func (f Folder) Write(run *Run, cases []Case) error {
	past, err := f.history()
	if err != nil {
		return err
	}
	kept := append(past, run.Summary())
	kept = kept[max(0, len(kept)-trendRuns):]
	return errors.Join(
		f.write(PageFile, func(w io.Writer) error { return run.Page(w, cases, past) }),
		f.write(JUnitFile, run.JUnit),
		f.write(CucumberFile, run.Cucumber),
		f.write(MessagesFile, func(w io.Writer) error { return run.Messages(w, f.Version) }),
		f.write(RunFile, func(w io.Writer) error { return json.NewEncoder(w).Encode(run) }),
		f.write(HistoryFile, func(w io.Writer) error { return json.NewEncoder(w).Encode(kept) }),
	)
}

func (f Folder) write(name string, fill func(io.Writer) error) error {
	file, err := os.Create(filepath.Join(f.Dir, name))
	if err != nil {
		return fmt.Errorf("report: %w", err)
	}
	if err := errors.Join(fill(file), file.Close()); err != nil {
		return fmt.Errorf("report: %s: %w", name, err)
	}
	return nil
}

// ErrNoRun says that a folder has no report of a run.
var ErrNoRun = errors.New("there is no run in it")

// Last reads the run that the folder is the report of.
func (f Folder) Last() (Run, error) {
	run, err := ReadRun(filepath.Join(f.Dir, RunFile))
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, io.EOF) {
		return run, fmt.Errorf("report %s: %w", f.Dir, ErrNoRun)
	}
	return run, err
}

// ReadRun reads a run from a file: that of a report, or a bundle.
func ReadRun(name string) (Run, error) {
	var run Run
	file, err := os.Open(name)
	if err != nil {
		return run, fmt.Errorf("read run: %w", err)
	}
	defer func() { _ = file.Close() }()
	if err := json.NewDecoder(file).Decode(&run); err != nil {
		return run, fmt.Errorf("read run %s: %w", name, err)
	}
	return run, nil
}

func (f Folder) history() ([]Past, error) {
	raw, err := os.ReadFile(filepath.Join(f.Dir, HistoryFile))
	if errors.Is(err, fs.ErrNotExist) || err == nil && len(raw) == 0 {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("report: %w", err)
	}
	var past []Past
	if err := json.Unmarshal(raw, &past); err != nil {
		return nil, fmt.Errorf("report: %s: %w; remove it to begin a new history", HistoryFile, err)
	}
	return past, nil
}

// Bundle writes what is needed to see a failing run again, and nothing else, as one file: its failures with their whole
// journals, the feature files they are in, and the seed.
func (r *Run) Bundle(name string) error {
	short := *r
	short.Scenarios, short.Sources = r.Failures(), map[string]string{}
	for _, s := range short.Scenarios {
		short.Sources[s.Path] = r.Sources[s.Path]
	}
	short.Operations, short.Rules, short.Machines = nil, nil, nil
	folder := Folder{Dir: filepath.Dir(name)}
	return folder.write(filepath.Base(name), func(w io.Writer) error { return json.NewEncoder(w).Encode(short) })
}
