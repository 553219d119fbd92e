package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/spf13/cobra"
)

// operatorTimeout bounds one question to a running service. A retry makes its first attempt before it answers.
const operatorTimeout = 2 * time.Minute

// operatorClient asks the operators' face of a running service.
type operatorClient struct{ url, token string }

// addOperator gives a command the flag of the face's address. The token is a secret, so it has none.
func addOperator(cmd *cobra.Command) {
	cmd.Flags().String("operator-url", "http://127.0.0.1:8703", "operators' base URL of a running service (ORDEROPS_OPERATOR_URL); its token is in ORDEROPS_OPERATOR_TOKEN")
}

// addBy gives a command the flag that says who decides.
func addBy(cmd *cobra.Command, env lookup) {
	user, _ := env("USER")
	cmd.Flags().String("by", user, "who decides it, for the audit log")
}

func operatorOf(cmd *cobra.Command, env lookup) (operatorClient, error) {
	target, err := cmd.Flags().GetString("operator-url")
	if err != nil {
		return operatorClient{}, err
	}
	if fromEnv, ok := env("ORDEROPS_OPERATOR_URL"); ok && !cmd.Flags().Changed("operator-url") {
		target = fromEnv
	}
	if u, err := url.Parse(target); err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https") {
		return operatorClient{}, &usageError{fmt.Errorf("operator-url=%q: must be a base URL, http or https", target)}
	}
	token, _ := env("ORDEROPS_OPERATOR_TOKEN")
	return operatorClient{strings.TrimSuffix(target, "/"), token}, nil
}

// asked makes a command of a question to a running service.
func asked(env lookup, ask func(ctx context.Context, client operatorClient, args []string) error) func(*cobra.Command, []string) error {
	return func(cmd *cobra.Command, args []string) error {
		client, err := operatorOf(cmd, env)
		if err != nil {
			return err
		}
		return ask(cmd.Context(), client, args)
	}
}

// decision is the body of a request that changes something.
type decision struct {
	By   string `json:"by"`
	Note string `json:"note,omitempty"`
}

func decisionOf(cmd *cobra.Command) (decision, error) {
	by, err := cmd.Flags().GetString("by")
	if err != nil {
		return decision{}, err
	}
	if by == "" {
		return decision{}, &usageError{errors.New("--by is required: the audit log says who decided it")}
	}
	return decision{By: by}, nil
}

func (c operatorClient) get(ctx context.Context, path string, into any) error {
	return c.do(ctx, http.MethodGet, path, http.NoBody, into)
}

func (c operatorClient) post(ctx context.Context, path string, d decision, into any) error {
	body, err := json.Marshal(d)
	if err != nil {
		return err
	}
	return c.do(ctx, http.MethodPost, path, bytes.NewReader(body), into)
}

func (c operatorClient) do(ctx context.Context, method, path string, body io.Reader, into any) error {
	ctx, cancel := context.WithTimeout(ctx, operatorTimeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, method, c.url+"/operator/v1"+path, body)
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/json")
	if c.token != "" {
		req.Header.Set("Authorization", "Bearer "+c.token)
	}
	res, err := (&http.Client{}).Do(req)
	if err != nil {
		return fmt.Errorf("ask %s: %w", c.url, err)
	}
	defer func() { _ = res.Body.Close() }()
	raw, err := io.ReadAll(io.LimitReader(res.Body, 16<<20))
	if err != nil {
		return fmt.Errorf("ask %s: %w", c.url, err)
	}
	if res.StatusCode != http.StatusOK {
		var problem struct{ Code, Detail string }
		if json.Unmarshal(raw, &problem) != nil || problem.Code == "" {
			return fmt.Errorf("%s answered %s: is it the operators' address?", c.url, res.Status)
		}
		return fmt.Errorf("%s: %s", problem.Code, problem.Detail)
	}
	if err := json.Unmarshal(raw, into); err != nil {
		return fmt.Errorf("%s answered what is no JSON: %w", c.url, err)
	}
	return nil
}
