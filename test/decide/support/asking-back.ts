import { beginRollback } from "../../../src/decide/rollback/begin.ts"
import type { Run } from "../../../src/decide/run.ts"
import type { RollbackAnswer, RollbackAsk } from "../../../src/model/rollback.ts"
import type { World } from "./world.ts"

/** What a criterion comes to when it asks for a rollback of production: nothing is carried out. */
export function asksBack(w: World, ask: Partial<RollbackAsk> & Pick<RollbackAsk, "from">) {
  const state = w.known
  const run: Run = {
    repo: w.repo,
    facts: { learned: {}, unknown: [], announcements: state.announcements },
    handles: w.handles,
    now: w.now,
    at: w.now.toISOString(),
    before: state,
    state,
    effects: [],
    audit: [],
    times: [],
    news: [],
    onlyEnds: false,
    anew: new Set(),
    waiting: [],
    withdraws: [],
  }
  const environment = state.environments.production
  if (!environment) throw new Error("nothing was deployed to production")
  const answer: RollbackAnswer = beginRollback(run, environment, {
    by: "the criterion “p95”",
    automatic: true,
    at: run.at,
    ...ask,
  })
  const replies = run.effects.flatMap((effect) => (effect.kind === "reply" ? [effect.content.reply] : []))
  return { answer, run, replies, deploys: run.effects.filter(({ kind }) => kind === "deployment").length }
}
