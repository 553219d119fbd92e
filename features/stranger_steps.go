package features

import (
	"context"
	"errors"
	"fmt"
	"strings"
)

func (w *world) strangerSteps() []step {
	return []step{
		{when, `^(another shopper|a guest|somebody who is not logged in) (looks at|tries to cancel|asks about returning) that order in the (storefront|app)$`, w.strangerTries},
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
	var err error
	switch who {
	case "another shopper":
		err = stranger.logIn(ctx, "shopper-5")
	case "a guest":
		err = stranger.visit(ctx)
	}
	if err = errors.Join(err, w.remember(ctx)); err != nil { // a guest is a new customer of the shop
		return err
	}
	w.shopper = stranger
	w.newWish(channel)
	wanted := w.wish
	w.try = func(ctx context.Context, orderNo string) answer {
		switch what {
		case "looks at":
			return stranger.look(ctx, wanted.channel, orderNo)
		case "asks about returning":
			return stranger.askAboutReturns(ctx, orderNo)
		}
		wanted.orderNo = orderNo
		return stranger.cancel(ctx, wanted)
	}
	return w.tryAt(ctx, w.orderNo)
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
