package demo

// chapters are the articles of the sample desk in the order in which they came
// in. Between them the stories leave claims in every state.
var chapters = []chapter{summit, budget, fares, meals, river, hospital}
