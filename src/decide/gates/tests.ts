import type { Evidence } from "../../model/evidence.ts"
import type { Gate, GateState } from "../../model/gate.ts"
import { list } from "../wording.ts"
import { judgeBinding } from "./bound-check.ts"
import type { Subject } from "./subject.ts"

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
    return word === "passed" && subject.config.plan.words === false
      ? judged("failed", "is only stated in the plan, and slipway.yml counts no words: bind it to a check")
      : judged(ofWord(word), `is stated as ${word} in the plan`)
  }
  const { state, because, evidence } = judgeBinding(subject, result)
  return judged(state, because, evidence)
}

const ofWord = (word: string): GateState => (word === "passed" ? "passed" : word === "failed" ? "failed" : "pending")
