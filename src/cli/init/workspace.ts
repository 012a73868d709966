import type { Clone } from "./clone.ts"
import { mappingOf, readPeerFile, textOf, textsOf } from "./peer-file.ts"

/** A package of an npm, yarn or pnpm workspace. */
export interface Package {
  readonly name: string
  readonly folder: string
  readonly isPrivate: boolean
}

/** The workspace's packages, without its root; empty where there is no workspace. */
export function packagesOf(clone: Clone): readonly Package[] {
  const workspaces = mappingOf(readPeerFile(clone, "package.json")?.value).workspaces
  const patterns = [
    ...textsOf(mappingOf(readPeerFile(clone, "pnpm-workspace.yaml")?.value).packages),
    ...textsOf(Array.isArray(workspaces) ? workspaces : mappingOf(workspaces).packages),
  ]
  const folders = patterns
    .filter((pattern) => !pattern.startsWith("!"))
    .flatMap((pattern) => clone.find(`${pattern.replace(/^\.\//, "").replace(/\/$/, "")}/package.json`))
    .map((path) => path.replace(/\/?package\.json$/, ""))
  return [...new Set(folders)].flatMap((folder) => {
    const manifest = mappingOf(readPeerFile(clone, `${folder}/package.json`)?.value)
    const name = textOf(manifest.name)
    return folder === "" || name === undefined ? [] : [{ name, folder, isPrivate: manifest.private === true }]
  })
}
