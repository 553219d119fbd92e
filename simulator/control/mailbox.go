package control

import (
	"time"

	"github.com/somsim/somsim/simulator/binding"
	"github.com/somsim/somsim/simulator/sandbox"
)

// Mail is a message of B2C Commerce to a shopper, which nobody delivers.
type Mail struct {
	Kind      string    `json:"kind"`
	To        string    `json:"to"`
	Code      string    `json:"code"`
	About     string    `json:"about"`
	SentAt    time.Time `json:"sent_at"`
	ExpiresAt time.Time `json:"expires_at"`
}

// Mailbox holds what was mailed to shoppers.
type Mailbox interface {
	// Mails returns what was mailed to an address, to all when it is empty, newest first.
	Mails(tx *sandbox.Tx, to string) []Mail
}

type mailboxWire struct {
	Mails []Mail `json:"mails"`
}

// readMailbox lets a test read a shopper's mail.
func (a *API) readMailbox(_ *binding.Call, in struct {
	Name string `path:"name"`
	To   string `query:"to"`
},
) (mailboxWire, error) {
	w, err := a.world(in.Name)
	if err != nil {
		return mailboxWire{}, err
	}
	tx := w.Read()
	defer tx.Abort()
	return mailboxWire{Mails: append([]Mail{}, a.Mailbox.Mails(tx, in.To)...)}, nil
}
