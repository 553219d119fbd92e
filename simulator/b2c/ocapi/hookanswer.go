package ocapi

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"

	"github.com/somsim/somsim/simulator/binding"
	"github.com/somsim/somsim/simulator/courier"
)

// hookFailed reports whether a hook broke, as a script does that throws. One that refuses has worked.
func hookFailed(r courier.Reply) bool {
	_, _, err := readHookAnswer(r)
	return r.Status < http.StatusOK || r.Status >= http.StatusMultipleChoices || err != nil
}

// readHookAnswer reads what a hook has answered, and whether that is anything: no content is none.
func readHookAnswer(r courier.Reply) (answer hookAnswer, said bool, err error) {
	if len(bytes.TrimSpace(r.Body)) == 0 {
		return answer, false, nil
	}
	if err := json.Unmarshal(r.Body, &answer); err != nil {
		return answer, false, fmt.Errorf("it is no answer of a hook: %w", err)
	}
	if answer.Status != statusOK && answer.Status != statusError {
		return answer, false, fmt.Errorf("its status is %q, neither %s nor %s", answer.Status, statusOK, statusError)
	}
	return answer, true, nil
}

// hookSays makes of a hook's answer what it means for the request: a refusal, or what is to be done.
func hookSays(c *binding.Call, point string, r courier.Reply) (answer hookAnswer, said bool, err error) {
	answer, said, broken := readHookAnswer(r)
	switch {
	case r.Late && isSCAPI(c):
		return answer, false, Refuse("b2c.hook.time", "GatewayTimeout", "The hook at '"+point+"' took too long.", "extensionPoint", point)
	case r.Late:
		return answer, false, scriptFailed(point, "it took too long")
	case r.Status == http.StatusServiceUnavailable:
		return answer, false, comeAgain(circuitOpen(point, answer), r)
	case r.Status == http.StatusTooManyRequests:
		return answer, false, comeAgain(Refuse("b2c.hook.busy", "TooManyRequests", "The hook at '"+point+"' gets too many requests."), r)
	case r.Status == 0:
		return answer, false, scriptFailed(point, r.Problem)
	case r.Status >= http.StatusMultipleChoices:
		return answer, false, scriptFailed(point, fmt.Sprintf("it answered %d", r.Status))
	case broken != nil:
		return answer, false, scriptFailed(point, broken.Error())
	case answer.Status == statusError:
		return answer, true, statusRefused(point, answer)
	}
	return answer, said, nil
}

// comeAgain has a refusal announce the wait that a hook has asked for.
func comeAgain(err error, r courier.Reply) error {
	var f *fault
	if errors.As(err, &f) {
		f.retryAfter = r.RetryAfter
	}
	return err
}

// statusRefused is the refusal of a hook that answered with a status of error.
func statusRefused(point string, answer hookAnswer) error {
	return hookRefusal("HookStatus", "b2c.hook.status", fmt.Sprintf("The hook at '%s' returned the status '%s'.", point, answer.Code), point, answer)
}

// circuitOpen is the answer while the hooks of an extension point are not called, or say that they cannot work.
func circuitOpen(point string, answer hookAnswer) error {
	return hookRefusal("HookCircuitBreaker", "b2c.hook.circuit", fmt.Sprintf("The hook at '%s' does not work at the moment.", point), point, answer)
}

func hookRefusal(name, rule, message, point string, answer hookAnswer) error {
	f := &fault{name: name, rule: rule, message: message, arguments: map[string]string{"extensionPoint": point}}
	if answer.Code != "" {
		f.arguments["statusCode"], f.arguments["statusMsg"] = answer.Code, answer.Message
	}
	if len(answer.Details) > 0 && string(answer.Details) != "null" {
		f.details = map[string]json.RawMessage{"statusDetails": answer.Details}
	}
	return f
}

// scriptFailed is what a hook that breaks answers: as a script does that throws.
func scriptFailed(point, why string) error {
	return Refuse("b2c.hook.failure", "HookInternalServerError", fmt.Sprintf("The hook at '%s' failed: %s.", point, why), "extensionPoint", point)
}

// merged is an answer with the custom attributes of another version of it, on every level that both have. All else stays
// as it is. Names may be written in either API's way.
func merged(answer, changed []byte) ([]byte, error) {
	base, err := readValue(answer)
	if err != nil {
		return nil, err
	}
	other, err := readValue(changed)
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	mergeValue(&out, base, other)
	return out.Bytes(), nil
}
