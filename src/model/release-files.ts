import type { Config } from "./config.ts"

/** The files that say a release's version, and the changelog that lists it. */
export interface ReleaseFiles {
  readonly manifests: Config["publish"]["manifests"]
  readonly changelog?: string
}

/** A component has files of its own or none: those of `publish` are the whole repository's. */
export function releaseFiles({ components, publish }: Config, component: string): ReleaseFiles {
  const of = component === "" ? publish : components[component]
  return { manifests: of?.manifests ?? [], ...(of?.changelog === undefined ? {} : { changelog: of.changelog }) }
}
