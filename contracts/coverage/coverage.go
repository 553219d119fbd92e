// Package coverage tells which operations of the documents order-ops calls, and
// which of them the pacts have an interaction with. What is called is read out
// of the clients by a test and kept in contracts/calls.yaml; what is agreed on
// is read out of the pacts.
package coverage

import (
	"fmt"
	"io/fs"
	"maps"
	"slices"

	"go.yaml.in/yaml/v3"

	"github.com/somsim/somsim/contracts/pactfile"
	"github.com/somsim/somsim/contracts/promise"
)

// Call is an operation that the clients of order-ops call.
type Call struct {
	// System is the folder of its document, Operation its operationId.
	System, Operation string
	// By are the files of the clients that call it.
	By []string `yaml:",flow"`
}

// ReadCalls reads contracts/calls.yaml.
func ReadCalls(source []byte) (calls []Call, err error) {
	if err := yaml.Unmarshal(source, &calls); err != nil {
		return nil, fmt.Errorf("calls.yaml: %w", err)
	}
	return calls, nil
}

// Row is a called operation with what the pacts have of it.
type Row struct {
	System, Operation string
	Method, Path      string
	By                []string
	// Functions are the functions of clients through which the pacts' tests call it.
	Functions []string
	// Outcomes are what callers were told, each once. Interactions counts all, parts of composites included.
	Outcomes     []string
	Interactions int
	// Gone marks an operation that no document has.
	Gone bool
}

// Covered says whether the operation exists and there is an agreement on it.
func (r Row) Covered() bool { return !r.Gone && r.Interactions > 0 }

// Table holds what is called against what a consumer's pacts agree on.
func Table(calls []Call, consumer string, pacts []pactfile.Pact, specs fs.FS) ([]Row, error) {
	agreed, err := agreements(consumer, pacts, specs)
	if err != nil {
		return nil, err
	}
	var rows []Row
	documents := map[string]promise.Specification{}
	for _, call := range calls {
		row := Row{System: call.System, Operation: call.Operation, By: call.By, Gone: true}
		if _, ok := documents[call.System]; !ok {
			if documents[call.System], err = promise.Load(specs, call.System); err != nil {
				return nil, err
			}
		}
		for _, o := range documents[call.System].Operations() {
			if o.ID == call.Operation {
				row.Method, row.Path, row.Gone = o.Method, o.Path, false
			}
		}
		if a := agreed[call.System+"."+call.Operation]; a != nil {
			row.Interactions = a.interactions
			row.Functions, row.Outcomes = slices.Sorted(maps.Keys(a.functions)), slices.Sorted(maps.Keys(a.outcomes))
		}
		rows = append(rows, row)
	}
	return rows, nil
}

// agreement is what the pacts have of one operation.
type agreement struct {
	interactions        int
	functions, outcomes map[string]bool
}

func agreements(consumer string, pacts []pactfile.Pact, specs fs.FS) (map[string]*agreement, error) {
	agreed := map[string]*agreement{}
	for _, p := range pacts {
		if p.Consumer.Name != consumer {
			continue
		}
		documents, err := promise.Load(specs, p.Provider.Name)
		if err != nil {
			return nil, err
		}
		touched, err := documents.Touched(p)
		if err != nil {
			return nil, err
		}
		for _, t := range touched {
			note(agreed, promise.Folder(p.Provider.Name)+"."+t.Operation.ID, t.Interaction)
		}
	}
	return agreed, nil
}

func note(agreed map[string]*agreement, operation string, i pactfile.Interaction) {
	a := agreed[operation]
	if a == nil {
		a = &agreement{functions: map[string]bool{}, outcomes: map[string]bool{}}
		agreed[operation] = a
	}
	a.interactions++
	a.functions[i.Comments.TestName], a.outcomes[i.Comments.Outcome] = true, true
}
