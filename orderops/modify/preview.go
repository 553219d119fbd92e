package modify

import (
	"context"

	"github.com/somsim/somsim/orderops"
	"github.com/somsim/somsim/orderops/b2cclient"
	"github.com/somsim/somsim/orderops/command"
)

// preview says what a modification would come to: what can be bought again and what not. Only the basket knows what that
// costs today, so there is no total, and nothing is made.
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
	out, err := command.Call(j.run, "b2c.compose", func(ctx context.Context) (made, error) {
		plan, err := j.compose(ctx)
		return plan.made(b2cclient.Basket{}), err
	})
	if err != nil {
		return orderops.Modification{}, err
	}
	if out.Failure != nil {
		return orderops.Modification{}, refuseFor(out.Failure)
	}
	j.made = out.Value
	if refusal := j.made.refusal(); refusal != nil {
		return orderops.Modification{}, refusal
	}
	j.made.After = j.made.Before
	m := j.describe()
	m.Effects, m.Redirect = []orderops.Effect{}, nil
	for _, b := range j.bookings {
		m.Slots = append(m.Slots, keptSlot(b).KeptSlot)
	}
	return *m, nil
}
