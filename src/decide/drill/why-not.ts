import { openingAt } from "../../model/deploy-times.ts"
import type { Environment, Live } from "../../model/deployment.ts"
import { isVerified } from "../../model/deployment.ts"
import { isLaterId } from "../../model/later-id.ts"
import { isSameEnvironment } from "../../model/protection.ts"
import { driftOf, driftSays } from "../drift.ts"
import { stopGate } from "../gates/stop.ts"
import { isFailing, lastKnownGood } from "../last-known-good.ts"
import { findRelease } from "../promotion/find-release.ts"
import { lockOf, lockSays } from "../promotion/locked.ts"
import { openRequests, requestsIn } from "../promotion/requests.ts"
import { notUndone } from "../rollback/lasting.ts"
import { staysSays } from "../rollback/says.ts"
import { firstWord } from "../rollback/two-people.ts"
import type { Run } from "../run.ts"
import { instant, list } from "../wording.ts"
import { type DrillRules, drillRulesOf, practisedRules } from "./rules.ts"

/** Whether a drill may begin: from what is live to what; else why not, as the end of a sentence. */
export type Start =
  | { readonly is: "ready"; readonly live: Live; readonly to: Live }
  | { readonly is: "not"; readonly because: string }

const not = (because: string): Start => ({ is: "not", because })

/**
 * A drill disturbs nobody and leaves nothing behind: it begins where the environment is at rest, with a release that is well
 * and an earlier one that was, and where going back undoes everything.
 */
export function startOf(run: Run, environment: Environment): Start {
  const declared = drillRulesOf(run, environment)
  // guard: drill-undeclared
  if (declared?.rules.drill === undefined)
    return not(`no “drill” is declared for ${environment.name}, or nobody approved that yet`)
  const busy = busySays(run, environment) ?? keptOut(run, environment, declared)
  if (busy !== undefined) return not(busy)
  const { live } = environment
  if (!live || !isWell(environment, live)) return not("what is live there was not shown to be well")
  if (practisedRules(run, environment).levels.length === 0)
    return not("no way back is declared for it that deploys a release")
  const to = lastKnownGood(run.state, environment, live.release)
  if (!to) return not("no earlier release was live and well there")
  const stays = notUndone(run.state, live, to)
  // guard: drill-destructive
  if (stays.done.length + stays.unread.length > 0)
    return not(`going back to ${to.version} does not undo everything: ${list(staysSays(stays))}`)
  return { is: "ready", live, to }
}

/** Something is under way there, or on its way from there. */
function busySays(run: Run, environment: Environment): string | undefined {
  const { name, component = "", live, rollback, drill, statuses } = environment
  if (drill) return "a drill is under way already"
  if (rollback?.is === "running") return "a rollback is under way"
  const first = firstWord(environment, run.at)
  if (first) return `${first.by.login} asked for a rollback, which waits for a second person`
  const open = openRequests(run.state).find((one) => {
    const found = findRelease(run.state, one)
    const isOfLive = found.is === "found" && found.release.id === live?.release
    return isOfLive || (isSameEnvironment(one.environment, name) && isOf(found, component))
  })
  if (open) return `run ${open.run} waits to enter ${open.environment}`
  const inside = requestsIn(run.state).find(
    (one) =>
      isSameEnvironment(one.environment, name) && (one.inside ?? []).some((inner) => inner.component === component),
  )
  if (inside) return `run ${inside.run} is being deployed there`
  const going = Object.entries(statuses).find(
    ([id, { state }]) => UNDER_WAY.includes(state) && /^\d+$/.test(id) && isLaterId(id, live?.deployment ?? ""),
  )
  return going && `deployment ${going[0]} has not ended there`
}

const UNDER_WAY: readonly string[] = ["pending", "queued", "in_progress"]

/** A request that stands at no known release may be of any component. */
const isOf = (found: ReturnType<typeof findRelease>, component: string): boolean =>
  found.is !== "found" || found.release.component === component

/** A lock, a stop or a closed window keeps a drill out as it does a release. */
function keptOut(run: Run, environment: Environment, { line, rules }: DrillRules): string | undefined {
  const { name, component = "" } = environment
  const lock = lockOf(run.state, { environment: name, component })
  if (lock) return `it is ${lockSays(lock)}`
  if (rules.locked && (rules.locked.until === undefined || rules.locked.until > run.at))
    return `${rules.locked.by} locks it, by the configuration: ${rules.locked.because}`
  const stop = stopGate({ repo: run.repo, line, state: run.state })
  if (stop && stop.state !== "passed") return stop.because
  const drift = driftOf(run.state, name, component)
  if (drift) return `${driftSays(drift)} is there, and is no release`
  const { window } = rules
  if (!window) return undefined
  if (window.holidays && !window.holidays.dates) return `the holidays in ${window.holidays.file} were not read`
  const opening = openingAt(window, run.now)
  return opening.is === "closed" ? `its window opens on ${instant(opening.from)} (${window.zone})` : undefined
}

const isWell = (environment: Environment, live: Live): boolean =>
  isVerified(live) &&
  !isFailing(environment, live.release) &&
  environment.good.some(({ release }) => release === live.release)
