import { placeOf } from "../../model/deployment.ts"
import type { Button, Check } from "../../model/effect.ts"
import { environmentNamed } from "../../model/environment-named.ts"
import type { Gate } from "../../model/gate.ts"
import type { EntryPage } from "../../model/page.ts"
import type { ProtectionRequest } from "../../model/protection.ts"
import { fullName } from "../../model/repository.ts"
import { asRequest, type Verdict } from "../../model/verdict.ts"
import type { ApprovalRule, GroupedRule } from "../approvals.ts"
import { each } from "../asked.ts"
import { APPROVE, environmentCheckName, HOLD_ENTRY, rollBack } from "../buttons.ts"
import { environmentPage } from "../environment-page.ts"
import { isFailing } from "../last-known-good.ts"
import { hostUrl, pageUrl } from "../links.ts"
import { environmentTarget, type Run, releaseOf } from "../run.ts"
import { instant, list, plain, plural } from "../wording.ts"
import { patienceEnds, type Standing, standingOf } from "./answer.ts"
import { entryId, type Judged, type Out } from "./entry.ts"
import { lockOn } from "./locked.ts"
import { nobodyLetsIn } from "./nobody-left.ts"
import { approvalsShown, entryRule } from "./people.ts"
import { isTogether, leadOf, openRequests, requestsIn } from "./requests.ts"
import { isOnlyUnread, openVerdicts, standingBefore } from "./verdicts.ts"

type Shown = { readonly target: string; readonly content: Check }

/**
 * `Slipway / <environment>` on the commit of each release that waits to enter: before it is there, while it waits, and
 * what it was answered until a deployment says more. One page a commit, however many of its deployments wait.
 */
export function entryChecks(run: Run): readonly Shown[] {
  const open = openRequests(run.state)
  const leads = open.filter((request) => leadOf(run.state, request) === request)
  const ended = requestsIn(run.state).filter(
    (request) => request.end && !open.some((one) => isTogether(one, request)) && isNewest(run, request),
  )
  return [
    ...leads.flatMap((request) => waiting(run, request) ?? []),
    ...verdictChecks(run),
    ...ended.flatMap((one) => over(run, one) ?? []),
  ]
}

/**
 * The same while nothing at GitHub asks: green is what a job waits for that no protection rule holds. The last word on a
 * release that is not decided on any more is not green.
 */
function verdictChecks(run: Run): readonly Shown[] {
  const known = Object.values(run.state.verdicts ?? {})
  return [
    ...openVerdicts(run).map((verdict) => standing(run, verdict)),
    ...known.flatMap((verdict) => (verdict.closed ? closed(run, verdict, verdict.closed) : [])),
  ]
}

function standing(run: Run, verdict: Verdict): Shown {
  const request = asRequest(verdict)
  const stands = standingBefore(run, verdict)
  const isGreen = verdict.green !== undefined
  const gates = stands.is === "judged" ? stands.judged.map((one) => shownOf(one, isGreen)) : []
  const [entry] = stands.is === "judged" ? stands.entries : []
  const release = releaseOf(run.state, verdict.release)
  const rule = stands.is === "judged" ? ruleOf(stands) : undefined
  const isLost = stands.is === "never" || gates.some(({ state }) => state === "failed")
  const back = release?.phase.is === "published" ? rollbackHere(run, request, release as Out) : []
  const lock = lockOn(run.state, verdict)
  return shown(run, verdict, {
    externalId: `${entryId(entry?.hash ?? "")}${lock.id}`,
    conclusion: isGreen ? "success" : isLost ? "failure" : "action_required",
    buttons: entry ? [...((rule && !isGreen) || verdict.hold ? [APPROVE] : []), ...heldBy(lock, back)] : back,
    page: {
      state: isGreen ? "open" : "waits",
      since: verdict.green?.at ?? verdict.since,
      gates,
      approvals: entry ? approvalsShown(entry, rule) : [],
      ...(rule ? { rule: ruleSays(rule) } : {}),
      says: [
        ...(stands.is === "judged" ? whyNobody(stands) : [plain(stands.because)]),
        ...(release?.phase.is === "published" ? notes(run, request, release as Out) : []),
        ...nextTimes(stands),
        "nothing asks to enter yet: what is pressed here counts for the next deployment of it, and for no later one",
      ],
      answers: verdict.answers,
    },
    runs: [],
  })
}

/** What was read when it became green is not read in every run: as long as it stays green, it stands as passed. */
const shownOf = (judged: Judged, isGreen: boolean): Gate =>
  isGreen && isOnlyUnread(judged)
    ? { ...judged.gate, state: "passed", because: "passed when it was last read" }
    : judged.gate

