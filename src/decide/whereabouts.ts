import type { Environment } from "../model/deployment.ts"
import type { Announcement } from "../model/message.ts"
import type { Release } from "../model/release.ts"
import { failedThere } from "./last-known-good.ts"
import type { Run } from "./run.ts"
import { instant, list } from "./wording.ts"

/** What the first line of a published release's thread says: the worst that is true of it, and where it is live. */
export function whereabouts(run: Run, release: Release): Pick<Announcement, "state" | "says"> {
  if (release.phase.is !== "published") return { state: "drafted", says: "" }
  const { at, by, outside } = release.phase
  const environments = Object.values(run.state.environments).filter((e) => (e.component ?? "") === release.component)
  const live = list(environments.flatMap((e) => liveIn(e, release) ?? []))
  const alive = live === "" ? "" : `live in ${live}`
  const out = outside ? `Published outside Slipway: ${outside}` : `Published by ${by} on ${instant(at)}`
  const leaving = environments.find(
    (e) => e.rollback?.is === "running" && !e.drill && e.rollback.from.release === release.id,
  )
  if (leaving?.rollback) {
    const { to, by: who } = leaving.rollback
    return { state: "rolling back", says: `Being rolled back from ${leaving.name} to ${to.version} by ${who}` }
  }
  const back = release.rolledBack.at(-1)
  if (back) {
    const gone = `Rolled back from ${back.environment} to ${back.to} by ${back.by} on ${instant(back.at)}`
    const mended = release.mended ? `${release.mended.by} mends it` : ""
    return { state: "rolled back", says: joined([gone, mended, alive]) }
  }
  const failed = list(environments.flatMap((e) => failedIn(e, release) ?? []))
  if (failed !== "") return { state: "failed", says: joined([`Failed in ${failed}`, alive]) }
  if (alive === "" || outside) return { state: "published", says: joined([out, alive]) }
  return { state: "live", says: joined([alive.replace(/^l/, "L"), out.replace(/^P/, "p")]) }
}

const joined = (parts: readonly string[]): string => parts.filter((part) => part !== "").join("; ")

function liveIn({ name, live, rollback, drill }: Environment, { id, rolledBack }: Release): string | undefined {
  if (drill?.from.release === id) return `${name}, where a drill is under way`
  if (live?.release !== id || live.verification?.is === "failed") return undefined
  const isGone = rolledBack.some(({ environment }) => environment === name)
  if (isGone || (rollback?.is === "running" && rollback.from.release === id)) return undefined
  return `${name} since ${instant(live.since)}`
}

function failedIn(environment: Environment, { id }: Release): string | undefined {
  const { name, live } = environment
  if (live?.release === id) {
    const { verification } = live
    return verification?.is === "failed" ? `${name} on ${instant(verification.at)}` : undefined
  }
  const failed = failedThere(environment, id)
  return failed && `${name} on ${instant(failed.at)}`
}
