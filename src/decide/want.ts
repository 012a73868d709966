import type { Effect } from "../model/effect.ts"
import { hashOf } from "../model/hash.ts"
import type { Run } from "./run.ts"

/** An effect that states how a target shall look; the engine spares it where it looks so already. */
type Replacing = Extract<Effect, { kind: "draft" | "check" | "thread" | "pull-request" | "incident" }>
export type Wish = {
  [K in Replacing["kind"]]: Pick<Extract<Replacing, { kind: K }>, "kind" | "target" | "lane" | "content">
}[Replacing["kind"]]

/** One wish a target: where two lines or pages meet on one commit, what was wished first stands. */
export function want(run: Run, wish: Wish): void {
  const effect = wished(run, wish)
  if (effect) run.effects.push(effect)
}

/** The same, before everything that this run has decided: what stands in the same lane rests on it. */
export function wantFirst(run: Run, wish: Wish): void {
  const effect = wished(run, wish)
  if (effect) run.effects.unshift(effect)
}

function wished(run: Run, wish: Wish): Replacing | undefined {
  if (run.effects.some(({ mode, target }) => mode === "replace" && target === wish.target)) return undefined
  if (run.onlyEnds && run.state.refused[wish.target] !== undefined && !run.anew.has(wish.target)) return undefined
  const key = `${wish.target}@${run.at}:${hashOf(wish.content).slice(0, 8)}`
  return { ...wish, key, mode: "replace" } as Replacing
}
