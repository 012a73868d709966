import { isWhole } from "../model/component.ts"
import { type Environment, placeOf } from "../model/deployment.ts"
import type { Check } from "../model/effect.ts"
import type { Gate } from "../model/gate.ts"
import type { Announcement } from "../model/message.ts"
import { own } from "../model/own.ts"
import type { EmptyPage, EnvironmentPage, ReadinessPage } from "../model/page.ts"
import { endOf, type Release } from "../model/release.ts"
import { fullName } from "../model/repository.ts"
import type { Line } from "../model/state.ts"
import { waitingGates } from "../model/waiting.ts"
import { openAnnouncement, publishedAnnouncement } from "./announcement.ts"
import { askForApproval } from "./asking.ts"
import { APPROVE, CUT, environmentCheckName, HOLD, PUBLISH, RECUT, rollBack } from "./buttons.ts"
import { candidateHash, externalId, versionOf } from "./candidate.ts"
import { componentsOn, ledgerFor } from "./division.ts"
import { draftContent } from "./draft-content.ts"
import { environmentPage, isSpokenOf } from "./environment-page.ts"
import { standingAgainst } from "./findings.ts"
import type { Subject } from "./gates/subject.ts"
import { isUnderWay } from "./joint/row.ts"
import { isFailing } from "./last-known-good.ts"
import { hostUrl } from "./links.ts"
import { tellNobodyLeft } from "./nobody-left.ts"
import { lockOn } from "./promotion/locked.ts"
import { onceMore } from "./promotion/once-more.ts"
import { entryChecks } from "./promotion/page.ts"
import { pullOf } from "./pull-of.ts"
import { allPassed, gatesOfRelease } from "./readiness.ts"
import { openPage, publishedPage, warnings } from "./readiness-page.ts"
import { subjectOf } from "./release-changes.ts"
import { notesOf } from "./release-notes.ts"
import { pullWanted } from "./release-pull.ts"
import {
  environmentTarget,
  planTarget,
  pullTarget,
  putRelease,
  type Run,
  readinessName,
  readinessTarget,
  releaseOf,
  reply,
} from "./run.ts"
import { channelOf, hasNoThread, threadTarget } from "./thread-places.ts"
import { tellBlocked } from "./waits.ts"
import { type Wish, want, wantFirst } from "./want.ts"
import { instant, plain } from "./wording.ts"

/** How drafts, checks and first messages shall look now, whatever happened: the world is brought there. */
export function desired(run: Run): void {
  const lines = Object.values(run.state.lines).filter(({ retired }) => retired === undefined)
  for (const line of lines) wantPlanCheck(run, line)
  for (const { id } of inSight(run.state.releases)) {
    const release = releaseOf(run.state, id)
    const line = release ? own(run.state.lines, release.branch) : undefined
    if (!release || !line) continue
    if (release.phase.is === "published") wantPublished(run, release, line)
    else wantOpen(run, release)
  }
  for (const line of lines) wantEmptyHead(run, line)
  for (const { target, content } of entryChecks(run)) want(run, { kind: "check", target, lane: target, content })
  for (const environment of Object.values(run.state.environments)) wantEnvironment(run, environment)
  wantSignposts(run)
}

/**
 * Where two releases meet on one commit (a channel that was promoted by a fast-forward) its page is that of the one that
 * somebody still has to decide on: the one that was cut, the drafted one, and of those that are out, the newest.
 */
function inSight(releases: readonly Release[]): readonly Release[] {
  const rank = { cut: 0, drafted: 1, published: 2 }
  return releases.toSorted((a, b) => {
    const byPhase = rank[a.phase.is] - rank[b.phase.is]
    return byPhase !== 0 ? byPhase : a.phase.is === "published" ? Number(b.id) - Number(a.id) : 0
  })
}

function wantOpen(run: Run, release: Release): void {
  const subject = subjectOf(run, release)
  if (!subject || (subject.line.broken && release.phase.is === "drafted")) return
  const gates = gatesOfRelease(subject)
  const { sha } = subject
  const hash = candidateHash(run.state, subject.line, release)
  const notes = notesOf(run, release)
  const announcement = openAnnouncement(run, subject, gates, notes)
  if (release.phase.is === "cut" && allPassed(gates)) {
    reply(run, release.id, `ready:${hash}:${release.approvals.at(-1)?.at ?? ""}`, {
      is: "ready",
      version: versionOf(release),
      sha,
    })
  }
  tellNobodyLeft(run, subject)
  tellBlocked(run, subject, gates)
  if (release.phase.is === "cut") run.waiting.push(...waitingGates("release", gates))
  askForApproval(run, subject, gates)
  const awaited = wantPull(run, subject)
  const shown = putRelease(run, showing(subject, awaited, { ...release, announced: announcement }))
  const publishing = release.phase.is === "cut" && release.phase.publishing !== undefined
  // A draft that a person published is not written over: it waits to be taken in.
  if (!publishing && !release.byHand && !release.awaits)
    want(run, draftContent(run, shown, notes, release.phase.is === "drafted" ? release.branch : sha))
  const page = openPage(run, subject, gates)
  const look = openLook(subject, gates)
  if (!awaited) want(run, readinessCheck(sha, release.component, externalId(release.id, hash), page, look))
  wantThread(run, release.id, announcement)
}

