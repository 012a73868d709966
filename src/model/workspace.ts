import { matchesGlob } from "./glob.ts"
import { hashOf } from "./hash.ts"

/** The packages of an npm, pnpm or yarn workspace, as the branch's manifests name them. */
export interface Workspace {
  readonly packages: readonly WorkspacePackage[]
  /** What they were made from, so that only what changed is read again. */
  readonly manifests: readonly Manifest[]
  /** The patterns of folders that it has its packages in. */
  readonly patterns: Patterns
}

/** As each of the two files says them. */
export interface Patterns {
  /** `workspaces` of package.json, which npm and yarn read. */
  readonly root: readonly string[]
  /** `packages` of pnpm-workspace.yaml. */
  readonly pnpm: readonly string[]
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
  /** Names of the packages that it needs at run time: once the workspace is known, of that alone. */
  readonly needs: readonly string[]
  /** A mark of each name that it needs beside those, one after the other: names of other registries' are many and long. */
  readonly others?: string
}

const MARK_LENGTH = 4
const markOf = (name: string): string => hashOf(name).slice(0, MARK_LENGTH)

/**
 * Whether a manifest may need a package that was none of the workspace when it was read. One name in 65,536 has another
 * one's mark, so it has to be read again to know.
 */
export function mayNeed({ others = "" }: Manifest, name: string): boolean {
  const mark = markOf(name)
  for (let at = 0; at < others.length; at += MARK_LENGTH) if (others.startsWith(mark, at)) return true
  return false
}

/** What the manifests of a workspace say together. A name that two packages have is the first one's. */
export function workspaceOf(all: readonly Manifest[], patterns: Patterns): Workspace {
  const names = new Set(all.map(({ name }) => name))
  const manifests = [...all].sort((a, b) => (a.path < b.path ? -1 : 1)).map((one) => within(names, one))
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
  return { packages: packages.sort((a, b) => (a.folder < b.folder ? -1 : 1)), manifests, patterns }
}

function within(names: ReadonlySet<string | null>, { others = "", needs, ...manifest }: Manifest): Manifest {
  const marks = needs.filter((name) => !names.has(name)).map(markOf)
  const all = others + marks.join("")
  return { ...manifest, needs: needs.filter((name) => names.has(name)), ...(all === "" ? {} : { others: all }) }
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
