import { quote } from "./quote.ts"
import { tagOf, versionOfTag } from "./tag.ts"

/** What is wrong, and at which step of the file. */
interface Wrong {
  readonly path: readonly (string | number)[]
  readonly message: string
}

type Tagged = { readonly [name: string]: { readonly tag: string } }

/**
 * Tags of one component that could be read as those of another: its releases would be the other's too. Not only equal
 * templates do: `{version}-web` makes a prerelease of `{version}`, and `a1{version}` an eleventh major of `a{version}`.
 */
export function tagProblems(all: Tagged): readonly Wrong[] {
  const known = Object.entries(all)
  return known.flatMap(([name, { tag }], at) => {
    const other = known.slice(0, at).find(([, one]) => collide(one.tag, tag))
    if (!other) return []
    const [owner, { tag: taken }] = other
    const what =
      taken === tag
        ? `have the same tag ${quote(tag)}`
        : `have tags that can be taken for each other's, ${quote(taken)} and ${quote(tag)}`
    return [
      {
        path: [name, "tag"],
        message: `components ${quote(owner)} and ${quote(name)} ${what}; each needs one of its own`,
      },
    ]
  })
}

/** Whether tags of one template could be read as those of another. */
export const collide = (one: string, other: string): boolean => isReadBy(one, other) || isReadBy(other, one)

const isReadBy = (template: string, by: string): boolean => versionOfTag(tagOf("1.0.0", template), by) !== null
