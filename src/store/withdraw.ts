import { sql } from "kysely"
import type { Envelope } from "../model/decision.ts"
import type { Outcome } from "../model/outcome.ts"
import { writeEnd } from "./attempts.ts"
import type { Db } from "./open.ts"

/** What a decision does not want done any more. */
export interface Withdrawing {
  /** Exact targets; only what is appended to them. */
  readonly targets: readonly string[]
  /** The signal that tells of an effect's end. */
  readonly ended: (effect: Envelope, outcome: Outcome) => unknown
}

/**
 * Ends the appends to these targets that wait, in the transaction of a decision, which has the key's row: no attempt can
 * begin meanwhile. One that is under way, or that a killed process left, is given no more time than it has had: it ends as it
 * ends, and no other attempt is begun.
 */
export async function withdraw(
  transaction: Db,
  { key, now }: { readonly key: string; readonly now: Date },
  { targets, ended }: Withdrawing,
): Promise<void> {
  for (const row of await waiting(transaction, key, targets)) {
    if (row.under_way) {
      const guard = { notAfter: new Date(now.getTime() - 1).toISOString() }
      await sql`
        update slipway.outbox set envelope = envelope || ${JSON.stringify({ guard })}::jsonb
        where seq = ${row.seq}`.execute(transaction)
      continue
    }
    const { seq, envelope: effect, attempts: attempt } = row
    const outcome = row.in_doubt ? inDoubt(row.last_error) : WITHDRAWN
    const signals = [ended(effect, outcome)]
    await writeEnd(transaction, key, { seq, effect, attempt, status: "refused", outcome, signals, now })
  }
}

interface Row {
  readonly seq: string
  readonly envelope: Envelope
  readonly attempts: number
  readonly last_error: string | null
  readonly in_doubt: boolean
  readonly under_way: boolean
}

/** An attempt begins when its time has come; what is put off is due only after its last one began. */
async function waiting(db: Db, key: string, targets: readonly string[]): Promise<readonly Row[]> {
  const { rows } = await sql<Row>`
    select seq, envelope, attempts, last_error, started_at is not null as in_doubt,
           coalesce(started_at >= next_at, false) as under_way
    from slipway.outbox
    where key = ${key} and target = any(${[...targets]}) and mode = 'append' and status = 'pending'
    order by seq for update`.execute(db)
  return rows
}

type Refused = Extract<Outcome, { is: "refused" }>

const WITHDRAWN: Refused = { is: "refused", code: "withdrawn", because: "it was withdrawn before it was done" }

const inDoubt = (error: string | null): Refused => ({
  is: "refused",
  code: "unavailable",
  because: `withdrawn, and not tried again; an attempt at it got no answer that says what came of it, so that it may have been done all the same${error === null ? "" : ` (${error})`}`,
})
