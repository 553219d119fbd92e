package courier

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"slices"
	"strconv"
	"time"
)

// Line is one kind of thing that is delivered.
type Line struct {
	// Name is what targets are registered for.
	Name string
	// System and Operation are what journal and faults call a delivery.
	System, Operation string
	// Sign returns the headers that prove to a target where a body comes from. It is called anew for each attempt.
	Sign func(t Target, at time.Time, body []byte) http.Header
	// Backoff is how long to wait after each attempt that failed; the last holds for all that follow.
	Backoff []time.Duration
	// GiveUpAfter is how old a message gets.
	GiveUpAfter time.Duration
}

// retryAfter is the wait after that many attempts.
func (l Line) retryAfter(attempts int) time.Duration {
	return l.Backoff[min(attempts, len(l.Backoff))-1]
}

func (c *Courier) line(name string) (Line, bool) {
	i := slices.IndexFunc(c.lines, func(l Line) bool { return l.Name == name })
	if i < 0 {
		return Line{}, false
	}
	return c.lines[i], true
}

// Lines lists the names of the lines.
func (c *Courier) Lines() []string {
	names := make([]string, len(c.lines))
	for i, l := range c.lines {
		names[i] = l.Name
	}
	return names
}

// Knows reports whether there are deliveries of a system under an operation. An empty system or operation is any.
func (c *Courier) Knows(system, operation string) bool {
	return slices.ContainsFunc(slices.Concat(c.lines, c.asks), func(l Line) bool {
		return (system == "" || l.System == system) && (operation == "" || l.Operation == operation)
	})
}

// Timestamped returns a signature in a header of that name: t=SECONDS,v1=HEX, where HEX is the HMAC-SHA256 of the seconds
// since 1970, a full stop and the body under the target's secret. The time is the sandbox's.
func Timestamped(header string) func(Target, time.Time, []byte) http.Header {
	return func(t Target, at time.Time, body []byte) http.Header {
		seconds := strconv.FormatInt(at.Unix(), 10)
		mac := hmac.New(sha256.New, []byte(t.Secret))
		mac.Write([]byte(seconds + "."))
		mac.Write(body)
		out := http.Header{}
		out.Set(header, "t="+seconds+",v1="+hex.EncodeToString(mac.Sum(nil)))
		return out
	}
}
