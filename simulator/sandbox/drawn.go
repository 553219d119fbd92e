package sandbox

// Drawn are numbers that a transaction has drawn by [Tx.Next], of each kind in order.
type Drawn map[string][]uint64

// redraw returns the next of the numbers that are to be drawn once more.
func (tx *Tx) redraw(kind string) (uint64, bool) {
	done := tx.redrawn[kind]
	if done >= len(tx.again[kind]) {
		return 0, false
	}
	if tx.redrawn == nil {
		tx.redrawn = map[string]int{}
	}
	tx.redrawn[kind] = done + 1
	return tx.again[kind][done], true
}

// Retract undoes all that a transaction has done and ends it. The numbers that it has drawn are spent, so that nobody else
// draws them, and returned: a transaction of [World.WriteAgain] draws them once more. So somebody may be told of what a
// transaction will have made before it is made.
func (tx *Tx) Retract() (Drawn, error) {
	defer tx.Abort()
	if !tx.Writable() {
		return tx.again, nil
	}
	spent, all := tx.spent()
	tx.RollbackTo(0)
	for _, c := range spent {
		tx.world.worlds.tables.counters.Put(tx.Tx, c)
	}
	return all, tx.Commit()
}

// spent compares the counters with those from before the transaction. It returns those that differ, and what was drawn all
// in all: what was drawn once more, or could have been, and then what was new.
func (tx *Tx) spent() (changed []counter, all Drawn) {
	counters := tx.world.worlds.tables.counters
	before := tx.world.db.Read()
	defer before.Abort()
	all = Drawn{}
	for kind, numbers := range tx.again {
		all[kind] = numbers[:len(numbers):len(numbers)]
	}
	for _, c := range counters.Range(tx.Tx, "", "", "", 0) {
		was, _ := counters.Get(before, c.Name)
		for n := was.Next + 1; n <= c.Next; n++ {
			all[c.Name] = append(all[c.Name], n)
		}
		if c.Next != was.Next {
			changed = append(changed, c)
		}
	}
	return changed, all
}

// WriteAgain is [World.Write] for what was begun by a transaction that was retracted: it draws the same numbers first.
func (w *World) WriteAgain(d Drawn) *Tx {
	tx := w.Write()
	tx.again = d
	return tx
}
