import { rollbacksIn } from "../model/deployment.ts"
import type { Handles } from "../model/outcome.ts"
import type { State } from "../model/state.ts"

const RECENT = 20

/**
 * Targets that nothing can speak of any more: check runs of commits that are neither head, nor candidate, nor a page
 * that was clicked lately, and what belonged to releases that the state has forgotten. Without this a key would carry
 * a handle for every commit and every message of its life.
 */
export function forgotten(handles: Handles, state: State): readonly string[] {
  const shas = new Set([
    ...Object.keys(state.stale).map((place) => place.slice(place.lastIndexOf(":") + 1)),
    ...Object.values(state.lines).flatMap(({ ledger, files }) => [
      ...(ledger ? [ledger.head, ...ledger.heads] : []),
      ...(files ? [files.sha] : []),
    ]),
    ...state.releases.flatMap(({ phase, shown }) => [
      ...(phase.is === "drafted" ? [] : [phase.candidate.sha]),
      ...(shown ? [shown.sha] : []),
    ]),
    ...Object.values(state.verdicts ?? {}).map(({ sha }) => sha),
    ...Object.values(state.impacts ?? {}).flatMap((sha) => sha ?? []),
    ...Object.values(state.proposals ?? {}).map(({ sha }) => sha),
    ...Object.values(state.freezes ?? {}).flatMap(({ pulls }) => Object.values(pulls).map(({ sha }) => sha)),
  ])
  const releases = new Set(state.releases.map((release) => release.id))
  const rollbacks = new Set([
    ...Object.values(state.environments).flatMap((one) => rollbacksIn(one).map(({ id }) => id)),
    ...(state.postMortems ?? []).map(({ id }) => id),
  ])
  // Of the newest ones something may still be on its way: the end of a draft, a thread's last word.
  const isLong = (id: string, last: number) => Number(id) <= last - RECENT
  return Object.keys(handles).filter((target) => {
    const [kind = "", second = ""] = target.split(":")
    switch (kind) {
      case "check":
        return !shas.has(target.slice(target.lastIndexOf(":") + 1))
      case "draft":
      case "pull":
      case "thread":
      case "reply":
      case "post":
      case "back":
      case "dispatch":
      case "dispatch-look":
        return !releases.has(second) && isLong(second, state.lastRelease)
      case "deployment":
      case "post-mortem":
      case "flag":
      case "revert":
      case "merge":
      case "back-run":
      case "back-run-look":
      case "kubernetes-look":
      case "kubernetes-undo":
      case "page":
        return !rollbacks.has(second) && isLong(second, state.lastRollback)
      case "incident":
        return state.incidents?.[second] === undefined
      default:
        return false
    }
  })
}
