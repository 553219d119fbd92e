package modify

import (
	"context"

	"github.com/somsim/somsim/orderops"
	"github.com/somsim/somsim/orderops/b2cclient"
	"github.com/somsim/somsim/orderops/command"
)

// preview says what a modification would come to: what can be bought again and what not, and what it costs. Nothing of it
// stays.
func (j *job) preview() (orderops.Modification, error) {
	before, err := Find(j.run, j.Commands, j.row)
	if err != nil {
		return orderops.Modification{}, err
	}
	if before.State == command.Editing {
		if err := j.again(before); err != nil {
			return orderops.Modification{}, err
		}
		return *j.answer, nil
	}
	if err := j.eligible(); err != nil {
		return orderops.Modification{}, err
	}
	if err := j.existing(); err != nil {
		return orderops.Modification{}, err
	}
	out, err := j.planned("b2c.compose")
	if err != nil {
		return orderops.Modification{}, err
	}
	if j.made = out; len(out.Short) > 0 {
		if err := j.withOwn(); err != nil {
			return orderops.Modification{}, err
		}
	}
	if refusal := j.made.refusal(); refusal != nil {
		return orderops.Modification{}, refusal
	}
	for _, step := range []func() error{j.price, j.expected} {
		if err := step(); err != nil {
			return orderops.Modification{}, err
		}
	}
	m := j.describe()
	m.Effects, m.Redirect = []orderops.Effect{}, nil
	for _, b := range j.bookings {
		m.Slots = append(m.Slots, keptSlot(b).KeptSlot)
	}
	return *m, nil
}

// planned is what would go into the basket.
func (j *job) planned(step string) (made, error) {
	out, err := command.Call(j.run, step, func(ctx context.Context) (made, error) {
		plan, err := j.compose(ctx)
		m := plan.made(b2cclient.Basket{})
		if short := plan.short(); j.Stock != nil && !j.looked {
			m.Short = short
		}
		return m, err
	})
	if err == nil && out.Failure != nil {
		err = refuseFor(out.Failure)
	}
	return out.Value, err
}

// withOwn counts what the order could give up as available.
func (j *job) withOwn() error {
	own, err := j.givable()
	if err != nil || len(own) == 0 {
		return err
	}
	j.own = own
	j.made, err = j.planned("b2c.composeWithOwn")
	return err
}
