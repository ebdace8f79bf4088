package demo

import (
	"factcheck/internal/claims"
	"factcheck/internal/review"
)

var meals = chapter{"school-meals", "schools", []story{
	{"free meals have raised attendance by six percentage points", required, []step{
		accept(omar, said("2026-05-20", "Marianne Kessler", claims.Person, claims.Causal,
			"Free school meals have raised attendance in the Lyde Valley by six percentage points.",
			"Free school meals raised attendance by six points",
			"The legislature decides in June whether to go on paying, and this figure is before it.")),
		take(ana),
		source(ana, review.Evidence{
			URL: "https://schools.example.org/board/attendance-2026", Title: "Attendance, September to April",
			Publisher: "Lyde Valley School Board", Stance: review.Refutes,
			Quote: "2025/26: 93.8 percent; 2024/25: 91.2 percent.",
		}),
		source(ana, review.Evidence{
			URL: "https://schools.example.org/harbour/attendance", Title: "Harbour Primary: attendance by month",
			Publisher: "Harbour Primary School", Stance: review.Supports,
			Quote: "Attendance has risen from 87.9 to 94.1 percent.",
			Note:  "One school of 41; the only one in which we found about six points.",
		}),
		source(ana, review.Evidence{
			URL: "https://health.example.net/flu/2024-25", Title: "Influenza season 2024/25 in review",
			Publisher: "State Health Department", Stance: review.Context,
			Quote: "The heaviest season for nine years; school absences peaked in January.",
		}),
		verdict(ana, review.VerdictDraft{
			Rating:  "mostly_false",
			Summary: "Attendance in the district has risen by 2.6 points, not six. How much of that is due to the meals is not known: the year before was a year of heavy influenza.",
			Rationale: "The board’s own figures give 93.8 percent after 91.2 percent [1], a rise of 2.6 points. Six points were reached at one school, Harbour Primary [2].\n\n" +
				"The year of comparison had the heaviest influenza season for nine years [3]. Nobody has yet separated its effect from that of the meals.",
		}),
		submit(ana, "Ms Kessler’s office says that she meant Harbour Primary. I have put that school’s figures in."),
		approve(edith),
	}},
	{"one in four children in the valley came to school without breakfast", optional, []step{
		accept(ana, said("2026-05-21", "Lyde Valley University", claims.Organisation, claims.Quantity,
			"One in four children in the Lyde Valley came to school without breakfast before free meals began.",
			"One in four children came to school without breakfast",
			"Quoted in every debate about the meals; it rests on the answers of 212 teachers.")),
		take(ben),
	}},
	{"the best money we have ever spent", optional, []step{
		dismiss(ben, review.Opinion, ""),
	}},
	{"fewer than two percent of the families", anyOther, []step{
		dismiss(edith, review.AlreadyChecked, "We checked this when it was first said, and nothing has changed since: https://checks.example.org/2026/03/"),
	}},
}}
