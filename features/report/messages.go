package report

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	gherkin "github.com/cucumber/gherkin/go/v26"
	messages "github.com/cucumber/messages/go/v21"
)

// Messages writes the run as Cucumber messages, one JSON document a line, which Cucumber's own report tools read. version
// is that of this program.
func (r *Run) Messages(w io.Writer, version string) error {
	m := &messenger{encoder: json.NewEncoder(w), newID: (&messages.Incrementing{}).NewId, cases: map[string]testCase{}}
	m.send(&messages.Envelope{Meta: &messages.Meta{
		ProtocolVersion: protocolVersion, Implementation: &messages.Product{Name: "somsim", Version: version},
		Runtime: &messages.Product{Name: "go"}, Os: &messages.Product{Name: "any"}, Cpu: &messages.Product{Name: "any"},
	}})
	m.documents(r)
	start := messages.GoTimeToTimestamp(r.Started)
	m.send(&messages.Envelope{TestRunStarted: &messages.TestRunStarted{Timestamp: &start}})
	for i := range r.Scenarios {
		m.testCase(&r.Scenarios[i])
	}
	for i := range r.Scenarios {
		m.attempt(&r.Scenarios[i])
	}
	end := messages.GoTimeToTimestamp(r.Started.Add(r.Took))
	m.send(&messages.Envelope{TestRunFinished: &messages.TestRunFinished{Success: len(r.Failures()) == 0, Timestamp: &end}})
	if m.err != nil {
		return fmt.Errorf("write Cucumber's messages: %w", m.err)
	}
	return nil
}

// protocolVersion is that of the messages, which is the version of the library that has their shapes.
const protocolVersion = "21.0.1"

// messenger numbers things as it tells of them, and keeps the first error.
type messenger struct {
	encoder *json.Encoder
	newID   func() string
	// cases are by place.
	cases map[string]testCase
	err   error
}

// testCase is a scenario as messages refer to it.
type testCase struct {
	id      string
	pickle  *messages.Pickle
	stepIDs []string
}

func (m *messenger) send(e *messages.Envelope) {
	if m.err == nil {
		m.err = m.encoder.Encode(e)
	}
}

// documents tells the sources, what they parse to, and the scenarios in them that ran.
func (m *messenger) documents(r *Run) {
	ran := map[string]bool{}
	for i := range r.Scenarios {
		ran[r.Scenarios[i].Place()] = true
	}
	var paths []string
	for path := range r.Sources {
		paths = append(paths, path)
	}
	slices.Sort(paths)
	for _, path := range paths {
		text := r.Sources[path]
		document, err := gherkin.ParseGherkinDocument(strings.NewReader(text), m.newID)
		if err != nil {
			m.err = fmt.Errorf("%s: %w", path, err)
			return
		}
		document.Uri = path
		m.send(&messages.Envelope{Source: &messages.Source{Uri: path, Data: text, MediaType: messages.SourceMediaType_TEXT_X_CUCUMBER_GHERKIN_PLAIN}})
		m.send(&messages.Envelope{GherkinDocument: document})
		lines := linesOf(document)
		for _, pickle := range gherkin.Pickles(*document, path, m.newID) {
			place := path + ":" + strconv.FormatInt(lines[pickle.AstNodeIds[len(pickle.AstNodeIds)-1]], 10)
			if ran[place] {
				m.send(&messages.Envelope{Pickle: pickle})
				m.cases[place] = testCase{pickle: pickle}
			}
		}
	}
}

// linesOf finds where scenarios and rows of examples stand, by their ids.
func linesOf(document *messages.GherkinDocument) map[string]int64 {
	found := map[string]int64{}
	note := func(s *messages.Scenario) {
		if s == nil {
			return
		}
		found[s.Id] = s.Location.Line
		for _, e := range s.Examples {
			for _, row := range e.TableBody {
				found[row.Id] = row.Location.Line
			}
		}
	}
	for _, c := range document.Feature.Children {
		note(c.Scenario)
		if c.Rule != nil {
			for _, inner := range c.Rule.Children {
				note(inner.Scenario)
			}
		}
	}
	return found
}

func (m *messenger) testCase(s *Scenario) {
	c, known := m.cases[s.Place()]
	if !known {
		m.err = fmt.Errorf("%s is in no source of the run", s.Place())
		return
	}
	c.id = m.newID()
	out := &messages.TestCase{Id: c.id, PickleId: c.pickle.Id, TestSteps: []*messages.TestStep{}}
	for _, step := range c.pickle.Steps {
		id := m.newID()
		c.stepIDs = append(c.stepIDs, id)
		out.TestSteps = append(out.TestSteps, &messages.TestStep{Id: id, PickleStepId: step.Id, StepDefinitionIds: []string{}})
	}
	m.cases[s.Place()] = c
	m.send(&messages.Envelope{TestCase: out})
}

// attempt tells how a scenario went, step by step.
func (m *messenger) attempt(s *Scenario) {
	c, id, at := m.cases[s.Place()], m.newID(), s.Started
	stamp := func() *messages.Timestamp { t := messages.GoTimeToTimestamp(at); return &t }
	m.send(&messages.Envelope{TestCaseStarted: &messages.TestCaseStarted{Id: id, TestCaseId: c.id, Timestamp: stamp()}})
	for i, step := range s.closed() {
		if i >= len(c.stepIDs) {
			break
		}
		m.send(&messages.Envelope{TestStepStarted: &messages.TestStepStarted{TestCaseStartedId: id, TestStepId: c.stepIDs[i], Timestamp: stamp()}})
		at = at.Add(step.Took)
		m.send(&messages.Envelope{TestStepFinished: &messages.TestStepFinished{
			TestCaseStartedId: id, TestStepId: c.stepIDs[i], Timestamp: stamp(), TestStepResult: resultOf(step),
		}})
	}
	if s.Status.bad() {
		m.send(&messages.Envelope{Attachment: &messages.Attachment{
			Body: s.Explain(), ContentEncoding: messages.AttachmentContentEncoding_IDENTITY, MediaType: "text/plain", TestCaseStartedId: id,
		}})
	}
	at = s.Started.Add(s.Took)
	m.send(&messages.Envelope{TestCaseFinished: &messages.TestCaseFinished{TestCaseStartedId: id, Timestamp: stamp()}})
}

func resultOf(step Step) *messages.TestStepResult {
	took := messages.GoDurationToDuration(max(step.Took, time.Duration(0)))
	status := map[Status]messages.TestStepResultStatus{
		Passed: messages.TestStepResultStatus_PASSED, Failed: messages.TestStepResultStatus_FAILED,
		Undefined: messages.TestStepResultStatus_UNDEFINED, Skipped: messages.TestStepResultStatus_SKIPPED,
	}[step.Status]
	return &messages.TestStepResult{Duration: &took, Status: status, Message: step.Error}
}
