package simulator

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"

	"github.com/somsim/somsim/simulator/clock"
)

// Addresses are the base URLs of a running simulator, without a slash at the end. Secure is that of the simulated systems
// over TLS, empty without a certificate.
type Addresses struct{ API, Control, Secure string }

// Run listens on all addresses, calls ready with what they became, and serves until the context ends.
func (s *Simulator) Run(ctx context.Context, ready func(Addresses)) error {
	at, listeners, err := s.listen(ctx)
	if err != nil {
		return err
	}
	servers := []*http.Server{s.server(s.API), s.server(s.Control), s.server(s.API)}[:len(listeners)]
	ended := make(chan error, len(listeners))
	for i, listener := range listeners {
		go func() { ended <- servers[i].Serve(listener) }()
	}
	go clock.Every(ctx, time.Second, s.runDue)
	go clock.Every(ctx, deliverEvery, s.deliver)
	ready(at)
	select {
	case <-ctx.Done():
		err = nil
	case err = <-ended:
	}
	return errors.Join(err, shutdown(servers))
}

// listen opens the listeners of the simulated systems, of the control plane and, with a certificate, of the simulated systems
// over TLS.
func (s *Simulator) listen(ctx context.Context) (at Addresses, open []net.Listener, err error) {
	wanted := []struct {
		what, address, scheme string
		became                *string
	}{
		{"the simulated systems", s.config.APIAddress, "http://", &at.API},
		{"the control plane", s.config.ControlAddress, "http://", &at.Control},
		{"the simulated systems over TLS", s.config.TLSAddress, "https://", &at.Secure},
	}
	if s.config.Certificate == nil {
		wanted = wanted[:2]
	}
	var config net.ListenConfig
	for _, w := range wanted {
		listener, err := config.Listen(ctx, "tcp", w.address)
		if err != nil {
			problems := []error{fmt.Errorf("listen for %s: %w", w.what, err)}
			for _, other := range open {
				problems = append(problems, other.Close())
			}
			return Addresses{}, nil, errors.Join(problems...)
		}
		*w.became = w.scheme + listener.Addr().String()
		if w.scheme == "https://" {
			listener = tls.NewListener(listener, &tls.Config{
				Certificates: []tls.Certificate{*s.config.Certificate}, MinVersion: tls.VersionTLS12, NextProtos: []string{"http/1.1"},
			})
		}
		open = append(open, listener)
	}
	return at, open, nil
}
