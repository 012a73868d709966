import { existsSync } from "node:fs"
import { dirname, join } from "node:path"
import { checklistGate } from "../decide/gates/checklist.ts"
import { codeFreezeGate } from "../decide/gates/code-freeze.ts"
import { dependenciesGate, featuresGate, issueRef } from "../decide/gates/features.ts"
import { rollbackPlanGate } from "../decide/gates/rollback-plan.ts"
import type { Subject } from "../decide/gates/subject.ts"
import { testsGate } from "../decide/gates/tests.ts"
import { emptyState } from "../decide/learn.ts"
import { issuesIn, itemsOf } from "../model/checklist.ts"
import { DEFAULT_CONFIG } from "../model/config.ts"
import { foreignOf, issuesNeeded } from "../model/foreign-feature.ts"
import type { Gate } from "../model/gate.ts"
import { neighbourKey } from "../model/joint.ts"
import type { Plan } from "../model/plan.ts"
import { tryGit } from "./git.ts"

/** Stands for the commit that a file alone does not tell. */
const NO_COMMIT = "0".repeat(40)
const ON_GITHUB = "only GitHub knows; a file cannot tell"

/**
 * The gates of a plan by the same rules as in the App, on what a folder can tell: words, dates, dependencies and
 * whether the files that the plan names are there. Everything else is unknown, and unknown is not passed.
 * @param path of the plan's file
 */
export async function gatesOfPlan(plan: Plan, path: string, now: Date): Promise<readonly Gate[]> {
  const subject = subjectOf(plan, await rootOf(dirname(path)), now)
  const elsewhere = (name: "checks" | "approvals"): Gate => ({ name, state: "unknown", because: ON_GITHUB })
  const gates = [codeFreezeGate, testsGate, featuresGate, dependenciesGate, rollbackPlanGate, checklistGate].flatMap(
    (gate) => gate(subject) ?? [],
  )
  return [elsewhere("checks"), ...gates.map(inThisFolder), elsewhere("approvals")]
}

/** The rules name the commit that they looked at; here it was a folder. */
const inThisFolder = (gate: Gate): Gate => ({
  ...gate,
  because: gate.because.replaceAll(` at ${NO_COMMIT.slice(0, 7)}`, " here"),
})

/** The clone that a folder is in; the folder itself where it is in none. */
export async function rootOf(folder: string): Promise<string> {
  const { code, stdout } = await tryGit(folder, ["rev-parse", "--show-toplevel"])
  return code === 0 ? stdout.trim() : folder
}

function subjectOf(plan: Plan, root: string, now: Date): Subject {
  const items = itemsOf(plan.checklist)
  const issues = [
    ...plan.features.flatMap((feature) => issueRef(feature) ?? []),
    ...issuesNeeded(plan.features),
    ...issuesIn(items),
  ]
  const needed = foreignOf(plan.features).flatMap((one) => (one.is === "feature" ? [neighbourKey(one.repo)] : []))
  const neighbours = Object.fromEntries(needed.map((name) => [name, { is: "unseen" as const, because: ON_GITHUB }]))
  const named = [
    ...(plan.rollback_plan ? [plan.rollback_plan.procedure] : []),
    ...items.flatMap(({ by }) => (by.is === "file" ? [by.file] : [])),
  ]
  const files = Object.fromEntries(named.map((path) => [`${NO_COMMIT}:${path}`, existsSync(join(root, path))]))
  const unknown = [`checks:${NO_COMMIT}`, ...issues.map((ref) => `issue:${ref}`)].map((what) => ({
    what,
    because: ON_GITHUB,
  }))
  return {
    repo: { id: "", owner: "", name: "", defaultBranch: "", private: false, installation: "" },
    state: { ...emptyState, files, unknown, neighbours },
    line: { branch: "", config: { is: "absent" }, plan: { is: "absent" }, inForce: {} },
    release: {
      id: "",
      branch: "",
      component: "",
      phase: { is: "drafted" },
      previous: null,
      next: { current: null, next: null, bump: null, because: [] },
      tag: "",
      hand: { above: "", below: "" },
      redraws: 0,
      approvals: [],
      answers: [],
      rolledBack: [],
    },
    sha: NO_COMMIT,
    changes: [],
    covered: [],
    config: DEFAULT_CONFIG,
    plan,
    hash: "",
    now,
  }
}
