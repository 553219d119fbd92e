package courier

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/somsim/somsim/simulator/journal"
	"github.com/somsim/somsim/simulator/sandbox"
)

// Question is a call whose answer a simulated system waits for, in contrast to what it merely tells others.
type Question struct {
	// System and Operation are what journal and faults call it. Asker is who asks, in the journal.
	System, Operation, Asker string
	// URL is where it goes, and Secret what it is signed with; with an empty one it is not signed.
	URL, Secret string
	Body        []byte
	// TraceParent and Correlation are sent along when they are not empty.
	TraceParent, Correlation string
	// Timeout is how long the answer may take, in real time.
	Timeout time.Duration
}

// Reply is what came of a question.
type Reply struct {
	// Status is that of the answer; 0 when there was none, and Problem tells why.
	Status     int
	Body       []byte
	RetryAfter time.Duration
	Problem    string
	// Late is set when the answer took too long.
	Late bool
}

// longestReply is how much of an answer is read, in bytes.
const longestReply = 5 << 20

// Questions makes the names known under which a system asks, so that faults can strike its questions.
func (c *Courier) Questions(system string, operations []string) {
	for _, operation := range operations {
		c.asks = append(c.asks, Line{System: system, Operation: operation})
	}
}

// Ask puts a question, on behalf of the exchange of an entry, and records that. No transaction may be open meanwhile: who
// is asked may have questions in return. The call goes on when the caller of the exchange has left.
func (c *Courier) Ask(ctx context.Context, w *sandbox.World, because *journal.Entry, q Question) Reply {
	a := attempt{
		Courier: c, world: w, at: w.Now(), question: &q, because: because.Seq,
		line:   Line{System: q.System, Operation: q.Operation, Sign: unlessUnsigned(Timestamped(QuestionSignature))},
		target: Target{Name: q.Asker, URL: q.URL, Secret: q.Secret},
		parcel: Parcel{ContentType: "application/json", Body: string(q.Body)},
	}
	a.parcel.TraceParent = traced(q, w.Name(), because.Seq)
	if err := c.mayCall(q.URL); err != nil {
		return Reply{Problem: err.Error()}
	}
	if err := a.strike(); err != nil {
		return Reply{Problem: err.Error()}
	}
	out := a.exchange(ctx)
	return Reply{Status: out.status, Body: out.body, RetryAfter: out.retryAfter, Problem: out.problem, Late: out.late}
}

// QuestionSignature is the header with the signature of a question, as [Timestamped] makes it.
const QuestionSignature = "Order-Ops-Signature"

func unlessUnsigned(sign func(Target, time.Time, []byte) http.Header) func(Target, time.Time, []byte) http.Header {
	return func(t Target, at time.Time, body []byte) http.Header {
		if t.Secret == "" {
			return http.Header{}
		}
		return sign(t, at, body)
	}
}

// limits are how long the answer to an attempt may take, and how large it may be. What is asked goes on without who asked.
func (a *attempt) limits(ctx context.Context) (context.Context, context.CancelFunc, int64) {
	if a.question == nil {
		limited, cancel := context.WithTimeout(ctx, a.timeout)
		return limited, cancel, mostAnswer
	}
	limited, cancel := context.WithTimeout(context.WithoutCancel(ctx), a.question.Timeout)
	return limited, cancel, longestReply
}

// traced is the W3C trace context of a question: a span of its own in the trace of its exchange, or in one of its own.
func traced(q Question, sandbox string, exchange int64) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%s %d %s", sandbox, exchange, q.Operation))
	trace := hex.EncodeToString(sum[:16])
	if parts := strings.Split(q.TraceParent, "-"); len(parts) == 4 && len(parts[1]) == 32 {
		trace = parts[1]
	}
	return "00-" + trace + "-" + hex.EncodeToString(sum[16:24]) + "-01"
}

// questionHeader is what a question carries beside its signature.
func (a *attempt) questionHeader(h http.Header) http.Header {
	h.Set("Traceparent", a.parcel.TraceParent)
	if a.question.Correlation != "" {
		h.Set("Correlation-Id", a.question.Correlation)
	}
	return h
}
