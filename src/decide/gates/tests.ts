import type { Evidence } from "../../model/evidence.ts"
import type { Gate, GateState } from "../../model/gate.ts"
import { matchesGlob } from "../../model/glob.ts"
import { instant, list } from "../wording.ts"
import { type Subject, unknownBecause } from "./subject.ts"

/** One of the plan's tests, judged. */
export interface Judged {
  readonly name: string
  readonly state: GateState
  readonly because: string
  readonly evidence: readonly Evidence[]
}

/** The plan's required tests: a live check run or status where one is bound, else the word that the plan states. */
export function testsGate(subject: Subject): Gate | null {
  const { plan } = subject
  if (!plan) return null
  const judged = plan.testing.required.map((name) => judgeTest(subject, name))
  const worst = (["failed", "unknown", "pending"] as const).find((state) => judged.some((j) => j.state === state))
  const open = judged.filter((j) => j.state === worst)
  const evidence = judged.flatMap((j) =>
    j.evidence.map((e) => ({ text: `${e.name}: ${e.word}`, ...(e.url ? { url: e.url } : {}) })),
  )
  return {
    name: "tests",
    state: worst ?? "passed",
    because: worst
      ? open.map((j) => `${j.name} ${j.because}`).join("; ")
      : judged.length === 0
        ? "the plan requires none"
        : `${list(
            judged.map((j) => j.name),
            10,
          )} passed`,
    evidence,
  }
}

/** What one named test of the plan comes to on the release's SHA. */
export function judgeTest(subject: Subject, name: string): Judged {
  const result = subject.plan?.testing.tests[name]
  const judged = (state: GateState, because: string, evidence: readonly Evidence[] = []): Judged => ({
    name,
    state,
    because,
    evidence,
  })
  if (result === undefined) return judged("failed", "is required, but the plan states no result for it")
  if (result.is === "stated") {
    const { result: word } = result
    return word === "passed" && !subject.config.plan.words
      ? judged("failed", "is only stated in the plan, and slipway.yml counts no words: bind it to a check")
      : judged(ofWord(word), `is stated as ${word} in the plan`)
  }
  const unread = unknownBecause(subject.state, `checks:${subject.sha}`)
  if (unread) return judged("unknown", `could not be read: ${unread}`)
  const found = bound(subject.state.evidence[subject.sha]?.items ?? [], result)
  if (found.length === 0) return judged("pending", `waits for a check named “${result.check}”`)
  const failed = found.filter((e) => e.state === "failed")
  if (failed.length > 0) return judged("failed", `did not pass: ${list(failed.map((e) => e.name))}`, failed)
  const pending = found.filter((e) => e.state === "pending")
  if (pending.length > 0) return judged("pending", `still running: ${list(pending.map((e) => e.name))}`, pending)
  const old = newestOfEach(found).filter((e) => isStale(e, result.within, subject.now))
  if (old[0]) {
    const how = new Date(old[0].at) > subject.now ? "has no believable time" : "is too old"
    return judged("failed", `${how}: ${old[0].name} reported on ${instant(old[0].at)}`, old)
  }
  return judged("passed", "passed", found)
}

const ofWord = (word: string): GateState => (word === "passed" ? "passed" : word === "failed" ? "failed" : "pending")

/**
 * The reports that a binding names. GitHub shows a job of a workflow as `CI / test`, but its check run is named `test`:
 * where no report has the whole name, one of GitHub Actions with the part behind the slash is taken.
 */
function bound(items: readonly Evidence[], to: { readonly check: string; readonly app?: string }): readonly Evidence[] {
  const ofApp = items.filter((e) => to.app === undefined || (e.kind === "check" && e.app === to.app))
  const whole = ofApp.filter((e) => matchesGlob(e.name, to.check))
  if (whole.length > 0) return whole
  const job = to.check.split(" / ").slice(1).join(" / ")
  return job === "" ? [] : ofApp.filter((e) => e.app === "github-actions" && matchesGlob(e.name, job))
}

/**
 * A check that runs each night leaves a run in a suite of its own each time: how old a result is, the newest run of a
 * name and App tells. That none of them has failed was looked at before.
 */
const newestOfEach = (reports: readonly Evidence[]): readonly Evidence[] => {
  const groups = Map.groupBy(reports, ({ kind, name, app = "" }) => [kind, name, app].join("\0"))
  return [...groups.values()].flatMap((runs) => runs.toSorted((a, b) => (a.at < b.at ? 1 : -1)).slice(0, 1))
}

/** An App writes the time of its run itself: one that is still to come shows nothing of how old the result is. */
const AHEAD_MS = 10 * 60_000

function isStale(report: Evidence, within: number | undefined, now: Date): boolean {
  if (within === undefined) return false
  const age = now.getTime() - new Date(report.at).getTime()
  return age > within * 60_000 || age < -AHEAD_MS
}
