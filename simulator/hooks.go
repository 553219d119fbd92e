package simulator

import (
	"fmt"
	"slices"

	"github.com/somsim/somsim/simulator/b2c"
	"github.com/somsim/somsim/simulator/b2c/ocapi"
)

// attachHooks attaches the hooks that the simulator is started with.
func (s *Simulator) attachHooks() error {
	s.courier.Questions("b2c", ocapi.ExtensionPoints())
	if len(s.config.Hooks) == 0 {
		return nil
	}
	hooks, err := ocapi.ParseHooks(s.config.Hooks)
	if err != nil {
		return err
	}
	s.attach(hooks)
	return nil
}

func (s *Simulator) attach(hooks b2c.Hooks) {
	for _, hook := range hooks.Hooks {
		s.courier.Trust(hook.URL)
	}
	s.commerce.AttachHooks(hooks)
}

// HookTarget is who takes calls at extension points of B2C Commerce's APIs.
type HookTarget struct {
	URL, Secret string
	// Points are the names of the extension points.
	Points []string
}

// AttachHooks has a target called at extension points in every sandbox that has no hooks of its own, behind those that the
// simulator was started with. A point that there is not is an [ErrHooks].
func (s *Simulator) AttachHooks(to HookTarget) error {
	hooks := b2c.Hooks{Timeout: ocapi.DefaultHookTimeout}
	if len(s.config.Hooks) > 0 {
		var err error
		if hooks, err = ocapi.ParseHooks(s.config.Hooks); err != nil {
			return err
		}
	}
	for _, point := range to.Points {
		if !slices.Contains(ocapi.ExtensionPoints(), point) {
			return fmt.Errorf("%w: there is no extension point %q", ErrHooks, point)
		}
		hooks.Hooks = append(hooks.Hooks, b2c.Hook{Name: point, URL: to.URL, Secret: to.Secret})
	}
	s.attach(hooks)
	return nil
}
