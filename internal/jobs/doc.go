// Package jobs does work that waits for others: another site, a mail server, a
// time. A [Job] is a row, written in the transaction that needs the work, so
// that it exists exactly if the rest of that transaction does.
//
// # At least once
//
// A [Runner] leases a job, runs its handler and settles it. If the process dies
// in between, the lease runs out and the job is run again: a handler may see
// the same arguments twice, also at the same time if the first run was only
// cut off from the database. Handlers must therefore be idempotent: doing the
// work a second time has to leave what doing it once left. A handler whose
// lease was lost finds its context cancelled, and whatever it reports changes
// nothing.
//
// # Several processes
//
// Any number of processes share the table. Their clocks have to agree within a
// fraction of Runner.Lease, since leases are compared with the clock of
// whoever looks.
package jobs
