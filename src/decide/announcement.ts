import type { Gate } from "../model/gate.ts"
import type { Announcement } from "../model/message.ts"
import type { Notes } from "../model/notes.ts"
import type { Release } from "../model/release.ts"
import { fullName } from "../model/repository.ts"
import { whomItWaitsFor } from "./asking.ts"
import { versionOf } from "./candidate.ts"
import type { Subject } from "./gates/subject.ts"
import { judgeTest } from "./gates/tests.ts"
import { encodePath, hostUrl, pageUrl, releasesUrl, releaseUrl } from "./links.ts"
import { chosenPlan } from "./plan-of.ts"
import { allPassed, notPassed } from "./readiness.ts"
import { environmentsOf } from "./readiness-page.ts"
import { type Run, readinessTarget } from "./run.ts"
import { whereabouts } from "./whereabouts.ts"
import { instant, list, short } from "./wording.ts"

const NAMED = 3

/** The first message of the thread of an open release. */
export function openAnnouncement(run: Run, subject: Subject, gates: readonly Gate[], notes: Notes): Announcement {
  const { release, plan, sha } = subject
  const chosen = chosenPlan(run.state, subject.line, release)
  const procedure = plan?.rollback_plan?.procedure
  const check = run.handles[readinessTarget(sha, release.component)]?.url
  return {
    ...common(run, release, notes),
    ...(plan?.release.name === undefined ? {} : { name: plan.release.name }),
    ...(plan && "date" in plan.release ? { date: plan.release.date } : {}),
    // The version says how large it is; that it is urgent, only the plan can say.
    type: plan?.release.type === "hotfix" ? "hotfix" : (release.next.bump ?? "patch"),
    state: release.hold ? "held" : release.phase.is === "drafted" ? "drafted" : allPassed(gates) ? "ready" : "cut",
    says: waitsFor(subject, gates),
    features: (plan?.features ?? []).map((f) => ({
      id: f.id,
      name: f.name,
      status: f.status,
      ...(f.team ? { team: f.team } : {}),
    })),
    fixes: plan?.bug_fixes ?? { count: countOf(notes).fixes },
    tests: plan
      ? [...new Set([...plan.testing.required, ...Object.keys(plan.testing.tests)])].map((name) => ({
          name,
          state: judgeTest(subject, name).state,
        }))
      : [],
    timeline: Object.entries(plan?.timeline ?? {}).flatMap(([what, at]) =>
      at ? [{ what: what.replaceAll("_", " "), at }] : [],
    ),
    links: {
      release: releasesUrl(run.repo),
      ...(chosen.is === "one" ? { plan: pageUrl(run.repo, `blob/${sha}/${encodePath(chosen.plan.path)}`) } : {}),
      ...(check ? { check } : {}),
      ...(procedure ? { rollbackProcedure: pageUrl(run.repo, `blob/${sha}/${encodePath(procedure)}`) } : {}),
    },
  }
}

/** The first message once the release is out; what the plan said of it stays as it was when it was published. */
export function publishedAnnouncement(run: Run, release: Release): Announcement | undefined {
  if (release.phase.is !== "published") return undefined
  const { notes } = release.phase
  const before = release.announced
  return {
    ...(before ?? {
      type: release.next.bump ?? "patch",
      features: [],
      fixes: { count: countOf(notes).fixes },
      tests: [],
      timeline: [],
    }),
    ...common(run, release, notes),
    ...whereabouts(run, release),
    links: { ...before?.links, release: releaseUrl(run.repo, release) },
  }
}

const common = (run: Run, release: Release, notes: Notes) => ({
  repository: fullName(run.repo),
  webUrl: hostUrl(run.repo),
  ...(release.component === "" ? {} : { component: release.component }),
  version: versionOf(release),
  previous: release.previous?.version ?? null,
  counts: countOf(notes),
  environments: environmentsOf(run.state, release),
})

function waitsFor(subject: Subject, gates: readonly Gate[]): string {
  const { release, sha } = subject
  if (release.phase.is === "published") return `Published by ${release.phase.by}`
  if (release.hold) return `On hold by ${release.hold.by.login} since ${instant(release.hold.at)}`
  if (release.phase.is === "drafted") return "Drafted: it follows the branch until the first approval pins a commit"
  if (release.phase.publishing) return `Being published by ${release.phase.publishing.by}`
  const open = notPassed(gates)
  if (open.length === 0) return `Ready at ${short(sha)}: every gate is passed`
  const names = list(
    open.map((g) => g.name),
    5,
  )
  return `Cut at ${short(sha)}; waits for ${names}${byWhom(subject, gates)}`
}

/** Whose word it waits for: named here, mentioned once in the thread. */
function byWhom(subject: Subject, gates: readonly Gate[]): string {
  const asked = whomItWaitsFor(subject, gates)
  if (!asked || asked.people.length === 0) return ""
  const more = asked.people.length - NAMED + asked.more
  const names = [...asked.people.slice(0, NAMED), ...(more > 0 ? [`${more} more`] : [])]
  return `; ${list(names, names.length)} may approve`
}

/** By the sections' own titles: Features and Bug Fixes are what most people ask for. */
export function countOf(notes: Notes): Announcement["counts"] {
  const of = (title: string) => notes.sections.find((s) => s.title === title)?.entries.length ?? 0
  const features = of("Features")
  const fixes = of("Bug Fixes")
  return { features, fixes, other: Math.max(0, notes.changes - features - fixes), breaking: notes.breaking.length }
}
