import { mayEverCount } from "../../model/approval.ts"
import { placeOf } from "../../model/deployment.ts"
import type { Incident, IncidentStands } from "../../model/incident.ts"
import { own } from "../../model/own.ts"
import type { Labelled, Signal, Unlabelled } from "../../model/signal.ts"
import { firstOf } from "../../model/storable.ts"
import { standingOf, whyNever } from "../approvals.ts"
import { unknownBecause } from "../gates/subject.ts"
import { isLate } from "../late.ts"
import { environmentCheckUrl } from "../links.ts"
import { configOf } from "../plan-of.ts"
import { isKnownPress, keepPress } from "../presses.ts"
import { putEnvironment, type Run, record, withAnswer } from "../run.ts"
import { plain } from "../wording.ts"
import { askBack } from "./ask-back.ts"
import { asStands } from "./follow-incidents.ts"
import { isOff, keepLabelOff, offSince } from "./labels-off.ts"
import { type Meant, meantBy } from "./meant.ts"
import { withdrawWord } from "./withdraw-word.ts"

/**
 * An issue that somebody labelled as an incident asks for a rollback of the release that it names, as whoever labelled it
 * would by the button: by the same rules, in their name. What stood there when it was labelled counts.
 *
 * @param later what happened after it, as far as this run knows
 */
export function labelled(run: Run, signal: Labelled, later: readonly Signal[]): void {
  const { number, by, at, since, signed } = signal
  if (!isIncidents(run, signal)) return
  if (isKnownPress(run, signed)) {
    record(run, "click came again", { issue: number, label: signal.label }, { by: by.login })
    return
  }
  const settled = whySettled(run, signal)
  if (settled !== undefined) {
    record(run, "incident did not count", { issue: number, because: settled, at }, { by: by.login })
    return
  }
  // A label that is put on was taken off before, also where nothing was heard of that.
  const before = own(run.state.incidents, String(number))
  if (before) withdrawWord(run, before) // guard: two-words-of-one-issue
  const gone = offSince(
    run,
    signal,
    later.filter((s) => isOff(s, number)).filter((s) => isIncidents(run, s)),
  )
  const stands: IncidentStands = gone ? { is: "taken back", by: gone.by } : answerTo(run, signal)
  if (stands.is !== "refused") keepPress(run, signed)
  else record(run, "incident did not count", { issue: number, because: stands.because, at }, { by: by.login })
  putIncident(run, number, { by: by.login, at, since, stands })
}

/** What is known of the issue already says more than this label does. @returns why, as a sentence without its end */
function whySettled({ state }: Run, { number, since }: Labelled): string | undefined {
  const known = own(state.incidents, String(number))
  if (known && "rollback" in known.stands) return "a rollback was begun for this issue already"
  return known?.since !== undefined && since < known.since ? "the label was put on once more since" : undefined
}

/** Who takes the label off before a second person asked takes the first word back. */
export function unlabelled(run: Run, signal: Unlabelled): void {
  const { number, by, since } = signal
  if (!isIncidents(run, signal)) return
  keepLabelOff(run, signal)
  const known = own(run.state.incidents, String(number))
  if (known?.stands.is !== "waits") return
  // It was put on once more since.
  if (since !== undefined && known.since !== undefined && since < known.since) return
  withdrawWord(run, known)
  record(run, "incident taken back", { issue: number, at: signal.at }, { by: by.login })
  putIncident(run, number, { ...known, stands: { is: "taken back", by: by.login } })
}

/** The default branch says which label it is. GitHub tells labels apart without their case. */
function isIncidents({ state, repo }: Run, { label }: Pick<Labelled, "label">): boolean {
  const home = own(state.lines, repo.defaultBranch)
  return home !== undefined && configOf(home).incident?.label.toLowerCase() === label.toLowerCase()
}

function putIncident(run: Run, number: number, incident: Incident): void {
  run.state = { ...run.state, incidents: { ...run.state.incidents, [String(number)]: incident } }
}

