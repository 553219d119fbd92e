package control

import (
	"context"
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
	entries, stats := w.Journal(journal.Query{
		System: in.System, Operation: in.Operation, Contains: in.Contains, Fault: in.Fault,
		AfterSeq: int64(in.AfterSeq), Limit: in.Limit,
	})
	out := journalOutput{Entries: []entryWire{}, Evicted: stats.Evicted, Bytes: stats.Bytes}
	for _, e := range entries {
		out.Entries = append(out.Entries, toEntryWire(e))
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
	if in.Body.TimeoutMS == 0 {
		in.Body.TimeoutMS = 10_000
	}
	ctx, cancel := context.WithTimeout(c, time.Duration(in.Body.TimeoutMS)*time.Millisecond)
	defer cancel()
	m := in.Body.Match
	query := journal.Query{System: m.System, Operation: m.Operation, Contains: m.Contains, Fault: m.Fault, AfterSeq: m.AfterSeq}
	n, err := w.Await(ctx, query, max(in.Body.Count, 1), m.Phase == "opened")
	if err != nil {
		return awaitOutput{}, refuse(http.StatusGatewayTimeout, "%v", err)
	}
	return awaitOutput{n}, nil
}
