import type { GateState } from "../model/gate.ts"

/** A symbol is never alone: who does not see colours, or hears the page, has the word. */
export const GATE_STATES: Readonly<Record<GateState, string>> = {
  passed: "✅ passed",
  failed: "❌ **failed**",
  pending: "⏳ pending",
  unknown: "❓ **unknown**",
}
