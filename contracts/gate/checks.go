package gate

import (
	"fmt"
	"io/fs"
	"strings"

	"github.com/dustin/go-humanize/english"

	"github.com/somsim/somsim/contracts/breaking"
	"github.com/somsim/somsim/contracts/coverage"
	"github.com/somsim/somsim/contracts/pactfile"
	"github.com/somsim/somsim/contracts/promise"
	"github.com/somsim/somsim/contracts/verification"
)

// row is a row with the verdict that its problems come to.
func row(check string, problems []string, detail, by, fix string) Row {
	r := Row{Check: check, Verdict: Holds, Detail: detail, By: by, Problems: problems}
	if len(problems) > 0 {
		r.Verdict, r.Fix = Broken, fix
		r.Detail = english.Plural(len(problems), "problem", "") + ", " + detail
	}
	return r
}

func sums(pacts []pactfile.Pact) map[string]string {
	all := map[string]string{}
	for _, p := range pacts {
		all[p.File] = verification.Sum(p)
	}
	return all
}

// CheckSpecs holds every pact against the documents.
func CheckSpecs(pacts []pactfile.Pact, specs fs.FS) (Row, error) {
	var problems []string
	judged := 0
	for _, p := range pacts {
		promised, err := promise.Load(specs, p.Provider.Name)
		if err != nil {
			return Row{}, err
		}
		for _, i := range p.Interactions {
			judged++
			found := []string(nil)
			if i.IsMessage() {
				found, err = promise.JudgeMessage(specs, p.Consumer.Name, p.Provider.Name, i)
			} else {
				found = promised.Judge(i)
			}
			if err != nil {
				return Row{}, err
			}
			for _, problem := range found {
				problems = append(problems, fmt.Sprintf("%s → %s: %s: %s", p.Consumer.Name, p.Provider.Name, i.Description, problem))
			}
		}
	}
	r := row(Specs, problems, english.Plural(judged, "interaction", "")+" of "+english.Plural(len(pacts), "pact", ""), "documents",
		"change the consumer, or the document with its source")
	r.Pacts = sums(pacts)
	return r, nil
}

// CheckReports sums up what verifiers found of some providers.
func CheckReports(check string, reports []verification.Report, pacts []pactfile.Pact) Row {
	var problems, by []string
	verified, all := 0, map[string]bool{}
	for _, r := range reports {
		problems = append(problems, r.Failures()...)
		verified += r.Count()
		if !all[r.Verifier] {
			all[r.Verifier] = true
			by = append(by, r.Verifier)
		}
	}
	if verified == 0 {
		return Row{Check: check, Verdict: Missing, Detail: "no pact was verified", Fix: "name a folder with pacts: --pacts"}
	}
	result := row(check, problems, english.Plural(verified, "interaction", "")+" of "+english.Plural(len(reports), "provider", ""), strings.Join(by, ", "),
		"change the provider, or agree on another pact with the consumer")
	result.Pacts = sums(pacts)
	return result
}

// CheckBreaking holds the documents against those of a base.
func CheckBreaking(base string, before, after fs.FS, pacts []pactfile.Pact) (Row, error) {
	changes, err := breaking.Changes(before, after, pacts)
	if err != nil {
		return Row{}, err
	}
	var problems, notes []string
	for _, c := range changes {
		text := fmt.Sprintf("%s %s %s: %s", c.System, c.Method, c.Path, c.Text)
		if !c.Breaks() {
			notes = append(notes, text+noConsumer(c))
			continue
		}
		var who []string
		for _, consumer := range c.Consumers {
			who = append(who, fmt.Sprintf("%s (%s)", consumer.Name, english.Plural(consumer.Interactions, "interaction", "")))
		}
		problems = append(problems, text+"; breaks "+strings.Join(who, ", "))
	}
	r := row(Breaking, problems, "since "+base, "oasdiff", "keep what was promised, or move the consumers first")
	r.Notes, r.Pacts = notes, sums(pacts)
	return r, nil
}

func noConsumer(c breaking.Change) string {
	if len(c.Consumers) == 0 {
		return "; no consumer has agreed on it"
	}
	return ""
}

// CheckCoverage lists what order-ops calls and what of it is agreed on.
func CheckCoverage(calls []coverage.Call, pacts []pactfile.Pact, specs fs.FS) (Row, error) {
	rows, err := coverage.Table(calls, "order-ops", pacts, specs)
	if err != nil {
		return Row{}, err
	}
	table := [][]string{{"system", "operation", "through", "outcomes", "interactions"}}
	var problems []string
	for _, r := range rows {
		table = append(table, []string{r.System, r.Operation, strings.Join(r.Functions, ", "), strings.Join(r.Outcomes, ", "), fmt.Sprint(r.Interactions)})
		switch {
		case r.Gone:
			problems = append(problems, fmt.Sprintf("%s %s is called by %s and in no document", r.System, r.Operation, strings.Join(r.By, ", ")))
		case !r.Covered():
			problems = append(problems, fmt.Sprintf("%s %s is called by %s and in no pact", r.System, r.Operation, strings.Join(r.By, ", ")))
		}
	}
	result := row(Coverage, problems, english.Plural(len(rows), "operation", "")+" that order-ops calls", "clients, pacts",
		"add an interaction in contracts/consumer, then make pacts")
	result.Table, result.Pacts = table, sums(pacts)
	return result, nil
}
