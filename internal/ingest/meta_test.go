package ingest

import (
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"
)

func metaOfPage(t *testing.T, page string) meta {
	t.Helper()
	root, err := html.Parse(strings.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	return metaOf(root)
}

func TestLinkedData(t *testing.T) {
	block := func(json string) string { return `<script type="application/ld+json">` + json + `</script>` }
	tests := []struct {
		name, page string
		want       meta
	}{
		{"one article", block(`{"@type":"NewsArticle","headline":"A","author":"By B","publisher":{"name":"C"},"inLanguage":"en_gb"}`), meta{title: "A", author: "B", publisher: "C", lang: "en-GB"}},
		{"type as an address", block(`{"@type":"http://schema.org/ReportageNewsArticle","headline":"A"}`), meta{title: "A"}},
		{"authors once, no links", block(`{"@type":"Article","headline":"A","author":[{"name":"B"},"B","https://x.example/c",{"@type":"Person"},{"name":"D"}]}`), meta{title: "A", author: "B; D"}},
		{"below the page", block(`{"@type":"WebPage","mainEntity":{"@type":"NewsArticle","headline":"A"}}`), meta{title: "A"}},
		{"the first article wins", block(`[{"@type":"NewsArticle","headline":"A"},{"@type":"NewsArticle","headline":"B","author":"C"}]`), meta{title: "A", author: "C"}},
		{"not an article", block(`{"@type":"Product","name":"A"}`), meta{}},
		{"no JSON", block(`{"@type":"NewsArticle",}`) + "<h1>B</h1>", meta{title: "B"}},
		{"another script", `<script type="text/javascript">{"@type":"NewsArticle","headline":"A"}</script>`, meta{}},
		{"odd types", block(`{"@type":["NewsArticle",7],"headline":["A"],"author":{"name":{"x":1}},"publisher":[],"datePublished":5,"inLanguage":{"name":"de"}}`), meta{lang: "de"}},
		{"too deep", block(strings.Repeat(`{"@graph":[`, 20) + `{"@type":"NewsArticle","headline":"A"}` + strings.Repeat(`]}`, 20)), meta{}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := metaOfPage(t, tt.page); got != tt.want {
				t.Errorf("got %+v, want %+v", got, tt.want)
			}
		})
	}
}

func TestTitleLosesTheSiteName(t *testing.T) {
	for _, title := range []string{"A fact | The Post", "A fact - The Post", "A fact — The Post", "A fact"} {
		if got := metaOfPage(t, `<meta property="og:site_name" content="The Post"><title>`+title+`</title>`).title; got != "A fact" {
			t.Errorf("title of %q = %q", title, got)
		}
	}
}

func TestTimes(t *testing.T) {
	day := time.Date(2025, 8, 15, 0, 0, 0, 0, time.UTC)
	noon := day.Add(12 * time.Hour)
	tests := map[string]time.Time{
		"2025-08-15T12:00:00Z": noon, "2025-08-15T14:00:00.123+02:00": noon, "2025-08-15T08:00:00-0400": noon, "2025-08-15T12:00Z": noon, "2025-08-15T12:00:00": noon, " 2025-08-15 12:00:00 ": noon,
		"Fri, 15 Aug 2025 12:00:00 GMT": noon, "Fri, 15 Aug 2025 14:00:00 +0200": noon,
		"2025-08-15": day, "20250815": day, "August 15, 2025": day, "15 Aug 2025": day,
		"03/04/2025": {}, "yesterday": {}, "": {}, "0001-01-01": {}, "9999-12-31": {}, "2025-02-30": {}, strings.Repeat("2", 100): {},
	}
	for in, want := range tests {
		if got := parseTime(in); !got.Equal(want) || got.Location() != time.UTC {
			t.Errorf("parseTime(%q) = %v, want %v", in, got, want)
		}
	}
}

