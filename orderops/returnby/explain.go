package returnby

import (
	"fmt"
	"strings"
	"time"
)

// Form is how instants are written for people: with milliseconds, since a day ends with its last.
const Form = "2006-01-02T15:04:05.000Z07:00"

// Explain says in sentences how a decision came about, in the order in which it did.
func (d Decision) Explain() []string {
	list := []string{d.chosen()}
	switch {
	case d.Why == NotReturnable:
		return append(list, d.Reason)
	case d.Anchor == "":
		list = append(list, "There is no last day.")
	case d.AnchorAt.IsZero():
		list = append(list, fmt.Sprintf("The days count from when it is %s, which has not happened.", d.Anchor))
	default:
		list = append(list, d.counted()...)
	}
	return append(list, d.verdict())
}

func (d Decision) chosen() string {
	text := fmt.Sprintf("Policy %s, version %d, applies", d.PolicyID, d.Version)
	if d.Settled {
		return text + ": it did when the order was first looked at."
	}
	return text + ": of those in force when the order was placed it is the most specific."
}

func (d Decision) counted() []string {
	anchor := fmt.Sprintf("It was %s at %s", d.Anchor, d.AnchorAt.In(d.Zone).Format(Form))
	if d.Provisional {
		anchor = fmt.Sprintf("Nobody has said when it was %s; it is taken to be %s", d.Anchor, d.AnchorAt.In(d.Zone).Format(Form))
	}
	list := []string{
		fmt.Sprintf("%s, by the calendar of %s.", anchor, d.Zone),
		fmt.Sprintf("%d calendar days after %s are %s.", d.Days, DayOf(d.AnchorAt, d.Zone), DayOf(d.AnchorAt, d.Zone).Add(d.Days)),
	}
	if d.Override != "" {
		list = append(list, fmt.Sprintf("Season %s prolongs that.", d.Override))
	}
	if d.Shifted {
		list = append(list, "The last day would not be a working day, so it is the next one that is.")
	}
	if d.Kept {
		list = append(list, "It would be earlier now, but the customer was told this date.")
	}
	list = append(list, fmt.Sprintf("The last instant is %s, which is %s.", d.By.Format(Form), d.By.UTC().Format(Form)))
	if grace := d.Until.Sub(d.By); grace > 0 {
		list = append(list, fmt.Sprintf("%s more are granted silently.", strings.TrimSuffix(grace.Round(time.Minute).String(), "0m0s")))
	}
	return list
}

func (d Decision) verdict() string {
	switch d.Why {
	case Open:
		return fmt.Sprintf("%s may be given back now.", d.Quantity)
	case WindowClosed:
		return "That has passed."
	case NothingToReturn:
		return "No unit was handed over that is not on its way back already."
	case NotReturnable:
		return d.Reason
	}
	return string(d.Why)
}
