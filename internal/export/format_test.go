package export_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"io"
	"reflect"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"factcheck/internal/export"
	"factcheck/internal/review"
)

func TestEveryFormatSaysWhatItIs(t *testing.T) {
	seen := map[string]bool{}
	for _, f := range export.Formats {
		if f.Name == "" || f.Media == "" || f.Doc == "" || f.Write == nil || !strings.HasPrefix(f.Ext, ".") || seen[f.Name] || seen[f.Ext] {
			t.Errorf("format %+v is incomplete, or stands there twice", f)
		}
		seen[f.Name], seen[f.Ext] = true, true
		if got, ok := export.Lookup(f.Name); !ok || got.Name != f.Name {
			t.Errorf("Lookup(%q) = %q, %v", f.Name, got.Name, ok)
		}
	}
	if _, ok := export.Lookup("nothing"); ok {
		t.Error("Lookup finds what is not there")
	}
}

func TestEveryFormatStopsAtAnError(t *testing.T) {
	broken := func(yield func(review.Publication, error) bool) {
		if yield(read(t, "numeric"), nil) {
			yield(review.Publication{}, io.ErrUnexpectedEOF)
		}
	}
	for _, f := range export.Formats {
		if err := f.Write(io.Discard, site, broken); !errors.Is(err, io.ErrUnexpectedEOF) {
			t.Errorf("%s: reading fails, Write = %v", f.Name, err)
		}
		if err := f.Write(full{}, site, sequence(read(t, "numeric"))); !errors.Is(err, io.ErrShortWrite) {
			t.Errorf("%s: the disk is full, Write = %v", f.Name, err)
		}
	}
}

type full struct{}

func (full) Write([]byte) (int, error) { return 0, io.ErrShortWrite }

func TestNoReportsIsAWholeDocument(t *testing.T) {
	want := map[string]string{"json": "[]\n", "claimreview": "[]\n", "jsonl": ""}
	for _, f := range export.Formats {
		got := string(write(t, f))
		if w, ok := want[f.Name]; ok && got != w {
			t.Errorf("%s of nothing = %q, want %q", f.Name, got, w)
		}
		if f.Name == "csv" && strings.Count(got, "\n") != 1 {
			t.Errorf("csv of nothing = %q, want the header", got)
		}
		if f.Name == "html" && !strings.Contains(got, "Nothing was published") {
			t.Error("html of nothing says nothing")
		}
	}
}

func TestJSONReadsBack(t *testing.T) {
	a, b := read(t, "numeric"), read(t, "hostile")
	f, _ := export.Lookup("json")
	var all []review.Report
	if err := json.Unmarshal(write(t, f, a, b), &all); err != nil {
		t.Fatal(err)
	}
	if want := []review.Report{a.Report, b.Report}; !reflect.DeepEqual(all, want) {
		t.Error("the reports read back differ from those written")
	}
	f, _ = export.Lookup("jsonl")
	data := write(t, f, a, b)
	if n := bytes.Count(data, []byte("\n")); n != 2 {
		t.Errorf("jsonl has %d lines, want 2", n)
	}
	for i, line := range bytes.Split(bytes.TrimSpace(data), []byte("\n")) {
		var r review.Report
		if err := json.Unmarshal(line, &r); err != nil || !reflect.DeepEqual(r, all[i]) {
			t.Errorf("line %d does not read back: %v", i+1, err)
		}
	}
}

func TestClaimReviewsOfSeveralAreTheSameOneByOne(t *testing.T) {
	all := []review.Publication{read(t, "numeric"), read(t, "correction")}
	f, _ := export.Lookup("claimreview")
	var array []object
	if err := json.Unmarshal(write(t, f, all...), &array); err != nil {
		t.Fatal(err)
	}
	for i, p := range all {
		if !reflect.DeepEqual(array[i], claimReview(t, p)) {
			t.Errorf("element %d is not the check's own ClaimReview", i)
		}
	}
}

func rows(t *testing.T, all ...review.Publication) [][]string {
	t.Helper()
	f, _ := export.Lookup("csv")
	got, err := csv.NewReader(bytes.NewReader(write(t, f, all...))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func TestCSVHasTheDocumentedColumns(t *testing.T) {
	got := rows(t, read(t, "numeric"))
	var names []string
	for _, c := range export.Columns {
		if c.Name == "" || c.Doc == "" || slices.Contains(names, c.Name) {
			t.Errorf("column %+v is not documented, or stands there twice", c)
		}
		names = append(names, c.Name)
	}
	if !slices.Equal(got[0], names) {
		t.Errorf("header = %q, want %q", got[0], names)
	}
}

func TestCSVCellsAreText(t *testing.T) {
	tests := map[string]string{
		"=1+1": "'=1+1", "+1": "'+1", "-1": "'-1", "@SUM(1)": "'@SUM(1)",
		"\tx": "'\tx", "\rx": "'\rx", "\nx": "'\nx", "\t=1": "'\t=1",
		"＝1+1": "'＝1+1", "＋1": "'＋1", "－1": "'－1", "＠SUM(1)": "'＠SUM(1)",
		" =1+1": "' =1+1", "\u00a0=1": "'\u00a0=1", "\ufeff=1": "'\ufeff=1", "\u200b=1": "'\u200b=1",
		"x=1": "x=1", "1-1": "1-1", "": "", "“=1”": "“=1”", ";=1+1": ";=1+1", "a,\"b\"\nc": "a,\"b\"\nc",
	}
	for in, want := range tests {
		p := read(t, "numeric")
		p.Report.Claim.Text, p.Report.WrittenBy = in, in
		got := rows(t, p)
		for _, column := range []string{"claim", "written_by"} {
			if cell := got[1][slices.Index(got[0], column)]; cell != strings.ReplaceAll(want, "\r\n", "\n") {
				t.Errorf("%s of %q = %q, want %q", column, in, cell, want)
			}
		}
	}
}

func TestNoHostileCellIsAFormula(t *testing.T) {
	for _, cell := range rows(t, read(t, "hostile"))[1] {
		if strings.IndexAny(strings.TrimSpace(cell), "=+-@＝＋－＠") == 0 || strings.IndexAny(cell, "\t\r\n") == 0 || !utf8.ValidString(cell) {
			t.Errorf("cell %q is no text", cell)
		}
	}
}
