import { hashOf } from "./hash.ts"

/** A ref that follows what is good in an environment, as it was last asked to stand. */
export interface Pointer {
  /** Of the release. */
  readonly release: string
  readonly version: string
  readonly sha: string
}

/** What follows what: a ref and a commit, by name as GitHub has it behind `refs/`. */
export interface PointerMove extends Pointer {
  readonly ref: string
}

/** `slipway/production/good`; of a component `slipway/production/api/good`. */
export const goodRef = (environment: string, component: string): string =>
  ["slipway", segment(environment), ...(component === "" ? [] : [segment(component)]), "good"].join("/")

/** `tags/stable`; of a component `tags/api-stable`. */
export const stableTag = (tag: string, component: string): string =>
  component === "" ? `tags/${tag}` : `tags/${segment(component)}-${tag}`

const HASH_LENGTH = 6

/** A name as one part of a ref. What git forbids there, or what would be two parts, is replaced, and a hash keeps two apart. */
function segment(name: string): string {
  if (/^\w[\w-]*$/.test(name)) return name
  return `${name.replaceAll(/[^\w-]+/g, "-").replace(/^-+/, "")}-${hashOf(name).slice(0, HASH_LENGTH)}`
}
