import type { Gate } from "../model/gate.ts"
import { editsIn, type Inside } from "../model/hand.ts"
import type { ReadinessPage } from "../model/page.ts"
import type { Release } from "../model/release.ts"
import { fullName } from "../model/repository.ts"
import type { Line, State } from "../model/state.ts"
import { afterwards } from "./afterwards.ts"
import { approvalsNow, approvalsOf } from "./approvals-shown.ts"
import { versionOf } from "./candidate.ts"
import { collisionWarnings } from "./collisions.ts"
import { componentWarnings } from "./component-warnings.ts"
import { ledgerFor } from "./division.ts"
import { expandContract } from "./expand-contract.ts"
import { findingsOf } from "./findings.ts"
import { foreignTags } from "./foreign-tags.ts"
import { freezeWarnings } from "./freeze-check.ts"
import { checklistShown } from "./gates/checklist.ts"
import type { Subject } from "./gates/subject.ts"
import { hostUrl, releasesUrl, releaseUrl } from "./links.ts"
import { liveShown } from "./live-shown.ts"
import { whoMayApprove } from "./may-approve.ts"
import { whenReady, whileDrafted } from "./next-step.ts"
import { statedFor } from "./plan-of.ts"
import { allPassed } from "./readiness.ts"
import { notesOf } from "./release-notes.ts"
import { riskShown } from "./risk-shown.ts"
import { changelogTarget, draftTarget, type Run } from "./run.ts"
import { baseNotice } from "./strayed-tags.ts"
import { placesOf, threadTarget } from "./thread-places.ts"
import { trainWarnings } from "./train.ts"
import { verificationSays } from "./verification-shown.ts"
import { waysWarning } from "./watch-settings.ts"
import { instant, list, plain, plural } from "./wording.ts"
import { editedWarning } from "./words.ts"

const BECAUSE_SHOWN = 5

/** The page of an open release: what is missing, who can give it, and what to do next. */
export function openPage(run: Run, subject: Subject, gates: readonly Gate[]): ReadinessPage {
  const { release, line, plan } = subject
  const phase = release.phase.is === "drafted" ? "drafted" : allPassed(gates) ? "ready" : "cut"
  const may = whoMayApprove(subject)
  const live = liveShown(run, line)
  const version = plan ? statedFor(plan, release) : undefined
  const stated = version === versionOf(release) && release.next.next === version ? version : undefined
  return {
    is: "readiness",
    repository: fullName(run.repo),
    webUrl: hostUrl(run.repo),
    branch: release.branch,
    ...(release.component === "" ? {} : { component: release.component }),
    sha: subject.sha,
    version: versionOf(release),
    ...(plan?.release.name === undefined ? {} : { name: plan.release.name }),
    previous: release.previous?.version ?? null,
    phase,
    because: release.next.because.slice(0, BECAUSE_SHOWN),
    becauseCount: release.next.because.length,
    ...(stated === undefined ? {} : { stated }),
    ...(plan?.checklist ? { checklist: checklistShown(subject, plan.checklist) } : {}),
    gates,
    notes: notesOf(run, release),
    approvals: approvalsNow(subject),
    mayApprove: may,
    risk: riskShown(subject),
    todo: todo(subject, phase, gates, may),
    answers: release.answers,
    announcements: announcements(run, release),
    warnings: [
      ...expandContract(subject),
      ...warnings(run, line, release),
      ...collisionWarnings(run.state, release, run.at).map(plain),
      ...waysWarning(run),
    ],
    ...findingsShown(run.state, release),
    ...(live ? { live } : {}),
    environments: environmentsOf(run.state, release),
    releaseUrl: releasesUrl(run.repo),
  }
}

/** The page of a release that is out: what it was approved by, and where it is. */
export function publishedPage(run: Run, release: Release, line: Line): ReadinessPage | undefined {
  if (release.phase.is !== "published") return undefined
  const { candidate, at, by, outside } = release.phase
  const back = release.rolledBack.at(-1)
  return {
    is: "readiness",
    repository: fullName(run.repo),
    webUrl: hostUrl(run.repo),
    branch: release.branch,
    ...(release.component === "" ? {} : { component: release.component }),
    sha: candidate.sha,
    version: candidate.version,
    previous: release.previous?.version ?? null,
    phase: back ? "rolled back" : "published",
    because: release.next.because.slice(0, BECAUSE_SHOWN),
    becauseCount: release.next.because.length,
    gates: release.phase.gates,
    notes: release.phase.notes,
    approvals: release.phase.approvals ?? approvalsOf(release, candidate.sha),
    mayApprove: { is: "not needed", because: "it is published" },
    todo: [
      back
        ? `Rolled back from ${back.environment} to ${back.to} by ${back.by}: ${release.mended ? `${release.mended.by} mends it (${release.mended.because}).` : "find out why, and release the fix."}`
        : `Published by ${by} on ${instant(at)}. Deploy it; Slipway follows its deployments.`,
    ],
    answers: release.answers,
    announcements: announcements(run, release),
    warnings: [
      ...(outside ? [`This release went round Slipway: ${outside}.`] : []),
      ...warnings(run, line, release),
      ...collisionWarnings(run.state, release, run.at).map(plain),
    ],
    ...findingsShown(run.state, release),
    ...afterwards(release),
    ...(release.phase.checklist
      ? {
          checklist: checklistShown(
            { ...run, release, sha: candidate.sha },
            { before: [], ...release.phase.checklist },
          ),
        }
      : {}),
    environments: environmentsOf(run.state, release),
    releaseUrl: releaseUrl(run.repo, release),
  }
}

