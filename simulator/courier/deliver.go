package courier

import (
	"cmp"
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/somsim/somsim/simulator/fault"
	"github.com/somsim/somsim/simulator/journal"
	"github.com/somsim/somsim/simulator/sandbox"
)

// attempt is one go at a parcel.
type attempt struct {
	*Courier
	world  *sandbox.World
	line   Line
	target Target
	parcel Parcel
	struck []fault.Rule
	at     time.Time
	// question is set when somebody waits for the answer, because is the number of the exchange in which that is.
	question *Question
	because  int64
}

// outcome is what an attempt came to: a status, or why there is none.
type outcome struct {
	status     int
	problem    string
	retryAfter time.Duration
	// body is read where a question was put; late is set when there was no answer in time.
	body []byte
	late bool
}

func (o outcome) taken() bool { return o.status >= 200 && o.status < 300 }

// deliver makes one attempt and books what it came to. No transaction is open while the target is called.
func (c *Courier) deliver(ctx context.Context, w *sandbox.World, p Parcel) error {
	a := attempt{Courier: c, world: w, parcel: p, at: w.Now()}
	tx := w.Read()
	a.target, _ = c.targets.Get(tx.Tx, p.Target)
	tx.Abort()
	line, known := c.line(a.target.Line)
	if !known {
		return w.Update(func(tx *sandbox.Tx) error { c.parcels.Delete(tx.Tx, p.key()); return nil })
	}
	a.line = line
	if err := c.mayCall(a.target.URL); err != nil {
		return a.book(outcome{problem: err.Error()})
	}
	if err := a.strike(); err != nil {
		return err
	}
	if a.has(fault.Reorder) && !p.Overtaken {
		return a.putOff()
	}
	out := a.exchange(ctx)
	if a.has(fault.Duplicate) && ctx.Err() == nil {
		out = a.exchange(ctx)
	}
	if err := ctx.Err(); err != nil {
		return err // nobody waits any more: what was sent may be sent again
	}
	return a.book(out)
}

func (a *attempt) has(kind fault.Kind) bool {
	for _, rule := range a.struck {
		if rule.Effect.Kind == kind {
			return true
		}
	}
	return false
}

// strike asks the sandbox's faults, once for the attempt.
func (a *attempt) strike() error {
	u, err := url.Parse(a.target.URL)
	if err != nil {
		return err
	}
	a.struck, err = a.world.Strike(fault.Call{
		System: a.line.System, Operation: a.line.Operation, Outbound: true, Path: u.Path, Query: u.RawQuery, Body: []byte(a.parcel.Body),
		Header: func(string) string { return "" },
	})
	return err
}

// exchange calls the target once, as far as faults let it, and records that.
func (a *attempt) exchange(ctx context.Context) outcome {
	header := a.header()
	e := a.entry(header)
	a.world.Open(e)
	out, decided := a.suffer(ctx, e, fault.Before)
	if !decided {
		out = a.call(ctx, header, e)
		e.Status = out.status
		if changed, struck := a.suffer(ctx, e, fault.After); struck {
			out = changed
		}
	}
	e.Status, e.Lost = cmp.Or(out.status, e.Status), out.status == 0
	a.world.Close(e)
	return out
}

// suffer lets the faults of one phase act, and tells what comes of the attempt when they decide that.
func (a *attempt) suffer(ctx context.Context, e *journal.Entry, phase fault.Phase) (outcome, bool) {
	for _, rule := range a.struck {
		if rule.Effect.When() != phase {
			continue
		}
		a.world.Struck(e, rule.Name)
		if out, decided := a.effect(ctx, rule); decided {
			return out, true
		}
	}
	return outcome{}, false
}

func (a *attempt) header() http.Header {
	h := a.line.Sign(a.target, a.at, []byte(a.parcel.Body))
	h.Set("Content-Type", a.parcel.ContentType)
	h.Set("Baggage", "sandbox="+url.PathEscape(a.world.Name()))
	if a.question != nil {
		return a.questionHeader(h)
	}
	h.Set("Traceparent", a.parcel.TraceParent)
	h.Set("X-Somsim-Delivery", a.parcel.ID)
	h.Set("X-Somsim-Attempt", strconv.Itoa(a.parcel.Attempts+1))
	return h
}

// entry begins the record of an exchange. Signatures are credentials, if short-lived ones.
func (a *attempt) entry(header http.Header) *journal.Entry {
	address, query, _ := strings.Cut(a.target.URL, "?")
	shown := header.Clone()
	for name := range a.line.Sign(a.target, a.at, nil) {
		shown.Set(name, journal.Redacted)
	}
	return &journal.Entry{
		At: a.at, System: a.line.System, Operation: a.line.Operation, Outbound: true, Method: http.MethodPost,
		Path: address, Query: a.redactor.Text(query), Caller: a.caller(), Parent: a.because,
		RequestHeader: a.redactor.Header(shown), RequestBody: a.redactor.Text(a.parcel.Body),
		TraceID: strings.Split(a.parcel.TraceParent, "-")[1],
	}
}

// caller is who the journal says has called.
func (a *attempt) caller() string {
	if a.question != nil {
		return a.question.Asker
	}
	return "courier:" + a.target.Name
}

// mostAnswer is how much of an answer is read, in bytes.
const mostAnswer = 64 << 10

// call sends the parcel. Of the answer's headers only its media type is kept: the others differ from call to call.
func (a *attempt) call(ctx context.Context, header http.Header, e *journal.Entry) outcome {
	ctx, cancel, most := a.limits(ctx)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, a.target.URL, strings.NewReader(a.parcel.Body))
	if err != nil {
		return outcome{problem: err.Error()}
	}
	req.Header = header
	resp, err := a.client.Do(req)
	if err != nil {
		return outcome{problem: err.Error(), late: errors.Is(err, context.DeadlineExceeded)}
	}
	defer func() { _ = resp.Body.Close() }()
	body, err := io.ReadAll(io.LimitReader(resp.Body, most))
	if err != nil {
		return outcome{problem: err.Error(), late: errors.Is(err, context.DeadlineExceeded)}
	}
	e.ResponseBody = a.redactor.Text(string(body))
	e.ResponseHeader = a.redactor.Header(http.Header{"Content-Type": resp.Header.Values("Content-Type")})
	out := outcome{status: resp.StatusCode, body: body}
	if seconds, err := strconv.Atoi(resp.Header.Get("Retry-After")); err == nil && seconds > 0 {
		out.retryAfter = time.Duration(seconds) * time.Second
	}
	return out
}
