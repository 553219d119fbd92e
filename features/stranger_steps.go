package features

import (
	"context"
	"errors"
	"fmt"
	"strings"
)

func (w *world) strangerSteps() []step {
	return []step{
		{when, `^` + oneOf("stranger", strangers()) + ` ` + oneOf("attempt", attempts()) + ` that order in the (storefront|app)$`, w.strangerTries},
		{when, `^the same with an order number that does not exist$`, w.strangerGuesses},
		{then, `^both answers are the same but for the number$`, w.sameAnswers},
	}
}

// noOrder is a number that no order of the preset has, of the same form as theirs.
const noOrder = "00009999"

// strangerTries lets somebody whose order it is not have a try at it.
func (w *world) strangerTries(ctx context.Context, who, what, channel string) error {
	stranger := newShopper(w.env, w.shopper.sandbox)
	stranger.site = w.shopper.site
	if where := channelOf(channel); what == "asks about returning" && where != app {
		return errors.New("only the app tells about returning")
	}
	err := strangers()[who](ctx, stranger)
	if err = errors.Join(err, w.remember(ctx)); err != nil { // a guest is a new customer of the shop
		return err
	}
	w.shopper = stranger
	w.newWish(channel)
	wanted := w.wish
	w.try = func(ctx context.Context, orderNo string) answer {
		wanted.orderNo = orderNo
		return attempts()[what](ctx, stranger, wanted)
	}
	return w.tryAt(ctx, w.orderNo)
}

// strangers are who somebody can be whose order it is not, and how they come.
func strangers() map[string]func(context.Context, *shopper) error {
	const other = "shopper-5"
	return map[string]func(context.Context, *shopper) error{
		"another shopper":                      func(ctx context.Context, s *shopper) error { return s.logIn(ctx, other) },
		"another shopper with a token of SLAS": func(ctx context.Context, s *shopper) error { return s.logInBySLAS(ctx, other) },
		"a guest":                              func(ctx context.Context, s *shopper) error { return s.visit(ctx) },
		"somebody who is not logged in":        func(context.Context, *shopper) error { return nil },
	}
}

// attempts are what somebody can try with an order.
func attempts() map[string]func(context.Context, *shopper, wish) answer {
	return map[string]func(context.Context, *shopper, wish) answer{
		"looks at":             func(ctx context.Context, s *shopper, w wish) answer { return s.look(ctx, w.channel, w.orderNo) },
		"asks about returning": func(ctx context.Context, s *shopper, w wish) answer { return s.askAboutReturns(ctx, w.orderNo) },
		"tries to cancel":      func(ctx context.Context, s *shopper, w wish) answer { return s.cancel(ctx, w) },
		"tries to return": func(ctx context.Context, s *shopper, w wish) answer {
			w.returned = true
			return s.cancel(ctx, w)
		},
		"tries to modify": func(ctx context.Context, s *shopper, w wish) answer {
			return s.change(ctx, changeWish{channel: w.channel, orderNo: w.orderNo, action: "modify", key: w.key})
		},
	}
}

func (w *world) strangerGuesses(ctx context.Context) error { return w.tryAt(ctx, noOrder) }

// tryAt tries an order and keeps the answer without the number, which the caller knew already.
func (w *world) tryAt(ctx context.Context, orderNo string) error {
	got := w.try(ctx, orderNo)
	got.body = []byte(strings.ReplaceAll(string(got.body), orderNo, "(the number)"))
	w.answers = append(w.answers, got)
	return got.lost
}

func (w *world) sameAnswers(context.Context) error {
	if len(w.answers) != 2 {
		return fmt.Errorf("there are %d answers", len(w.answers))
	}
	first, second := w.answers[0], w.answers[1]
	if first.status != second.status || string(first.body) != string(second.body) {
		return fmt.Errorf("the answers tell the orders apart:\n%s\n%s", first, second)
	}
	return nil
}
