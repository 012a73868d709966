import type { PageLive } from "../model/page.ts"
import { isSameEnvironment } from "../model/protection.ts"
import type { Line } from "../model/state.ts"
import { driftOf, driftSays } from "./drift.ts"
import { stateOf, whereReleasesAre } from "./places.ts"
import { configOf } from "./plan-of.ts"
import type { Run } from "./run.ts"
import { plain } from "./wording.ts"

/** What is live in the environments of a line's configuration, of every component; undefined where nothing is. */
export function liveShown(run: Run, line: Line): PageLive | undefined {
  const { components, places } = whereReleasesAre(run.repo, run.state)
  const environments = Object.keys(configOf(line).environments)
  const rows = components.map((component) => ({
    component,
    cells: environments.map((environment) => {
      const at = places.find((one) => one.component === component && isSameEnvironment(one.environment, environment))
      if (at?.drift) return { what: plain(driftSays(at.drift)), state: "drift" as const }
      return at?.live ? { what: at.live.version, state: at.live.state } : null
    }),
  }))
  return rows.some(({ cells }) => cells.some((cell) => cell !== null)) ? { environments, rows } : undefined
}

/**
 * Where one component is, in the environments of a line's configuration; undefined where there are not two to tell of. The
 * pages of environments have no more than this: what another component does writes none of them, and each is drawn in every
 * run.
 */
export function liveBeside({ state }: Run, line: Line, component: string): PageLive | undefined {
  const environments = Object.keys(configOf(line).environments)
  if (environments.length < 2) return undefined
  const known = Object.values(state.environments).filter((one) => (one.component ?? "") === component)
  const cells = environments.map((environment) => {
    const drift = state.drift && driftOf(state, environment, component)
    if (drift) return { what: plain(driftSays(drift)), state: "drift" as const }
    const at =
      known.find(({ name }) => name === environment) ?? known.find(({ name }) => isSameEnvironment(name, environment))
    return at?.live ? { what: at.live.version, state: stateOf(at, at.live) } : null
  })
  return { environments, rows: [{ component, cells }] }
}
