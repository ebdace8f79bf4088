package demo

import (
	"factcheck/internal/claims"
	"factcheck/internal/review"
)

var budget = chapter{"city-budget", "city finances", []story{
	{"the largest investment in our streets", required, []step{
		accept(ana, said("2026-02-11", "Clara Dunmore", claims.Person, claims.Comparison,
			"The $38 million for streets in the budget of 2026 is the largest investment in streets in the history of Eastmere.",
			"Eastmere invests more in streets than ever before",
			"The mayor’s main argument for the budget, which the council votes on in March.")),
		take(ben),
		source(ben, review.Evidence{
			URL: "https://city.example.org/budget/2026/streets", Title: "Budget of the city of Eastmere for 2026, page 41",
			Publisher: "City of Eastmere", Stance: review.Supports,
			Quote: "Repair and renewal of streets: $38.0 million (2025: $31.2 million).",
		}),
		source(ben, review.Evidence{
			URL: "https://archive.example.org/eastmere/annual-report-2009", Title: "Annual report for 2009, chapter “After the flood”",
			Publisher: "Eastmere City Archive", Stance: review.Refutes,
			Quote: "In this year alone 29.4 million dollars were spent on making the streets passable again.",
			Note:  "The city archive holds the reports from 1946 on. 2009 is the highest year before 2025.",
		}),
		source(ben, review.Evidence{
			URL: "https://statistics.example.net/prices/construction", Title: "Price index for road construction, 2000 to 2025",
			Publisher: "State Statistics Office", Stance: review.Context,
			Quote: "2009: 100.0; 2025: 162.8.",
		}),
		verdict(ben, review.VerdictDraft{
			Rating:  "half_true",
			Summary: "In dollars it is the largest sum. Measured by what a dollar builds, the city did more in 2009, after the flood: $29.4 million then are worth $47.9 million today.",
			Rationale: "The budget sets aside $38.0 million for streets [1]. No annual report in the city archive shows a higher figure in dollars; the next is $29.4 million in 2009 [2].\n\n" +
				"Prices for road construction have risen by 62.8 percent since then [3]. The sum of 2009 would be $47.9 million in prices of 2025, a quarter more than is planned now.\n\n" +
				"The mayor said “investment”, not “budget line”. We think most listeners understood that more would be built than ever before.",
		}),
		submit(ben, "The city archive answered within a day; their letter is in the shared folder."),
		approve(omar), publish(omar),
	}},
	{"debt has doubled since she took office", required, []step{
		accept(ben, said("2026-02-11", "Priya Anand", claims.Person, claims.Quantity,
			"Eastmere’s debt has doubled since Clara Dunmore took office in 2021.",
			"Eastmere’s debt has doubled under Mayor Dunmore",
			"The opposition’s main argument against the budget. It can be looked up.")),
		take(ben),
		source(ben, review.Evidence{
			URL: "https://city.example.org/treasurer/debt-2025", Title: "Statement of debt on December 31, 2025",
			Publisher: "City of Eastmere", Stance: review.Refutes,
			Quote: "Total: $268 million (December 31, 2021: $171 million).",
		}),
		source(ben, review.Evidence{
			URL: "https://audit.example.net/reports/eastmere-2025", Title: "Audit of municipal companies, Eastmere",
			Publisher: "State Audit Office", Stance: review.Context,
			Quote: "The loans of the municipal housing company rose from $44 million to $97 million.",
			Note:  "Not part of the city’s own debt. With it: from $215 million to $365 million.",
		}),
		verdict(ben, review.VerdictDraft{
			Rating:  "mostly_false",
			Summary: "The debt has grown by 57 percent since the end of 2021. It has not doubled, with or without the municipal housing company.",
			Rationale: "From $171 million to $268 million is an increase of 57 percent [1]. With the loans of the housing company it is 70 percent [2].\n\n" +
				"Still open: which day does the councillor count from? I have asked her office and wait for an answer.",
		}),
	}},
	{"Figures from the city treasurer show a debt of $268 million", optional, []step{
		merge(edith, "debt has doubled since she took office", "The figures that the councillor’s claim rests on. One check answers both."),
	}},
	{"crews needed more than eight minutes to reach one in three emergencies", required, []step{
		accept(omar, said("2026-02-11", "Clara Dunmore", claims.Person, claims.Quantity,
			"In the harbour district of Eastmere, fire crews needed more than eight minutes to reach one in three emergencies in 2025.",
			"Fire crews came late to one in three harbour emergencies",
			"Forty positions and a new station rest on this figure.")),
		take(ben),
		source(ben, review.Evidence{
			URL: "https://fire.example.org/dispatch/2025", Title: "Dispatch log for 2025, by district",
			Publisher: "Eastmere Fire Service", Stance: review.Supports,
			Quote: "District 4: 1,212 calls, of which 409 were reached after more than eight minutes.",
		}),
		source(ben, review.Evidence{
			URL: "https://standards.example.net/fire/response", Title: "Response times of fire services, 2025",
			Publisher: "National Fire Standards Board", Stance: review.Context,
			Quote: "Eight minutes for 90 percent of calls.",
		}),
		verdict(ben, review.VerdictDraft{
			Rating: "true", NoneFound: true,
			Summary:   "The fire service’s log for 2025 shows 409 of 1,212 calls in the harbour district that were reached after more than eight minutes: 34 percent.",
			Rationale: "The share follows from the log [1]. The national standard allows ten percent [2]. We found no other count.",
		}),
		submit(ben, ""), approve(edith), publish(edith),
		retract(edith, review.WrongVerdict,
			"District 4 of the dispatch log, on which this check rests, is not the harbour but the hospital district. The fire service pointed this out to us. "+
				"For the harbour there are no figures for the whole year, so we can say neither that the claim is true nor that it is false."),
		retract(stella, "", ""),
	}},
	{"every pothole reported by a resident", optional, []step{
		accept(edith, said("2026-02-11", "Clara Dunmore", claims.Person, claims.Promise,
			"By the end of 2026 every pothole that a resident reports in Eastmere will be closed within ten days.",
			"Every reported pothole will be closed within ten days",
			"A promise with a date and a measure. To be looked at again in January 2027.")),
	}},
	{"burglaries fell by 12 percent", optional, []step{
		accept(omar, said("2026-02-11", "Leon Abara", claims.Person, claims.Quantity,
			"Burglaries in Eastmere fell by 12 percent in 2025 and are at the lowest level since 2008.",
			"Burglaries in Eastmere are at their lowest since 2008",
			"The way of counting was changed during the year. Readers cannot see that from the figure.")),
		assign(edith, ana, "You know the police statistics. Please ask for both ways of counting."),
	}},
	{"a family in Southgate can pay its bills with good intentions", optional, []step{
		dismiss(ana, review.Opinion, ""),
	}},
}}
