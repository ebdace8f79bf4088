package demo

import (
	"time"

	"factcheck/internal/claims"
	"factcheck/internal/review"
)

var river = chapter{"river-water", "water", []story{
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
	{"Salmon have returned to the upper river for the first time since 1987", required, []step{
		accept(omar, said("2026-06-17", "Gareth Holm", claims.Person, claims.Happening,
			"Salmon have returned to the upper River Lyde for the first time since 1987.",
			"Salmon are back in the upper Lyde after 39 years",
			"The picture of the fish ladder is everywhere; few readers know what was counted.")),
		take(ben),
		source(ben, review.Evidence{
			URL: "https://rangers.example.org/ashford/ladder-2025", Title: "Counts at the fish ladder in Ashford, autumn 2025",
			Publisher: "Lyde Valley Rangers", Stance: review.Supports,
			Quote: "43 salmon, the first since the counter was built in 1994.",
		}),
		source(ben, review.Evidence{
			URL: "https://anglers.example.net/yearbook/1987", Title: "Yearbook 1987, catches by stretch of the river",
			Publisher: "Lyde Anglers’ Union", Stance: review.Supports,
			Quote: "Upper Lyde: 2 salmon. No catch has been entered since.",
			Note:  "The union has kept the book every year.",
		}),
		verdict(ben, review.VerdictDraft{
			Rating: "mostly_true", NoneFound: true,
			Summary:   "43 salmon were counted at Ashford in autumn 2025. The last catch before that was entered in 1987. Whether single fish came in between nobody can say: they were not counted before 1994.",
			Rationale: "The counter at the fish ladder saw 43 salmon [1]. The anglers’ yearbooks know of none after 1987 [2].\n\nBetween 1987 and 1994 nobody counted. We found no report of salmon from these years.",
		}),
		submit(ben, ""), approve(edith),
		schedule(omar, 40*time.Hour, "With the weekend edition, beside the report about the weir."),
	}},
	{"4,200 E. coli bacteria per 100 millilitres", required, []step{
		accept(ana, said("2026-06-17", "State Environment Agency", claims.Organisation, claims.Quantity,
			"In the worst sample, taken below the weir on May 4, 2026, there were 4,200 E. coli bacteria per 100 millilitres.",
			"The Lyde had 4,200 E. coli per 100 ml below the weir",
			"Three hundred people swam there last weekend.")),
		take(ana),
		source(ana, review.Evidence{
			URL: "https://environment.example.org/lyde/samples/2026-05", Title: "Samples of May 2026, Eastmere weir",
			Publisher: "State Environment Agency", Stance: review.Supports,
			Quote: "May 4, below weir: E. coli 4,200 per 100 ml.",
		}),
		source(ana, review.Evidence{
			URL: "https://health.example.net/bathing/limits", Title: "Limits for inland bathing water",
			Publisher: "State Health Department", Stance: review.Context,
			Quote: "Sufficient: at most 900 per 100 ml.",
		}),
		verdict(ana, review.VerdictDraft{
			Rating: "true", NoneFound: true,
			Summary:   "The agency’s list of samples gives this value. It is more than four times what is allowed where people bathe.",
			Rationale: "The value stands in the list of samples [1]; the limit is 900 [2]. It had rained for two days before.",
		}),
		submit(ana, "It is Saturday, 33 degrees, and they are swimming there now."),
		breakGlass(stella, "People are swimming below the weir today, and no editor could be reached. The figure is the agency’s own."),
	}},
	{"farming accounts for 61 percent", optional, []step{
		accept(omar, said("2026-06-18", "Lyde Valley University", claims.Organisation, claims.Quantity,
			"Farming accounts for 61 percent of the phosphate in the River Lyde.",
			"Most phosphate in the Lyde comes from farms",
			"It decides who has to act, and the study is two years old.")),
	}},
}}
