import type { Checklist, ChecklistItem } from "../../model/checklist.ts"
import type { Gate, GateState } from "../../model/gate.ts"
import { own } from "../../model/own.ts"
import type { ReadinessPage } from "../../model/page.ts"
import type { State } from "../../model/state.ts"
import { encodePath, issueUrl, pageUrl } from "../links.ts"
import { list, plain, plural } from "../wording.ts"
import { judgeBinding } from "./bound-check.ts"
import { judgeIssue } from "./features.ts"
import { type Subject, unknownBecause } from "./subject.ts"
import { byMetric } from "./ticked-metric.ts"

/** What an item is looked at on: a commit. */
export type At = Pick<Subject, "repo" | "state" | "sha" | "now" | "release">

type Line = NonNullable<ReadinessPage["checklist"]>[number]

interface Ticked {
  readonly state: GateState
  /** The end of a sentence that begins with the item. */
  readonly because: string
  readonly evidence: NonNullable<Gate["evidence"]>
}

/** What the plan asks to be done before the release comes out is done, and something shows it. */
export function checklistGate(subject: Subject): Gate | null {
  const items = subject.plan?.checklist?.before ?? []
  if (items.length === 0) return null
  const judged = items.map(({ item, by }) => ({ item, ...tick(subject, by) }))
  const worst = (["failed", "unknown", "pending"] as const).find((state) => judged.some((one) => one.state === state))
  const open = judged.filter(({ state }) => state === worst)
  const done = judged.filter(({ state }) => state === "passed").length
  return {
    name: "checklist",
    state: worst ?? "passed",
    because: worst
      ? `${done} of ${plural(judged.length, "item")} ticked; ${open.map(({ item, because }) => `“${item}” ${because}`).join("; ")}`
      : `${judged.length === 1 ? "its one item is" : `all ${judged.length} items are`} ticked`,
    evidence: judged.flatMap(({ evidence }) => evidence),
  }
}

/** A checklist as a page shows it. */
export const checklistShown = (at: At, { before, during, after }: Checklist): readonly Line[] => [
  ...before.map((item) => lineOf(at, "before", item)),
  ...during.map((item) => lineOf(at, "during", item)),
  ...after.map((item) => lineOf(at, "after", item)),
]

function lineOf(at: At, when: Line["when"], { item, by }: ChecklistItem): Line {
  const { state, because, evidence } = tick(at, by)
  const [link] = evidence
  return { when, item: plain(item), state, because: plain(because), ...(link ? { evidence: link } : {}) }
}

/** Whether something shows that an item is done. */
function tick(at: At, by: ChecklistItem["by"]): Ticked {
  switch (by.is) {
    case "check": {
      const { state, because: why, evidence } = judgeBinding(at, by)
      const because = state === "passed" ? `is ticked: ${list(evidence.map((e) => e.name))} passed` : why
      const links = evidence.map((e) => ({ text: `${e.name}: ${e.word}`, ...(e.url ? { url: e.url } : {}) }))
      return { state, because, evidence: links }
    }
    case "issue":
      return { ...byIssue(at.state, by), evidence: [{ text: by.issue, url: issueUrl(at.repo, by.issue) }] }
    case "file":
      return byFile(at, by.file)
    case "metric":
      return { ...byMetric(at, by.metric), evidence: [] }
  }
}

/** By its end; by the person who is named, as GitHub says who closed it; or by a label on it. */
function byIssue(
  state: State,
  { issue, by, label }: Extract<ChecklistItem["by"], { is: "issue" }>,
): Pick<Ticked, "state" | "because"> {
  const judged = judgeIssue(state, issue)
  if ((by === undefined && label === undefined) || judged.state === "unknown") return judged
  const signs = own(state.issueSigns, issue)
  if (!signs) return { state: "unknown", because: `is bound to ${issue}: not read yet` }
  if (label !== undefined) {
    const isThere = signs.labels.some((one) => one.toLowerCase() === label.toLowerCase())
    return isThere
      ? { state: "passed", because: `is ticked: ${issue} has the label “${label}”` }
      : { state: "pending", because: `waits for the label “${label}” on ${issue}` }
  }
  if (judged.state !== "passed") return { ...judged, because: `${judged.because}, and for ${by} to close it` }
  const { closedBy } = signs
  if (closedBy === undefined)
    return { state: "unknown", because: `is bound to ${issue}, and GitHub does not say who closed it` }
  // guard: ticked-by-another
  if (closedBy.toLowerCase() === by?.toLowerCase())
    return { state: "passed", because: `is ticked: ${by} closed ${issue}` }
  return {
    state: "pending",
    because: `waits for ${by}: ${issue} was closed by ${closedBy}; reopen it for them to close`,
  }
}

/** A file that is not there yet comes with a later commit: the item is not failed, it is open. */
function byFile({ state, sha, repo }: At, file: string): Ticked {
  const what = `${sha}:${file}`
  const exists = own(state.files, what)
  if (exists === undefined)
    return {
      state: "unknown",
      because: unknownBecause(state, `file:${what}`) ?? `waits for ${file}, which was not looked for yet`,
      evidence: [],
    }
  if (!exists)
    return { state: "pending", because: `waits for ${file}, which is not there at ${sha.slice(0, 7)}`, evidence: [] }
  const url = pageUrl(repo, `blob/${sha}/${encodePath(file)}`)
  return { state: "passed", because: `is ticked: ${file} is there`, evidence: [{ text: file, url }] }
}
