package ingest

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"path"
	"strings"

	"factcheck/internal/claims"
	"factcheck/internal/errs"
)

// Bounds on a word-processor document. A zip of 5 MB can unpack to 5 GB.
const (
	maxWordPart  = 32 << 20 // bytes of the unpacked markup that are looked at; it is read as a stream
	maxWordDepth = 4 << 10  // open elements
)

const (
	wordType     = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
	wordMainPart = "word/document.xml"
)

var errWordTooLarge = errors.New("more text or markup than an article has")

// readWord returns the article of a .docx file: the paragraphs of its body and
// tables in order, without what is deleted, hidden or a copy for older
// programs. Notes, headers and footers are left out. Invalid if it cannot be
// read, TooLarge if it unpacks to more than an article has.
func readWord(data []byte) (claims.Article, error) {
	const op = "ingest.readWord"
	text, err := wordText(data)
	if errors.Is(err, errWordTooLarge) {
		return claims.Article{}, errs.New(op, errs.TooLarge, "The document is larger than any article is. Paste the part that matters.")
	}
	if err != nil {
		return claims.Article{}, &errs.Error{Op: op, Kind: errs.Invalid, Err: err,
			Msg: "The word-processor document is damaged and cannot be read. Open it, save it anew and try again, or paste its text."}
	}
	art := readText(text)
	art.MediaType = wordType
	return art, nil
}

func wordText(data []byte) (string, error) {
	archive, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return "", err
	}
	part, err := archive.Open(mainPart(archive))
	if err != nil {
		return "", err
	}
	defer part.Close() //nolint:errcheck // only read
	limited := &io.LimitedReader{R: part, N: maxWordPart}
	w := wordReader{}
	if err := w.read(xml.NewDecoder(limited)); err != nil {
		if limited.N <= 0 {
			return "", errWordTooLarge
		}
		return "", err
	}
	return w.text.String(), nil
}

// mainPart is the name of the part with the text: what the package says it is,
// else the usual one.
func mainPart(archive *zip.Reader) string {
	const maxRels = 1 << 20
	f, err := archive.Open("_rels/.rels")
	if err != nil {
		return wordMainPart
	}
	defer f.Close() //nolint:errcheck // only read
	var rels struct {
		Relationship []struct {
			Type   string `xml:",attr"`
			Target string `xml:",attr"`
		}
	}
	if xml.NewDecoder(io.LimitReader(f, maxRels)).Decode(&rels) != nil {
		return wordMainPart
	}
	for _, r := range rels.Relationship {
		if strings.HasSuffix(r.Type, "/officeDocument") {
			return strings.TrimPrefix(path.Clean("/"+r.Target), "/")
		}
	}
	return wordMainPart
}

// wordReader collects paragraphs. Those of a text box stand inside a paragraph
// and are set before it.
type wordReader struct {
	text  strings.Builder
	open  []*strings.Builder // paragraphs that have begun
	depth int
	skip  int  // depth of the element that is left out; 0 for none
	quiet bool // the run is hidden
	words bool // inside the characters of a run
}

// left names the elements that are no part of what a reader sees: deleted and
// moved text, and the copy of a drawing for older programs.
var left = map[string]bool{"del": true, "moveFrom": true, "Fallback": true}

func (w *wordReader) read(d *xml.Decoder) error {
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		switch t := token.(type) {
		case xml.StartElement:
			w.start(t)
		case xml.EndElement:
			w.end(t.Name.Local)
		case xml.CharData:
			if w.words && w.skip == 0 && !w.quiet {
				w.write(string(t))
			}
		}
		if w.depth > maxWordDepth || w.text.Len() > claims.MaxArticleBytes {
			return errWordTooLarge
		}
	}
}

func (w *wordReader) start(t xml.StartElement) {
	w.depth++
	if w.skip > 0 {
		return
	}
	switch name := t.Name.Local; name {
	case "p":
		w.open = append(w.open, new(strings.Builder))
	case "r":
		w.quiet = false
	case "vanish":
		w.quiet = !off(t)
	case "t":
		w.words = true
	case "tab":
		w.write(" ")
	case "br", "cr":
		w.write("\n")
	case "noBreakHyphen":
		w.write("-")
	default:
		if left[name] {
			w.skip = w.depth
		}
	}
}

// off reports whether a switch such as <w:vanish w:val="0"/> is off.
func off(t xml.StartElement) bool {
	for _, a := range t.Attr {
		if a.Name.Local == "val" {
			return a.Value == "0" || a.Value == "false" || a.Value == "off"
		}
	}
	return false
}

func (w *wordReader) end(name string) {
	if w.skip == w.depth {
		w.skip = 0
	} else if w.skip == 0 {
		switch {
		case name == "t":
			w.words = false
		case name == "p" && len(w.open) > 0:
			last := len(w.open) - 1
			if text := strings.TrimSpace(w.open[last].String()); text != "" {
				w.text.WriteString(text + "\n\n")
			}
			w.open = w.open[:last]
		}
	}
	w.depth--
}

func (w *wordReader) write(s string) {
	if len(w.open) > 0 {
		w.open[len(w.open)-1].WriteString(s)
	}
}
