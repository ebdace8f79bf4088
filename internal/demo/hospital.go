package demo

import (
	"factcheck/internal/claims"
	"factcheck/internal/review"
)

var hospital = chapter{"hospital-waits", "health", []story{
	{"no hospital in the region treats emergency patients faster", required, []step{
		accept(edith, said("2026-07-08", "Martin Oyelaran", claims.Person, claims.Comparison,
			"No hospital in the region treats emergency patients faster than St Brigid’s.",
			"St Brigid’s treats emergency patients fastest",
			"People choose where to go by such sentences.")),
		take(ben),
		source(ben, review.Evidence{
			URL: "https://brigid.example.org/reports/2026-06", Title: "Emergency department: report for June 2026",
			Publisher: "St Brigid’s Hospital", Stance: review.Supports,
			Quote: "Median time from triage to a doctor: 3 h 10 min.",
		}),
		source(ben, review.Evidence{
			URL: "https://ashfordgeneral.example.net/quality", Title: "Quality indicators 2026",
			Publisher: "Ashford General Hospital", Stance: review.Refutes,
			Quote: "Median time from arrival to a doctor: 3 h 20 min.",
			Note:  "From arrival, not from triage. How long people wait for triage at St Brigid’s is not recorded.",
		}),
		source(ben, review.Evidence{
			URL: "https://health.example.org/region/emergency-standards", Title: "Reply to our question of July 10",
			Publisher: "Regional Health Office", Stance: review.Context,
			Quote: "A common definition of waiting time will apply from January 2027. Until then we do not compare hospitals.",
		}),
		verdict(ben, review.VerdictDraft{
			Rating:  "unverifiable",
			Summary: "The hospitals of the region start the clock at different moments: St Brigid’s at triage, Ashford General at the door. Until they count alike, nobody can say which is faster.",
			Rationale: "St Brigid’s gives 3 hours 10 minutes from triage [1], Ashford General 3 hours 20 minutes from arrival [2]. If people at St Brigid’s wait more than ten minutes for triage, Ashford is faster; that time is not recorded.\n\n" +
				"Two other hospitals publish no figures. The health office does not compare hospitals before 2027 [3].\n\n" +
				"The claim may be right. What is missing is a time of arrival for each patient at St Brigid’s.",
		}),
		submit(ben, "I asked all four hospitals; two did not answer within a week."),
		approve(omar), publish(edith),
	}},
	{"have fallen by 40 percent since January", required, []step{
		accept(omar, said("2026-07-08", "Martin Oyelaran", claims.Person, claims.Quantity,
			"Waiting times in the emergency department of St Brigid’s Hospital have fallen by 40 percent since January 2026.",
			"Waits at St Brigid’s have fallen by 40 percent",
			"The hospital asks the region for more money on the strength of it.")),
		take(ana),
		source(ana, review.Evidence{
			URL: "https://brigid.example.org/reports/2026-06", Title: "Emergency department: report for June 2026",
			Publisher: "St Brigid’s Hospital", Stance: review.Supports,
			Quote: "Median time from triage to a doctor: June 3 h 10 min, January 5 h 15 min.",
		}),
		source(ana, review.Evidence{
			URL: "https://health.example.org/region/emergency/monthly", Title: "Emergency departments by month, 2019 to 2026",
			Publisher: "Regional Health Office", Stance: review.Refutes,
			Quote: "St Brigid’s, June 2025: 3 h 42 min.",
			Note:  "Compared with the same month of the year before, the fall is 14 percent.",
		}),
		verdict(ana, review.VerdictDraft{
			Rating:  "mostly_true",
			Summary: "The median wait fell from 5 hours 15 minutes to 3 hours 10 minutes, which is 40 percent. January is the busiest month of every year: compared with June 2025 the fall is 14 percent.",
			Rationale: "The hospital’s report bears out both figures [1]; the fall is 39.7 percent.\n\n" +
				"Waits are longest in January each year. Against the same month of the year before they fell from 3 hours 42 minutes to 3 hours 10 minutes, by 14 percent [2]. " +
				"The claim is accurate as it was made, and readers should know which month it starts from.",
		}),
		submit(ana, ""), approve(edith), publish(edith),
	}},
	{"one in five nursing posts at St Brigid’s is empty", optional, []step{
		accept(ana, said("2026-07-08", "Rosa Delgado", claims.Person, claims.Quantity,
			"One in five nursing posts at St Brigid’s Hospital is empty.",
			"One in five nursing posts at St Brigid’s is empty",
			"The union’s answer to the hospital’s figures; the staffing plan is public.")),
		hold(omar, review.SourceSafety, "Two nurses have shown us duty rosters. Nobody asks the hospital about them before they have spoken to a lawyer."),
	}},
	{"cut a cake on Wednesday", optional, []step{
		dismiss(ben, review.Trivial, ""),
	}},
}}
