package sandbox

import "time"

// Tally counts one thing of a kind in this hour of the sandbox's clock, unless the last hours, this one among them, have
// seen as many as there may be. It returns how many they have seen then, and whether it counted. It stands whatever
// becomes of the transaction, and may be done in a reading one. A clock that was set back counts on what was ahead.
func (tx *Tx) Tally(kind string, hours, most int) (int, bool) {
	return tx.world.db.Tally(kind, tx.hour()-int64(hours)+1, tx.hour(), most)
}

// Tallied returns how many things of a kind the last hours have seen.
func (tx *Tx) Tallied(kind string, hours int) int {
	return tx.world.db.Tallied(kind, tx.hour()-int64(hours)+1)
}

func (tx *Tx) hour() int64 { return tx.now.Unix() / int64(time.Hour/time.Second) }