function answerTo(run: Run, signal: Labelled): IncidentStands {
  const { says, number, by, at } = signal
  // guard: incident-by-nobody
  const not = whyNobody(run, signal) ?? whyNotNow(run, signal) ?? whyNotFollowed(run, signal)
  if (not !== undefined) return refused(not)
  const meant = meantBy(run.state, says)
  if (typeof meant === "string") return refused(meant)
  const { environment, release, to } = meant
  const [because = says.title] = says.because
  const answer = askBack(
    run,
    environment,
    { release: release.id, branch: release.branch },
    {
      by,
      at,
      issue: number,
      because: plain(`incident #${number}: ${firstOf(because, REASON_LONGEST)}`),
      evidence: { issue: number },
      ...(to === undefined ? {} : { to }),
    },
  )
  keepAnswer(run, meant, signal, answer.is === "begun" ? `${answer.to.version} comes back` : answer.because, answer.is)
  if (answer.is === "refused") return refused(answer.because)
  const place = placeOf(environment)
  if (answer.is === "begun") return asStands(run, place, answer.rollback) ?? refused("it was given up at once")
  const { version, sha } = release.phase.is === "published" ? release.phase.candidate : { version: "", sha: "" }
  const check = environmentCheckUrl(run, place, sha)
  return { is: "waits", place, release: release.id, version, until: answer.until, check }
}

const REASON_LONGEST = 200

const refused = (because: string): IncidentStands => ({ is: "refused", because: plain(because) })

/** The page of the environment has the answers to all that people asked of it. */
function keepAnswer(run: Run, { environment }: Meant, signal: Labelled, because: string, is: string): void {
  const now = own(run.state.environments, placeOf(environment))
  const did = `roll back (#${signal.number})`
  const said = { by: signal.by.login, did, counted: is !== "refused", because, at: signal.at }
  if (now) putEnvironment(run, { ...now, answers: withAnswer(now.answers, said) })
}

/** Whose label asks for nothing, whatever the issue names: strangers are not told what is live where. */
function whyNobody(run: Run, { by }: Labelled): string | undefined {
  if (by.type !== "User") return `${by.login} is no person, and only people ask for a rollback`
  const because = whyStranger(run, by.login)
  return because && `${by.login} cannot ask for it: ${because}`
}

/** Whether somebody is one of those whose repository it is, whatever they may do there. @returns why not */
function whyStranger({ state, repo }: Run, login: string): string | undefined {
  const standing = standingOf(state, login)
  if (!standing) return unknownBecause(state, `standing:${login}`) ?? "what they may do here was not read"
  if (!mayEverCount(standing)) return whyNever(standing)
  // A person's own repository has no members: anybody may look at a public one.
  const mayLook = standing.permission === "none" || standing.permission === "read"
  return standing.belongs === "guest" && mayLook ? `${repo.owner} has not let them in` : undefined
}

function whyNotNow(run: Run, { since, label }: Labelled): string | undefined {
  // guard: late-incident
  if (isLate(run, since)) return "the label was more than an hour old when it was decided on"
  const approved = own(run.state.lines, run.repo.defaultBranch)?.inForce.config?.value.incident
  // Whoever may change the file would make a rollback of a label that people put on for another reason.
  // guard: label-that-nobody-approved
  return approved?.label.toLowerCase() === label.toLowerCase()
    ? undefined
    : "no release was approved yet with this label in incident.label of slipway.yml"
}

/**
 * Who opened an issue can write it anew at the moment at which somebody labels it. So what a stranger's says is never
 * followed, and what is to come back is said by nobody but who asks.
 */
function whyNotFollowed(run: Run, { by, author, says }: Labelled): string | undefined {
  if (author?.id === by.id) return undefined
  const open = "open an issue of your own"
  if (author?.type !== "User")
    return `what it says is by ${author?.login ?? "somebody unknown"}, who is no person: ${open}`
  const because = whyStranger(run, author.login)
  // guard: incident-of-a-stranger
  if (because !== undefined) return `what it says is by ${author.login}, and is not followed (${because}): ${open}`
  // guard: goal-of-another
  return says.to.length > 0
    ? `“Back to” counts only in an issue of one's own, and this one is ${author.login}'s`
    : undefined
}
