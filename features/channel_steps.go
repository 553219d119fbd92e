package features

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
)

func (w *world) channelSteps() []step {
	return []step{
		{when, `^the shopper opens the order(?: (\d+) times)? ` + faceGroup + `$`, w.opensOrder},
	}
}

// organization is the shop's, as SLAS knows it.
const organization = "f_ecom_zzte_053"

// logInBySLAS gives the shopper a token of SLAS, for which the shop vouches.
func (s *shopper) logInBySLAS(ctx context.Context, name string) error {
	var out struct {
		Token string `json:"access_token"`
	}
	vouched := request{
		method: http.MethodPost, url: s.api + "/shopper/auth/v1/organizations/" + organization + "/oauth2/trusted-system/token",
		header: map[string]string{"Authorization": "Basic " + base64.StdEncoding.EncodeToString([]byte(clientID+"~"+s.sandbox+":"+wellKnown))},
		body: url.Values{
			"grant_type": {"client_credentials"}, "hint": {"ts_ext_on_behalf_of"}, "login_id": {name + mailDomain}, "idp_origin": {"ecom"},
			"channel_id": {s.site},
		},
	}
	if err := s.call(ctx, vouched, &out); err != nil {
		return fmt.Errorf("log in by SLAS: %w", err)
	}
	s.name, s.token = name, "Bearer "+out.Token
	s.sessions = append(s.sessions, s.token)
	return nil
}

func (w *world) comesBySLAS(ctx context.Context) error {
	if err := w.shopper.logInBySLAS(ctx, w.shopper.name); err != nil {
		return err
	}
	return w.remember(ctx) // a visit of the shop
}

// webApp speaks as the app does, with a session of SLAS.
const webApp = "web app"

// enter has the shopper come by a channel. Who uses the web app first gets a session there, which is a visit of the shop.
func (w *world) enter(ctx context.Context, where string) (channel, error) {
	if where != webApp {
		return channelOf(where), nil
	}
	if w.shopper.web {
		return app, nil
	}
	w.shopper.web = true
	return app, w.comesBySLAS(ctx)
}

// tampers changes the signature of the shopper's token.
func (w *world) tampers() error {
	parts := strings.Split(w.shopper.token, ".")
	if len(parts) != 3 {
		return errors.New("the token is none that one could tamper with")
	}
	// The last but one character: the last may hold bits that mean nothing.
	at := len(parts[2]) - 2
	changed := "A"
	if parts[2][at] == 'A' {
		changed = "B"
	}
	parts[2] = parts[2][:at] + changed + parts[2][at+1:]
	w.shopper.token = strings.Join(parts, ".")
	return nil
}

// opensOrder opens the page of the order, once or more often.
func (w *world) opensOrder(ctx context.Context, often, where string) error {
	by, err := w.enter(ctx, where)
	if err != nil {
		return err
	}
	if err := w.lookFromNow(ctx); err != nil {
		return err
	}
	for range countOf(often) {
		got := w.shopper.look(ctx, by, w.orderNo)
		w.answers = append(w.answers, got)
		if got.lost != nil {
			return got.lost
		}
	}
	return nil
}

// countOf is how often something is done: once if nothing is said of that.
func countOf(text string) int {
	if n, err := strconv.Atoi(text); err == nil {
		return n
	}
	return 1
}

// agentServes has somebody who works in order management act for the shopper, with their own session. They do not log in
// to the shop when they come back.
func (w *world) agentServes(context.Context) error {
	if err := w.env.reach.knows(""); err != nil {
		return err
	}
	if id, err := w.shopper.customerID(); err == nil { // a guest has none
		w.served = id
	}
	w.shopper.token, w.shopper.override, w.shopper.name, w.shopper.web = "Bearer "+w.office.token, "", "", false
	return nil
}

func (w *world) setsAside(_ context.Context, rule string) error {
	w.shopper.override = map[string]string{"cut-off": "cutoff", "return window": "return_by"}[rule]
	return nil
}

func (w *world) guest(action string, body map[string]string) request {
	path := w.env.orderOps + orderOpsPath + "/orders/" + url.PathEscape(w.orderNo) + action + "?site=" + url.QueryEscape(w.shopper.site)
	return request{http.MethodPost, path, w.shopper.header(), body}
}

// guestShows shows a code. What it opens the guest goes on with.
func (w *world) guestShows(ctx context.Context, code string) error {
	got, err := w.shopper.sendBy(ctx, app, w.guest("/access", map[string]string{"code": code}))
	if err != nil {
		return err
	}
	w.answers = append(w.answers, appAnswer(got))
	var access struct {
		Token string `json:"access_token"`
	}
	if got.status == http.StatusOK && json.Unmarshal(got.body, &access) == nil {
		w.shopper.token = "Bearer " + access.Token
	}
	return w.remember(ctx)
}
