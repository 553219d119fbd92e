package features

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"
)

func (w *world) newWish(channel string) {
	w.wishes++
	w.wish = wish{channel: channelOf(channel), orderNo: w.orderNo, key: w.env.keys + fmt.Sprintf("tap-%d", w.wishes)}
}

func channelOf(word string) channel { return channel(word) }

// repeatCancel asks for the same wish under the same key and waits until it is over.
func (w *world) repeatCancel(ctx context.Context) error {
	got := w.untilOver(ctx, w.wish, w.shopper.cancel(ctx, w.wish))
	w.answers = append(w.answers, got)
	return got.lost
}

// repeatOnce asks for the same wish under the same key. While something is held up, it takes what is answered, be it that the
// wish is not over yet.
func (w *world) repeatOnce(ctx context.Context) error {
	held, err := w.armed(ctx, holdUp)
	if err != nil {
		return err
	}
	if len(held) == 0 {
		return w.repeatCancel(ctx)
	}
	got := w.shopper.cancel(ctx, w.wish)
	w.answers = append(w.answers, got)
	return got.lost
}

// untilOver asks again about a wish, as clients do, as long as order-ops says that it is still under way.
func (w *world) untilOver(ctx context.Context, wanted wish, got answer) answer {
	return w.untilSettled(ctx, got, func(ctx context.Context) answer { return w.shopper.cancel(ctx, wanted) })
}

// running is the state of what somebody is at work on; what is open otherwise waits for a later attempt. released is that of
// what was refused for a passing reason.
const (
	running  = "running"
	released = "released"
)

// untilSettled asks again while something is under way: how long that takes depends on the machine. Each time order-ops waits
// for it a while. Whose log-in ends meanwhile keeps the answer that they had. What was refused for a passing reason would be
// tried anew by asking again: an order-ops that can be asked is asked for the operation itself until it is over.
func (w *world) untilSettled(ctx context.Context, got answer, again func(ctx context.Context) answer) answer {
	patient, cancel := context.WithTimeout(ctx, w.env.patience)
	defer cancel()
	for patient.Err() == nil && got.lost == nil && got.code == codeInProgress && got.state == running {
		if came := w.whatCame(patient, got.operationID); came.state == released {
			return came
		}
		next := again(ctx)
		if next.status == http.StatusUnauthorized {
			break
		}
		got = next
	}
	return got
}

// lookEvery is how long a client waits between two looks at an operation.
const lookEvery = 20 * time.Millisecond

// whatCame waits until an operation is not at work any more, if there is an address to look it up.
func (w *world) whatCame(ctx context.Context, operationID string) answer {
	if operationID == "" || !w.env.reach.speaks(app) {
		return answer{}
	}
	for {
		came := w.shopper.follow(ctx, operationID)
		if came.lost != nil || came.state != running {
			return came
		}
		pause, cancel := context.WithTimeout(ctx, lookEvery)
		<-pause.Done()
		cancel()
	}
}

// ask sends the wish without waiting for the answer. One that this order-ops cannot be asked is not sent: what would follow
// from it would be waited for in vain.
func (w *world) ask(ctx context.Context) error {
	if err := w.env.reach.fits(w.wish.channel); err != nil {
		return err
	}
	ctx, hangUp := context.WithCancel(ctx)
	a := attempt{w.wish, make(chan answer, 1), hangUp}
	go func() { a.answer <- w.shopper.cancel(ctx, a.wish) }()
	w.underWay = append(w.underWay, a)
	return nil
}

// tapAgainMeanwhile asks a second time and goes on when order-ops has taken the request in: before it does anything for
// a shopper, it has the shop confirm that the order is theirs.
func (w *world) tapAgainMeanwhile(ctx context.Context) error {
	before, err := w.control.journal(ctx, 0)
	if err != nil {
		return err
	}
	if err := w.ask(ctx); err != nil {
		return err
	}
	return w.control.await(ctx, occasion{System: readShopOrder.system(), Operation: readShopOrder.name()}, len(before.of(readShopOrder))+1)
}

// loseConnection hangs up; the answers of what is under way never arrive.
func (w *world) loseConnection(ctx context.Context) error {
	for _, a := range w.underWay {
		a.hangUp()
	}
	if err := w.gather(ctx); err != nil {
		return err
	}
	if got, err := w.latest(); err != nil || got.lost == nil {
		return errors.Join(err, fmt.Errorf("the answer was there before the connection was lost: %s", got))
	}
	return nil
}