const findingsShown = (state: State, release: Release): Pick<ReadinessPage, "findings"> => {
  const findings = findingsOf(state, release)
  return findings.length === 0 ? {} : { findings }
}

function todo(
  subject: Subject,
  phase: ReadinessPage["phase"],
  gates: readonly Gate[],
  may: ReadinessPage["mayApprove"],
): readonly string[] {
  const { release } = subject
  if (release.phase.is === "cut" && release.phase.publishing)
    return [`${release.phase.publishing.by} pressed Publish: tag and release are being made.`]
  if (phase === "ready") return [whenReady(subject)]
  const steps = gates.flatMap((gate) => step(gate, may))
  if (phase === "drafted") {
    const pin = whileDrafted(subject)
    return release.hold || pin === undefined ? [...steps] : [pin, ...steps.filter((s) => !s.startsWith("Approve:"))]
  }
  return steps
}

/** A reason may end with a question of its own: `did you mean “approvals”?` */
const sentence = (because: string): string => (/[.?!]$/.test(because) ? because : `${because}.`)

/** What a person can do about a gate that is not passed. */
function step(gate: Gate, may: ReadinessPage["mayApprove"]): readonly string[] {
  if (gate.state === "passed") return []
  switch (gate.name) {
    case "approvals":
      if (may.is === "nobody") return [`Nobody can approve: ${may.because}. Either ${may.waysOut.join(", or ")}.`]
      return [`Approve: ${gate.because}.${may.is === "people" ? ` ${list(may.people, 5)} can.` : ""}`]
    case "checks":
      return gate.state === "pending"
        ? [`Wait for the checks: ${gate.because}.`]
        : [`See to the checks: ${gate.because}.`]
    case "hold":
      return [`Lift the hold: ${gate.because}.`]
    case "code freeze":
      return [`Wait for the freeze: ${gate.because}.`]
    case "stop":
      return [`Wait for the organisation: ${sentence(gate.because)}`]
    case "configuration":
      return [`Mend or approve the configuration: ${sentence(gate.because)}`]
    case "repositories":
      return [`See to the other repositories: ${sentence(gate.because)}`]
    case "together":
      return [`Wait for the others: ${sentence(gate.because)}`]
    default:
      return [`See to ${gate.name}: ${sentence(gate.because)}`]
  }
}

function announcements(run: Run, release: Release): string {
  const { announcements: is, refused } = run.state
  if (is.is === "off") return `off: ${plain(is.because)}`
  const places = placesOf(run, release.id)
  if (places.length === 0) return "off: no channel is named; set SLACK_CHANNEL, or slack.channel in slipway.yml"
  const beside = places.filter(({ apart, thread }) => apart !== "" && run.handles[thread] !== undefined)
  const also = beside.length === 0 ? "" : `also in ${list(beside.map(({ channel }) => channel))}; `
  if (places[0]?.apart !== "")
    return also === "" ? "in other channels, once there is something for them" : also.slice(0, -2)
  const trouble = refused[threadTarget(release.id)]
  if (trouble) return `${also}not possible: ${plain(trouble)}`
  const url = run.handles[threadTarget(release.id)]?.url
  return `${also}${url ? `one thread: ${url}` : "one thread in Slack"}`
}

/** Channels beside the release's own that could not be told. */
const untoldPlaces = (run: Run, release: Release): readonly string[] =>
  placesOf(run, release.id).flatMap(({ apart, channel, thread }) => {
    const because = apart === "" ? undefined : run.state.refused[thread]
    return because === undefined ? [] : [`${channel} could not be told: ${because}`]
  })

