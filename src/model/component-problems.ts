import { nearest } from "./nearest.ts"
import { quote, quoteAll } from "./quote.ts"
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

const collide = (one: string, other: string): boolean => isReadBy(one, other) || isReadBy(other, one)

const isReadBy = (template: string, by: string): boolean => versionOfTag(tagOf("1.0.0", template), by) !== null

/** Groups of components that name one that there is not, or one twice. Packages of a workspace are not known here. */
export function linkedProblems({
  components,
  workspaces,
  linked,
}: {
  readonly components: Tagged
  readonly workspaces: boolean
  readonly linked: readonly (readonly string[])[]
}): readonly Wrong[] {
  const names = Object.keys(components)
  const all = linked.flat()
  const strange = workspaces ? [] : all.filter((name) => !names.includes(name))
  const twice = all.filter((name, at) => all.indexOf(name) < at)
  return [
    ...strange.map((name) => ({
      path: ["linked"],
      message: `no component is named ${quote(name)}; ${hint(name, names)}`,
    })),
    ...twice.map((name) => ({
      path: ["linked"],
      message: `${quote(name)} is named twice; a component is in one group`,
    })),
  ]
}

function hint(name: string, names: readonly string[]): string {
  const near = nearest(name, names)
  return near ? `did you mean ${quote(near)}?` : `known are ${quoteAll(names) || "none"}`
}
