import type { ColumnType, Generated, JSONColumnType } from "kysely"
import type { AuditEntry, Envelope } from "../model/decision.ts"
import type { Handle, Outcome } from "../model/outcome.ts"
import type { Repository } from "../model/repository.ts"
import type { Waiting } from "../model/waiting.ts"

/** `bigint` arrives as text: a number in JavaScript would lose the last digits one day. */
type BigInt8 = string
type Document<T> = ColumnType<T, string, string>
type OptionalDocument<T> = ColumnType<T | null, string | null | undefined, string | null>

interface Keys {
  key: string
  repo: Document<Repository>
  state: OptionalDocument<unknown>
  version: ColumnType<BigInt8, BigInt8 | undefined, BigInt8>
  revisit_at: Date | null
  /** Runs in a row that threw; above zero, `revisit_at` is when the next try is allowed. */
  failures: ColumnType<number, number | undefined, number>
  /** Those of them that were not for want of a peer or the database. */
  broken: ColumnType<number, number | undefined, number>
  /** Up to which row of the inbox the run had read that threw last. */
  tried: ColumnType<BigInt8, undefined, BigInt8>
  lease_owner: string | null
  lease_until: Date | null
  fence: ColumnType<BigInt8, BigInt8 | undefined, BigInt8>
  /** Where the audit trail ends (model/audit-chain). */
  audit_sequence: ColumnType<BigInt8, undefined, BigInt8>
  audit_hash: ColumnType<string, undefined, string>
  /** What it wants to hear of that happens in other repositories (model/joint). */
  listens: ColumnType<string[], undefined, string[]>
  /** Which gates it waits for, as its last decision left it; null: none. */
  waiting: OptionalDocument<readonly Waiting[]>
  /** When it was last looked whether anything of it was missed, by the database's clock. */
  looked_at: ColumnType<Date, undefined, Date>
}

interface Inbox {
  seq: Generated<BigInt8>
  delivery: string
  key: string
  signals: Document<unknown[]>
  received_at: Date
  decided_at: Date | null
  decided_version: BigInt8 | null
  /** Why it was given up: the run threw on it alone, and on nothing else. */
  dead: ColumnType<string | null, undefined, string>
}

type OutboxStatus = "pending" | "done" | "superseded" | "refused" | "dead"

interface Outbox {
  seq: Generated<BigInt8>
  key: string
  effect_key: string
  kind: string
  target: string
  lane: string
  mode: Envelope["mode"]
  envelope: Document<Envelope>
  content_hash: string
  status: ColumnType<OutboxStatus, OutboxStatus | undefined, OutboxStatus>
  attempts: ColumnType<number, number | undefined, number>
  /** An attempt was begun at this instant and nobody knows whether the peer did what was asked. */
  started_at: Date | null
  next_at: Date
  last_error: string | null
  created_at: Date
  ended_at: Date | null
  outcome: OptionalDocument<Outcome>
  /** How often it was put back after it had ended. */
  revivals: ColumnType<number, undefined, number>
}

/** Keys of appends whose rows are gone: the same decision made again is dropped all the same. */
interface SpentKeys {
  key: string
  effect_key: string
}

interface HandlesTable {
  key: string
  target: string
  handle: Document<Handle>
  /** Of the `replace` effect last applied to the target; null after an `append` has touched it. */
  content_hash: string | null
}

interface Audit {
  seq: Generated<BigInt8>
  key: string
  version: BigInt8
  at: Date
  entry: JSONColumnType<AuditEntry & object>
  /** Counted per key from 1. `seq` is counted over all of them, and has gaps. */
  sequence: BigInt8
  previous: string
  hash: string
}

interface AuditCheckpoints {
  key: string
  sequence: BigInt8
  checkpoint: Document<unknown>
}

interface Times {
  key: string
  what: string
  release: string
  subject: string
  at: Date
}

/** Each reaches either a repository or an installation. */
interface ReportTokens {
  id: string
  hash: string
  name: string
  repository: string | null
  installation: string | null
  environments: string[]
  drills: boolean
  made_at: Date
  expires_at: Date | null
  used_at: Date | null
  revoked_at: Date | null
}

/** What is done every few minutes, whichever process does it. */
interface Chores {
  name: string
  begun_at: Date
  memory: OptionalDocument<unknown>
}

/** Webhooks that GitHub could not deliver. */
interface MissedDeliveries {
  guid: string
  repository: string | null
  attempt: string
  only_word: boolean
  delivered_at: Date
  asked: ColumnType<number, number | undefined, number>
  next_at: Date
}

export interface Tables {
  "slipway.keys": Keys
  "slipway.inbox": Inbox
  "slipway.outbox": Outbox
  "slipway.spent_keys": SpentKeys
  "slipway.handles": HandlesTable
  "slipway.audit": Audit
  "slipway.audit_checkpoints": AuditCheckpoints
  "slipway.times": Times
  "slipway.report_tokens": ReportTokens
  "slipway.chores": Chores
  "slipway.missed_deliveries": MissedDeliveries
}
