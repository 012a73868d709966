import { isDeepStrictEqual } from "node:util"
import { expect } from "vitest"
import { type DecideInput, decide } from "../../../src/decide/decide.ts"
import { readinessName } from "../../../src/decide/run.ts"
import type { Decision } from "../../../src/model/decision.ts"
import type { Check, Effect } from "../../../src/model/effect.ts"
import { changelogBranch, releaseBranch } from "../../../src/model/own-branch.ts"
import type { State } from "../../../src/model/state.ts"

/** Decides, and holds the decision to what has to be true of every one. The input is frozen: a rule that writes throws. */
export function decideSoundly(input: DecideInput): Decision<State, Effect> {
  const decision = decide(freeze(input))
  same(decide(input), decision, "the same input gives the same decision")
  same(JSON.parse(JSON.stringify(decision.state)), decision.state, "the state survives its column")
  for (const effect of decision.effects) if (effect.kind === "check") checkIsSound(effect.content)
  for (const effect of decision.effects) effectIsSound(effect, decision.state, input.state)
  stateIsSound(decision.state)
  const wished = decision.effects.filter((e) => e.mode === "replace").map((e) => e.target)
  if (new Set(wished).size !== wished.length) expect(wished, "one wish a target").toEqual([...new Set(wished)])
  return decision
}

/** As `toEqual` has it, which is slow and is asked for what differs only: thousands of decisions are compared in whole. */
function same(found: unknown, wanted: unknown, what: string): void {
  if (!isDeepStrictEqual(found, wanted)) expect(found, what).toEqual(wanted)
}

/** One draft a component, no number, tag or branch of Slipway's own for two releases, no version of a component twice. */
function stateIsSound({ releases, lines }: State): void {
  const once = (what: string, of: readonly string[]) => {
    const each = new Set(of)
    if (each.size !== of.length) expect(of, what).toEqual([...each])
  }
  const drafted = releases.filter(({ phase }) => phase.is === "drafted")
  const pinned = releases.filter(({ phase }) => phase.is !== "drafted")
  const waiting = releases.filter(({ pull, phase }) => pull?.is === "open" && phase.is !== "published")
  once(
    "ids",
    releases.map(({ id }) => id),
  )
  once(
    "one draft a component",
    drafted.map(({ branch, component }) => `${branch}:${component}`),
  )
  once(
    "tags",
    pinned.map(({ tag }) => tag),
  )
  once(
    "pull requests",
    waiting.map(({ pull }) => `${pull?.number}`),
  )
  for (const { approvals, phase, covers, words } of releases) {
    once(
      "one word a person",
      approvals.map(({ by }) => by.id),
    )
    if (phase.is === "published" && (covers ?? words) !== undefined)
      expect([covers, words], "what only a candidate needs").toEqual([undefined, undefined])
  }
  for (const { ledger } of Object.values(lines)) once("commits", ledger?.commits.map(({ sha }) => sha) ?? [])
}

/** What is done to the world speaks of a release that is known, at the commit that its gates saw. */
function effectIsSound(effect: Effect, { releases }: State, before: DecideInput["state"]): void {
  const of = (id: string) => releases.find((release) => release.id === id)
  if (effect.kind === "publish") {
    const { release: id, sha, tag } = effect.content
    const phase = of(id)?.phase
    expect(phase, "what is published is cut, and going").toMatchObject({
      is: "cut",
      candidate: { sha },
      publishing: {},
    })
    expect(of(id)?.tag).toBe(tag)
    if (phase?.is !== "cut") return
    expect(phase.candidate.base, "a pull request's head is not what ships").toBeUndefined()
    const missing = phase.publishing?.gates.filter(({ state }) => state !== "passed")
    expect(missing, `${tag} is published`).toEqual([])
  }
  if (effect.kind === "protection-answer" && effect.content.note.is === "approved") {
    const { note } = effect.content
    const missing = note.gates.filter(({ state }) => state !== "passed")
    expect([note.gates.length > 0, missing], `let into ${note.environment}`).toEqual([true, []])
    const out = releases.some(
      ({ phase }) => phase.is === "published" && !phase.outside && phase.candidate.version === note.version,
    )
    expect(out, `${note.version} is out`).toBe(true)
  }
  if (effect.kind === "check" && effect.content.page.is === "readiness") {
    const id = effect.content.externalId.split(":")[1] ?? ""
    // A page is brought up to date a last time by the decision that forgets its release.
    const shown = of(id) ?? before?.releases.find((release) => release.id === id)
    expect(effect.content.name, "a component's page is its own").toBe(readinessName(shown?.component ?? ""))
  }
  if (effect.kind === "pull-request" && effect.content.commit.is !== "withdrawn") {
    const { base, component, head, purpose } = effect.content
    expect(head).toBe((purpose === "release" ? releaseBranch : changelogBranch)(base, component))
  }
}

/** Green means that nothing is missing; and GitHub's limits for buttons. */
function checkIsSound({ conclusion, page, buttons, name }: Check): void {
  if (page.is === "readiness" && page.phase !== "published" && page.phase !== "rolled back") {
    expect(page.gates.length, "gates are never hidden").toBeGreaterThan(1)
    const missing = page.gates.filter((gate) => gate.state !== "passed").map((gate) => gate.name)
    if (conclusion === "success") expect(missing, `${name} is green`).toEqual([])
    if (buttons.some((button) => button.identifier === "publish")) expect(missing, "Publish is offered").toEqual([])
    if (page.phase === "ready") expect(missing, "called ready").toEqual([])
  }
  const marked = reasonsOf(page).filter((text) => text.includes("`"))
  if (marked.length > 0) expect(marked, "reasons are plain text").toEqual([])
  if (buttons.length > 3) expect(buttons).toHaveLength(3)
  const tooLong = buttons.filter(
    ({ label, description, identifier }) => label.length > 20 || description.length > 40 || identifier.length > 20,
  )
  if (tooLong.length > 0) expect(tooLong, "GitHub's limits for buttons").toEqual([])
}

/** Every sentence of ours on a page; what people wrote (notes, titles) and mistakes in files are theirs. */
function reasonsOf(page: Check["page"]): readonly string[] {
  if (page.is === "problems" || page.is === "impact") return []
  if (page.is === "proposal")
    return [
      ...page.changes.map(({ says }) => says),
      ...page.warnings,
      ...(page.asks === undefined ? [] : [page.asks]),
      ...page.releases.flatMap(({ gates }) => gates.flatMap(({ after }) => after?.because ?? [])),
    ]
  if (page.is === "freeze") return "because" in page.state ? [page.state.because] : []
  if (page.is === "empty") return [page.because, ...page.warnings]
  if (page.is === "entry")
    return [...page.gates.map((gate) => gate.because), ...page.says, ...page.answers.map((a) => a.because)]
  if (page.is === "environment") return [...page.detail, ...page.answers.map((a) => a.because)]
  return [
    ...page.gates.map((gate) => gate.because),
    ...page.todo,
    ...page.warnings,
    ...page.answers.map((a) => a.because),
    ...page.approvals.map((a) => a.because),
    page.announcements,
    ...("because" in page.mayApprove ? [page.mayApprove.because] : [page.mayApprove.rule]),
    ...(page.mayApprove.is === "nobody" ? page.mayApprove.waysOut : []),
  ]
}

function freeze<T>(value: T): T {
  if (typeof value !== "object" || value === null || value instanceof Date || Object.isFrozen(value)) return value
  Object.freeze(value)
  for (const part of Object.values(value)) freeze(part)
  return value
}
