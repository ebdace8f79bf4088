package demo

import (
	"factcheck/internal/claims"
	"factcheck/internal/review"
)

var river = chapter{"river-water", []story{
	{"cleaner today than at any time in the past thirty years", required, []step{
		accept(ben, said("2026-06-17", "Gareth Holm", claims.Person, claims.Comparison,
			"The River Lyde is cleaner today than at any time in the past thirty years.",
			"The Lyde is cleaner than at any time in thirty years",
			"The city decides in July whether people may swim there.")),
		take(ana),
		source(ana, review.Evidence{
			URL: "https://environment.example.org/lyde/series", Title: "Water quality of the Lyde at Eastmere weir, 1996 to 2026",
			Publisher: "State Environment Agency", Stance: review.Supports,
			Quote: "Ammonium and oxygen have been better in each year since 2019 than in any year before.",
		}),
		source(ana, review.Evidence{
			URL: "https://environment.example.org/lyde/bathing-2026", Title: "Bathing water report, June 2026",
			Publisher: "State Environment Agency", Stance: review.Refutes,
			Quote: "After rain the standard was met at none of the seven points.",
		}),
		source(ana, review.Evidence{
			URL: "https://university.example.net/lyde-phosphate", Title: "Where the phosphate in the Lyde comes from",
			Publisher: "Lyde Valley University", Stance: review.Refutes,
			Quote: "Phosphate has not fallen since 2011.",
		}),
		verdict(ana, review.VerdictDraft{
			Rating:  "half_true",
			Summary: "By oxygen and ammonium the river is better than at any time since 1996. By phosphate it is not, and after rain it fails the standard for bathing at every point.",
			Rationale: "“Clean” has more than one measure. The agency’s longest series, for oxygen and ammonium, bears the claim out [1]. Phosphate has stood still since 2011 [3].\n\n" +
				"Bacteria have been measured since 2021 only, so thirty years cannot be compared. In June 2026 none of the seven points met the standard after rain [2].",
		}),
		submit(ana, ""),
	}},
	{"all overflows have been fitted with meters", optional, []step{
		accept(ana, said("2026-06-17", "Gareth Holm", claims.Person, claims.Happening,
			"All 31 storm overflows of Lydewater have been fitted with meters since January 2026.",
			"All of Lydewater’s overflows have meters",
			"Campaigners say that nine have none. Both cannot be right, and it can be seen on the spot.")),
		assign(omar, ben, "Please go and look, with a photographer. The addresses of the overflows are in the permit."),
	}},
	{"farming accounts for 61 percent", optional, []step{
		accept(omar, said("2026-06-18", "Lyde Valley University", claims.Organisation, claims.Quantity,
			"Farming accounts for 61 percent of the phosphate in the River Lyde.",
			"Most phosphate in the Lyde comes from farms",
			"It decides who has to act, and the study is two years old.")),
	}},
}}
