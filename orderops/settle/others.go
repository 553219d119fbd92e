package settle

import (
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	"github.com/somsim/somsim/orderops"
	"github.com/somsim/somsim/orderops/worldlineclient"
)

// codeByOthers says that somebody else has given money of the payment back since the refund was decided on, and not exactly
// this money: what is still to be given back only a person can tell.
const codeByOthers = "refunded_by_others"

// byOthers are the refunds of a payment that neither order-ops nor order management has made, since a movement was decided
// on. Those of order-ops go by a key of ours; recorded are the operations that order management names.
func (s moneyStep) byOthers(p worldlineclient.Payment, recorded []string) []worldlineclient.Operation {
	from := min(s.Seen, len(p.Operations))
	if at := slices.IndexFunc(p.Operations, func(op worldlineclient.Operation) bool { return op.ID == s.Instead }); at >= 0 {
		from = at + 1 // made in the place of one that the provider took back
	}
	var others []worldlineclient.Operation
	for _, op := range p.Operations[from:] {
		if op.Refunded() && !isKey(op.Reference) && !slices.Contains(recorded, op.ID) {
			others = append(others, op)
		}
	}
	return others
}

// keyLength is how many hexadecimal digits the key of a movement has.
const keyLength = 40

// isKey says that a reference has the form of a key of ours.
func isKey(reference string) bool {
	_, err := hex.DecodeString(reference)
	return err == nil && len(reference) == keyLength
}

// foreseen ends an attempt at a refund that others have been quicker with. Where they gave back exactly what is owed, the
// refund is made. Otherwise making it would give back too much, and what is missing a person has to tell.
func (m moved) foreseen(others []worldlineclient.Operation) moved {
	if len(others) == 1 && others[0].Amount == m.step.Amount {
		m.operation, m.untold = others[0], true
		m.effect.State, m.effect.Code, m.effect.Reference = orderops.EffectDone, "", others[0].ID
		return m
	}
	var given int64
	var ids []string
	for _, op := range others {
		given, ids = given+op.Amount, append(ids, op.ID)
	}
	m = m.given(codeByOthers)
	money := func(amount int64) string {
		return orderops.FromMinorUnits(amount, m.step.Currency).String() + " " + m.step.Currency
	}
	m.note = fmt.Sprintf("%s: somebody gave back %s at the payment provider (%s), %s is owed; trying it again gives back nothing: "+
		"give back what is missing at the provider, and resolve this", codeByOthers, money(given), strings.Join(ids, ", "), money(m.step.Amount))
	return m
}
