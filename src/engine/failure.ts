/**
 * Why a run threw. `unavailable`: a peer or the database is away, and the same deliveries will do once it is back.
 * `broken`: the reason is in Slipway itself, or in what it was given.
 */
export type Failure =
  | { readonly is: "unavailable"; readonly afterSeconds: number } // 0: nobody said how long
  | { readonly is: "broken" }

/** GitHub's limits are counted by the hour; whoever says more than that is not GitHub. */
const LONGEST_WAIT_SECONDS = 3_600
/** Far more than anybody wraps. */
const DEEPEST_CAUSE = 8

/**
 * Tells by their shape, since the engine knows no peer: a `PeerUnavailable` of src/peers/errors.ts, what PostgreSQL
 * says of itself, and what Node and node-postgres say of a connection. Causes are looked through.
 */
export function failureOf(error: unknown): Failure {
  let at = error
  for (let depth = 0; depth < DEEPEST_CAUSE && at instanceof Error; depth++) {
    if (at.name === "PeerUnavailable") return { is: "unavailable", afterSeconds: secondsOf(at) }
    if (isDatabaseAway(at)) return { is: "unavailable", afterSeconds: 0 }
    at = at.cause
  }
  return { is: "broken" }
}

function secondsOf(error: Error): number {
  const { afterSeconds } = error as { afterSeconds?: unknown }
  return typeof afterSeconds === "number" && afterSeconds > 0 ? Math.min(afterSeconds, LONGEST_WAIT_SECONDS) : 0
}

const CONNECTION = /^(?:Connection terminated|Client has encountered a connection error|timeout exceeded when trying)/

/**
 * Classes 22 and 23 speak of the data: a text that JSON in PostgreSQL cannot hold stays what it is. All others (no
 * connection, deadlock, full disk, shutting down) pass: https://www.postgresql.org/docs/current/errcodes-appendix.html
 */
function isDatabaseAway(error: Error): boolean {
  const { code, severity } = error as { code?: unknown; severity?: unknown }
  if (typeof code === "string" && typeof severity === "string") return !/^2[23]/.test(code)
  return (typeof code === "string" && /^E[A-Z]+$/.test(code)) || CONNECTION.test(error.message)
}