/** A page that somebody else has by now is left to them. GitHub takes neutral for passed where a check is required: this is not. */
function closed(run: Run, verdict: Verdict, { at, because }: NonNullable<Verdict["closed"]>): readonly Shown[] {
  const here = environmentNamed(run.state, verdict.environment, verdict.component)
  const release = releaseOf(run.state, verdict.release)
  if (here && release && environmentPage(run, here, release)) return []
  const page = {
    state: "over" as const,
    since: at,
    gates: [],
    approvals: [],
    says: [plain(because)],
    answers: verdict.answers,
  }
  return [shown(run, verdict, { externalId: "slipway:entry", conclusion: "cancelled", buttons: [], page, runs: [] })]
}

const isNewest = (run: Run, request: ProtectionRequest): boolean =>
  requestsIn(run.state).findLast((one) => isTogether(one, request)) === request

function waiting(run: Run, request: ProtectionRequest): Shown | undefined {
  const standing = standingOf(run, request)
  if (standing.is !== "judged") return undefined
  const { release, entries, judged } = standing
  const [entry] = entries
  const gates = judged.map(({ gate }) => gate)
  const rule = ruleOf(standing)
  const isHeld = request.hold !== undefined
  const lock = lockOn(run.state, { environment: request.environment, component: release.component })
  const back = rollbackHere(run, request, release)
  const buttons = [...(rule || isHeld ? [APPROVE] : []), ...heldBy(lock, back)]
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
      says: [...whyNobody(standing), ...notes(run, request, release), ...limits(standing, request)],
      answers: request.answers,
    },
  })
}

/** GitHub shows three: what is locked is held already, and what can be rolled back is locked on its own page. */
const heldBy = (lock: ReturnType<typeof lockOn>, back: readonly Button[]): readonly Button[] =>
  lock.id === "" ? [HOLD_ENTRY, ...(back.length > 0 ? back : lock.buttons)] : [...lock.buttons, ...back]

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

/** Whom the newest version of the gates asks, where it asks somebody. */
const ruleOf = ({ entries }: Extract<Standing, { is: "judged" }>) =>
  entries.flatMap(({ rules }) => entryRule(rules) ?? []).at(-1)

type Look = Pick<Check, "externalId" | "conclusion" | "buttons"> & {
  readonly page: Pick<EntryPage, "state" | "since" | "gates" | "approvals" | "rule" | "says" | "answers">
}

function check(run: Run, request: ProtectionRequest, release: Out, look: Look): Shown {
  const { component, phase } = release
  const { sha, version } = phase.candidate
  const together = requestsIn(run.state).filter((one) => isTogether(one, request) && !one.end === !request.end)
  const runs = together
    .slice(-RUNS_SHOWN)
    .map((one) => ({ text: `run ${one.run}, by ${one.by}`, url: pageUrl(run.repo, `actions/runs/${one.run}`) }))
  return shown(run, { environment: request.environment, component, sha, version }, { ...look, runs })
}

function shown(
  run: Run,
  { environment, component, sha, version }: Pick<Verdict, "environment" | "component" | "sha" | "version">,
  { page, runs, ...look }: Look & Pick<EntryPage, "runs">,
): Shown {
  const { name } = environmentNamed(run.state, environment, component) ?? { name: environment }
  const place = placeOf({ name, component })
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
        runs,
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

/** Where it waits for approvals that nobody can give: why, and the ways out. */
function whyNobody({ judged, entries }: Extract<Standing, { is: "judged" }>): readonly string[] {
  const isWaiting = judged.some(({ gate }) => gate.name === "approvals" && gate.state === "pending")
  const nobody = isWaiting ? nobodyLetsIn(entries) : undefined
  return nobody ? [plain(`nobody can let it in: ${nobody.because}. Either ${nobody.waysOut.join(", or ")}`)] : []
}

const limits = (standing: Standing, request: ProtectionRequest): readonly string[] => [
  ...nextTimes(standing),
  `GitHub lets it wait until ${instant(patienceEnds(request))}; then it is turned away`,
]

function nextTimes(standing: Standing): readonly string[] {
  const times =
    standing.is === "judged"
      ? standing.judged.flatMap(({ gate, until }) => (gate.state === "passed" || until === undefined ? [] : [until]))
      : []
  const next = times.sort()[0]
  return next === undefined ? [] : [`looked at again on ${instant(next)}, or as soon as something happens`]
}

function ruleSays(rule: GroupedRule): string {
  const whom = (one: ApprovalRule) =>
    plural(one.required, "approval") +
    (one.high !== undefined && one.high > one.required ? ` (${one.high} where not all of it is of low risk)` : "") +
    ` from ${one.from.length > 0 ? list(one.from, 10) : "people with write permission"}`
  const any = rule.anyOf.map(whom).join(" or ")
  return `${[...each(rule).map(whom), ...(any === "" ? [] : [any])].join(" and ")}, of what they did not write`
}
