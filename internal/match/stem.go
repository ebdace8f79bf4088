package match

// stem is Porter's algorithm (M. F. Porter, An algorithm for suffix stripping,
// Program 14(3), 1980) on a folded ASCII word; every other word comes back as
// it is. It works in place on a copy.
func stem(word string) string {
	if len(word) < 3 {
		return word
	}
	for i := range len(word) {
		if word[i] < 'a' || word[i] > 'z' {
			return word
		}
	}
	s := &stemmer{b: []byte(word)}
	s.step1ab()
	s.step1c()
	s.replace(step2)
	s.replace(step3)
	s.step4()
	s.step5()
	return string(s.b)
}

type stemmer struct {
	b []byte
	j int // end of the stem that ends has found
}

func (s *stemmer) consonant(i int) bool {
	switch s.b[i] {
	case 'a', 'e', 'i', 'o', 'u':
		return false
	case 'y':
		return i == 0 || !s.consonant(i-1)
	}
	return true
}

// measure counts the vowel-consonant sequences of b[:j].
func (s *stemmer) measure() int {
	n, i := 0, 0
	for i < s.j && s.consonant(i) {
		i++
	}
	for i < s.j {
		for i < s.j && !s.consonant(i) {
			i++
		}
		if i >= s.j {
			break
		}
		n++
		for i < s.j && s.consonant(i) {
			i++
		}
	}
	return n
}

func (s *stemmer) vowelInStem() bool {
	for i := range s.j {
		if !s.consonant(i) {
			return true
		}
	}
	return false
}

func (s *stemmer) double(i int) bool {
	return i >= 1 && s.b[i] == s.b[i-1] && s.consonant(i)
}

// cvc says whether b[i-2:i+1] is consonant, vowel, consonant and the last is
// none of w, x and y.
func (s *stemmer) cvc(i int) bool {
	if i < 2 || !s.consonant(i) || s.consonant(i-1) || !s.consonant(i-2) {
		return false
	}
	return s.b[i] != 'w' && s.b[i] != 'x' && s.b[i] != 'y'
}

func (s *stemmer) ends(suffix string) bool {
	if n := len(s.b) - len(suffix); n >= 0 && string(s.b[n:]) == suffix {
		s.j = n
		return true
	}
	return false
}

func (s *stemmer) set(to string) { s.b = append(s.b[:s.j], to...) }

func (s *stemmer) step1ab() {
	switch {
	case s.ends("sses"), s.ends("ies"):
		s.b = s.b[:len(s.b)-2]
	case s.ends("ss"):
	case s.ends("s"):
		s.b = s.b[:len(s.b)-1]
	}
	if s.ends("eed") {
		if s.measure() > 0 {
			s.b = s.b[:len(s.b)-1]
		}
		return
	}
	if !(s.ends("ed") && s.vowelInStem()) && !(s.ends("ing") && s.vowelInStem()) {
		return
	}
	s.b = s.b[:s.j]
	last := len(s.b) - 1
	switch {
	case s.ends("at"), s.ends("bl"), s.ends("iz"):
		s.b = append(s.b, 'e')
	case s.double(last):
		if c := s.b[last]; c != 'l' && c != 's' && c != 'z' {
			s.b = s.b[:last]
		}
	default:
		s.j = len(s.b)
		if s.measure() == 1 && s.cvc(last) {
			s.b = append(s.b, 'e')
		}
	}
}

func (s *stemmer) step1c() {
	if s.ends("y") && s.vowelInStem() {
		s.b[len(s.b)-1] = 'i'
	}
}

var step2 = [][2]string{
	{"ational", "ate"}, {"tional", "tion"}, {"enci", "ence"}, {"anci", "ance"}, {"izer", "ize"}, {"bli", "ble"},
	{"alli", "al"}, {"entli", "ent"}, {"eli", "e"}, {"ousli", "ous"}, {"ization", "ize"}, {"ation", "ate"},
	{"ator", "ate"}, {"alism", "al"}, {"iveness", "ive"}, {"fulness", "ful"}, {"ousness", "ous"}, {"aliti", "al"},
	{"iviti", "ive"}, {"biliti", "ble"}, {"logi", "log"},
}

var step3 = [][2]string{
	{"icate", "ic"}, {"ative", ""}, {"alize", "al"}, {"iciti", "ic"}, {"ical", "ic"}, {"ful", ""}, {"ness", ""},
}

func (s *stemmer) replace(rules [][2]string) {
	for _, r := range rules {
		if s.ends(r[0]) {
			if s.measure() > 0 {
				s.set(r[1])
			}
			return
		}
	}
}

var step4 = []string{
	"al", "ance", "ence", "er", "ic", "able", "ible", "ant", "ement", "ment", "ent", "ion", "ou", "ism", "ate",
	"iti", "ous", "ive", "ize",
}

func (s *stemmer) step4() {
	for _, suffix := range step4 {
		if !s.ends(suffix) {
			continue
		}
		if suffix == "ion" && (s.j == 0 || s.b[s.j-1] != 's' && s.b[s.j-1] != 't') {
			return
		}
		if s.measure() > 1 {
			s.b = s.b[:s.j]
		}
		return
	}
}

func (s *stemmer) step5() {
	last := len(s.b) - 1
	if s.b[last] == 'e' {
		s.j = last
		if m := s.measure(); m > 1 || m == 1 && !s.cvc(last-1) {
			s.b = s.b[:last]
		}
	}
	last = len(s.b) - 1
	s.j = last + 1
	if s.b[last] == 'l' && s.double(last) && s.measure() > 1 {
		s.b = s.b[:last]
	}
}
