// Package ranking trains the two models that internal/match orders earlier
// claims with and says how sure it is: from queries whose right answers people
// marked. It is no part of the serving path.
package ranking
