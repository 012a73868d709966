import type { Config } from "./config.ts"
import { own } from "./own.ts"
import type { Workspace } from "./workspace.ts"

type Manifest = Config["publish"]["manifests"][number]

/** The files that say a release's version, and the changelog that lists it. */
export interface ReleaseFiles {
  readonly manifests: readonly Manifest[]
  readonly changelog?: string
}

/**
 * A component has files of its own or none: those of `publish` are the whole repository's. A package of a workspace
 * that nothing is said of has its `package.json`, where releases come by a pull request that can set it.
 */
export function releaseFiles(config: Config, component: string, workspace?: Workspace): ReleaseFiles {
  const { publish, components } = config
  if (component === "") return only(publish.manifests, publish.changelog)
  const named = own(components, component)
  if (named) return only(named.manifests ?? [], named.changelog)
  const found = workspace?.packages.find((one) => one.component === component)
  if (!found || publish.mode !== "pull-request") return { manifests: [] }
  const changelog = publish.changelog?.split("/").at(-1)
  return only([{ path: `${found.folder}/package.json` }], changelog && `${found.folder}/${changelog}`)
}

const only = (manifests: readonly Manifest[], changelog: string | undefined): ReleaseFiles => ({
  manifests,
  ...(changelog === undefined ? {} : { changelog }),
})

/** What tells the places apart in which versions stand: one file may be named twice, with another place in it. */
export function manifestKey(manifest: Manifest): string {
  const place = "regex" in manifest ? manifest.regex : "jsonpath" in manifest ? manifest.jsonpath : undefined
  const where = place ?? ("xpath" in manifest ? manifest.xpath : undefined)
  return where === undefined ? manifest.path : `${manifest.path}#${where}`
}

/** What a manifest said at a commit: its version, or why it says none. */
export type ManifestSaid = { readonly version: string } | { readonly none: string }
