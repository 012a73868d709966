import type { z } from "zod"
import { rangeInName } from "./maintenance-range.ts"
import { quote } from "./quote.ts"
import { manifestKey } from "./release-files.ts"

/** Something that is wrong with two parts of a configuration together; the place is that of the later one. */
export interface Conflict {
  readonly path: readonly (string | number)[]
  readonly message: string
}

/** Says conflicts as issues of the schema, each at its place. */
export const report = (conflicts: readonly Conflict[], context: z.RefinementCtx): void => {
  for (const { path: at, message } of conflicts) context.addIssue({ code: "custom", path: [...at], message })
}

interface Branch {
  readonly name: string
  readonly channel?: string
  readonly maintenance: boolean
  readonly range?: string
}

/** Branches that would make the same versions, or of which nobody knows which they make. Paths from `branches`. */
export const branchConflicts = (list: readonly Branch[]): readonly Conflict[] =>
  list.flatMap((one, index) => {
    const before = list.slice(0, index)
    const message = before.some(({ name }) => name === one.name)
      ? `branch ${quote(one.name)} is named twice`
      : (misfit(one) ?? rival(one, before))
    return message === undefined ? [] : [{ path: [index], message }]
  })

/** What a branch cannot be at once, or does not say. */
function misfit({ name, channel, maintenance, range }: Branch): string | undefined {
  if (channel !== undefined && maintenance)
    return `branch ${quote(name)} cannot be a channel and a maintenance branch at once`
  if (range !== undefined && !maintenance)
    return `branch ${quote(name)} has a \`range\`, which belongs to a branch with \`maintenance: true\``
  if (!maintenance || range !== undefined || rangeInName(name) !== null) return undefined
  return (
    `the name of maintenance branch ${quote(name)} does not say which versions it makes; name it like \`1.x\` or ` +
    "`1.4.x`, or add the range: `{ name: support-1, maintenance: true, range: 1.x }`"
  )
}

/** Two branches that count the same prereleases, or patches of the same range, would take each other's versions. */
function rival(one: Branch, before: readonly Branch[]): string | undefined {
  const same = before.find((other) => one.channel !== undefined && other.channel === one.channel)
  if (same)
    return `branches ${quote(same.name)} and ${quote(one.name)} have the same channel; each needs one of its own`
  const range = rangeOf(one)
  const twin = before.find((other) => range !== null && rangeOf(other) === range)
  if (!twin) return undefined
  return `branches ${quote(twin.name)} and ${quote(one.name)} both make versions of \`${range}\`; each needs a range of its own`
}

const rangeOf = ({ name, maintenance, range }: Branch): string | null =>
  maintenance ? (range ?? rangeInName(name)) : null

interface Component {
  readonly manifests?: readonly Parameters<typeof manifestKey>[0][]
  readonly changelog?: string
}

type Components = { readonly [name: string]: Component }

/** Components that would write their versions over each other's. Paths from `components`. */
export function fileConflicts(all: Components): readonly Conflict[] {
  const owners = new Map<string, string>()
  return Object.entries(all).flatMap(([name, component]) =>
    filesOf(component).flatMap(({ key, file, path }) => {
      const owner = owners.get(key) ?? name
      owners.set(key, owner)
      if (owner === name) return []
      const message = `components ${quote(owner)} and ${quote(name)} would write their versions over each other's in ${quote(file)}; each needs a file of its own`
      return [{ path: [name, ...path], message }]
    }),
  )
}

/** The places that a component writes to, and where the configuration says so. */
function filesOf({ manifests = [], changelog }: Component) {
  const places = manifests.map((manifest, index) => ({
    key: `manifest ${manifestKey(manifest)}`,
    file: manifest.path,
    path: ["manifests", index] as const,
  }))
  return changelog === undefined
    ? places
    : [...places, { key: `changelog ${changelog}`, file: changelog, path: ["changelog"] as const }]
}

interface Published {
  readonly publish: Files & { readonly mode: string }
  readonly workspaces: boolean
  readonly components: Components
}

const INSTEAD = "or choose `draft` or `auto`"

/** Releases by pull request that have nothing to bring. The packages of a workspace have their own manifests. */
export function publishConflicts({ publish, workspaces, components }: Published): readonly Conflict[] {
  if (publish.mode !== "pull-request") return []
  const names = Object.keys(components)
  const needs = "needs something to bring: "
  if (names.length === 0 && !workspaces && !brings(publish))
    return [
      {
        path: ["publish", "mode"],
        message: `\`pull-request\` ${needs}name \`publish.changelog\` or \`publish.manifests\`, ${INSTEAD}`,
      },
    ]
  const idle = names.filter((name) => !brings(components[name]))
  return idle.map((name) => ({
    path: ["components", name],
    message: `\`publish.mode: pull-request\` ${needs}give component ${quote(name)} a \`changelog\` or \`manifests\`, ${INSTEAD}`,
  }))
}

interface Departing {
  readonly publish: { readonly mode: string }
  readonly train?: unknown
  readonly components: { readonly [name: string]: { readonly train?: unknown } }
}

const TOO = {
  auto: "publishes as soon as every gate is passed, and a train at its departures: choose one of them",
  "pull-request": "publishes when somebody merges, and a train at its departures: choose one of them",
} as const

/** A train beside another time to publish at. */
export function trainConflicts({ publish: { mode }, train, components }: Departing): readonly Conflict[] {
  if (mode !== "auto" && mode !== "pull-request") return []
  const message = `\`publish.mode: ${mode}\` ${TOO[mode]}`
  const own = Object.entries(components).flatMap(([name, it]) => (it.train ? [["components", name, "train"]] : []))
  return [...(train ? [["train"]] : []), ...own].map((path) => ({ path, message }))
}

interface Files {
  readonly changelog?: string
  readonly manifests?: readonly unknown[]
}

const brings = ({ changelog, manifests = [] }: Files = {}): boolean => changelog !== undefined || manifests.length > 0
