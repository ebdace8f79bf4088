package main

import "testing"

func TestTheHeapOfALargeIndexStaysClose(t *testing.T) {
	for used, want := range map[uint64]int{0: 100, 50 << 20: 100, 320 << 20: 50, 1 << 30: 15, 8 << 30: 12} {
		if got := gcPercent(used); got != want {
			t.Errorf("%d MB in use: %d %%, want %d %%", used>>20, got, want)
		}
	}
}
