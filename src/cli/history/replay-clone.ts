import type { Category } from "../../decide/replay-difference.ts"
import type { Config } from "../../model/config.ts"
import { type Clone, originOf } from "../read-clone.ts"
import { componentsAt } from "./components-at.ts"
import { readHistories } from "./past-releases.ts"
import { betterPolicy, type Replayed, replay, type Share, shareOf } from "./replay-releases.ts"

/** What a replay found, over all components of a clone. */
export interface Replay {
  /** `owner/name`, or the folder where the clone has no remote. */
  readonly repository: string
  readonly config: Config
  readonly components: readonly {
    readonly name: string
    readonly tag: string
    readonly releases: readonly Replayed[]
  }[]
  readonly stable: Share
  readonly prereleases: Share
  readonly better: ReturnType<typeof betterPolicy>
}

/** Runs every release of a clone, of each component, through Slipway under one configuration. */
export async function replayClone(clone: Clone, config: Config): Promise<Replay> {
  const [origin, histories] = await Promise.all([
    originOf(clone),
    componentsAt(clone, config, "HEAD").then((components) => readHistories(clone, { components, config })),
  ])
  const components = histories.map((history) => ({
    name: history.component.name,
    tag: history.component.tag,
    releases: replay(history, config),
  }))
  const all = components.flatMap(({ releases }) => releases)
  return {
    repository: origin.repository || clone.directory,
    config,
    components,
    stable: shareOf(all, false),
    prereleases: shareOf(all, true),
    better: betterPolicy(histories, config),
  }
}

/** How often each reason was found; `unexplained` is Slipway's fault. */
export function countReasons(found: Replay): ReadonlyMap<Category | "unexplained", number> {
  const counts = new Map<Category | "unexplained", number>()
  for (const { verdict } of found.components.flatMap(({ releases }) => releases)) {
    if (verdict.is !== "differs" && verdict.is !== "unexplained") continue
    const reason = verdict.is === "differs" ? verdict.category : verdict.is
    counts.set(reason, (counts.get(reason) ?? 0) + 1)
  }
  return new Map([...counts].sort(([, a], [, b]) => b - a))
}
