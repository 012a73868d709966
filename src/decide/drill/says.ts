import type { Environment } from "../../model/deployment.ts"
import { type DrillLeg, legSeconds } from "../../model/drill.ts"
import { instant } from "../wording.ts"

/** What the page of a release says of drills in an environment: the one under way, and on what is live the last one. */
export function drillSays({ drill, drills = [], live }: Environment, release: string): readonly string[] {
  if (drill && [drill.from.release, drill.to.release].includes(release))
    return [`DRILL: ${drill.by} asked to go from ${drill.from.version} to ${drill.to.version}, and back again`]
  const last = drills.at(-1)
  if (!last || live?.release !== release) return []
  const { back, return: again, because } = last
  const took = [
    ...(back && because === undefined ? [`back in ${tookSays(back)}`] : []),
    ...(again && because === undefined ? [`again in ${tookSays(again)}`] : []),
  ]
  const says = because ?? took.join(", ")
  return [`the last drill, on ${instant(last.ended)}, ${last.is}${says === "" ? "" : `: ${says}`}`]
}

/** `1 min 12 s` */
export function tookSays(leg: DrillLeg): string {
  const { live, ended } = legSeconds(leg)
  const seconds = live ?? ended
  const minutes = Math.floor(seconds / 60)
  return minutes === 0 ? `${seconds} s` : `${minutes} min ${seconds % 60} s`
}
