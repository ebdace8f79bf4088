package demo

import (
	"factcheck/internal/claims"
	"factcheck/internal/review"
)

// summit is the one chapter about real events. What people are quoted with they
// said in public; the publications that are cited for it are invented.
var summit = chapter{"anchorage-summit", "war in Ukraine", []story{
	{"end the war in a day", required, []step{
		accept(edith, said("2023-05-10", "Donald Trump", claims.Person, claims.Promise,
			"Donald Trump alone can “end the war in a day.”",
			"Trump can end the war in Ukraine in a day",
			"A promise about a war, made by a president and repeated for two years. The day that he named has passed, so it can be checked.")),
		take(ana),
		source(ana, review.Evidence{
			URL: "https://transcripts.example.org/2023/05/10/town-hall", Title: "Transcript of a televised town hall, May 10, 2023",
			Publisher: "Broadcast Transcripts Library", Stance: review.Context,
			Quote: "I will have that war settled in one day, 24 hours.",
			Note:  "The earliest of the statements that we found on record. He repeated it in debates and at rallies until the election.",
		}),
		source(ana, review.Evidence{
			URL: "https://monitor.example.net/ukraine/daily/2025-08-15", Title: "Daily situation report, August 15, 2025",
			Publisher: "Front Line Monitor", Stance: review.Refutes,
			Quote: "Fighting was recorded along the whole line of contact.",
			Note:  "The day of the meeting in Anchorage, 207 days after the inauguration.",
		}),
		source(ana, review.Evidence{
			URL: "https://transcripts.example.org/2025/03/16/interview", Title: "Transcript of a television interview, March 16, 2025",
			Publisher: "Broadcast Transcripts Library", Stance: review.Context,
			Quote: "I was being a little bit sarcastic when I said that.",
			Note:  "His own explanation, eight weeks after taking office.",
		}),
		verdict(ana, review.VerdictDraft{
			Rating: "false", NoneFound: true,
			Summary: "Donald Trump took office on January 20, 2025. When he met Vladimir Putin in Anchorage 207 days later, the war had not ended, and no plan that would have ended it in a day had been published.",
			Rationale: "Trump made the promise without conditions: “I will have that war settled in one day, 24 hours” [1].\n\n" +
				"The promise can be measured by its own date. On August 15, 2025, there was fighting along the whole front [2], and the meeting in Anchorage ended without a ceasefire.\n\n" +
				"In March 2025 Trump said that he had been “a little bit sarcastic” [3]. We found no sign of that in the recordings of 2023 and 2024: he gave the promise as an answer to questions about what he would do.\n\n" +
				"We looked for a plan, a draft or a letter that sets out how the war would have ended within a day. There is none that the public can read.",
		}),
		submit(ana, "Please look at the third source with care: it is his own explanation, and I think we owe it to readers."),
		approve(edith), publish(omar),
	}},
	{"first face-to-face meeting", required, []step{
		accept(omar, said("2025-08-16", "The Northgate Herald", claims.Organisation, claims.Comparison,
			"It was the first face-to-face meeting of Donald Trump and Vladimir Putin since Trump returned to the White House in January 2025.",
			"Anchorage was the first Trump–Putin meeting of the second term",
			"Many outlets wrote it, and some wrote “since 2018”. One check answers all of them.")),
		take(ben),
		source(ben, review.Evidence{
			URL: "https://almanac.example.org/presidents/us-russia", Title: "Meetings of American and Russian presidents, 1943 to 2025",
			Publisher: "Summit Almanac", Stance: review.Supports,
			Quote: "August 15, 2025, Anchorage: Trump and Putin. Before that: June 28, 2019, Osaka.",
		}),
		source(ben, review.Evidence{
			URL: "https://diary.example.net/2025/08", Title: "Travel of heads of state, January to August 2025",
			Publisher: "Diplomatic Diary", Stance: review.Supports,
			Quote: "No meeting in person of the two presidents is on record before August 15; telephone calls are.",
			Note:  "Lists public and announced private travel.",
		}),
		verdict(ben, review.VerdictDraft{
			Rating: "true", NoneFound: true,
			Summary:   "No meeting in person between the inauguration on January 20, 2025 and the summit on August 15 is on record. The two presidents had spoken by telephone.",
			Rationale: "Two independent lists of meetings name none between Osaka in June 2019 and Anchorage in August 2025 [1][2].\n\nWe also searched the announcements of both presidents’ offices for the months between and found telephone calls only.",
		}),
		submit(ben, ""), approve(edith), publish(edith),
	}},
	{"the two mainlands lie about 55 miles apart", optional, []step{
		accept(ana, said("2025-08-16", "The Northgate Herald", claims.Organisation, claims.Quantity,
			"At the narrowest point of the Bering Strait the mainlands of Alaska and Russia lie about 55 miles apart.",
			"Alaska and Russia are 55 miles apart",
			"Distances between 2 and 90 miles are going round; readers ask which is right.")),
	}},
	{"will travel to Washington on Monday", optional, []step{
		dismiss(edith, review.IsPrediction, "An announced journey. We will know on Monday."),
	}},
}}