func TestWhereTheDateIsFound(t *testing.T) {
	day := time.Date(2025, 9, 3, 0, 0, 0, 0, time.UTC)
	tests := []struct{ name, page string }{
		{"meta", `<meta property="article:published_time" content="2025-09-03"><time datetime="2020-01-01">`},
		{"itemprop of meta", `<meta itemprop="datePublished" content="2025-09-03">`},
		{"first time", `<time datetime="2025-09-03">today</time><time datetime="2020-01-01">`},
		{"marked time", `<time datetime="2020-01-01"></time><time itemprop="datePublished" datetime="2025-09-03">`},
		{"marked abbreviation", `<time datetime="2020-01-01"></time><abbr class=published title="2025-09-03T00:00:00Z">3.9.</abbr>`},
		{"page that holds the article", `<script type="application/ld+json">{"@type":"WebPage","datePublished":"2025-09-03"}</script>`},
		{"unreadable date before a readable one", `<meta name=date content="03/09/2025"><time datetime="2025-09-03">`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := metaOfPage(t, tt.page).published; !got.Equal(day) {
				t.Errorf("published = %v, want %v", got, day)
			}
		})
	}
	for address, want := range map[string]time.Time{
		"https://example.org/2025/09/03/ferry": day, "https://example.org/news/2025/09/03": day,
		"https://example.org/2025/13/03/x": {}, "https://example.org/a?d=/2025/09/03/": {}, "": {},
	} {
		if got := dateInAddress(address); !got.Equal(want) {
			t.Errorf("dateInAddress(%q) = %v, want %v", address, got, want)
		}
	}
}

func TestNameInAByline(t *testing.T) {
	for byline, want := range map[string]string{
		"By Isla Marren": "Isla Marren", "Isla Marren · 3 September 2025": "Isla Marren", "Isla Marren 18.10.2019 16:06 Uhr": "Isla Marren", ": Isla Marren |": "Isla Marren",
		"BY": "", "12 Sept.": "", "one two three four five six seven eight nine": "", "": "",
	} {
		if got := nameIn(byline); got != want {
			t.Errorf("nameIn(%q) = %q, want %q", byline, got, want)
		}
	}
}

func TestLanguage(t *testing.T) {
	const en = "The mayor said on Tuesday that crime in the city fell by twelve per cent last year."
	tests := []struct{ name, text, want string }{
		{"English", en, "en"},
		{"German", "Der Bürgermeister sagte am Dienstag, dass die Kriminalität in der Stadt im vergangenen Jahr gesunken ist.", "de"},
		{"French", "Le maire a déclaré mardi que la criminalité dans la ville avait baissé de douze pour cent.", "fr"},
		{"Spanish", "El alcalde dijo el martes que la delincuencia en la ciudad bajó un doce por ciento el año pasado.", "es"},
		{"Russian", "Мэр заявил во вторник, что преступность в городе за год снизилась на двенадцать процентов.", "ru"},
		{"Japanese", strings.Repeat("市長は火曜日に、昨年の犯罪は減少したと述べた。", 3), "ja"},
		{"Arabic", strings.Repeat("قال رئيس البلدية يوم الثلاثاء إن الجريمة انخفضت. ", 2), "ar"},
		{"short", "Crime fell by 12 per cent.", "und"},
		{"numbers", strings.Repeat("12 345, ", 100), "und"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			art, err := readData(t, tt.text, "", "")
			if err != nil || art.Lang != tt.want {
				t.Errorf("lang = %q, %v; want %q", art.Lang, err, tt.want)
			}
		})
	}
	if art, _ := readData(t, `<html lang="pt-br"><p>`+en, "a.html", ""); art.Lang != "pt-BR" {
		t.Errorf("what the page says does not win: %q", art.Lang)
	}
	if art, _ := readData(t, `<html lang="x y z"><p>`+en, "a.html", ""); art.Lang != "en" {
		t.Errorf("what is no language is taken from the page: %q", art.Lang)
	}
}
