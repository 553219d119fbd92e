package report

import (
	"encoding/xml"
	"fmt"
	"io"
	"strconv"
	"time"
)

type junitSuites struct {
	XMLName  xml.Name     `xml:"testsuites"`
	Name     string       `xml:"name,attr"`
	Tests    int          `xml:"tests,attr"`
	Failures int          `xml:"failures,attr"`
	Skipped  int          `xml:"skipped,attr"`
	Time     string       `xml:"time,attr"`
	Suites   []junitSuite `xml:"testsuite"`
}

type junitSuite struct {
	Name      string      `xml:"name,attr"`
	Tests     int         `xml:"tests,attr"`
	Failures  int         `xml:"failures,attr"`
	Skipped   int         `xml:"skipped,attr"`
	Timestamp string      `xml:"timestamp,attr"`
	Cases     []junitCase `xml:"testcase"`
}

type junitCase struct {
	Class   string        `xml:"classname,attr"`
	Name    string        `xml:"name,attr"`
	File    string        `xml:"file,attr"`
	Time    string        `xml:"time,attr"`
	Failure *junitFailure `xml:"failure,omitempty"`
	Skipped *junitSkipped `xml:"skipped,omitempty"`
}

// junitSkipped says what the order-ops of the run could not be asked.
type junitSkipped struct {
	Message string `xml:"message,attr"`
}

type junitFailure struct {
	Message string `xml:"message,attr"`
	Text    string `xml:",cdata"`
}

// JUnit writes the run as CI servers read it: a suite for each feature, with the whole explanation of every failure.
func (r *Run) JUnit(w io.Writer) error {
	out := junitSuites{Name: "scenarios", Tests: len(r.Scenarios), Failures: len(r.Failures()), Time: seconds(r.Took)}
	at := map[string]int{}
	for _, s := range r.Scenarios {
		i, known := at[s.Path]
		if !known {
			i = len(out.Suites)
			at[s.Path] = i
			out.Suites = append(out.Suites, junitSuite{Name: s.Feature, Timestamp: r.Started.UTC().Format("2006-01-02T15:04:05")})
		}
		suite := &out.Suites[i]
		one := junitCase{Class: s.Feature, Name: s.title(), File: s.Path, Time: seconds(s.Took)}
		if s.Status == Unasked {
			one.Skipped = &junitSkipped{Message: s.Unasked}
			suite.Skipped++
			out.Skipped++
		}
		if s.Status.bad() {
			one.Failure = &junitFailure{Message: s.reason(), Text: s.Explain()}
			suite.Failures++
		}
		suite.Tests++
		suite.Cases = append(suite.Cases, one)
	}
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return fmt.Errorf("write JUnit: %w", err)
	}
	encoder := xml.NewEncoder(w)
	encoder.Indent("", "  ")
	if err := encoder.Encode(out); err != nil {
		return fmt.Errorf("write JUnit: %w", err)
	}
	return nil
}

func seconds(d time.Duration) string { return strconv.FormatFloat(d.Seconds(), 'f', 3, 64) }

// title tells the rows of an outline apart, which may all have one name.
func (s *Scenario) title() string {
	if s.Row == 0 {
		return s.Name
	}
	return fmt.Sprintf("%s (row at line %d)", s.Name, s.Row)
}

// reason is why a scenario failed, in one line.
func (s *Scenario) reason() string {
	for _, step := range s.Steps {
		if step.Status != Passed && step.Status != Skipped {
			return step.Keyword + " " + step.Text
		}
	}
	if len(s.Broken) > 0 {
		return s.Broken[0].String()
	}
	return s.Error
}
