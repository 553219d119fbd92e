//go:build pact

package provider_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pact-foundation/pact-go/v2/models"

	"github.com/somsim/somsim/simulator/simtest"
)

// org is a running simulator seen as one Salesforce org at a time: that of the
// sandbox which the latest provider state made.
type org struct {
	api, control string
	client       *http.Client

	mu    sync.Mutex
	made  int
	token string
}

func startOrg(t *testing.T) *org {
	t.Helper()
	s := simtest.Start(t)
	return &org{api: s.URL, control: s.ControlURL, client: &http.Client{Timeout: 10 * time.Second}}
}

func (o *org) session() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.token
}

// state makes a handler that prepares a sandbox before an interaction. After
// it there is nothing to undo: the next one gets a sandbox of its own.
func (o *org) state(prepare prepare) models.StateHandler {
	return func(setup bool, state models.ProviderState) (models.ProviderStateResponse, error) {
		if !setup {
			return nil, nil
		}
		if err := o.renew(); err != nil {
			return nil, err
		}
		// pact-go hands over the verifier's message, in which the parameters are one member.
		parameters, _ := state.Parameters["params"].(map[string]any)
		number, _ := parameters["orderNumber"].(string)
		found, err := prepare(o, number)
		if err != nil {
			return nil, fmt.Errorf("%s (order %s): %w", state.Name, number, err)
		}
		return found, nil
	}
}

// renew moves on to a fresh sandbox and logs in there.
func (o *org) renew() error {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.made++
	name := fmt.Sprintf("pact-%d", o.made)
	sandbox, err := json.Marshal(map[string]string{"name": name, "from": "omnichannel", "clock": "manual"})
	if err != nil {
		return err
	}
	if err := o.send(o.control+"/control/v1/sandboxes", "application/json", string(sandbox), "", nil); err != nil {
		return err
	}
	form := url.Values{"grant_type": {"client_credentials"}, "client_id": {"somsim~" + name}, "client_secret": {"somsim"}}
	var answer struct {
		AccessToken string `json:"access_token"`
	}
	err = o.send(o.api+"/services/oauth2/token", "application/x-www-form-urlencoded", form.Encode(), "", &answer)
	o.token = answer.AccessToken
	return err
}

// query returns the rows of a statement; none is an error, since a state is
// about something.
func (o *org) query(soql string) ([]map[string]any, error) {
	var answer struct {
		CompositeResponse []struct {
			HTTPStatusCode int
			Body           json.RawMessage
		}
	}
	statement := "/services/data/v60.0/query?" + url.Values{"q": {soql}}.Encode()
	err := o.post("/services/data/v60.0/composite", map[string]any{
		"compositeRequest": []map[string]string{{"method": "GET", "url": statement, "referenceId": "rows"}},
	}, &answer)
	if err != nil {
		return nil, err
	}
	var result struct{ Records []map[string]any }
	part := answer.CompositeResponse[0]
	if part.HTTPStatusCode != http.StatusOK {
		return nil, fmt.Errorf("%s: %s", soql, part.Body)
	}
	if err := json.Unmarshal(part.Body, &result); err != nil {
		return nil, err
	}
	if len(result.Records) == 0 {
		return nil, errors.New(soql + ": no rows")
	}
	return result.Records, nil
}

func (o *org) post(path string, in, out any) error {
	body, err := json.Marshal(in)
	if err != nil {
		return err
	}
	return o.send(o.api+path, "application/json", string(body), o.session(), out)
}

func (o *org) send(address, contentType, body, token string, out any) error {
	req, err := http.NewRequest(http.MethodPost, address, strings.NewReader(body))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", contentType)
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	resp, err := o.client.Do(req)
	if err != nil {
		return err
	}
	defer func() { _ = resp.Body.Close() }()
	answer, err := io.ReadAll(resp.Body)
	if err != nil {
		return err
	}
	if resp.StatusCode >= http.StatusBadRequest {
		return fmt.Errorf("%s: %s %s", address, resp.Status, bytes.TrimSpace(answer))
	}
	if out == nil {
		return nil
	}
	return json.Unmarshal(answer, out)
}
