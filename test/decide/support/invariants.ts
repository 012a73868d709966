import { expect } from "vitest"
import { type DecideInput, decide } from "../../../src/decide/decide.ts"
import type { Decision } from "../../../src/model/decision.ts"
import type { Check, Effect } from "../../../src/model/effect.ts"
import type { State } from "../../../src/model/state.ts"

/** Decides, and holds the decision to what has to be true of every one. The input is frozen: a rule that writes throws. */
export function decideSoundly(input: DecideInput): Decision<State, Effect> {
  const decision = decide(freeze(input))
  expect(decide(input), "the same input gives the same decision").toEqual(decision)
  expect(JSON.parse(JSON.stringify(decision.state)), "the state survives its column").toEqual(decision.state)
  for (const effect of decision.effects) if (effect.kind === "check") checkIsSound(effect.content)
  const wished = decision.effects.filter((e) => e.mode === "replace").map((e) => e.target)
  expect(new Set(wished).size, "one wish a target").toBe(wished.length)
  return decision
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
  for (const text of reasonsOf(page)) expect(text, "reasons are plain text").not.toContain("`")
  expect(buttons.length).toBeLessThanOrEqual(3)
  for (const { label, description, identifier } of buttons) {
    expect(label.length).toBeLessThanOrEqual(20)
    expect(description.length).toBeLessThanOrEqual(40)
    expect(identifier.length).toBeLessThanOrEqual(20)
  }
}

/** Every sentence of ours on a page; what people wrote (notes, titles) and mistakes in files are theirs. */
function reasonsOf(page: Check["page"]): readonly string[] {
  if (page.is === "problems" || page.is === "impact") return []
  if (page.is === "empty") return [page.because, ...page.warnings]
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
