import { ALERT_KINDS, SEVERITIES } from "./alerts.ts"
import type { Config } from "./config.ts"
import {
  atMost,
  containsAll,
  free,
  type Judge,
  type Known,
  longer,
  same,
  shorter,
  shown,
  textOf,
} from "./floor-judge.ts"
import { fromAmong } from "./floor-people.ts"
import { within } from "./floor-window.ts"

type Environment = Config["environments"][string]

/** It is watched for as long, and has to show as much. */
const verifiesAsMuch: Judge<Environment["verify"]> = (floor, own) => {
  const [asked, given] = [verification(floor), verification(own)]
  return (
    longer(asked.for, given.for) ??
    containsAll(asked.checks, given.checks) ??
    containsAll(asked.metrics, given.metrics) ??
    containsAll(asked.smoke, given.smoke)
  )
}

/** How it goes back is the repository's word; how many people have to ask for it is not. */
const asManyPeople: Judge<Environment["rollback"] | undefined> = (floor, own) => {
  const required = (rollback: Environment["rollback"] | undefined = []) =>
    Array.isArray(rollback) ? 1 : (rollback.required ?? 1)
  return required(own) >= required(floor) ? null : `must have \`required: ${required(floor)}\``
}

/** Of the same query, as much is promised, and as much has to be left. */
const keepsAsMuch: Judge<Environment["error-budget"]> = (floor, own) => {
  if (floor === undefined) return null
  const { slo, remaining, ...rest } = floor
  if (own === undefined) return "must be there"
  const { slo: promised, remaining: left, ...given } = own
  if (textOf(rest) !== textOf(given)) return "must have the floor's query and window"
  if (promised < slo) return `must promise at least ${slo}% (slo)`
  return left < remaining ? `must leave at least ${remaining}% (remaining)` : null
}

const verification = (verify: Environment["verify"] = 0): Exclude<Environment["verify"], number | undefined> =>
  typeof verify === "number" ? { for: verify } : verify

/** In the same environment, and no longer ago. */
const practised: Judge<Environment["drilled"]> = (floor, own) => {
  if (floor === undefined) return null
  if (own === undefined || own.in !== floor.in) return `must be there, with \`in: ${floor.in}\``
  return shorter(floor.within, own.within)
}

/** The same digest is asked for, and where the floor asks for an attestation, one by the same workflow. */
const attested: Judge<Environment["artifact"]> = (floor, own) => {
  if (floor === undefined) return null
  const { attestation } = floor
  const isHeld = attestation === undefined || textOf(own?.attestation) === textOf({ ...attestation })
  return own !== undefined && isHeld ? null : `must be as the floor has it (${shown(floor)})`
}

/** At least as much, by what the same reports say: others may say more. */
const covers: Judge<Environment["coverage"]> = (floor, own) => {
  if (floor === undefined) return null
  const { "at-least": least, ...by } = floor
  const { "at-least": now = -1, ...ownBy } = own ?? {}
  return now >= least && textOf(by) === textOf(ownBy)
    ? null
    : `must be at least ${least}${Object.keys(by).length > 0 ? `, with ${shown(by)}` : ", without `from` and `app`"}`
}

/** Each kind of alert is asked for that the floor asks for, and none that is worse gets by. */
const noWorse: Judge<Environment["vulnerabilities"]> = (floor = {}, own = {}) => {
  const isHeld = ALERT_KINDS.every((kind) => {
    const [most, now] = [floor[kind], own[kind]]
    return most === undefined || (now !== undefined && SEVERITIES.indexOf(now) <= SEVERITIES.indexOf(most))
  })
  return isHeld ? null : `must be at least as strict as the floor (${shown(floor)})`
}

/** A key that is not here must be as the floor has it. */
export const ENVIRONMENT: Known<Environment> = {
  after: (floor, own) => (floor === undefined ? null : same(floor, own)),
  soak: longer,
  checks: containsAll,
  freshness: shorter,
  coverage: covers,
  vulnerabilities: noWorse,
  smoke: (floor, own) => (floor === undefined ? null : same(floor, own)),
  performance: containsAll,
  "error-budget": keepsAsMuch,
  window: within,
  planned: (floor, own) => (floor === undefined ? null : same(floor, own)),
  concurrency: atMost,
  verify: verifiesAsMuch,
  artifact: attested,
  locked: (floor, own) => (floor === undefined ? null : same(floor, own)),
  criteria: containsAll,
  watch: longer,
  "on-call": fromAmong,
  rollback: asManyPeople,
  good: free,
  drill: free,
  drilled: practised,
}
