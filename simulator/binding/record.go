package binding

import (
	"net/http"
	"strconv"
	"strings"

	"github.com/somsim/somsim/simulator/journal"
	"github.com/somsim/somsim/simulator/store"
)

// open begins the journal entry of the exchange.
func (x *exchange) open() {
	redact := x.router.redactor
	x.entry = &journal.Entry{
		System: x.face.System, Method: x.req.http.Method, Path: x.req.Path,
		At:            x.glance.Now,
		Query:         redact.Text(x.req.http.URL.RawQuery),
		RequestHeader: redact.Header(x.req.Header),
		RequestBody:   redact.Text(string(x.req.Body)),
		TraceID:       traceID(x.req.Header.Get("Traceparent")),
	}
	if x.op != nil {
		x.entry.Operation = x.op.id
	}
	x.world.Open(x.entry)
}

// close ends the journal entry, then answers: whoever has the answer finds the entry.
func (x *exchange) close(w http.ResponseWriter, resp *Response) {
	x.settle(resp)
	x.entry.Lost = x.cut
	x.entry.Children = x.children
	if resp != nil {
		x.entry.Status = resp.Status
		x.entry.ResponseHeader = x.router.redactor.Header(resp.Header)
		x.entry.ResponseBody = x.answered(resp)
	}
	x.world.Close(x.entry)
	x.unclaim()
	if x.cut {
		reset(w)
		return
	}
	x.write(w, resp)
}

// answered is the body of an answer as the journal keeps it.
func (x *exchange) answered(resp *Response) string {
	if resp.harmless {
		return string(resp.Body)
	}
	return x.router.redactor.Text(string(resp.Body))
}

// settle lets the face book the exchange of a caller it knows. An exchange whose answer is lost is booked as well.
func (x *exchange) settle(resp *Response) {
	if x.face.Settle == nil || x.principal == (Principal{}) {
		return
	}
	if resp == nil {
		resp = &Response{Header: http.Header{}}
	}
	tx := x.world.Read()
	defer tx.Abort()
	x.face.Settle(x.call(tx, x.principal), resp)
}

func (x *exchange) write(w http.ResponseWriter, resp *Response) {
	h := w.Header()
	for name, values := range resp.Header {
		h[name] = values
	}
	if x.world != nil {
		h.Set("Date", x.entry.At.Format(http.TimeFormat))
	}
	h.Set("Content-Length", strconv.Itoa(len(resp.Body)))
	expose(h)
	w.WriteHeader(resp.Status)
	if x.req.http.Method != http.MethodHead {
		_, _ = w.Write(resp.Body)
	}
}

// rendered shows changes as the journal keeps them.
func (x *exchange) rendered(changes []store.Change) []journal.Change {
	out := make([]journal.Change, 0, len(changes))
	for _, c := range changes {
		out = append(out, journal.Change{Entity: c.Table, Key: c.Key, Before: x.encoded(c.Before), After: x.encoded(c.After)})
	}
	return out
}

func (x *exchange) encoded(row any) string {
	if row == nil {
		return ""
	}
	text, err := store.Encode(row)
	if err != nil {
		x.noteBug(&Bug{err})
	}
	return x.router.redactor.Text(text)
}

// traceID reads the trace id out of a W3C traceparent header.
func traceID(traceparent string) string {
	parts := strings.Split(traceparent, "-")
	if len(parts) < 4 || len(parts[1]) != 32 {
		return ""
	}
	return parts[1]
}
