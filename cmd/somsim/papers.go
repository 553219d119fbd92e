package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/somsim/somsim/features"
	"github.com/somsim/somsim/features/report"
)

// papers is what a run of the scenarios leaves to be read.
type papers struct {
	// report is the folder of the report, bundle the file that a failing run goes to; both may be empty.
	report, bundle string
}

func (p papers) folder() report.Folder { return report.Folder{Dir: p.report, Version: version} }

// prepare makes sure, before anything runs, that all can be written.
func (p papers) prepare() error {
	if p.bundle != "" {
		if info, err := os.Stat(filepath.Dir(p.bundle)); err != nil || !info.IsDir() {
			return fmt.Errorf("bundle: %q is in no folder that exists", p.bundle)
		}
	}
	if p.report == "" {
		return nil
	}
	return p.folder().Prepare()
}

// write writes the report, and the bundle when scenarios failed, and tells where they are.
func (p papers) write(run *report.Run, o features.Options) error {
	var problems []error
	if p.report != "" {
		cases, err := casesOf(o.Features, run)
		problems = append(problems, err, p.folder().Write(run, cases), say(o.Out, "report: %s\n", filepath.Join(p.report, report.PageFile)))
		for _, line := range run.Coverage() {
			problems = append(problems, say(o.Out, "%s\n", line))
		}
	}
	if p.bundle != "" && len(run.Failures()) > 0 {
		problems = append(problems, run.Bundle(p.bundle), say(o.Out, "bundle: %s; see it again with: somsim replay %s\n", p.bundle, p.bundle))
	}
	return errors.Join(problems...)
}

func say(w io.Writer, format string, args ...any) error {
	_, err := fmt.Fprintf(w, format, args...)
	return err
}

// failures are the scenarios that failed in the run that the report is about.
func (p papers) failures() ([]features.Spot, error) {
	if p.report == "" {
		return nil, errors.New("rerun needs --report, the folder of the run whose failures run again")
	}
	run, err := p.folder().Last()
	if err != nil {
		return nil, err
	}
	return features.Spots(run.Failures()), nil
}

// casesOf is the catalogue as the page of a run shows it.
func casesOf(files fs.FS, run *report.Run) ([]report.Case, error) {
	list, err := features.Catalogue(files, run)
	if err != nil {
		return nil, err
	}
	var cases []report.Case
	for _, c := range list {
		one := report.Case{Tag: c.Tag, Title: c.Title, Gap: c.Gap()}
		for _, s := range c.Scenarios {
			one.Proofs = append(one.Proofs, s.String())
		}
		for _, test := range c.Tests {
			one.Proofs = append(one.Proofs, "test "+test)
		}
		cases = append(cases, one)
	}
	return cases, nil
}

// printCatalogue prints each case with what proves it and, where a run is known, how that ended. A case that nothing proves
// is an error.
func printCatalogue(w io.Writer, files fs.FS, folder string) error {
	var run *report.Run
	if folder != "" {
		last, err := report.Folder{Dir: folder}.Last()
		if err != nil {
			return err
		}
		run = &last
	}
	cases, err := casesOf(files, run)
	if err != nil {
		return err
	}
	gaps := 0
	for _, c := range cases {
		if err := say(w, "%-10s %s\n", c.Tag, c.Title); err != nil {
			return failed(err)
		}
		for _, proof := range c.Proofs {
			if err := say(w, "           - %s\n", proof); err != nil {
				return failed(err)
			}
		}
		if c.Gap {
			gaps++
			if err := say(w, "           - GAP\n"); err != nil {
				return failed(err)
			}
		}
	}
	if err := say(w, "\n%d of %d cases are proved\n", len(cases)-gaps, len(cases)); err != nil {
		return failed(err)
	}
	if gaps > 0 {
		return failed(fmt.Errorf("%d cases have a gap", gaps))
	}
	return nil
}

// printSentences prints what scenarios may say, each with how one says it.
func printSentences(w io.Writer) error {
	list, err := features.Sentences()
	if err != nil {
		return err
	}
	if err := say(w, "%d sentences. <a|b> is one or the other, [what] may be left out, \"…\" and … are yours to fill in,\n"+
		"<name> is a word of the list of that name, which stands where it is first needed.\n", len(list)); err != nil {
		return failed(err)
	}
	topic, told := "", map[string]bool{}
	for _, s := range list {
		if s.Topic != topic {
			topic = s.Topic
			if err := say(w, "\n# %s\n", topic); err != nil {
				return failed(err)
			}
		}
		if err := printSentence(w, s, told); err != nil {
			return failed(err)
		}
	}
	return nil
}

// printSentence prints a sentence, and what it offers unless a sentence above offers the same.
func printSentence(w io.Writer, s features.Sentence, told map[string]bool) error {
	if err := say(w, "%-5s %s\n", s.Keyword, s.Pattern); err != nil {
		return err
	}
	for _, c := range s.Choices {
		list := fmt.Sprintf("<%s> is one of\n%s", c.Name, columns(c.Words))
		if told[list] {
			continue
		}
		told[list] = true
		if err := say(w, "      %s", list); err != nil {
			return err
		}
	}
	return say(w, "      as in: %s\n", s.Example)
}

// columns puts words below each other, or two of them side by side where they are short.
func columns(words []string) string {
	const wide = 50
	var b strings.Builder
	for i := 0; i < len(words); i++ {
		if i+1 < len(words) && len(words[i]) < wide && len(words[i+1]) < wide {
			fmt.Fprintf(&b, "        %-*s %s\n", wide, words[i], words[i+1])
			i++
			continue
		}
		fmt.Fprintf(&b, "        %s\n", words[i])
	}
	return b.String()
}

// terminal says that what is written is seen by a person at once. A CI system, which says by CI that it is one, keeps lines
// even where it gives its jobs a terminal.
func terminal(w io.Writer, getenv func(string) string) bool {
	file, ok := w.(*os.File)
	if ci := getenv("CI"); !ok || ci != "" && ci != "false" {
		return false
	}
	info, err := file.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}
