package ingest

import (
	"archive/zip"
	"bytes"
	"context"
	"fmt"
	"os/exec"
	"strings"
	"testing"

	"factcheck/internal/claims"
	"factcheck/internal/errs"
)

// placed is a line of a printed page: points from the left and from the foot.
type placed struct {
	x, y int
	text string
}

// printedFile is a PDF with a page for each list of lines, set in Helvetica.
func printedFile(pages ...[]placed) []byte {
	objects := []string{"<< /Type /Catalog /Pages 2 0 R >>", ""}
	var kids []string
	for _, page := range pages {
		var s strings.Builder
		for _, l := range page {
			fmt.Fprintf(&s, "BT /F1 11 Tf %d %d Td (%s) Tj ET\n", l.x, l.y, strings.NewReplacer("(", `\(`, ")", `\)`).Replace(l.text))
		}
		objects = append(objects,
			fmt.Sprintf("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents %d 0 R /Resources << /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >> >> >> >>", len(objects)+2),
			fmt.Sprintf("<< /Length %d >>\nstream\n%s\nendstream", s.Len(), s.String()))
		kids = append(kids, fmt.Sprintf("%d 0 R", len(objects)-1))
	}
	objects[1] = fmt.Sprintf("<< /Type /Pages /Kids [%s] /Count %d >>", strings.Join(kids, " "), len(kids))
	var b bytes.Buffer
	b.WriteString("%PDF-1.4\n")
	var offsets []int
	for i, o := range objects {
		offsets = append(offsets, b.Len())
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", i+1, o)
	}
	start := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(objects)+1)
	for _, o := range offsets {
		fmt.Fprintf(&b, "%010d 00000 n \n", o)
	}
	fmt.Fprintf(&b, "trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n", len(objects)+1, start)
	return b.Bytes()
}

