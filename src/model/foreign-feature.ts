import type { Feature } from "./feature.ts"
import { REPO } from "./field.ts"

/** What a feature needs of another repository: a feature of its plans, or one of its issues or pull requests. */
export type Foreign =
  | { readonly is: "feature"; readonly repo: string; readonly id: string }
  /** As `issue` writes it: `owner/repo#812`. */
  | { readonly is: "issue"; readonly repo: string; readonly ref: string }

const WRITTEN = new RegExp(`^(${REPO})#(\\S.{0,199})$`)

/** `owner/repo#PAY-123` or `owner/repo#812`; undefined: it is the id of a feature of the plan itself, or none. */
export function foreignIn(written: string): Foreign | undefined {
  if (written.length > 400) return undefined
  const [, repo = "", id = ""] = WRITTEN.exec(written) ?? []
  if (repo === "") return undefined
  return /^[1-9]\d{0,9}$/.test(id) ? { is: "issue", repo, ref: written } : { is: "feature", repo, id }
}

type Needs = Pick<Feature, "id" | "status" | "dependencies">

/** What the features of a plan need of other repositories. An id that the plan has itself means that one. */
export function foreignOf(features: readonly Needs[]): readonly Foreign[] {
  const ids = new Set(features.map(({ id }) => id))
  return features.flatMap(({ status, dependencies }) =>
    status === "dropped" ? [] : dependencies.flatMap((one) => (ids.has(one) ? [] : (foreignIn(one) ?? []))),
  )
}

/** The issues and pull requests that features need, in whatever repository. */
export const issuesNeeded = (features: readonly Needs[]): readonly string[] =>
  foreignOf(features).flatMap((one) => (one.is === "issue" ? [one.ref] : []))
