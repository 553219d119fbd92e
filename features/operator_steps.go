package features

import (
	"context"
	"fmt"
	"net/http"
	"strings"

	"github.com/shopspring/decimal"
)

func (w *world) operatorSteps() []step {
	return []step{
		{when, `^the operators have it tried again$`, w.operatorsRetry},
		{then, `^the operators are asked to look after ` + oneOf("worry", worries()) + `(?:, for "([\d.]+)")?$`, w.operatorsAsked},
		{then, `^the operators are told to give back what is missing, and to resolve it$`, w.operatorsResolve},
	}
}

// retry has an effect tried again that was given up.
func (o *operators) retry(ctx context.Context, id int64) error {
	header := map[string]string{}
	if o.token != "" {
		header["Authorization"] = "Bearer " + o.token
	}
	path := fmt.Sprintf("%s/operator/v1/work-items/%d/retry", o.base, id)
	return o.call(ctx, request{http.MethodPost, path, header, map[string]string{"by": "scenario"}}, nil)
}

// theItem is the one thing of the scenario's order that waits for a person.
func (w *world) theItem(ctx context.Context) (workItem, error) {
	items, err := w.operators.open(ctx)
	if err != nil {
		return workItem{}, err
	}
	if len(items) != 1 || items[0].OrderNo != w.orderNo {
		return workItem{}, fmt.Errorf("what waits for a person is %+v", items)
	}
	return items[0], nil
}

// worries are what operators are asked to look after, by what their items are about.
func worries() map[string]string {
	all := map[string]string{"nothing": "", "two orders that live": ""}
	for _, name := range effectNames() {
		all["the "+name] = name
	}
	return all
}

// operatorsAsked makes sure that one thing waits for a person, that it is that one, and that it says how much it is about
// and what went wrong.
func (w *world) operatorsAsked(ctx context.Context, what, amount string) error {
	switch what {
	case "nothing":
		return w.operatorsIdle(ctx)
	case "two orders that live":
		return w.operatorsChoose(ctx)
	}
	if err := w.giveTime(ctx); err != nil {
		return err
	}
	item, err := w.theItem(ctx)
	if err != nil {
		return err
	}
	if item.about() != worries()[what] || item.Reason == "" {
		return fmt.Errorf("it is about the %s, %+v", item.about(), item)
	}
	if amount != "" && (item.Amount == nil || !item.Amount.Equal(decimal.RequireFromString(amount))) {
		return fmt.Errorf("the item says %v", item.Amount)
	}
	now, err := w.now(ctx)
	if err != nil {
		return err
	}
	if worth := w.before.summary.Grand.Sub(now.summary.Grand); item.system() == refundMoney.system() && (item.Amount == nil || !item.Amount.Equal(worth)) {
		return fmt.Errorf("%s were cancelled, the item says %v", worth, item.Amount)
	}
	return nil
}

// operatorsChoose is about an order that lives beside the one that was to take its place.
func (w *world) operatorsChoose(ctx context.Context) error {
	items, err := w.operators.open(ctx)
	if err != nil {
		return err
	}
	for _, i := range items {
		if i.OrderNo == w.orderNo && w.follow.newOrder != "" && strings.Contains(i.Reason, w.follow.newOrder) {
			return nil
		}
	}
	return fmt.Errorf("what waits for a person is %+v", items)
}

func (w *world) operatorsIdle(ctx context.Context) error {
	items, err := w.operators.open(ctx)
	if err == nil && len(items) > 0 {
		err = fmt.Errorf("what waits for a person is %+v", items)
	}
	return err
}

func (w *world) operatorsResolve(ctx context.Context) error {
	item, err := w.theItem(ctx)
	if err == nil && !strings.Contains(item.Reason, "give back what is missing at the provider, and resolve this") {
		err = fmt.Errorf("the operators are told %q", item.Reason)
	}
	return err
}

func (w *world) operatorsRetry(ctx context.Context) error {
	item, err := w.theItem(ctx)
	if err != nil {
		return err
	}
	return w.operators.retry(ctx, item.ID)
}
