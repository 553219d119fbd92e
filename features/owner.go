package features

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
)

// ownedBySOM is the owner of money in whose stead order-ops asks order management to move it.
const ownedBySOM = "som"

// noteOfMoney is what order-ops tells order management of money that it moved itself. Where order management moves it,
// there is nothing to tell but what the provider did by itself: sentences about effects leave it open then.
const noteOfMoney = "note of the money in order management: "

// backgroundTime is what order management takes at the most to carry out what it was asked for.
const backgroundTime = time.Minute

// releasing and refunding are what order-ops calls to give money back.
func (w *world) releasing() operation {
	if w.env.bySOM {
		return reverseMoney
	}
	return releaseMoney
}

func (w *world) refunding() operation {
	if w.env.bySOM {
		return ensureRefunds
	}
	return refundMoney
}

// giveTime lets order management carry out what it was asked for, where it owns the money.
func (w *world) giveTime(ctx context.Context) error {
	if !w.env.bySOM {
		return nil
	}
	return w.letPass(ctx, backgroundTime)
}

// withoutNotes takes the notes of money out of lines of effects, where order management owns it.
func (w *world) withoutNotes(lines []string) []string {
	if !w.env.bySOM {
		return lines
	}
	return slices.DeleteFunc(slices.Clone(lines), func(line string) bool { return strings.HasPrefix(line, noteOfMoney) })
}

// leftToSOM makes sure that order-ops moves no money at the provider where that is order management's, and asks order
// management for none where it moves it itself. What the retailer does there by himself is not counted.
func (w *world) leftToSOM(happened journal) error {
	foreign := []operation{reverseMoney, ensureRefunds}
	if w.env.bySOM {
		foreign = []operation{releaseMoney, refundMoney}
	}
	calls := 0
	for _, op := range foreign {
		calls += len(happened.of(op))
	}
	if calls > w.retailersMoves {
		return fmt.Errorf("money was moved %d times by %v, %d times by the retailer: it is somebody else's to move", calls, foreign, w.retailersMoves)
	}
	return nil
}
