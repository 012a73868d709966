import type { BulletinNews } from "../../model/bulletin.ts"
import { placeOf } from "../../model/deployment.ts"
import { hashOf } from "../../model/hash.ts"
import { own } from "../../model/own.ts"
import type { Release } from "../../model/release.ts"
import type { Run } from "../run.ts"

/** That a release was taken back somewhere: rolled back, or what was bad in it switched off or reverted. */
export interface TakenBack {
  /** Tells it from all other times; letters, digits and hyphens. */
  readonly key: string
  readonly environment: string
  /** ISO 8601 */
  readonly at: string
  readonly news: BulletinNews
}

/** Every time that it was, oldest first. Why, where its environment still knows. */
export function timesTakenBack(run: Run, release: Release): readonly TakenBack[] {
  const backs: readonly { environment: string; to: string; by: string; at: string; how?: string }[] = [
    ...release.rolledBack,
    ...(release.eased ?? []),
  ]
  return backs
    .toSorted((a, b) => (a.at < b.at ? -1 : 1))
    .map((back) => {
      const { environment, at } = back
      const why = own(run.state.environments, placeOf({ name: environment, component: release.component }))?.rollback
      const because = why?.from.release === release.id ? why.because : undefined
      return {
        key: `rolled-back-${hashOf(`${environment}@${at}`).slice(0, 8)}`,
        environment,
        at,
        news: { is: "rolled back", ...back, ...(because ? { because } : {}) },
      }
    })
}

const KEPT = 50

/** More of them are not remembered. */
export const withKey = (keys: readonly string[] | undefined, { key }: TakenBack): readonly string[] =>
  [...(keys ?? []), key].slice(-KEPT)
