package library

import (
	"slices"
	"strings"
	"testing"
)

func TestTopicsOfChecksAreRead(t *testing.T) {
	read := func(format, text string) []string {
		t.Helper()
		f := readCSV
		if format == "jsonl" {
			f = readJSONL
		}
		for it, err := range f(strings.NewReader(text), Options{}) {
			if err != nil || len(it.Checks) != 1 {
				t.Fatalf("%s: %+v, %v", format, it, err)
			}
			return it.Checks[0].Topics
		}
		return nil
	}
	want := []string{"Crime", "Public transport"}
	for name, got := range map[string][]string{
		"a cell of lines":  read("csv", "url,claim,topics\nhttps://a.example/1,Crime fell,\"Crime\nPublic transport\"\n"),
		"tags":             read("csv", "url,claim,tags\nhttps://a.example/1,Crime fell,\"Crime; Public  transport;Crime; https://a.example\"\n"),
		"a list":           read("jsonl", `{"url":"https://a.example/1","claim":"Crime fell","topics":["Crime","Public transport"]}`),
		"a report of ours": read("jsonl", `{"url":"https://a.example/1","claim":{"text":"Crime fell","topics":["Crime","Public transport"]}}`),
	} {
		if !slices.Equal(got, want) {
			t.Errorf("%s: %q", name, got)
		}
	}
	var a, b Check
	b.Topics = []string{"Crime"}
	if a.Digest() == b.Digest() {
		t.Error("a check whose topics changed is taken for unchanged")
	}
}
