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
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/somsim/somsim/contracts/assumptions"
	"github.com/somsim/somsim/contracts/drift"
	"github.com/somsim/somsim/contracts/replay"
	"github.com/somsim/somsim/internal/settings"
	"github.com/somsim/somsim/simulator/clock"
)

func assumptionsCommand() *cobra.Command {
	set := settings.Set{Prefix: contractsPrefix, List: []settings.Setting{
		{Name: "url", Usage: "base URL of a sandbox org; a simulator is started when left out", Check: baseURL},
		{Name: "token", Secret: true, Usage: "bearer token for it"},
		{Name: "site", Fallback: "RefArch", Usage: "site of B2C Commerce", Check: anything},
		{Name: "client", Fallback: "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", Usage: "client id of B2C Commerce", Check: anything},
		{Name: "organization", Fallback: "f_ecom_zzte_053", Usage: "organization id of B2C Commerce", Check: anything},
		{Name: "apikey", Fallback: "somsim", Usage: "apiKey of a site of Customer Data Cloud", Check: anything},
		{Name: "inventory", Secret: true, Usage: "bearer token of headless inventory"},
		{Name: "out", Fallback: ".", Usage: "folder for the dated report", Check: folder},
	}}
	cmd := &cobra.Command{
		Use:   "assumptions",
		Short: "Check what is believed about Salesforce and B2C Commerce, and keep what was seen",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			values, err := resolve(cmd, set)
			if err != nil {
				return err
			}
			return checkAssumptions(cmd.Context(), cmd.OutOrStdout(), values, flagged(cmd, "allow-writes"))
		},
	}
	addSettings(cmd, set)
	cmd.Flags().Bool("allow-writes", false, "run checks that change something, too")
	return cmd
}

func checkAssumptions(ctx context.Context, out io.Writer, v settings.Values, writes bool) error {
	checks, err := assumptions.All()
	if err != nil {
		return failed(err)
	}
	runner := assumptions.Runner{
		URL: v["url"], Token: v["token"], Writes: writes, Client: replay.Client(),
		Values: map[string]string{"site": v["site"], "client": v["client"], "organization": v["organization"], "apikey": v["apikey"], "inventory": v["inventory"]},
	}
	if runner.URL == "" {
		work := &gateWork{}
		defer func() { work.close() }()
		at, err := work.world(ctx)
		if err != nil {
			return err
		}
		runner.URL, runner.Values["inventory"] = at.API, "somsim"
		if runner.Token, err = simulatedToken(ctx, runner.Client, at.API); err != nil {
			return failed(err)
		}
	} else if err := drift.RequireSandbox(ctx, runner.Client, runner.URL, runner.Token); err != nil {
		return failed(err)
	}
	var results []assumptions.Result
	otherwise := 0
	for _, c := range checks {
		r := runner.Run(ctx, c)
		if r.Verdict == assumptions.Otherwise {
			otherwise++
		}
		results = append(results, r)
		if _, err := fmt.Fprintf(out, "%-8s %-12s %s\n", c.ID, r.Verdict, c.Belief); err != nil {
			return failed(err)
		}
	}
	if err := keepReport(out, v["out"], runner.URL, results); err != nil {
		return failed(err)
	}
	if otherwise > 0 {
		return failed(fmt.Errorf("%d of %d beliefs are wrong here", otherwise, len(results)))
	}
	return nil
}

// keepReport writes the dated file; an older one of the day is replaced.
func keepReport(out io.Writer, into, where string, results []assumptions.Result) error {
	now := clock.Real{}.Now().UTC()
	var page bytes.Buffer
	if err := assumptions.Report(&page, where, now, results); err != nil {
		return err
	}
	file := filepath.Join(into, "assumptions-"+now.Format("2006-01-02")+".md")
	if err := os.WriteFile(file, page.Bytes(), 0o600); err != nil {
		return err
	}
	_, err := fmt.Fprintf(out, "\nkept in %s\n", file)
	return err
}

// simulatedToken logs in to a simulator with what everybody knows.
func simulatedToken(ctx context.Context, client *http.Client, api string) (string, error) {
	form := url.Values{"grant_type": {"client_credentials"}, "client_id": {"somsim"}, "client_secret": {"somsim"}}
	var answer struct {
		AccessToken string `json:"access_token"`
	}
	if err := postForm(ctx, client, api+"/services/oauth2/token", form, &answer); err != nil {
		return "", err
	}
	if answer.AccessToken == "" {
		return "", errors.New("the simulator gives no token")
	}
	return answer.AccessToken, nil
}

func postForm(ctx context.Context, client *http.Client, address string, form url.Values, into any) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, address, bytes.NewBufferString(form.Encode()))
	if err != nil {
		return err
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	response, err := client.Do(request)
	if err != nil {
		return err
	}
	defer func() { _ = response.Body.Close() }()
	return json.NewDecoder(response.Body).Decode(into)
}
