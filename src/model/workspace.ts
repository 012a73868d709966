import { matchesGlob } from "./glob.ts"

/** The packages of an npm, pnpm or yarn workspace, as the branch's manifests name them. */
export interface Workspace {
  readonly packages: readonly WorkspacePackage[]
  /** What they were made from, so that only what changed is read again. */
  readonly manifests: readonly Manifest[]
}

interface WorkspacePackage {
  /** As its manifest says it: `@acme/api`. */
  readonly name: string
  /** The name of its component: the package's without its scope, or with it where two would be the same. */
  readonly component: string
  /** From the repository's root, without a slash at its end. */
  readonly folder: string
  /** Packages of the same workspace that it needs at run time. */
  readonly dependsOn: readonly string[]
}

/** A `package.json` of the workspace, as far as it counts. */
export interface Manifest {
  readonly path: string
  /** The git blob that was read. */
  readonly blob: string
  /** Null: it names none, and is no package. */
  readonly name: string | null
  /** Names of all packages that it needs at run time. */
  readonly needs: readonly string[]
}

/** What the manifests of a workspace say together. A name that two packages have is the first one's. */
export function workspaceOf(all: readonly Manifest[]): Workspace {
  const manifests = [...all]
    .sort((a, b) => (a.path < b.path ? -1 : 1))
    // What is needed of other registries' packages is nobody's business, and long.
    .map((one) => ({ ...one, needs: one.needs.filter((name) => all.some((other) => other.name === name)) }))
  const named = new Map(manifests.toReversed().flatMap((one) => (one.name ? [[one.name, one] as const] : [])))
  const short = Map.groupBy(named.keys(), (name) => plain(name.replace(/^@[^/]*\//, "")))
  const packages = [...named].map(([name, { path, needs }]) => {
    const brief = plain(name.replace(/^@[^/]*\//, ""))
    return {
      name,
      component: (short.get(brief)?.length ?? 0) > 1 ? plain(name) : brief,
      folder: path.slice(0, path.lastIndexOf("/")),
      dependsOn: needs,
    }
  })
  return { packages: packages.sort((a, b) => (a.folder < b.folder ? -1 : 1)), manifests }
}

/** A component's name stands in check runs and keys: letters, digits, `.`, `_` and `-`. */
const plain = (name: string): string => name.replace(/^@/, "").replace(/[^A-Za-z0-9._-]+/g, "-") || "package"

/**
 * Whether a folder matches a pattern of a workspace: `*` stands for text without a slash, `**` for any folders. In time
 * proportional to the product of the two lengths.
 */
export function matchesFolder(folder: string, pattern: string): boolean {
  const parts = folder.split("/")
  let reached = new Set([0])
  for (const part of pattern.split("/")) {
    const next = new Set<number>()
    for (const at of reached) {
      if (part === "**") for (let to = at; to <= parts.length; to++) next.add(to)
      else if (at < parts.length && matchesGlob(parts[at] ?? "", part)) next.add(at + 1)
    }
    reached = next
  }
  return reached.has(parts.length)
}
