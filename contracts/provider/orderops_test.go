//go:build pact

package provider_test

import (
	"bufio"
	"errors"
	"net/http"
	"net/url"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pact-foundation/pact-go/v2/models"
)

func TestOrderOpsKeepsWhatWasAgreed(t *testing.T) {
	s := openStage(t)
	s.orderOps = startOrderOps(t, s.api, s.control)
	t.Cleanup(func() { // before the simulator stops, which waits for what is under way
		if err := s.letGo(); err != nil {
			t.Errorf("what was held up came to %v", err)
		}
	})
	s.verify(t, "order-ops", s.orderOps, orderOpsStates(), nil)
}

// startOrderOps runs the program of this tree beside the simulator and returns
// its base URL. It is a process of its own because no package below contracts
// may see both halves.
func startOrderOps(t *testing.T, api, control string) string {
	t.Helper()
	binary := filepath.Join(t.TempDir(), "orderops")
	build := exec.CommandContext(t.Context(), "go", "build", "-o", binary, "../../cmd/orderops")
	build.Env = append(build.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("build order-ops: %v\n%s", err, out)
	}
	serve := exec.Command(binary, "serve", "--listen", "127.0.0.1:0", "--db", filepath.Join(t.TempDir(), "orderops.db"),
		"--simulator", api, "--simulator-control", control)
	serve.Stderr = t.Output()
	out, err := serve.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := serve.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = serve.Process.Kill()
		_ = serve.Wait()
	})
	line, err := bufio.NewReader(out).ReadString('\n')
	address, ok := strings.CutPrefix(strings.TrimSpace(line), "orderops=")
	if !ok {
		t.Fatalf("order-ops printed %q (%v) instead of its address", line, err)
	}
	return address
}

// orderOpsStates is the vocabulary that consumers may use of order-ops. "The
// shopper" is the one of the preset who is logged in, in every state.
func orderOpsStates() map[string]prepare {
	states := map[string]prepare{
		"preset omnichannel":                  nothing,
		"an order is not allocated":           (*stage).cancellable,
		"an order has shipped":                shipped("shipped"),
		"a part of an order has shipped":      shipped("part_shipped"),
		"an order was cancelled":              (*stage).cancelledOrder,
		"an order is another shopper's":       (*stage).foreignOrder,
		"the shopper has orders":              (*stage).customer,
		"the shopper's token has expired":     (*stage).expired,
		"the shopper has cancelled an order":  (*stage).cancelledByShopper,
		"the cancel of an order is under way": (*stage).cancelUnderWay,
		"order management is down":            (*stage).withoutSOM,
	}
	for name, prepare := range states {
		states[name] = withCommerceTokens(prepare)
	}
	return states
}

// cancellable names a line of the order.
func (s *stage) cancellable(number string) (models.ProviderStateResponse, error) {
	order, err := s.commerceOrder(number, pactShopper)
	if err != nil {
		return nil, err
	}
	if len(order.ProductItems) == 0 {
		return nil, errors.New("the order has no line")
	}
	return models.ProviderStateResponse{"itemId": order.ProductItems[0].ItemID}, nil
}

// cancelledByShopper has the shopper cancel the order by way of order-ops,
// under the request id of the pacts.
func (s *stage) cancelledByShopper(number string) (models.ProviderStateResponse, error) {
	found, err := s.cancellable(number)
	if err != nil {
		return nil, err
	}
	return found, s.cancel(number)
}

func (s *stage) cancel(number string) error {
	wish := map[string]string{"c_action": "cancel", "c_actionRequestId": "tap-1"}
	return s.exchange(http.MethodPatch, s.orderOps+shopPath+"/orders/"+url.PathEscape(number), s.commerceCaller(pactShopper), wish, nil)
}

// cancelUnderWay has order management take its time over the shopper's cancel
// until the next state, or the end.
func (s *stage) cancelUnderWay(number string) (models.ProviderStateResponse, error) {
	const name = "takes-its-time"
	if err := s.arm(fault{name, faultMatch{System: "som", Operation: "submitCancel"}, faultEffect{Kind: "hold"}, 1}); err != nil {
		return nil, err
	}
	sandbox := s.control + "/control/v1/sandboxes/" + s.sandbox()
	answered := make(chan error, 1)
	go func() { answered <- s.cancel(number) }()
	s.underWay = func() error {
		err := s.exchange(http.MethodDelete, sandbox+"/faults?name="+name, nil, nil, nil)
		return errors.Join(err, <-answered)
	}
	held := map[string]any{"match": map[string]string{"fault": name, "phase": "opened"}, "count": 1, "timeout_ms": 5000}
	return nil, s.exchange(http.MethodPost, sandbox+"/journal/await", nil, held, nil)
}

// withoutSOM has every call to order management fail.
func (s *stage) withoutSOM(string) (models.ProviderStateResponse, error) {
	return nil, s.arm(fault{"down", faultMatch{System: "som"}, faultEffect{Kind: "status", Status: http.StatusServiceUnavailable}, 0})
}
