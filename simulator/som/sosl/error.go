package sosl

// Error is the refusal of a text that is no search.
type Error struct{ Message string }

func (e *Error) Error() string { return e.Message }

func refuse(message string) error { return &Error{message} }