/** @returns whether the page has to wait: it stands on the pull request's head, which is known when that is written */
function wantPull(run: Run, { line, release }: Subject): boolean {
  const content = pullWanted(run, line, release)
  if (!content) return false
  const target = pullTarget(release)
  want(run, { kind: "pull-request", target, lane: `pull:${content.head}`, content })
  return content.commit.is === "built" && !pullOf(line, release) && run.state.refused[target] === undefined
}

/** What people see now, or go on seeing until there is something new. */
function showing({ line, sha, hash }: Subject, awaited: boolean, release: Release): Release {
  if (awaited) return release
  const pull = pullOf(line, release)
  return { ...release, shown: { sha, hash, ...(pull ? { pull } : {}) } }
}

function wantPublished(run: Run, release: Release, line: Line): void {
  const page = publishedPage(run, release, line)
  const announcement = publishedAnnouncement(run, release)
  if (!page || !announcement || release.phase.is !== "published") return
  const { sha } = release.phase.candidate
  const back = release.rolledBack.at(-1)
  if (release.phase.notes.changes > 0 && (back || release.redraws > 0)) {
    const banner = back
      ? `Rolled back from ${back.environment} to ${back.to} by ${back.by} on ${instant(back.at)}.${mendedSays(release)}`
      : typeof release.byHand?.undo === "object"
        ? `Published round Slipway by ${release.phase.by}: no gate was asked.`
        : undefined
    want(run, draftContent(run, release, release.phase.notes, sha, banner))
  }
  const failed = page.after?.some(({ state }) => state === "failed") === true
  const round = standingAgainst(run.state, release.id).length > 0
  const conclusion = release.phase.outside || failed || round ? "failure" : back ? "neutral" : "success"
  const id = externalId(release.id, "published")
  want(run, readinessCheck(sha, release.component, id, page, { conclusion, buttons: [] }))
  wantThread(run, release.id, announcement)
}

const mendedSays = ({ mended }: Release): string => (mended ? ` ${mended.by} mends it: ${mended.because}.` : "")

function wantThread(run: Run, release: string, announcement: Announcement): void {
  const channel = channelOf(run, release)
  if (channel === null || hasNoThread(run, release)) return
  // What this run has to tell stands below it: it may be that it is not there yet, or was refused before.
  wantFirst(run, {
    kind: "thread",
    target: threadTarget(release),
    lane: `slack:${release}`,
    content: { channel, release, announcement },
  })
}

type Look = Pick<Check, "conclusion" | "buttons">

const readinessCheck = (
  sha: string,
  component: string,
  id: string,
  page: ReadinessPage | EmptyPage,
  look: Look,
): Wish => ({
  kind: "check",
  target: readinessTarget(sha, component),
  lane: readinessTarget(sha, component),
  content: { name: readinessName(component), sha, externalId: id, page, ...look },
})

/** Green only when every gate is passed. A draft waits for nobody: neutral keeps the branch green. */
function openLook({ release, line, config }: Subject, gates: readonly Gate[]): Look {
  if (pullOf(line, release)) return pullLook(release, gates)
  if (release.phase.is === "drafted" && config.publish.mode === "pull-request")
    return { conclusion: "neutral", buttons: [HOLD] }
  if (release.phase.is === "drafted") return { conclusion: "neutral", buttons: [CUT, HOLD] }
  if (release.phase.is === "cut" && release.phase.publishing)
    return { conclusion: allPassed(gates) ? "success" : "failure", buttons: [] }
  if (isUnderWay(release)) return { conclusion: allPassed(gates) ? "success" : "failure", buttons: [HOLD] }
  if (allPassed(gates)) return { conclusion: "success", buttons: [PUBLISH, HOLD, RECUT] }
  const failed = gates.some((g) => g.state === "failed")
  return { conclusion: failed ? "failure" : "action_required", buttons: [APPROVE, HOLD, RECUT] }
}

/**
 * On the head of a pull request, which waits for people from its first day, and goes through when every gate is passed:
 * branch rules may require this check. There is nothing to publish before it is merged.
 */
function pullLook({ phase }: Release, gates: readonly Gate[]): Look {
  const buttons = phase.is === "drafted" ? [CUT, HOLD] : [APPROVE, HOLD, RECUT]
  if (allPassed(gates)) return { conclusion: "success", buttons }
  return { conclusion: gates.some((g) => g.state === "failed") ? "failure" : "action_required", buttons }
}

