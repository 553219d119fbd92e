package features

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"time"
)

// loginSteps are about how somebody comes: with which log-in, or as a guest.
func (w *world) loginSteps() []step {
	return []step{
		{when, `^the shopper (?:logs|has logged) in (?:as "([^"]+)"|` + oneOf("way", w.logins()) + `)$`, w.logsIn},
		{when, `^the shopper goes on (as the guest|in the first session)$`, w.goesOn},
		{when, `^the shopper's log-in ` + oneOf("fate", w.spoilers()) + `$`, w.spoilsLogin},
		{when, `^an agent serves the shopper$`, w.agentServes},
		{when, `^the (?:agent|shopper) sets the (cut-off|return window) aside$`, w.setsAside},
		{when, `^a guest (asks|tries to ask) for a code for the order$`, w.guestAsks},
		{when, `^the guest types in (the code from the mail|a wrong code)(?: (\d+) times)?$`, w.guestTypes},
	}
}

// logins are the ways to log in as who one is.
func (w *world) logins() map[string]func(context.Context) error {
	return map[string]func(context.Context) error{
		"again": w.comeBack, "by SLAS": w.comesBySLAS, "at the identity provider": w.logsInAtProvider, "at the storefront": w.logsInAtShop,
	}
}

// logsIn makes somebody who was a guest known, and keeps the guest's token; or it gives somebody who has a name another log-in.
func (w *world) logsIn(ctx context.Context, name, how string) error {
	if name == "" {
		return w.logins()[how](ctx)
	}
	w.guestToken = w.shopper.token
	return w.shopper.logIn(ctx, name)
}

func (w *world) logsInAtShop(ctx context.Context) error {
	return errors.Join(w.shopper.logIn(ctx, w.shopper.name), w.remember(ctx))
}

// goesOn has the shopper be again who they were, or where they were logged in first.
func (w *world) goesOn(_ context.Context, how string) error {
	switch {
	case how == "as the guest" && w.guestToken == "":
		return errors.New("the shopper was no guest")
	case how == "as the guest":
		w.shopper.name, w.shopper.token = "", w.guestToken
	case w.shopper.sessions == nil:
		return errors.New("the shopper had no session before")
	default:
		w.shopper.token = w.shopper.sessions[0]
	}
	return nil
}

// spoilers are what makes a log-in good for nothing any more.
func (w *world) spoilers() map[string]func(context.Context) error {
	return map[string]func(context.Context) error{
		"has expired": w.loginExpires, "was tampered with": func(context.Context) error { return w.tampers() },
		"is of an account that was switched off": w.switchesOff, "is of a registration that is not complete": w.registersHalf,
	}
}

func (w *world) spoilsLogin(ctx context.Context, how string) error { return w.spoilers()[how](ctx) }

// The times after which a log-in is over: that of the shop or of SLAS, and what the identity provider vouches for.
const (
	expiry         = 40 * time.Minute
	providerExpiry = 6 * time.Minute
)

// loginExpires lets the time of the shopper's log-in pass; only those who work in the systems log in again.
func (w *world) loginExpires(ctx context.Context) error {
	if w.vouched != "" && w.shopper.token == w.vouched {
		_, err := w.control.advance(ctx, providerExpiry)
		return err
	}
	if _, err := w.control.advance(ctx, expiry); err != nil {
		return err
	}
	w.shopper.lasting = ""
	return w.letIn(ctx)
}

// guestAsks asks for a code, with the address that the order was made with. Who only tries may be refused.
func (w *world) guestAsks(ctx context.Context, verb string) error {
	if w.guestMail == "" {
		w.guestMail = w.shopper.name + mailDomain
	}
	site := w.shopper.site
	w.shopper = newShopper(w.env, w.shopper.sandbox)
	w.shopper.site = site
	if err := w.shopper.reach.knows(w.shopper.token); err != nil {
		return err
	}
	code := w.guest("/access-code", map[string]string{"email": w.guestMail})
	if verb == "asks" {
		return w.shopper.callBy(ctx, app, code, nil)
	}
	got, err := w.shopper.sendBy(ctx, app, code)
	w.answers = append(w.answers, appAnswer(got))
	return err
}

// guestTypes shows a code some times, of which the answers are kept: that of the mail, or one that it is not.
func (w *world) guestTypes(ctx context.Context, which, often string) error {
	code := "000000"
	if which == "the code from the mail" {
		var err error
		if code, err = w.mailedCode(ctx); err != nil {
			return err
		}
	}
	if which == "a wrong code" {
		w.answers = nil
	}
	for range countOf(often) {
		if err := w.guestShows(ctx, code); err != nil {
			return err
		}
	}
	return nil
}

// mailedCode is the code in the last mail to the guest.
func (w *world) mailedCode(ctx context.Context) (string, error) {
	if w.guestMail == "" {
		return "", errors.New("no guest has asked for a code")
	}
	var box struct {
		Mails []struct {
			Code  string `json:"code"`
			About string `json:"about"`
		} `json:"mails"`
	}
	if err := w.control.call(ctx, w.control.own(http.MethodGet, "/b2c/mailbox?to="+url.QueryEscape(w.guestMail), nil), &box); err != nil {
		return "", err
	}
	if len(box.Mails) == 0 || box.Mails[0].About != w.orderNo {
		return "", fmt.Errorf("no code came: %+v", box.Mails)
	}
	return box.Mails[0].Code, nil
}
