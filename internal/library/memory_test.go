package library_test

import (
	"errors"
	"fmt"
	"io"
	"runtime"
	"testing"

	"factcheck/internal/library"
)

// feed is a DataFeed of n reviews in one line that is never in memory whole.
type feed struct {
	n, i int
	rest []byte
}

func (f *feed) Read(p []byte) (int, error) {
	if len(f.rest) == 0 {
		switch {
		case f.i == 0:
			f.rest = []byte(`{"@type":"DataFeed","dataFeedElement":[`)
		case f.i <= f.n:
			f.rest = fmt.Appendf(nil, `{"@type":"DataFeedItem","item":[{"@type":"ClaimReview","url":"https://a.example/%d","claimReviewed":"Well %d is dry","author":{"name":"A"}}]},`, f.i, f.i)
		case f.i == f.n+1:
			f.rest = []byte(`null]}`)
		default:
			return 0, io.EOF
		}
		f.i++
	}
	n := copy(p, f.rest)
	f.rest = f.rest[n:]
	return n, nil
}

// Seek goes back to the beginning; the reader asks for nothing else.
func (f *feed) Seek(offset int64, whence int) (int64, error) {
	if offset != 0 || whence != io.SeekStart {
		return 0, errors.New("only to the beginning")
	}
	f.i, f.rest = 0, nil
	return 0, nil
}

func TestADumpOfAnySizeIsReadInTheSameMemory(t *testing.T) {
	const records = 100_000 // 14 MB
	f, _ := library.Lookup("claimreview")
	var before, now runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	found := 0
	for it, err := range f.Read(&feed{n: records}, library.Options{}) {
		if err != nil {
			t.Fatal(err)
		}
		found += len(it.Checks)
		if found%20_000 == 0 && len(it.Checks) > 0 {
			runtime.GC()
			runtime.ReadMemStats(&now)
			if grown := int64(now.HeapAlloc) - int64(before.HeapAlloc); grown > 4<<20 {
				t.Fatalf("%d bytes are held after %d records", grown, found)
			}
		}
	}
	if found != records {
		t.Errorf("%d checks, want %d", found, records)
	}
}
