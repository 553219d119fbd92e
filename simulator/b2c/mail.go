package b2c

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/somsim/somsim/simulator/sandbox"
	"github.com/somsim/somsim/simulator/store"
)

// MailKind says what a mail is for.
type MailKind string

// The mails that commerce sends. A shop writes them itself, by a hook; what they say here is ours.
const (
	MailAccessCode    MailKind = "order_access_code"
	MailPasswordless  MailKind = "passwordless_login"
	MailOneTimeCode   MailKind = "one_time_password"
	MailPasswordReset MailKind = "password_reset"
)

// Mail is a message to a shopper. Nothing leaves the machine: it lies in the sandbox's mailbox, where tests read it.
type Mail struct {
	// Number orders the mails of a sandbox.
	Number uint64
	Kind   MailKind
	// To is an email address, a telephone number, or the address that a client has called back.
	To string
	// Code is what the shopper is to type in; About is the order or the login that it opens.
	Code, About string
	SentAt      time.Time
	ExpiresAt   time.Time
}

// mailroom holds the table of what was sent.
type mailroom struct{ mails store.Table[Mail] }

// Mails are rows that the journal does not show: they hold codes.
func declareMailroom(s *store.Schema) mailroom {
	return mailroom{mails: store.Add(s, store.Def[Mail]{
		Name: "b2c.Mail", Internal: true, Key: func(r *Mail) string { return fmt.Sprintf("%012d", r.Number) },
		Indexes: []store.Index[Mail]{{Name: "to", Values: func(r *Mail) []string { return []string{strings.ToLower(r.To)} }}},
	})}
}

func (b *B2C) send(tx *sandbox.Tx, m Mail) {
	m.Number, m.SentAt = tx.Next("b2c.Mail"), tx.Now()
	b.mails.Put(tx.Tx, m)
}

// Mailbox returns what was sent to an address, to all when it is empty, newest first.
func (b *B2C) Mailbox(tx *sandbox.Tx, to string) []Mail {
	found := b.mails.List(tx.Tx, "to", strings.ToLower(to))
	if to == "" {
		found = b.mails.Range(tx.Tx, "to", "", "", 0)
	}
	slices.SortFunc(found, func(x, y Mail) int { return cmp.Compare(y.Number, x.Number) })
	return found
}
