import { z } from "zod"

const text = z.string()
/** ISO 8601. */
const instant = z.string()

const gate = z.object({
  name: text,
  state: z.enum(["passed", "failed", "pending", "unknown"]),
  because: text,
  evidence: z.array(z.object({ text, url: text.exactOptional() })).exactOptional(),
})

const approval = z.object({
  by: text,
  /** GitHub's id of the person: a login can be given to somebody else. */
  id: text,
  does: z.enum(["approve", "hold"]),
  at: instant,
  sha: text,
  /** The candidate hash that it is bound to. */
  candidate: text,
  counts: z.boolean(),
  because: text,
})

const change = z.object({
  /** `#12` or a full SHA. */
  id: text,
  sha: text,
  title: text,
  /** Absent: a direct commit. */
  pull: z.object({ number: z.number(), author: text, mergedAt: instant, head: text }).exactOptional(),
  /** Whoever authored, committed or opened it, as far as it was read. */
  wrote: z.array(text),
  /**
   * The other pair of eyes: who approved the release, or, where the change is of low risk, its pull request in a review,
   * and wrote nothing in this change.
   */
  coveredBy: z.array(text),
  /** Why it was of low or of high risk. */
  risk: z.object({ is: z.enum(["low", "high"]), because: text }),
})

const check = z.object({
  kind: z.enum(["check", "status", "suite"]),
  name: text,
  app: text.exactOptional(),
  id: text,
  state: z.enum(["passed", "failed", "pending"]),
  word: text,
  at: instant,
  url: text.exactOptional(),
})

const asset = z.object({ id: text, name: text, sha256: text.nullable() })

/** What a publication rested on: the facts of the audit record `publishing`. */
export const publishingEvidence = z.object({
  tag: text,
  version: text,
  sha: text,
  branch: text,
  component: text,
  /** The candidate hash: what the approvals had to be for. */
  candidate: text,
  attempt: z.number(),
  /** How many approvals the configuration asks for. */
  required: z.number(),
  /** Whether the release was to carry where the audit trail stood. */
  audit: z.boolean(),
  gates: z.array(gate),
  approvals: z.array(approval),
  changes: z.array(change),
  checks: z.array(check),
  assets: z.array(asset),
})

export type PublishingEvidence = z.output<typeof publishingEvidence>
/** A gate as the audit keeps it. */
export type GateEvidence = z.output<typeof gate>
export type ChangeEvidence = PublishingEvidence["changes"][number]
