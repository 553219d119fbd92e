package worldline

import (
	"slices"
	"time"

	"github.com/somsim/somsim/simulator/sandbox"
)

// answerLife is how long the answer to an idempotence key is kept.
const answerLife = 24 * time.Hour

// Answer is what was answered to a request with an idempotence key. Path and Key tell it within a merchant; the path is
// the operation's, without a sandbox prefix.
type Answer struct {
	MerchantID, Path, Key string
	At                    time.Time
	// Status is zero for the one that the operation answers with when all is well.
	Status int
	Body   []byte
}

func (a Answer) clone() Answer {
	a.Body = slices.Clone(a.Body)
	return a
}

func (a *Answer) key() string { return a.MerchantID + "\x01" + a.Path + "\x01" + a.Key }

// Recall returns the answer that was given to the key, if it was less than a day ago.
func (w *Worldline) Recall(tx *sandbox.Tx, merchantID, path, key string) (Answer, bool) {
	wanted := Answer{MerchantID: merchantID, Path: path, Key: key}
	a, ok := w.answers.Get(tx.Tx, wanted.key())
	if !ok || tx.Now().After(a.At.Add(answerLife)) {
		return Answer{}, false
	}
	return a, true
}

// Remember keeps an answer for a day and forgets those that are older.
func (w *Worldline) Remember(tx *sandbox.Tx, a Answer) {
	for _, old := range w.answers.Range(tx.Tx, "at", "", sortable(tx.Now().Add(-answerLife)), 0) {
		w.answers.Delete(tx.Tx, old.key())
	}
	a.At = tx.Now()
	w.answers.Put(tx.Tx, a)
}
