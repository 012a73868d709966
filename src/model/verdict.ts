import type { Answer, Approval } from "./approval.ts"
import type { Person } from "./change.ts"
import type { FailedAttempt, ProtectionRequest } from "./protection.ts"

/**
 * Whether a published release may enter an environment of the configuration, while nothing at GitHub asks: what a job
 * waits for that no protection rule holds. It is judged by the gates of a request, and is for one entry: `round` counts
 * them, and what people press is bound to it.
 */
export interface Verdict {
  readonly release: string
  /** As the configuration names it; environments are told apart without their case. */
  readonly environment: string
  /** What its page says of the release, which may be forgotten before it. */
  readonly component: string
  readonly tag: string
  readonly version: string
  readonly sha: string
  readonly round: number
  /** ISO 8601: when the round began. */
  readonly since: string
  /** Of what was pressed on the page: those bound to what stands now count. */
  readonly approvals: readonly Approval[]
  readonly hold?: { readonly by: Person; readonly at: string }
  /** The newest last; a handful is kept. */
  readonly answers: readonly Answer[]
  /** ISO 8601: every gate is passed by what is known, and the next run reads it all once more. */
  readonly asked?: string
  /** ISO 8601: something could not be read; not tried again before. `tries`: how often it could not, one after the other. */
  readonly again?: string
  readonly tries?: number
  /** The newest attempt of a check that failed, as it was read. */
  readonly attempt?: FailedAttempt
  /** What was read speaks against it for good (its tag stands elsewhere), until it is read to be otherwise. */
  readonly against?: string
  readonly green?: Green
  /** ISO 8601: until when it was green in this round, where it no longer is. */
  readonly wasGreen?: string
  /** It failed there or was rolled back, and somebody who may asked to let it in once more. */
  readonly reopened?: true
  /** Nobody decides on it any more; ISO 8601, and why. */
  readonly closed?: { readonly at: string; readonly because: string }
}

/** Every gate was passed on what was read at this instant; `again`: when it is read anew. ISO 8601 */
interface Green {
  readonly at: string
  readonly again?: string
  /** How often it was read and found passed, one after the other. */
  readonly looks: number
}

export const verdictKey = ({ release, environment }: Pick<Verdict, "release" | "environment">): string =>
  `${release}:${environment.toLowerCase()}`

/** What is judged in place of a deployment that waits: the gates know no difference. */
export const asRequest = (verdict: Verdict): ProtectionRequest => ({
  run: "",
  environment: verdict.environment,
  deployment: "",
  sha: verdict.sha,
  ref: verdict.tag,
  by: "",
  at: verdict.since,
  release: verdict.release,
  standing: standingIn(verdict),
  approvals: verdict.approvals,
  answers: verdict.answers,
  told: { times: 0, of: "" },
  ...(verdict.hold ? { hold: verdict.hold } : {}),
  ...(verdict.asked === undefined ? {} : { asked: verdict.asked }),
  ...(verdict.again === undefined ? {} : { again: verdict.again }),
  ...(verdict.attempt ? { attempt: verdict.attempt } : {}),
})

/** The one entry that people are asked about: a deployment that takes it over keeps it. */
const standingIn = ({ release, round }: Verdict): string => `${release}:${round}`
