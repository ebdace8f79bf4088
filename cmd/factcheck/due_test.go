package main

import (
	"context"
	"testing"
)

func TestStoppingWaitsForWhatIsUnderWay(t *testing.T) {
	ended := false
	began := make(chan struct{})
	stop := inBackground(t.Context(), func(ctx context.Context) error {
		close(began)
		<-ctx.Done()
		ended = true
		return nil
	})
	<-began
	if err := stop(); err != nil || !ended {
		t.Errorf("ended %v, %v", ended, err)
	}
}
