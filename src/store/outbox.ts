import { sql } from "kysely"
import type { Envelope } from "../model/decision.ts"
import type { Db } from "./open.ts"

/** Something that was decided, or delivered, and has not come to an end as it should. */
export interface Stuck {
  /** `e` and a number: an effect. `d` and a number: a delivery. */
  readonly id: string
  readonly repository: string
  /** Its number at GitHub. */
  readonly key: string
  /** `trying`: an attempt was begun, and nobody knows what came of it yet. */
  readonly is: "waiting" | "trying" | "dead" | "refused"
  /** Of an effect; `delivery` else. */
  readonly kind: string
  /** The target of an effect; GitHub's id of a delivery. */
  readonly what: string
  readonly attempts: number
  readonly since: Date
  /** When it is tried next. */
  readonly next?: Date
  /** When it was given up, or refused. */
  readonly ended?: Date
  /** What the last attempt came to. */
  readonly because?: string
}

export interface StuckFilter {
  /** `owner` or `owner/name`, in any case of letters; none: all of them. */
  readonly names: readonly string[]
  /** With what a peer refused, for as long as it is kept. */
  readonly refused: boolean
  readonly most: number
}

/** What waits in the outbox, and what was given up, the oldest first; `more`: how many are left out. */
export async function listStuck(
  db: Db,
  { names, refused, most }: StuckFilter,
): Promise<{ readonly stuck: readonly Stuck[]; readonly more: number }> {
  const wanted = names.map((name) => name.toLowerCase())
  const { rows } = await sql<Row>`
    with named as (
      select key, (repo ->> 'owner') || '/' || (repo ->> 'name') as repository from slipway.keys
      where ${wanted.length === 0}::boolean or lower(repo ->> 'owner') = any(${wanted}::text[])
        or lower((repo ->> 'owner') || '/' || (repo ->> 'name')) = any(${wanted}::text[])
    ), stuck as (
      select 'e' || o.seq as id, o.seq, o.key, o.status as status, o.kind, o.target as what, o.attempts,
             o.created_at as since, o.started_at is not null as trying, o.next_at as next, o.ended_at as ended,
             o.last_error, o.outcome ->> 'because' as because
      from slipway.outbox o
      where o.status in ('pending', 'dead')
         or (${refused}::boolean and o.status = 'refused' and o.outcome ->> 'code' is distinct from 'dropped')
      union all
      select 'd' || i.seq, i.seq, i.key, 'dead', 'delivery', i.delivery, 0, i.received_at, false, null, i.decided_at, null, i.dead
      from slipway.inbox i where i.dead is not null
    )
    select id, key, status, kind, what, attempts, since, trying, next, ended, last_error, because, named.repository,
           count(*) over ()::int as total
    from stuck join named using (key) order by since, seq limit ${most}`.execute(db)
  return { stuck: rows.map(stuckIn), more: Math.max(0, (rows[0]?.total ?? 0) - rows.length) }
}

interface Row {
  readonly id: string
  readonly key: string
  readonly repository: string
  readonly status: "pending" | "dead" | "refused"
  readonly kind: string
  readonly what: string
  readonly attempts: number
  readonly since: Date
  readonly trying: boolean
  readonly next: Date | null
  readonly ended: Date | null
  readonly last_error: string | null
  readonly because: string | null
  readonly total: number
}

function stuckIn({ status, trying, next, ended, last_error, because, total: _, ...row }: Row): Stuck {
  const why = because ?? last_error
  return {
    ...row,
    is: status !== "pending" ? status : trying ? "trying" : "waiting",
    ...(status === "pending" && next ? { next } : {}),
    ...(ended ? { ended } : {}),
    ...(why === null ? {} : { because: why }),
  }
}

/** One effect as it stands. */
export interface OutboxRow {
  readonly seq: string
  readonly key: string
  readonly status: "pending" | "done" | "superseded" | "refused" | "dead"
  readonly mode: Envelope["mode"]
  readonly target: string
  readonly kind: string
  readonly envelope: Envelope
  readonly started_at: Date | null
  readonly code: string | null
}

export async function outboxRow(db: Db, seq: string): Promise<OutboxRow | undefined> {
  const { rows } = await sql<OutboxRow>`
    select seq, key, status, mode, target, kind, envelope, started_at, outcome ->> 'code' as code
    from slipway.outbox where seq = ${seq}`.execute(db)
  return rows[0]
}
