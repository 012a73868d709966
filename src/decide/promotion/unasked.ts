import { own } from "../../model/own.ts"
import { isSameEnvironment } from "../../model/protection.ts"
import type { Release } from "../../model/release.ts"
import type { Deployed } from "../../model/signal.ts"
import type { Run } from "../run.ts"
import { list } from "../wording.ts"
import { environmentsOf, isOut, standsBefore } from "./doors.ts"
import { firstVerdict, isOnlyUnread, standingBefore, verdictOf } from "./verdicts.ts"

/** A job that was let in may take so long until its deployment begins. */
const GRACE_MS = 15 * 60_000

/**
 * Why nothing let a deployment of a release into an environment of the configuration; undefined: something did, or the
 * release was there already, or nothing is asked there. A job's deployment begins with its first step, which may be the one
 * that waits for the verdict: only that it went live says that it did not wait.
 */
export function notLetIn(run: Run, release: Release, signal: Deployed): string | undefined {
  const { environment, state, actions, at, made = at } = signal
  const line = own(run.state.lines, release.branch)
  if (!isOut(release) || !line || (actions === true && state === "in_progress")) return undefined
  const name = environmentsOf(run, line).find((one) => isSameEnvironment(one, environment))
  if (name === undefined) return undefined
  const door = { release, environment: name }
  const stands = standsBefore(run, release, name)
  if (stands.is === "let in") return undefined
  if (stands.is === "past") return stands.because
  if (stands.is === "there")
    return (stands.as === "live" || stands.as === "verifying") && !stands.again
      ? undefined
      : `it was ${stands.as} there, and nobody let it in again`
  if (stands.is === "asked") return "its gates are not passed yet"
  const verdict = verdictOf(run.state, { release: release.id, environment: name }) ?? firstVerdict(run, door)
  const green = verdict.green ? at : verdict.wasGreen
  if (green !== undefined && Date.parse(made) <= Date.parse(green) + GRACE_MS) return undefined
  const standing = standingBefore(run, verdict)
  if (standing.is !== "judged") return standing.because
  const open = standing.judged.filter((one) => one.gate.state !== "passed" && !isOnlyUnread(one))
  return open.length === 0
    ? undefined
    : `it was waiting for ${list(open.map(({ gate }) => `${gate.name} (${gate.because})`))}`
}
