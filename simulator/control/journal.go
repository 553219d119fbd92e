package control

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/somsim/somsim/simulator/binding"
	"github.com/somsim/somsim/simulator/journal"
)

type journalInput struct {
	Name      string `path:"name"`
	System    string `query:"system"`
	Operation string `query:"operation"`
	Contains  string `query:"contains"`
	Fault     string `query:"fault"`
	AfterSeq  int    `query:"after_seq"`
	Limit     int    `query:"limit"`
	Outline   bool   `query:"outline"`
}

type journalOutput struct {
	Entries []entryWire `json:"entries"`
	Evicted int64       `json:"evicted"`
	Bytes   int64       `json:"bytes"`
}

func (a *API) readJournal(_ *binding.Call, in journalInput) (journalOutput, error) {
	w, err := a.world(in.Name)
	if err != nil {
		return journalOutput{}, err
	}
	if err := a.knownOperation("query ", in.System, in.Operation); err != nil {
		return journalOutput{}, err
	}
	entries, stats := w.Journal(journal.Query{
		System: in.System, Operation: in.Operation, Contains: in.Contains, Fault: in.Fault,
		AfterSeq: int64(in.AfterSeq), Limit: in.Limit,
	})
	out := journalOutput{Entries: []entryWire{}, Evicted: stats.Evicted, Bytes: stats.Bytes}
	for _, e := range entries {
		one := toEntryWire(e)
		if in.Outline {
			one.shorten()
		}
		out.Entries = append(out.Entries, one)
	}
	return out, nil
}

type awaitInput struct {
	Name string `path:"name"`
	Body struct {
		Match struct {
			System    string `json:"system"`
			Operation string `json:"operation"`
			Contains  string `json:"contains"`
			Fault     string `json:"fault"`
			AfterSeq  int64  `json:"after_seq"`
			Phase     string `json:"phase"`
		} `json:"match"`
		Count     int   `json:"count"`
		TimeoutMS int64 `json:"timeout_ms"`
	}
}

type awaitOutput struct {
	Count int `json:"count"`
}

func (a *API) awaitJournal(c *binding.Call, in awaitInput) (awaitOutput, error) {
	w, err := a.world(in.Name)
	if err != nil {
		return awaitOutput{}, err
	}
	if err := a.knownOperation("body match/", in.Body.Match.System, in.Body.Match.Operation); err != nil {
		return awaitOutput{}, err
	}
	if in.Body.TimeoutMS == 0 {
		in.Body.TimeoutMS = 10_000
	}
	ctx, cancel := context.WithTimeout(c, time.Duration(in.Body.TimeoutMS)*time.Millisecond)
	defer cancel()
	m := in.Body.Match
	query := journal.Query{System: m.System, Operation: m.Operation, Contains: m.Contains, Fault: m.Fault, AfterSeq: m.AfterSeq}
	want := max(in.Body.Count, 1)
	n, err := w.Await(ctx, query, want, m.Phase == "opened")
	if err != nil {
		return awaitOutput{}, refuse(http.StatusGatewayTimeout, "within %d ms sandbox %s saw %d of %d exchanges that match", in.Body.TimeoutMS, in.Name, n, want)
	}
	return awaitOutput{n}, nil
}

// knownOperation refuses to look for what can never be in a journal; where says what was wrongly given.
func (a *API) knownOperation(where, system, operation string) error {
	switch {
	case system != "" && !a.knows(system, ""):
		return refuse(http.StatusBadRequest, "%ssystem: there is no system %q", where, system)
	case operation != "" && !a.knows(system, operation):
		return refuse(http.StatusBadRequest, "%soperation: there is no operation %q%s", where, operation, inSystem(system))
	}
	return nil
}

func inSystem(system string) string {
	if system == "" {
		return ""
	}
	return fmt.Sprintf(" in system %q", system)
}
