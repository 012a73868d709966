import { ORGANISATION_PATH } from "../model/organisation.ts"
import { fullName, type Repository } from "../model/repository.ts"
import type { Signal } from "../model/signal.ts"

/**
 * What a repository's push says to others that extend its organisation's file; undefined: nothing. Where a push does not
 * list its files, that one may be among them.
 */
export function organisationChanged(repo: Repository, signals: readonly Signal[]): Signal | undefined {
  const touches = signals.some(
    (s) => s.kind === "moved" && s.branch === repo.defaultBranch && (s.files?.includes(ORGANISATION_PATH) ?? true),
  )
  if (!touches) return undefined
  return { kind: "organisation", because: `${ORGANISATION_PATH} of ${fullName(repo)} was pushed to` }
}