/** What could not be done, each with what to do about it. */
export function warnings(run: Run, line: Line, release?: Release): readonly string[] {
  const { state } = run
  const draft = release ? state.refused[draftTarget(release.id)] : undefined
  const untold = release ? state.refused[`comments:${release.id}`] : undefined
  const said = release ? refusedOf(state, release, "reply", "post") : []
  const untoldOf = release?.informed?.messages?.filter(({ is }) => is === "not sent") ?? []
  const unsent = release ? refusedOf(state, release, "mail") : []
  const changelog = release?.phase.is === "published" ? state.refused[changelogTarget(release)] : undefined
  const edited = release && editedWarning(release)
  const rewound = baseNotice(line)
  const ledger = release ? ledgerFor(line, release) : line.ledger
  const all = [
    ...(rewound ? [rewound] : []),
    ...(line.broken
      ? [`The history of ${line.branch} is not known: ${line.broken}. It is read again at the next push or click.`]
      : []),
    ...(ledger ? foreignTags(ledger) : []),
    ...componentWarnings(line, release),
    ...(edited ? [edited] : []),
    ...freezeWarnings(state, line),
    ...strangeArrangement(line),
    ...(release?.hand.inside ? [editedInside(release.hand.inside)] : []),
    ...(changelog ? [`The changelog's pull request could not be written: ${changelog}`] : []),
    ...(draft ? [`The draft release could not be written: ${draft}`] : []),
    ...(release?.unattended?.is === "stopped"
      ? [
          `${release.tag} could not be published by itself: ${release.unattended.because}. It is tried again on ${instant(release.unattended.again)}.`,
        ]
      : []),
    ...(release ? trainWarnings(release) : []),
    ...(release ? untoldPlaces(run, release) : []),
    ...(untold ? [`Not every pull request and issue could be told of its release: ${untold}`] : []),
    ...untoldOf
      .slice(-BECAUSE_SHOWN)
      .map(
        ({ audience, at, because = "" }) =>
          `“${audience}” was not told what was due on ${instant(at)}: ${because}. Give the entry of the plan another date to send it.`,
      ),
    ...(unsent[0]
      ? [
          `${plural(unsent.length, "e-mail")} could not be sent: ${sentence(unsent[0][1])} What bounces later does not reach Slipway.`,
        ]
      : []),
    ...(said[0] ? [`${plural(said.length, "message")} could not be posted: ${said[0][1]}`] : []),
  ]
  return all.map(plain)
}

const refusedOf = ({ refused }: State, { id }: Release, ...kinds: readonly string[]) =>
  Object.entries(refused).filter(([target]) => kinds.some((kind) => target.startsWith(`${kind}:${id}:`)))

/** A mistake in GitHub's own file holds nothing up: the notes are arranged by type meanwhile. */
function strangeArrangement({ config, githubNotes }: Line): readonly string[] {
  if (config.is !== "absent" || githubNotes?.is !== "invalid") return []
  const [first, ...more] = githubNotes.problems
  const others = more.length === 0 ? "" : ` (and ${more.length} more)`
  return [
    `The notes are arranged by type, since ${githubNotes.path} cannot be read: line ${first?.line}, column ${first?.column}: ${first?.message}${others}.`,
  ]
}

/** Their words stay; whoever reads the page shall know that the notes are not only Slipway's, and how to undo it. */
function editedInside(inside: Inside): string {
  const { reworded, added, deleted } = editsIn(inside)
  const what = [
    ...(reworded > 0 ? [`${plural(reworded, "line")} reworded`] : []),
    ...(added > 0 ? [`${added} added`] : []),
    ...(deleted > 0 ? [`${deleted} deleted`] : []),
  ]
  return `The generated part of the draft was edited by hand (${list(what, what.length)}), and is kept so. To have it written anew, delete all of it, up to its two markers, and save.`
}

/** Where the release is, environment by environment. */
export function environmentsOf(
  state: State,
  release: Release,
): readonly { readonly name: string; readonly says: string }[] {
  const environments = Object.values(state.environments).filter((e) => (e.component ?? "") === release.component)
  return environments.flatMap((e) => {
    const back = release.rolledBack.find((r) => r.environment === e.name)
    if (e.drill?.from.release === release.id)
      return [{ name: e.name, says: `a drill is under way: to ${e.drill.to.version} and back` }]
    if (e.rollback?.is === "running" && !e.drill && e.rollback.from.release === release.id)
      return [{ name: e.name, says: `being rolled back to ${e.rollback.to.version} by ${e.rollback.by}` }]
    if (back) return [{ name: e.name, says: `rolled back to ${back.to} by ${back.by} on ${instant(back.at)}` }]
    const isThere = e.live?.release === release.id
    if (e.failed?.release === release.id && !(isThere && e.live?.verification?.is === "failed"))
      return [{ name: e.name, says: `deployment failed on ${instant(e.failed.at)}` }]
    if (isThere && e.live) {
      const says = [`live since ${instant(e.live.since)}`, ...verificationSays(e)]
      return [{ name: e.name, says: plain(says.join("; ")) }]
    }
    const was = [...e.good, ...(e.unverified ?? [])].some((g) => g.release === release.id)
    return was && e.live ? [{ name: e.name, says: `replaced by ${e.live.version}` }] : []
  })
}
