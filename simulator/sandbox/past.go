package sandbox

import (
	"github.com/somsim/somsim/simulator/journal"
	"github.com/somsim/somsim/simulator/store"
)

// past are the states of a sandbox after its latest exchanges that changed something, the oldest first. They cost what has
// changed since, so that a sandbox keeps them only when it was made to.
type past struct {
	most  int
	kept  []moment
	ended bool
}

// moment is a sandbox as it was right after an exchange, or as it began.
type moment struct {
	seq int64
	db  *store.DB
}

// begin keeps the first of them, that before any exchange.
func (p *past) begin(most int, db *store.DB) {
	if p.most = most; most > 0 {
		p.kept = []moment{{0, db.Fork()}}
	}
}

// keep adds the present, after an exchange; the caller holds the world's lock.
func (p *past) keep(e *journal.Entry, db *store.DB) {
	if p.most == 0 || p.ended || !e.Altered() {
		return
	}
	if len(p.kept) == p.most {
		p.kept[0].db.Close()
		p.kept = p.kept[1:]
	}
	p.kept = append(p.kept, moment{e.Seq, db.Fork()})
}

// forget gives up everything; the caller holds the world's lock.
func (p *past) forget() {
	p.ended = true
	for _, m := range p.kept {
		m.db.Close()
	}
	p.kept = nil
}

// Backward shows the sandbox as it was after each of its latest exchanges that changed something, the latest first and in
// the end as it was made (number 0), until see returns false. A sandbox that keeps nothing shows nothing. What another exchange committed in the same moment is seen
// with whichever of the two closed first.
func (w *World) Backward(see func(seq int64, tx *Tx) bool) {
	w.mu.Lock()
	moments := append([]moment{}, w.past.kept...)
	w.mu.Unlock()
	for i := len(moments) - 1; i >= 0; i-- {
		tx := newWorld(w.worlds, w.name, moments[i].db).Read()
		more := see(moments[i].seq, tx)
		tx.Abort()
		if !more {
			return
		}
	}
}
