package drift

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"strings"

	"github.com/somsim/somsim/contracts/pactfile"
	"github.com/somsim/somsim/contracts/replay"
)

// Live are the states of a provider out there: somebody else brings them about
// behind a URL, or they are there already.
type Live struct {
	// Hook is the URL that is asked for states; "" asks nobody, and Values are what requests need.
	Hook   string
	Values map[string]any
	// Token stands in for the credentials of the pacts, or Tokens for each of them.
	Token  string
	Tokens map[string]string
	Client *http.Client

	ctx context.Context //nolint:containedctx // of the one interaction it is made for
	// bare leaves credentials as the pact has them: they are those of nobody.
	bare bool
}

// For are the states for one interaction.
func (l Live) For(ctx context.Context, i pactfile.Interaction) Live {
	l.ctx, l.bare = ctx, i.Comments.Outcome == "unauthorized"
	return l
}

var _ replay.States = Live{}

// SetUp asks the hook for a state, as Pact's verifiers do.
func (l Live) SetUp(provider, state string, params map[string]any) (map[string]any, error) {
	if l.Hook == "" {
		return l.Values, nil
	}
	change, err := json.Marshal(map[string]any{"action": "setup", "state": state, "params": params, "provider": provider})
	if err != nil {
		return nil, err
	}
	request, err := http.NewRequestWithContext(l.ctx, http.MethodPost, l.Hook, bytes.NewReader(change))
	if err != nil {
		return nil, err
	}
	request.Header.Set("Content-Type", "application/json")
	response, err := l.Client.Do(request)
	if err != nil {
		return nil, fmt.Errorf("the state %q: %w", state, err)
	}
	defer func() { _ = response.Body.Close() }()
	body, err := io.ReadAll(io.LimitReader(response.Body, 1<<20))
	if err != nil {
		return nil, err
	}
	if response.StatusCode/100 != 2 {
		return nil, fmt.Errorf("the state %q: %s %s", state, response.Status, bytes.TrimSpace(body))
	}
	found := maps.Clone(l.Values)
	if found == nil {
		found = map[string]any{}
	}
	if len(bytes.TrimSpace(body)) > 0 {
		if err := json.Unmarshal(body, &found); err != nil {
			return nil, fmt.Errorf("the state %q: the hook answers no JSON: %w", state, err)
		}
	}
	return found, nil
}

// Adjust puts the token in.
func (l Live) Adjust(r *http.Request) {
	sent := r.Header.Get("Authorization")
	switch living, ok := l.Tokens[sent]; {
	case sent == "" || l.bare:
	case ok:
		r.Header.Set("Authorization", living)
	case l.Token != "":
		r.Header.Set("Authorization", "Bearer "+l.Token)
	}
}

// LookAfter sees the answer alone.
func (Live) LookAfter() error { return nil }

// ErrNotSandbox refuses to touch an org in which people work.
var ErrNotSandbox = errors.New("the org is not a sandbox")

// RequireSandbox asks a Salesforce org whether it is a sandbox. When it does
// not say so, it is none.
func RequireSandbox(ctx context.Context, client *http.Client, base, token string) error {
	address := strings.TrimSuffix(base, "/") + "/services/data/v60.0/query?" +
		url.Values{"q": {"SELECT Id, IsSandbox FROM Organization"}}.Encode()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return err
	}
	request.Header.Set("Authorization", "Bearer "+token)
	response, err := client.Do(request)
	if err != nil {
		return fmt.Errorf("ask the org whether it is a sandbox: %w", err)
	}
	defer func() { _ = response.Body.Close() }()
	var answer struct {
		Records []struct{ IsSandbox *bool }
	}
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("%w, as far as it says: it answers %s to a query for Organization.IsSandbox", ErrNotSandbox, response.Status)
	}
	err = json.NewDecoder(io.LimitReader(response.Body, 1<<20)).Decode(&answer)
	if err != nil || len(answer.Records) != 1 || answer.Records[0].IsSandbox == nil || !*answer.Records[0].IsSandbox {
		return fmt.Errorf("%w: Organization.IsSandbox is not true", ErrNotSandbox)
	}
	return nil
}
