package demo

import (
	"factcheck/internal/claims"
	"factcheck/internal/review"
)

var fares = chapter{"bus-fares", "public transport", []story{
	{"nine out of ten buses run on time", required, []step{
		accept(omar, said("2026-04-14", "Paula Weiss", claims.Person, claims.Quantity,
			"Nine out of ten buses in Eastmere run on time.",
			"Nine of ten Eastmere buses run on time",
			"The reason that was given for higher fares; 61,000 people a day can compare it with what they see.")),
		take(ana),
		source(ana, review.Evidence{
			URL: "https://buses.example.com/reports/2026-q1", Title: "Punctuality report, first quarter of 2026",
			Publisher: "Eastmere Transit", Stance: review.Supports,
			Quote: "91.2 percent of departures were on time.",
		}),
		source(ana, review.Evidence{
			URL: "https://city.example.org/council/transport/2026-04-14", Title: "Minutes of the transport committee, April 14, 2026",
			Publisher: "City of Eastmere", Stance: review.Context,
			Quote: "Director Weiss states that nine of ten buses are on time.",
		}),
		verdict(ana, review.VerdictDraft{
			Rating: "mostly_true", NoneFound: true,
			Summary:   "The company’s report for the first quarter gives 91.2 percent. It does not say how far a bus may be behind the timetable.",
			Rationale: "The figure is in the quarterly report [1], and the director used it as it stands there [2].\n\nThe report does not define “on time”. We found no other count.",
		}),
		submit(ana, ""), approve(edith), publish(edith),

		correct(ben, review.VerdictChange,
			"We first rated this claim “Mostly true”, because the company’s figure is what the director said it is. We had not checked how the company counts. "+
				"It takes a bus for punctual that is up to ten minutes late, and does not count buses that never came. A count of 3,460 departures found 71 percent on time. "+
				"We have changed the rating to “Mostly false”. Thanks to the readers who wrote to us."),
		source(ben, review.Evidence{
			URL: "https://passengers.example.org/counts/2026-02", Title: "Count of departures at eight stops, February 2026",
			Publisher: "Eastmere Passengers’ Association", Stance: review.Refutes,
			Quote: "Of 3,460 departures 2,457 (71.0 percent) were no more than five minutes late; 138 did not take place.",
			Note:  "Volunteers, the same stops and hours on 20 weekdays. The raw sheets are online.",
		}),
		source(ben, review.Evidence{
			URL: "https://buses.example.com/quality/definitions", Title: "How we measure quality, section 3",
			Publisher: "Eastmere Transit", Stance: review.Refutes,
			Quote: "A trip is punctual if it leaves the last stop but one within ten minutes of the timetable. Cancelled trips are not counted.",
		}),
		verdict(ben, review.VerdictDraft{
			Rating:  "mostly_false",
			Summary: "By the company’s own count 91.2 percent of buses are punctual, but that count allows ten minutes and leaves out buses that never came. By the measure that most companies use it is about 71 percent.",
			Rationale: "The figure is in the quarterly report [1], and the director used it as it stands there [2].\n\n" +
				"The company counts a bus as punctual if it leaves the last stop but one within ten minutes of the timetable, and does not count cancelled trips [4]. " +
				"The passengers’ association noted 3,460 departures at eight stops: 71 percent were no more than five minutes late, and 4 percent did not take place at all [3].\n\n" +
				"The count is not a sample of the whole network. It is the only one that is independent of the company, and its sheets can be read by everybody.",
		}),
		submit(ben, "A change of rating, so this needs both of you."),
		approve(edith), approve(omar), publish(omar),
	}},
	{"our fares are the lowest of any city of our size", required, []step{
		accept(edith, said("2026-04-14", "Paula Weiss", claims.Person, claims.Comparison,
			"Even at $2.50 a ride, bus fares in Eastmere are the lowest of any city of its size in the country.",
			"Eastmere has the lowest bus fares of any city of its size",
			"A superlative in a decision about public money.")),
		take(ana),
		source(ana, review.Evidence{
			URL: "https://buses.example.com/fares/2026", Title: "Fares from May 1, 2026",
			Publisher: "Eastmere Transit", Stance: review.Context,
			Quote: "Single ride $2.50; monthly pass $68.",
		}),
		source(ana, review.Evidence{
			URL: "https://compare.example.net/fares/2026", Title: "Bus fares in 40 cities, spring 2026",
			Publisher: "Urban Transit Survey", Stance: review.Refutes,
			Quote: "Port Alder $2.25; Millhaven $2.40; Eastmere $2.50.",
		}),
		verdict(ana, review.VerdictDraft{
			Rating: "false", NoneFound: true,
			Summary:   "At least two cities are cheaper: Port Alder and Millhaven.",
			Rationale: "A survey of 40 cities lists two with lower fares for a single ride [2] than Eastmere’s $2.50 [1].",
		}),
		submit(ana, ""),
		sendBack(edith, "“Of its size” is the point, and the summary does not answer it. How many people live in Port Alder and Millhaven? "+
			"Please also compare the monthly pass: most passengers have one, and the director may have meant that."),
	}},
	{"carried 61,000 people a day in March", required, []step{
		accept(edith, said("2026-04-14", "Paula Weiss", claims.Person, claims.Quantity,
			"Eastmere’s buses carried 61,000 people a day in March 2026, more than ever before.",
			"More people than ever ride Eastmere’s buses",
			"It was used to show that earlier increases did no harm.")),
		take(ben),
		source(ben, review.Evidence{
			URL: "https://buses.example.com/reports/passengers", Title: "Passengers by month, 2004 to 2026",
			Publisher: "Eastmere Transit", Stance: review.Supports,
			Quote: "March 2026: 61,040 on an average weekday.",
		}),
		source(ben, review.Evidence{
			URL: "https://archive.example.org/eastmere/tramways-1953", Title: "Report of the tramway department for 1953",
			Publisher: "Eastmere City Archive", Stance: review.Refutes,
			Quote: "The cars and omnibuses carried 88,000 persons on a working day.",
			Note:  "Trams and buses together; the trams were given up in 1961.",
		}),
		verdict(ben, review.VerdictDraft{
			Rating:  "mostly_true",
			Summary: "The figure is right, and it is the highest since the company began to count in 2004. Trams and buses together carried more in the 1950s.",
			Rationale: "The monthly series shows 61,040 people on an average weekday in March 2026; no month since 2004 was higher [1].\n\n" +
				"In 1953 trams and buses together carried 88,000 a day [2]. How many of them went by bus is not recorded, so “ever” goes further than the record.",
		}),
		submit(ben, "“Ever” is the question. I would stay with mostly true, but see what you think."),
		read(ana, "half_true", "The number is right, and “more than ever before” is not: your second source shows 88,000 a day in 1953. That is half of the sentence."),
	}},
	{"run 24 electric buses by the end of 2027", optional, []step{
		accept(ben, said("2026-04-14", "Paula Weiss", claims.Person, claims.Promise,
			"Eastmere Transit will run 24 electric buses by the end of 2027.",
			"Eastmere will have 24 electric buses by the end of 2027",
			"A promise with a number and a date; six are ordered.")),
	}},
	{"the number 7 had not come at all", optional, []step{
		dismiss(ben, review.NoPublicInterest, "Two mornings at one stop. The check on punctuality covers what lies behind it."),
	}},
}}
