import type { Config } from "./config.ts"
import { environment, environments, renamed } from "./floor-environments.ts"
import {
  containsAll,
  found,
  free,
  type Judge,
  judged,
  type Known,
  type Loosening,
  noneMore,
  same,
  staysFalse,
  staysTrue,
} from "./floor-judge.ts"
import { APPROVALS, componentPeople } from "./floor-people.ts"

/** What is published past the gates is taken back. */
const takesBack: Judge<Config["onBypass"]> = (floor, own) =>
  floor === "revert" && own !== "revert" ? "must be `revert`" : null

const PLAN: Known<Config["plan"]> = { required: staysTrue, words: staysFalse, path: free, with: containsAll }
const RISK: Known<Config["risk"]> = { low: noneMore, high: containsAll }
const PUBLISH: Known<Config["publish"]> = {
  assets: containsAll,
  mode: free,
  changelog: free,
  manifests: free,
  dispatch: free,
  comments: free,
  audit: staysTrue,
}

/** What describes the repository, or how it speaks: its own word counts. */
const DEFAULTS: readonly (keyof Config)[] = [
  "extends",
  "branches",
  "version",
  "components",
  "workspaces",
  "linked",
  "changes",
  "notes",
  "impact",
  "slack",
  "page",
  "audiences",
  "incident",
  "post-mortem",
  // It publishes only what every gate lets through.
  "train",
]
const JUDGED: readonly (keyof Config)[] = ["approvals", "plan", "risk", "publish", "environments", "hotfix", "onBypass"]

/**
 * What a configuration sets lower than the floor does. Where it gives nothing, it passes no release that the floor alone
 * would not pass. What the floor itself leaves out counts with its default: one approval, no low risk.
 *
 * @param own the repository's, with what it leaves out taken from the floor
 */
export function loosened(floor: Config, own: Config): readonly Loosening[] {
  const rest = Object.keys({ ...floor, ...own }) as (keyof Config)[]
  return [
    ...judged(APPROVALS, floor.approvals, own.approvals, ["approvals"]),
    ...componentPeople(floor, own),
    ...judged(PLAN, floor.plan, own.plan, ["plan"]),
    ...judged(RISK, floor.risk, own.risk, ["risk"]),
    ...judged(PUBLISH, floor.publish, own.publish, ["publish"]),
    ...environments(floor.environments, own.environments, ["environments"]),
    ...hotfix(floor, own),
    ...found(["onBypass"], takesBack(floor.onBypass, own.onBypass)),
    ...rest
      .filter((key) => !DEFAULTS.includes(key) && !JUDGED.includes(key))
      .flatMap((key) => found([key], same(floor[key], own[key]))),
  ]
}

/**
 * The hotfix path has fewer gates. Where the organisation declares one, a repository takes no other branches on it; and it
 * asks there for what the organisation asks on that path, or where that says nothing of it, on the usual one.
 */
function hotfix(floor: Config, own: Config): readonly Loosening[] {
  const path = ["hotfix", "environments"]
  const isDeclared = floor.hotfix.branches.length + Object.keys(floor.hotfix.environments).length > 0
  return [
    ...(isDeclared ? found(["hotfix", "branches"], noneMore(floor.hotfix.branches, own.hotfix.branches)) : []),
    ...environments(floor.hotfix.environments, own.hotfix.environments, path),
    ...renamed(Object.keys(floor.environments), Object.keys(own.hotfix.environments), path),
    ...Object.entries(own.hotfix.environments).flatMap(([name, gates]) => {
      const usual = Object.hasOwn(floor.environments, name) ? floor.environments[name] : undefined
      const isJudged = Object.hasOwn(floor.hotfix.environments, name)
      return usual && !isJudged ? environment(usual, gates, [...path, name]) : []
    }),
    ...judged<Omit<Config["hotfix"], "branches" | "environments">>({}, restOf(floor.hotfix), restOf(own.hotfix), [
      "hotfix",
    ]),
  ]
}

function restOf({ branches: _, environments: __, ...rest }: Config["hotfix"]) {
  return rest
}
