package preset

import (
	"fmt"
	"strconv"

	"github.com/somsim/somsim/simulator/cdc"
)

// identity is the UID of a shopper in Customer Data Cloud, by which commerce knows the shopper too.
func identity(n int) string { return fmt.Sprintf("c0ffee%026d", n) }

// account makes the account of a shopper in Customer Data Cloud, with the login and password of commerce.
func (s *shop) account(n int, p shopper) error {
	site := cdc.Site{APIKey: cdc.DefaultAPIKey, UserKey: cdc.DefaultUserKey, Secret: cdc.DefaultSecret}
	s.CDC.AddSite(s.tx, site)
	acc, err := s.CDC.AddAccount(s.tx, cdc.NewAccount{
		UID: identity(n), Email: login(n), Password: "somsim",
		Profile: cdc.Document{"firstName": strconv.Quote(p.first), "lastName": strconv.Quote(p.last)},
		Data:    cdc.Document{"customerNo": strconv.Quote(p.number)},
	})
	if err != nil {
		return err
	}
	verified := true
	if acc, err = s.CDC.ChangeAccount(s.tx, acc.UID, cdc.Change{Verified: &verified, Server: true}); err != nil {
		return err
	}
	return s.CDC.Complete(s.tx, acc.UID)
}