/** A branch head that no release speaks of: nothing to release, or a history that could not be read. */
function wantEmptyHead(run: Run, line: Line): void {
  const sha = line.ledger?.head
  if (!sha) return
  const spoken = run.state.releases.some((r) =>
    r.phase.is === "drafted"
      ? r.branch === line.branch && !line.broken && ledgerFor(line, r)?.head === sha
      : endOf(r.phase.candidate) === sha,
  )
  if (spoken) return
  const page: EmptyPage = {
    is: "empty",
    repository: fullName(run.repo),
    webUrl: hostUrl(run.repo),
    branch: line.branch,
    sha,
    previous: line.ledger?.base?.version ?? null,
    because: whyEmpty(line),
    warnings: warnings(run, line),
  }
  want(run, readinessCheck(sha, "", "slipway:none", page, { conclusion: "neutral", buttons: [] }))
}

function whyEmpty(line: Line): string {
  if (line.broken) return plain(line.broken)
  const asks = "asks for a new version"
  return isWhole(componentsOn(line))
    ? `No change since the last release ${asks}.`
    : `Nothing that landed here ${asks} of a component. What waits to be released stands where it landed.`
}

/** Pages that were clicked although they are no longer current lead to the one that is. */
function wantSignposts(run: Run): void {
  for (const [place, { externalId: id, because }] of Object.entries(run.state.stale)) {
    const [sha = "", component = ""] = place.split(":").reverse()
    const shown = run.state.releases.find((r) => r.id === id.split(":")[1])?.shown
    const url = shown ? run.handles[readinessTarget(shown.sha, component)]?.url : undefined
    const page: EmptyPage = {
      is: "empty",
      repository: fullName(run.repo),
      webUrl: hostUrl(run.repo),
      branch: "",
      sha,
      previous: null,
      because,
      ...(url ? { see: { text: "The current check", url } } : {}),
      warnings: [],
    }
    want(run, readinessCheck(sha, component, id, page, { conclusion: "neutral", buttons: [] }))
  }
}

/** `Slipway / plan`, on the commit that last changed configuration or plan. */
function wantPlanCheck(run: Run, line: Line): void {
  if (!line.files) return
  const seen = [line.config, line.plan, ...(line.plans ?? [])]
  const problems = seen.flatMap((s) => (s.is === "invalid" ? s.problems : []))
  const { sha } = line.files
  want(run, {
    kind: "check",
    target: planTarget(sha),
    lane: planTarget(sha),
    content: {
      name: "Slipway / plan",
      sha,
      externalId: "slipway:plan",
      conclusion: problems.length > 0 ? "failure" : "success",
      page: { is: "problems", files: seen.flatMap((s) => (s.is === "absent" ? [] : [s.path])), problems },
      buttons: [],
    },
  })
}

/**
 * A job may be waiting for it: green is only what is live, was let in, and stayed well. To deploy that very commit once more
 * changes nothing that runs there.
 */
function conclusionOf({ state }: EnvironmentPage, { live }: Environment, isAskedAgain: boolean): Check["conclusion"] {
  if (state === "failed") return "failure"
  if (state === "rolling back" || (state === "rolled back" && isAskedAgain)) return "action_required"
  if (state !== "live" && state !== "verifying") return "neutral"
  // guard: live-unasked
  if (live?.unasked === true) return "action_required"
  return state === "live" ? "success" : "neutral"
}

/** `Slipway / <environment>` on every release that the environment still speaks of. */
function wantEnvironment(run: Run, environment: Environment): void {
  for (const release of run.state.releases) {
    const page = environmentPage(run, environment, release)
    if (!page || release.phase.is !== "published") continue
    const place = placeOf(environment)
    const { sha } = release.phase.candidate
    const isThere = page.state === "live" || page.state === "verifying"
    const bad = isThere || (page.state === "failed" && isFailing(environment, release.id))
    // A rollback that is none for practice takes over from a drill.
    const offers = page.state === "drill" || (bad && environment.rollback?.is !== "running")
    const lock = lockOn(run.state, { environment: environment.name, component: environment.component ?? "" })
    const isHere = isSpokenOf(environment, release) && environment.rollback?.is !== "running"
    const again = onceMore(run, environment, release.id)
    want(run, {
      kind: "check",
      target: environmentTarget(place, sha),
      lane: environmentTarget(place, sha),
      content: {
        name: environmentCheckName(place),
        sha,
        externalId: `${again?.externalId ?? `slipway:environment:${environment.name}`}${isHere ? lock.id : ""}`,
        conclusion: conclusionOf(page, environment, again !== undefined),
        page,
        buttons: [
          ...(offers ? [rollBack(environment.name)] : []),
          ...(again ? [again.button] : []),
          ...(isHere ? lock.buttons : []),
        ],
      },
    })
  }
}
