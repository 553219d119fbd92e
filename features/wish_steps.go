package features

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
)

// faceGroup is where shoppers ask order-ops, placeGroup where they can ask for a cancel or a return.
const (
	faceGroup  = `in the (storefront|app|web app)`
	placeGroup = `(in the storefront|in the app|in the web app|at the shop)`
)

// wishSteps are about what shoppers ask for: to cancel or to return something.
func (w *world) wishSteps() []step {
	return []step{
		{when, `^the shopper ` + oneOf("act", wishVerbs()) + ` ` + whatGroup() + ` ` + placeGroup +
			`(?: for the reason "([^"]+)")?( as far as that is possible)?(?: and expects (?:"([\d.]+)"|(what they were told)))?$`, w.asksFor},
		{when, `^the shopper asks ` + faceGroup + ` what (cancelling|returning) ` + whatGroup() +
			`(?: for the reason "([^"]+)")?( as far as that is possible)? would come to$`, w.asksWhatItComesTo},
		{when, `^the shopper agrees to that$`, w.agrees},
		{when, `^the shopper repeats the (cancel|return|modification|confirmation)$`, w.repeats},
		{when, `^the shopper taps again meanwhile$`, w.tapAgainMeanwhile},
		{when, `^the shopper loses the connection$`, w.loseConnection},
		{when, `^the shopper asks how (?:the cancel|the return|it) went( without waiting)?$`, w.asksHowItWent},
	}
}

// wishVerb is what somebody does about a part of an order.
type wishVerb struct{ returned, begins bool }

func wishVerbs() map[string]wishVerb {
	return map[string]wishVerb{
		"cancels": {}, "returns": {returned: true}, "begins to cancel": {begins: true}, "begins to return": {returned: true, begins: true},
	}
}

// prepare makes the wish that is said in words, of a shopper who comes to some place for it.
func (w *world) prepare(ctx context.Context, returned bool, wanted what, where, reason, possible string) error {
	items, err := w.wished(wanted.amounts)
	if err != nil {
		return err
	}
	by, err := w.enter(ctx, where)
	w.newWish(string(by))
	w.wish.items, w.wish.returned = items, returned
	w.wish.partial = wanted.partial || possible != ""
	w.wish.reason = strings.ReplaceAll(reason, " ", "_") // the code of a reason is its words with underscores between
	return err
}

// asksFor asks for a cancel or a return and waits until it is over; who only begins goes on as soon as something holds it up.
func (w *world) asksFor(ctx context.Context, verb, text, place, reason, possible, amount, told string) error {
	wanted, err := parseWhat(text)
	if err != nil {
		return err
	}
	expected, err := w.expectation(amount, told)
	if err != nil {
		return err
	}
	does := wishVerbs()[verb]
	rounds, err := w.rounds(&wanted, does)
	if err != nil {
		return err
	}
	for range rounds {
		if err := w.prepare(ctx, does.returned, wanted, placeOf(place), reason, possible); err != nil {
			return err
		}
		w.wish.expected = expected
		if does.begins {
			return w.beginToAsk(ctx)
		}
		if err := w.repeatCancel(ctx); err != nil {
			return err
		}
	}
	return nil
}

// beginToAsk asks and goes on as soon as something holds that up. What was never asked, nothing will.
func (w *world) beginToAsk(ctx context.Context) error {
	if err := w.ask(ctx); err != nil {
		return err
	}
	return w.awaitHold(ctx)
}

// rounds is how often somebody asks: once, but for units that are asked for one by one.
func (w *world) rounds(wanted *what, does wishVerb) (int64, error) {
	if wanted.oneByOne == "" {
		return 1, nil
	}
	if does.begins {
		return 0, errors.New("who asks for units one by one waits for each")
	}
	for _, l := range w.before.summary.products() {
		if l.ProductCode == wanted.oneByOne && l.Net.IsPositive() {
			wanted.amounts = []amount{{1, wanted.oneByOne}}
			return l.Net.IntPart(), nil
		}
	}
	return 0, fmt.Errorf("the order has no %s", wanted.oneByOne)
}

// placeOf is the name of the channel that one comes to a place by.
func placeOf(place string) string {
	_, name, _ := strings.Cut(place, " the ")
	return name
}

// expectation is the refund that a shopper agrees to: an amount, or the one that they were told last.
func (w *world) expectation(amount, told string) (string, error) {
	if told == "" {
		return amount, nil
	}
	got, err := w.latest()
	switch {
	case err != nil:
		return "", err
	case got.returned != nil, got.cancellation != nil:
		return got.refund().String(), nil
	case !got.refused.ActualRefund.IsZero():
		return got.refused.ActualRefund.String(), nil
	default:
		return "", fmt.Errorf("the shopper was told of no refund: %s", got)
	}
}

// agrees asks for the same once more, under another key, and expects what the shopper was told last.
func (w *world) agrees(ctx context.Context) error {
	expected, err := w.expectation("", "what they were told")
	if err != nil {
		return err
	}
	same := w.wish
	w.newWish(string(same.channel))
	same.key, same.expected = w.wish.key, expected
	w.wish = same
	return w.repeatCancel(ctx)
}

// asksWhatItComesTo asks what a wish would come to; in the app the answer is that alone.
func (w *world) asksWhatItComesTo(ctx context.Context, where, act, text, reason, possible string) error {
	wanted, err := parseWhat(text)
	if err == nil && wanted.oneByOne != "" {
		err = errors.New("nobody can ask what units one by one would come to")
	}
	if err != nil {
		return err
	}
	if err := w.prepare(ctx, act == "returning", wanted, where, reason, possible); err != nil {
		return err
	}
	got := w.shopper.preview(ctx, w.wish)
	if w.wish.channel != storefront && got.lost == nil && got.status == http.StatusOK {
		var into any
		if w.wish.returned {
			got.returned = &returned{}
			into = got.returned
		} else {
			got.cancellation = &cancellation{}
			into = got.cancellation
		}
		if err := json.Unmarshal(got.body, into); err != nil {
			return err
		}
	}
	w.answers = append(w.answers, got)
	return got.lost
}

// repeats asks for the same once more, under the same key.
func (w *world) repeats(ctx context.Context, act string) error {
	last := w.follow.change.action
	if act == "cancel" || act == "return" {
		if last, _ = w.wish.action(); w.wishes == 0 {
			last = ""
		}
	}
	if named := map[string]string{"cancel": "cancel", "return": "return", "modify": "modification", "confirm": "confirmation"}[last]; named != act {
		return fmt.Errorf("the shopper has asked for no %s last", act)
	}
	if act == "cancel" || act == "return" {
		return w.repeatOnce(ctx)
	}
	return w.repeatChange(ctx)
}

// asksHowItWent asks what has become of the last request of which that can be asked, and waits until it is over, or does not.
func (w *world) asksHowItWent(ctx context.Context, once string) error {
	for i := len(w.answers) - 1; i >= 0; i-- {
		if id := w.answers[i].operationID; id != "" {
			got := w.shopper.follow(ctx, id)
			if once == "" && got.code == codeInProgress {
				_ = w.untilOver(ctx, w.wish, got)
				got = w.shopper.follow(ctx, id)
			}
			w.answers = append(w.answers, got)
			return got.lost
		}
	}
	return errors.New("no answer has said where to ask")
}
