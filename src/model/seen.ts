import type { Problem } from "./problem.ts"

/** A file of the release branch as it was last read: `slipway.yml` or the plan. */
export type Seen<T> =
  | { readonly is: "absent" }
  | { readonly is: "valid"; readonly path: string; readonly blob: string; readonly value: T }
  | { readonly is: "invalid"; readonly path: string; readonly blob: string; readonly problems: readonly Problem[] }

/** Identifies what was seen: a git blob, or its absence. */
export const seenHash = (seen: Seen<unknown>): string => (seen.is === "absent" ? "absent" : `${seen.path}@${seen.blob}`)