// wordFile is a .docx whose body is the given markup.
func wordFile(t *testing.T, body string) []byte {
	t.Helper()
	const space = `xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"`
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, part := range [][2]string{
		{"[Content_Types].xml", `<?xml version="1.0" encoding="UTF-8"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Override PartName="/word/text.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>`},
		{"_rels/.rels", `<?xml version="1.0" encoding="UTF-8"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/text.xml"/></Relationships>`},
		{"word/text.xml", `<?xml version="1.0" encoding="UTF-8"?><w:document ` + space + `><w:body>` + body + `</w:body></w:document>`},
	} {
		w, err := z.Create(part[0])
		if err == nil {
			_, err = w.Write([]byte(part[1]))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func readFile(t *testing.T, data []byte, name string) (claims.Article, error) {
	t.Helper()
	return new(Reader).Read(t.Context(), Input{Data: data, Name: name})
}

func needPDF(t *testing.T) {
	t.Helper()
	if _, err := exec.LookPath("pdftotext"); err != nil {
		t.Skip("pdftotext is not installed; make test brings it")
	}
}

func TestAPrintedPageIsReadInParagraphs(t *testing.T) {
	needPDF(t)
	page := func(n int, lines ...placed) []placed {
		return append([]placed{{60, 810, fmt.Sprintf("Council of Norbury, report %d of 3", n)}, {290, 30, fmt.Sprint(n)}}, lines...)
	}
	art, err := readFile(t, printedFile(
		page(1,
			placed{60, 740, "Buses will be free from May"},
			placed{60, 700, "Mayor Ada Lund said on Monday that 40,000 passen-"},
			placed{60, 686, "gers use the north-south line each day. The council has"},
			placed{60, 672, "agreed to pay for it, she said, and for the north-"},
			placed{60, 658, "south trams."},
			placed{60, 620, "The bill is three million a year, which the"}),
		page(2, placed{60, 740, "treasurer called a bargain."}, placed{60, 700, "Nobody voted against it."}),
		page(3, placed{60, 740, "The next report is due in June."}),
	), "report.pdf")
	if err != nil {
		t.Fatal(err)
	}
	want := `Buses will be free from May

Mayor Ada Lund said on Monday that 40,000 passengers use the north-south line each day. The council has agreed to pay for it, she said, and for the north-south trams.

The bill is three million a year, which the treasurer called a bargain.

Nobody voted against it.

The next report is due in June.`
	if art.Text != want {
		t.Errorf("text:\n%s\nwant:\n%s", art.Text, want)
	}
	if art.Title != "Buses will be free from May" || art.MediaType != "application/pdf" {
		t.Errorf("title %q, type %q", art.Title, art.MediaType)
	}
}

func TestAPDFWithoutTextOrInPiecesSaysWhatToDo(t *testing.T) {
	needPDF(t)
	whole := printedFile([]placed{{60, 700, "Taxes fell by a tenth."}})
	for name, tt := range map[string]struct {
		data []byte
		want string
	}{
		"pictures only": {printedFile(nil), "recognised"},
		"damaged":       {whole[:40], "damaged"},
		"no PDF at all": {[]byte("%PDF-1.7\n1 0 obj"), "damaged"},
	} {
		_, err := readFile(t, tt.data, "report.pdf")
		if errs.KindOf(err) != errs.Invalid || !strings.Contains(errs.Message(err), tt.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestAnAnswerOfAnySizeIsBounded(t *testing.T) {
	for name, page := range map[string]string{
		"blocks": strings.Repeat("<block></block>", maxPrintedRows+1),
		"lines":  "<block>" + strings.Repeat("<line></line>", maxPrintedRows+1),
		"words":  "<block><line>" + strings.Repeat("<word>tax</word>", claims.MaxArticleBytes/4+1),
	} {
		if _, err := readBlocks(strings.NewReader("<page>" + page)); errs.KindOf(err) != errs.TooLarge {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestNobodyWaitsForAPDFThatIsNotWantedAnyMore(t *testing.T) {
	needPDF(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := printedBlocks(ctx, printedFile([]placed{{60, 700, "Taxes fell."}})); errs.KindOf(err) != errs.Canceled {
		t.Error(err)
	}
}

func TestWithoutTheProgramAPDFIsRefusedInASentence(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	_, err := readFile(t, printedFile([]placed{{60, 700, "Taxes fell."}}), "report.pdf")
	if errs.KindOf(err) != errs.Invalid || !strings.Contains(errs.Message(err), "poppler-utils") {
		t.Error(err)
	}
}

func TestAWordDocumentIsReadAsItsReaderSeesIt(t *testing.T) {
	art, err := readFile(t, wordFile(t, `
<w:p><w:pPr><w:tabs><w:tab w:val="left" w:pos="720"/></w:tabs></w:pPr><w:r><w:t>Buses will be free</w:t></w:r></w:p>
<w:p><w:r><w:t xml:space="preserve">Mayor Ada Lund said </w:t></w:r><w:hyperlink><w:r><w:t>40,000</w:t></w:r></w:hyperlink><w:r><w:t xml:space="preserve"> people</w:t><w:br/><w:t>ride</w:t><w:noBreakHyphen/><w:t>share.</w:t></w:r></w:p>
<w:p><w:del><w:r><w:delText>Gone.</w:delText><w:t>Gone too.</w:t></w:r></w:del><w:ins><w:r><w:t>Kept.</w:t></w:r></w:ins><w:r><w:rPr><w:vanish/></w:rPr><w:t>Hidden.</w:t></w:r><w:r><w:rPr><w:vanish w:val="0"/></w:rPr><w:t xml:space="preserve"> Seen.</w:t></w:r></w:p>
<w:tbl><w:tr><w:tc><w:p><w:r><w:t>2024</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>3 million</w:t></w:r></w:p></w:tc></w:tr></w:tbl>
<w:p><w:r><mc:AlternateContent><mc:Choice><w:txbxContent><w:p><w:r><w:t>In a box.</w:t></w:r></w:p></w:txbxContent></mc:Choice><mc:Fallback><w:p><w:r><w:t>In a box.</w:t></w:r></w:p></mc:Fallback></mc:AlternateContent></w:r><w:r><w:t>Around it.</w:t></w:r></w:p>`), "report.docx")
	if err != nil {
		t.Fatal(err)
	}
	want := "Buses will be free\n\nMayor Ada Lund said 40,000 people\nride-share.\n\nKept. Seen.\n\n2024\n\n3 million\n\nIn a box.\n\nAround it."
	if art.Text != want {
		t.Errorf("text:\n%s\nwant:\n%s", art.Text, want)
	}
	if art.Title != "Buses will be free" || art.MediaType != wordType {
		t.Errorf("title %q, type %q", art.Title, art.MediaType)
	}
}

func TestAWordDocumentThatUnpacksToTooMuchIsRefused(t *testing.T) {
	paragraph := "<w:p><w:r><w:t>" + strings.Repeat("tax ", 1000) + "</w:t></w:r></w:p>"
	for name, tt := range map[string]struct {
		body string
		kind errs.Kind
	}{
		"much text":    {strings.Repeat(paragraph, claims.MaxArticleBytes/4000+10), errs.TooLarge},
		"much markup":  {strings.Repeat("<w:p>"+strings.Repeat(" ", 1<<16)+"</w:p>", maxWordPart>>16), errs.TooLarge},
		"deep":         {strings.Repeat("<w:p>", maxWordDepth+1) + strings.Repeat("</w:p>", maxWordDepth+1), errs.TooLarge},
		"unclosed":     {"<w:p><w:r>", errs.Invalid},
		"without text": {"<w:p/>", errs.Invalid},
	} {
		if _, err := readFile(t, wordFile(t, tt.body), "report.docx"); errs.KindOf(err) != tt.kind {
			t.Errorf("%s: %v", name, err)
		}
	}
}
