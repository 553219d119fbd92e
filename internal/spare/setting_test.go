package spare

import (
	"runtime"
	"runtime/debug"
	"testing"
)

// growth reads the setting in force; the runtime tells it only when it is set.
func growth() int {
	is := debug.SetGCPercent(100)
	debug.SetGCPercent(is)
	return is
}

// It is not parallel: the setting is the whole process's.
func TestHeapAdaptsToWhatLivesAndLeavesTheEnvironmentItsWord(t *testing.T) {
	was := growth()
	stop := Heap(func(string) (string, bool) { return "70", true })
	stop()
	if is := growth(); is != was {
		t.Errorf("with GOGC said, the growth went from %d to %d", was, is)
	}
	stop = Heap(func(string) (string, bool) { return "", false })
	if is := growth(); is != most {
		t.Errorf("at first the heap grows by %d %%, want %d", is, most)
	}
	living := make([]byte, room/3)
	for range 100 {
		runtime.GC() // finalizers run beside, some time after it
		if growth() < most {
			break
		}
		runtime.Gosched()
	}
	if is := growth(); is >= most || is < least {
		t.Errorf("with %d bytes alive the heap grows by %d %%, want less than %d", len(living), is, most)
	}
	runtime.KeepAlive(living)
	stop()
	if is := growth(); is != was {
		t.Errorf("afterwards the heap grows by %d %%, want %d as before", is, was)
	}
}
