import { placeOf } from "../../model/deployment.ts"
import type { Button, Check } from "../../model/effect.ts"
import type { EntryPage } from "../../model/page.ts"
import type { ProtectionRequest } from "../../model/protection.ts"
import { fullName } from "../../model/repository.ts"
import type { ApprovalRule, GroupedRule } from "../approvals.ts"
import { each } from "../asked.ts"
import { APPROVE, environmentCheckName, HOLD_ENTRY, rollBack } from "../buttons.ts"
import { environmentPage } from "../environment-page.ts"
import { isFailing } from "../last-known-good.ts"
import { hostUrl, pageUrl } from "../links.ts"
import { environmentTarget, type Run, releaseOf } from "../run.ts"
import { instant, list, plain, plural } from "../wording.ts"
import { patienceEnds, type Standing, standingOf } from "./answer.ts"
import { entryId, environmentNamed, type Out } from "./entry.ts"
import { lockOn } from "./locked.ts"
import { approvalsShown, entryRule } from "./people.ts"
import { isTogether, openRequests, requestsIn } from "./requests.ts"

type Shown = { readonly target: string; readonly content: Check }

/**
 * `Slipway / <environment>` on the commit of each release that waits to enter: before it is there, while it waits, and
 * what it was answered until a deployment says more. One page a commit, however many of its deployments wait.
 */
export function entryChecks(run: Run): readonly Shown[] {
  const open = openRequests(run.state)
  const leads = open.filter((request) => open.find((one) => isTogether(one, request)) === request)
  const ended = requestsIn(run.state).filter(
    (request) => request.end && !open.some((one) => isTogether(one, request)) && isNewest(run, request),
  )
  return [...leads.flatMap((request) => waiting(run, request) ?? []), ...ended.flatMap((one) => over(run, one) ?? [])]
}

const isNewest = (run: Run, request: ProtectionRequest): boolean =>
  requestsIn(run.state).findLast((one) => isTogether(one, request)) === request

function waiting(run: Run, request: ProtectionRequest): Shown | undefined {
  const standing = standingOf(run, request)
  if (standing.is !== "judged") return undefined
  const { release, entries, judged } = standing
  const [entry] = entries
  const gates = judged.map(({ gate }) => gate)
  const rule = entries.flatMap(({ rules }) => entryRule(rules) ?? []).at(-1)
  const isHeld = request.hold !== undefined
  const lock = lockOn(run.state, { environment: request.environment, component: release.component })
  const back = rollbackHere(run, request, release)
  // GitHub shows three: what is locked is held already, and what can be rolled back is locked on its own page.
  const held = lock.id === "" ? [HOLD_ENTRY, ...(back.length > 0 ? back : lock.buttons)] : [...lock.buttons, ...back]
  const buttons = [...(rule || isHeld ? [APPROVE] : []), ...held]
  const isBlocked = gates.some(({ state }) => state === "failed")
  return check(run, request, release, {
    externalId: `${entryId(entry?.hash ?? "")}${lock.id}`,
    conclusion: isBlocked ? "failure" : "action_required",
    buttons,
    page: {
      state: "waits",
      since: request.at,
      gates,
      approvals: entry ? approvalsShown({ ...entry, request }, rule) : [],
      ...(rule ? { rule: ruleSays(rule) } : {}),
      says: [...notes(run, request, release), ...limits(standing, request)],
      answers: request.answers,
    },
  })
}

/** A release that was somewhere before is spoken of by the environment's own page. */
function over(run: Run, request: ProtectionRequest): Shown | undefined {
  const release = request.release === undefined ? undefined : releaseOf(run.state, request.release)
  if (!request.end || release?.phase.is !== "published" || release.phase.candidate.sha !== request.sha) return undefined
  const here = environmentNamed(run.state, request.environment, release.component)
  if (here && environmentPage(run, here, release)) return undefined
  const { end } = request
  const isAnswered = end.is === "answered"
  const verdict = isAnswered ? end.verdict : "over"
  return check(run, request, release as Out, {
    externalId: "slipway:entry",
    conclusion: verdict === "approved" ? "success" : verdict === "rejected" ? "failure" : "neutral",
    buttons: [],
    page: {
      state: verdict,
      since: end.at,
      gates: isAnswered ? end.gates : [],
      approvals: [],
      says: [plain(end.because), ...(isAnswered && end.trouble !== undefined ? [end.trouble] : [])],
      answers: request.answers,
    },
  })
}

function check(
  run: Run,
  request: ProtectionRequest,
  release: Out,
  {
    page,
    ...look
  }: Pick<Check, "externalId" | "conclusion" | "buttons"> & {
    readonly page: Pick<EntryPage, "state" | "since" | "gates" | "approvals" | "rule" | "says" | "answers">
  },
): Shown {
  const { name } = environmentNamed(run.state, request.environment, release.component) ?? { name: request.environment }
  const place = placeOf({ name, component: release.component })
  const { sha, version } = release.phase.candidate
  const together = requestsIn(run.state).filter((one) => isTogether(one, request) && !one.end === !request.end)
  return {
    target: environmentTarget(place, sha),
    content: {
      name: environmentCheckName(place),
      sha,
      ...look,
      page: {
        is: "entry",
        repository: fullName(run.repo),
        webUrl: hostUrl(run.repo),
        environment: place,
        version,
        sha,
        ...page,
        runs: together
          .slice(-RUNS_SHOWN)
          .map((one) => ({ text: `run ${one.run}, by ${one.by}`, url: pageUrl(run.repo, `actions/runs/${one.run}`) })),
      },
    },
  }
}

const RUNS_SHOWN = 10

/** While a later deployment of it waits, what is live can be judged bad all the same. */
function rollbackHere(run: Run, request: ProtectionRequest, release: Out): readonly Button[] {
  const here = environmentNamed(run.state, request.environment, release.component)
  const page = here && environmentPage(run, here, release)
  if (!here || !page || here.rollback?.is === "running") return []
  const isThere = page.state === "live" || page.state === "verifying"
  const isBad = isThere || (page.state === "failed" && isFailing(here, release.id))
  return isBad ? [rollBack(here.name)] : []
}

function notes(run: Run, request: ProtectionRequest, release: Out): readonly string[] {
  const live = environmentNamed(run.state, request.environment, release.component)?.live
  return live ? [`${live.version} is live there since ${instant(live.since)}`] : []
}

function limits(standing: Standing, request: ProtectionRequest): readonly string[] {
  const times =
    standing.is === "judged"
      ? standing.judged.flatMap(({ gate, until }) => (gate.state === "passed" || until === undefined ? [] : [until]))
      : []
  const next = times.sort()[0]
  return [
    ...(next === undefined ? [] : [`looked at again on ${instant(next)}, or as soon as something happens`]),
    `GitHub lets it wait until ${instant(patienceEnds(request))}; then it is turned away`,
  ]
}

function ruleSays(rule: GroupedRule): string {
  const whom = (one: ApprovalRule) =>
    plural(one.required, "approval") +
    (one.high !== undefined && one.high > one.required ? ` (${one.high} where not all of it is of low risk)` : "") +
    ` from ${one.from.length > 0 ? list(one.from, 10) : "people with write permission"}`
  const any = rule.anyOf.map(whom).join(" or ")
  return `${[...each(rule).map(whom), ...(any === "" ? [] : [any])].join(" and ")}, of what they did not write`
}
