package service

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"time"
)

// shutdownTimeout is how long a stopping service waits for requests and workflows.
const shutdownTimeout = 10 * time.Second

// Run serves a service until ctx ends. The addresses it listens on are the first thing it prints: `orderops=http://…` and,
// when operators have a listener, `operator=http://…`. It ends with command.ErrInstanceLost when another process has taken
// the instance's name.
func Run(ctx context.Context, cfg Config, stdout io.Writer) error {
	svc, err := New(cfg)
	if err != nil {
		return err
	}
	listeners, err := svc.listen(ctx)
	if err != nil {
		return errors.Join(err, closeAll(listeners), svc.Close(ctx))
	}
	self := cfg.Advertise
	if self == "" {
		self = listeners[0].url()
	}
	svc.Start(self) // whoever reads the addresses may move time at once: the simulator has to know by then whom to tick
	if err := printAddresses(stdout, listeners); err != nil {
		return errors.Join(err, closeAll(listeners), svc.Close(ctx))
	}
	failed := make(chan error, len(listeners))
	for _, l := range listeners {
		go func() { failed <- l.server.Serve(l.Listener) }()
	}
	err = svc.until(ctx, failed)
	stopping, cancel := context.WithTimeout(context.WithoutCancel(ctx), shutdownTimeout)
	defer cancel()
	for _, l := range listeners {
		err = errors.Join(err, l.server.Shutdown(stopping))
	}
	return errors.Join(err, svc.Close(stopping))
}

// until waits for what ends the service: ctx, with nothing wrong, or a failure.
func (s *Service) until(ctx context.Context, failed <-chan error) error {
	for {
		select {
		case err := <-failed:
			return err
		case err := <-s.lost:
			return err
		case <-s.cfg.Reload:
			if err := s.switches.Reload(); err != nil {
				s.log.ErrorContext(ctx, "switches not read; what was in force stays in force", "error", err.Error())
				continue
			}
			s.log.InfoContext(ctx, "audit", "decision", "switches reloaded", "by", "signal", "version", s.switches.Status().Version)
		case <-ctx.Done():
			return nil
		}
	}
}

// listener is an address with what is served there.
type listener struct {
	net.Listener
	name   string
	server *http.Server
}

func (l listener) url() string { return "http://" + l.Addr().String() }

// listen opens the listeners; the faces' is the first.
func (s *Service) listen(ctx context.Context) ([]listener, error) {
	var list []listener
	for _, one := range []struct {
		name, address string
		handler       http.Handler
	}{{"orderops", s.cfg.Listen, s.handler}, {"operator", s.cfg.Operator, s.operators}} {
		if one.address == "" {
			continue
		}
		var config net.ListenConfig
		l, err := config.Listen(ctx, "tcp", one.address)
		if err != nil {
			return list, fmt.Errorf("listen for %s: %w", one.name, err)
		}
		list = append(list, listener{l, one.name, &http.Server{Handler: one.handler, ReadHeaderTimeout: 10 * time.Second}})
	}
	return list, nil
}

func printAddresses(stdout io.Writer, list []listener) error {
	for _, l := range list {
		if _, err := fmt.Fprintf(stdout, "%s=%s\n", l.name, l.url()); err != nil {
			return fmt.Errorf("print address: %w", err)
		}
	}
	return nil
}

func closeAll(list []listener) error {
	var err error
	for _, l := range list {
		err = errors.Join(err, l.Close())
	}
	return err
}
