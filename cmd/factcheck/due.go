package main

import "context"

// inBackground runs work beside the caller; stop ends it and returns its error
// when it has ended.
func inBackground(ctx context.Context, work func(context.Context) error) (stop func() error) {
	ctx, cancel := context.WithCancel(ctx)
	ended := make(chan error, 1)
	go func() { ended <- work(ctx) }()
	return func() error {
		cancel()
		return <-ended
	}
}
