import { gt } from "semver"
import { isStable, type Mark } from "../model/known-tags.ts"
import type { Ledger } from "../model/ledger.ts"
import { coreOf } from "./core.ts"
import { list } from "./wording.ts"

const SHOWN = 10

/**
 * What a page says of version tags behind the head that Slipway did not make. Somebody pushed them, and no gate was asked:
 * a stable one moves where changes count from, a prerelease what the next version may be, but neither takes a change out
 * of four eyes.
 */
export function foreignTags({ base, vouched, tags }: Ledger): readonly string[] {
  const prereleases = (tags?.inside ?? []).filter(({ ours, version }) => !ours && !isStable(version))
  return [
    ...(vouched === undefined
      ? []
      : [
          `The tag ${base?.tag} was not made by Slipway: the changes behind it need the approval of others too, with the next release.`,
        ]),
    ...ofPrereleases(prereleases),
  ]
}

function ofPrereleases(marks: readonly Mark[]): readonly string[] {
  const [first, ...others] = marks
  if (!first) return []
  const floor = others.reduce((most, { version }) => higher(most, coreOf(version)), coreOf(first.version))
  const names = list(
    marks.map(({ tag }) => tag),
    SHOWN,
  )
  const which = others.length === 0 ? `The tag ${names} was` : `The tags ${names} were`
  return [
    `${which} not made by Slipway: the changes behind ${others.length === 0 ? "it" : "them"} need the approval of others ` +
      `as if nothing were tagged. Since prereleases of ${floor} are there, nothing below ${floor} is released.`,
  ]
}

const higher = (one: string, other: string): string => (gt(other, one) ? other : one)
