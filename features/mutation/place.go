package mutation

import (
	"bufio"
	"errors"
	"io"
	"os/exec"
	"strings"
	"testing"

	"github.com/somsim/somsim/features"
	"github.com/somsim/somsim/features/report"
	"github.com/somsim/somsim/simulator/clock"
)

// place is a running simulator and order-ops with switches, of which one at a time is off.
type place struct {
	urls map[string]string
	tell io.Writer
	said *bufio.Scanner
}

// start runs the binary until the test ends.
func (b binary) start(t *testing.T) *place {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), string(b))
	cmd.Env = append(cmd.Environ(), placeSwitch+"=1")
	cmd.Stderr = t.Output()
	in, errIn := cmd.StdinPipe()
	out, errOut := cmd.StdoutPipe()
	if err := errors.Join(errIn, errOut, cmd.Start()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	})
	p := &place{urls: map[string]string{}, tell: in, said: bufio.NewScanner(out)}
	for len(p.urls) < 4 && p.said.Scan() {
		name, url, _ := strings.Cut(p.said.Text(), "=")
		p.urls[name] = url
	}
	if len(p.urls) < 4 {
		t.Fatalf("the place printed only %v", p.urls)
	}
	return p
}

// run runs scenarios at the place.
func (p *place) run(t *testing.T, o features.Options) (report.Run, error) {
	t.Helper()
	o.API, o.Control, o.OrderOps, o.Operator = p.urls["api"], p.urls["control"], p.urls["orderops"], p.urls["operator"]
	o.Faces, o.Sandbox, o.Seed, o.Now = []features.Face{features.OCAPI, features.REST}, features.ByBaggage, Seed, clock.Real{}.Now
	return features.Run(t.Context(), o)
}

// switchOff switches one thing off, or nothing, and says whether anything came by what was off before.
func (p *place) switchOff(t *testing.T, name string) (struck bool) {
	t.Helper()
	if _, err := io.WriteString(p.tell, name+"\n"); err != nil || !p.said.Scan() {
		t.Errorf("the place has ended: %v", err)
	}
	return p.said.Text() == switchMark
}

// tryOut switches a mutant off and runs the scenarios that came by it, until one turns red. With everything on again that one
// has to hold: otherwise it was not the mutant that it noticed.
func (p *place) tryOut(t *testing.T, m mutant) outcome {
	t.Helper()
	p.switchOff(t, m.name)
	run, err := p.run(t, features.Options{Only: m.spots, StopAtFirst: true, Concurrency: 2})
	struck := p.switchOff(t, "")
	red := errors.Is(err, features.ErrFailed)
	if err != nil && !red {
		t.Errorf("with %s switched off: %v", m.name, err)
	}
	if red {
		p.holds(t, m, features.Spots(run.Failures()))
	}
	return outcome{red: red, struck: struck}
}

// holds makes sure that what noticed a mutant is green with everything on.
func (p *place) holds(t *testing.T, m mutant, noticed []features.Spot) {
	t.Helper()
	if len(noticed) == 0 {
		t.Errorf("with %s switched off the run failed, but none of its scenarios", m.name)
		return
	}
	if _, err := p.run(t, features.Options{Only: noticed, Concurrency: 2}); err != nil {
		t.Errorf("%v turned red with %s switched off, and with everything on: %v", noticed, m.name, err)
	}
}
