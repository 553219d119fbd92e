package features

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"
)

func (w *world) channelSteps() []step {
	return []step{
		{given, `^the shopper comes with a token of SLAS$`, w.comesBySLAS},
		{when, `^the shopper logs in anew by SLAS$`, w.comesBySLAS},
		{when, `^another shopper with a token of SLAS (looks at|tries to cancel) that order in the (storefront|app)$`, w.webStrangerTries},
		{when, `^the shopper comes with a token of (SLAS|OCAPI) that (has expired|somebody has tampered)$`, w.comesWithSpoiled},
		{when, `^the shopper opens the order in the (storefront|app)$`, w.looks},
		{when, `^the shopper opens the order (\d+) times in the (storefront|app)$`, w.looksOften},
		{when, `^an agent serves the shopper$`, w.agentServes},
		{when, `^a guest tries to ask for a code for the order$`, w.guestTries},
		{when, `^the (?:agent|shopper) sets the (cut-off|return window) aside$`, w.setsAside},
		{when, `^a guest asks for a code for the order$`, w.guestAsks},
		{when, `^the guest types in the code from the mail$`, w.guestTypes},
		{when, `^the guest types in a wrong code (\d+) times$`, w.guestGuesses},
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

func (w *world) webStrangerTries(ctx context.Context, what, channel string) error {
	if err := w.strangerTries(ctx, "another shopper", what, channel); err != nil {
		return err
	}
	w.answers = nil
	if err := errors.Join(w.shopper.logInBySLAS(ctx, "shopper-5"), w.remember(ctx)); err != nil {
		return err
	}
	return w.tryAt(ctx, w.orderNo)
}

// comesWithSpoiled gives the shopper a token that is good for nothing any more.
func (w *world) comesWithSpoiled(ctx context.Context, kind, how string) error {
	if kind == "SLAS" {
		if err := w.shopper.logInBySLAS(ctx, w.shopper.name); err != nil {
			return err
		}
	}
	if how == "has expired" {
		_, err := w.control.advance(ctx, 31*time.Minute)
		return err
	}
	return w.tampers()
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

func (w *world) looks(ctx context.Context, where string) error {
	got := w.shopper.look(ctx, channelOf(where), w.orderNo)
	w.answers = append(w.answers, got)
	return got.lost
}

func (w *world) looksOften(ctx context.Context, times int, where string) error {
	for range times {
		if err := w.looks(ctx, where); err != nil {
			return err
		}
	}
	return nil
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

// guestAsks asks for a code, with the address that the order was made with.
func (w *world) guestAsks(ctx context.Context) error {
	if w.guestMail == "" {
		w.guestMail = w.shopper.name + mailDomain
	}
	w.shopper = newShopper(w.env, w.shopper.sandbox)
	if err := w.shopper.reach.knows(w.shopper.token); err != nil {
		return err
	}
	return w.shopper.callBy(ctx, app, w.guest("/access-code", map[string]string{"email": w.guestMail}), nil)
}

// guestTries asks for a code as guestAsks does, and may be refused.
func (w *world) guestTries(ctx context.Context) error {
	w.guestMail = w.shopper.name + mailDomain
	w.shopper = newShopper(w.env, w.shopper.sandbox)
	if err := w.shopper.reach.knows(w.shopper.token); err != nil {
		return err
	}
	got, err := w.shopper.sendBy(ctx, app, w.guest("/access-code", map[string]string{"email": w.guestMail}))
	w.answers = append(w.answers, appAnswer(got))
	return err
}

func (w *world) guest(action string, body map[string]string) request {
	path := w.env.orderOps + orderOpsPath + "/orders/" + url.PathEscape(w.orderNo) + action
	return request{http.MethodPost, path, w.shopper.header(), body}
}

// guestTypes reads the mail and shows its code.
func (w *world) guestTypes(ctx context.Context) error {
	var box struct {
		Mails []struct {
			Code  string `json:"code"`
			About string `json:"about"`
		} `json:"mails"`
	}
	if err := w.control.call(ctx, w.control.own(http.MethodGet, "/b2c/mailbox?to="+url.QueryEscape(w.guestMail), nil), &box); err != nil {
		return err
	}
	if len(box.Mails) == 0 || box.Mails[0].About != w.orderNo {
		return fmt.Errorf("no code came: %+v", box.Mails)
	}
	return w.guestShows(ctx, box.Mails[0].Code)
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

func (w *world) guestGuesses(ctx context.Context, times int) error {
	w.answers = nil
	for range times {
		if err := w.guestShows(ctx, "000000"); err != nil {
			return err
		}
	}
	return nil
}
