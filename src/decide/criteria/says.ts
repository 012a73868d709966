import type { Environment } from "../../model/deployment.ts"
import { own } from "../../model/own.ts"
import { heldOf, watchEnds, watchedFor } from "../../model/watch.ts"
import { judgeComparison } from "../metrics.ts"
import type { Run } from "../run.ts"
import { instant, plural } from "../wording.ts"
import { nameOf } from "./act.ts"
import { type Measuring, measuringIn, there } from "./watched.ts"

/** What the page of what is live says of its criteria: until when they are looked at, and each that is not kept to. */
export function criteriaSays(run: Run, environment: Environment): readonly string[] {
  const { live } = environment
  const all = measuringIn(run, environment)
  const found = live && there(run, environment, live.release)
  if (!live || !found || all.length === 0) return []
  const ends = watchEnds(live, watchedFor(found.rules))
  const until = ends === undefined ? "while it is being verified, and after" : `until ${instant(ends)}`
  return [
    `watched by ${plural(all.length, "metric")} ${until}`,
    ...all.flatMap((one) => oneSays(run, environment, one)),
  ]
}

function oneSays(run: Run, environment: Environment, { watched, comparison }: Measuring): readonly string[] {
  const acted = own(heldOf(environment), watched.key)?.acted
  const { state, because } = judgeComparison(run, comparison, environment.name)
  if (acted !== undefined)
    return [
      `the criterion “${nameOf(watched.criterion)}” was broken on ${instant(acted)}, and is not kept to again yet: ${because}`,
    ]
  return state === "passed" || state === "pending" ? [] : [because]
}
