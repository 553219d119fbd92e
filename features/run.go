package features

import (
	"context"
	"crypto/rand"
	"embed"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/cucumber/godog"
)

//go:embed */*.feature
var embedded embed.FS

// Options say where the scenarios take place, which of them run, and who hears of it.
type Options struct {
	// API, Control and OrderOps are the base URLs of the simulated systems, the control plane and order-ops.
	API, Control, OrderOps string
	// Operator is the base URL of order-ops' listener for those who run it; an order-ops without one may leave nothing to a
	// person, and scenarios tagged @operator are left out.
	Operator string
	// ControlToken and OperatorToken, when set, are sent to the control plane and to the operators' listener.
	ControlToken, OperatorToken string
	// Features holds the feature files; nil means those that came with this package.
	Features fs.FS
	// Tags selects scenarios: `@case-1`, `~@slow`, `@case-1,@case-2` for either, `@som && ~@slow` for both.
	Tags string
	// Seed decides the order of the scenarios and is printed: -1 picks one, 0 keeps the order of the files.
	Seed int64
	// Concurrency is how many scenarios run at a time; below 1 it means 4.
	Concurrency int
	// Report, when set, is a folder that receives junit.xml and cucumber.json.
	Report string
	Out    io.Writer
	// TestingT, when set, makes every scenario a sub-test.
	TestingT *testing.T
}

// ErrFailed is returned when scenarios ran and not all held.
var ErrFailed = errors.New("scenarios failed")

// Run runs the scenarios. Any error but ErrFailed means that they could not run as asked.
func Run(ctx context.Context, o Options) error {
	failed := &failures{}
	client := &http.Client{Timeout: 2 * time.Minute, Transport: &http.Transport{MaxIdleConnsPerHost: 64}}
	defer client.CloseIdleConnections()
	env := environment{
		api: trim(o.API), control: trim(o.Control), orderOps: trim(o.OrderOps), controlToken: o.ControlToken,
		operator: trim(o.Operator), operatorToken: o.OperatorToken, http: client,
	}
	selected, err := o.selection()
	if err != nil {
		return err
	}
	suite := o.suite(ctx, selected, func(sc *godog.ScenarioContext) {
		w := newWorld(env)
		w.hooks(sc, failed)
		w.register(sc)
	})
	if err := o.ready(suite); err != nil {
		return err
	}
	origin, err := makeOrigin(ctx, env)
	if err != nil {
		return err
	}
	env.origin = origin.sandbox
	status := suite.Run()
	gone := origin.delete(context.WithoutCancel(ctx))
	if _, err := io.WriteString(suite.Options.Output, failed.String()); err != nil {
		return fmt.Errorf("print journals: %w", err)
	}
	return errors.Join(verdict(status), gone)
}

// verdict is what a run came to.
func verdict(status int) error {
	switch status {
	case 0:
		return nil
	case 1:
		return ErrFailed
	default:
		return fmt.Errorf("the scenarios did not run: status %d", status)
	}
}

// ready makes sure that the scenarios can run as asked, and says how they will.
func (o Options) ready(suite godog.TestSuite) error {
	if found, err := chosen(suite); err != nil {
		return err
	} else if found == 0 {
		return o.nothingChosen()
	}
	if o.Report != "" {
		if err := makeReport(o.Report); err != nil {
			return err
		}
	}
	notes := fmt.Sprintf("scenarios in the order of seed %d\n", suite.Options.Randomize)
	if o.Operator == "" {
		notes += "scenarios tagged " + operatorTag + " are left out: no operators of order-ops were named\n"
	}
	if _, err := io.WriteString(suite.Options.Output, notes); err != nil {
		return fmt.Errorf("print how the scenarios run: %w", err)
	}
	return nil
}

func trim(url string) string { return strings.TrimSuffix(url, "/") }

func (o Options) suite(ctx context.Context, selected string, scenario func(*godog.ScenarioContext)) godog.TestSuite {
	suite := godog.TestSuite{Name: "order-ops", ScenarioInitializer: scenario, Options: &godog.Options{
		FS: o.Features, Paths: []string{"."}, Tags: selected, Strict: true, Randomize: o.Seed, Concurrency: o.Concurrency,
		Format: "progress", NoColors: true, Output: o.Out, DefaultContext: ctx, TestingT: o.TestingT,
	}}
	if o.Seed < 0 {
		suite.Options.Randomize = anySeed()
	}
	if o.Features == nil {
		suite.Options.FS = embedded
	}
	if o.Concurrency < 1 {
		suite.Options.Concurrency = 4
	}
	if o.Out == nil {
		suite.Options.Output = io.Discard
	}
	if o.Report != "" {
		suite.Options.Format += ",junit:" + filepath.Join(o.Report, junitFile) + ",cucumber:" + filepath.Join(o.Report, cucumberFile)
	}
	return suite
}

// anySeed picks a seed that is short enough to be typed.
func anySeed() int64 {
	raw := make([]byte, 2)
	_, _ = rand.Read(raw) // never fails
	return 1 + int64(binary.BigEndian.Uint16(raw))
}

// chosen counts the scenarios that would run. It also refuses feature files that cannot be read.
func chosen(suite godog.TestSuite) (int, error) {
	list, err := suite.RetrieveFeatures()
	if err != nil {
		return 0, fmt.Errorf("read the feature files: %w", err)
	}
	count := 0
	for _, f := range list {
		count += len(f.Pickles)
	}
	return count, nil
}
