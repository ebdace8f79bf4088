package attr

import (
	"cmp"
	"math"
	"slices"
)

// cluster divides words into k classes such that the class of a word says most
// about the class of the next (the exchange algorithm, Kneser and Ney 1993).
// Text is word numbers, -1 where a sentence ends; words are numbered by falling
// frequency, below n.
func cluster(text []int32, n, k, rounds int) []uint8 {
	c := newExchange(text, n, k)
	for range rounds {
		if c.round() < n/200 {
			break
		}
	}
	return c.class
}

// pair is a neighbour of a word and how often it stands there.
type pair struct {
	word  int32
	count int32
}

type exchange struct {
	k           int
	class       []uint8
	left, right [][]pair
	count       []int32
	bi          []int32 // [class][class]
	uni         []int32
	l, r        []int32 // by class, for the word at hand
	xlog        []float64
}

func newExchange(text []int32, n, k int) *exchange {
	c := &exchange{k: k, class: make([]uint8, n), left: make([][]pair, n), right: make([][]pair, n), count: make([]int32, n),
		bi: make([]int32, k*k), uni: make([]int32, k), l: make([]int32, k), r: make([]int32, k)}
	type bigram struct{ a, b int32 }
	seen := map[bigram]int32{}
	for i, w := range text {
		if w < 0 {
			continue
		}
		c.count[w]++
		if i > 0 && text[i-1] >= 0 {
			seen[bigram{text[i-1], w}]++
		}
	}
	for b, v := range seen {
		c.left[b.b] = append(c.left[b.b], pair{b.a, v})
		c.right[b.a] = append(c.right[b.a], pair{b.b, v})
	}
	for w := range n {
		byWord := func(a, b pair) int { return cmp.Compare(a.word, b.word) }
		slices.SortFunc(c.left[w], byWord)
		slices.SortFunc(c.right[w], byWord)
		if w < k {
			c.class[w] = uint8(w)
		} else {
			c.class[w] = uint8(w % k)
		}
	}
	for b, v := range seen {
		c.bi[int(c.class[b.a])*k+int(c.class[b.b])] += v
	}
	for w := range n {
		c.uni[c.class[w]] += c.count[w]
	}
	c.xlog = make([]float64, 1<<16)
	for i := 1; i < len(c.xlog); i++ {
		c.xlog[i] = float64(i) * math.Log(float64(i))
	}
	return c
}

func (c *exchange) f(n int32) float64 {
	if int(n) < len(c.xlog) {
		return c.xlog[n]
	}
	return float64(n) * math.Log(float64(n))
}

// round tries each word in each class and returns how many moved.
func (c *exchange) round() int {
	moved := 0
	var ls, rs []int
	for w := range c.class {
		clear(c.l)
		clear(c.r)
		self := int32(0)
		for _, p := range c.left[w] {
			if int(p.word) == w {
				self += p.count
				continue
			}
			c.l[c.class[p.word]] += p.count
		}
		for _, p := range c.right[w] {
			if int(p.word) != w {
				c.r[c.class[p.word]] += p.count
			}
		}
		ls, rs = ls[:0], rs[:0]
		for x := range c.k {
			if c.l[x] > 0 {
				ls = append(ls, x)
			}
			if c.r[x] > 0 {
				rs = append(rs, x)
			}
		}
		from := int(c.class[w])
		c.put(w, from, self, -1)
		best, to := math.Inf(-1), from
		for b := range c.k {
			if g := c.gain(w, b, self, ls, rs); g > best+1e-9 {
				best, to = g, b
			}
		}
		c.put(w, to, self, 1)
		if to != from {
			c.class[w] = uint8(to)
			moved++
		}
	}
	return moved
}

// put adds (sign 1) or takes away (-1) the word from class b.
func (c *exchange) put(w, b int, self, sign int32) {
	for x := range c.k {
		c.bi[x*c.k+b] += sign * c.l[x]
		c.bi[b*c.k+x] += sign * c.r[x]
	}
	c.bi[b*c.k+b] += sign * self
	c.uni[b] += sign * c.count[w]
}

// gain is what the likelihood gains by the word in class b.
func (c *exchange) gain(w, b int, self int32, ls, rs []int) float64 {
	g := 0.0
	for _, x := range ls {
		if x != b {
			n := c.bi[x*c.k+b]
			g += c.f(n+c.l[x]) - c.f(n)
		}
	}
	for _, x := range rs {
		if x != b {
			n := c.bi[b*c.k+x]
			g += c.f(n+c.r[x]) - c.f(n)
		}
	}
	n := c.bi[b*c.k+b]
	g += c.f(n+c.l[b]+c.r[b]+self) - c.f(n)
	return g - 2*(c.f(c.uni[b]+c.count[w])-c.f(c.uni[b]))
}
