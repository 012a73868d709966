import { DEFAULT_COMMIT_TYPES } from "conventional-changelog-conventionalcommits"

/** Where a kind of change stands in the notes. */
export interface Section {
  readonly title: string
  readonly folded: boolean
}

export const OTHER: Section = { title: "Other Changes", folded: true }
/** What bots bring up to date, where no rule says where it stands. */
export const DEPENDENCIES: Section = { title: "Dependencies", folded: true }

/** The preset's sections in the preset's order; what the preset hides is shown folded, so that nothing is missing. */
const SECTIONS: ReadonlyMap<string, Section> = new Map(
  DEFAULT_COMMIT_TYPES.map(({ type, section, effect }) => [
    type,
    { title: section ?? OTHER.title, folded: effect === "hidden" },
  ]),
)

/** The section of a commit type; types that the preset does not know are other changes. */
export const sectionOf = (type: string | null): Section => (type ? (SECTIONS.get(type) ?? OTHER) : OTHER)

/** Whether the preset knows a commit type, in lower case. */
export const isPresetType = (type: string): boolean => SECTIONS.has(type)

const ORDER: readonly string[] = [
  ...new Set([...SECTIONS.values()].map((section) => section.title)),
  DEPENDENCIES.title,
  OTHER.title,
]

/** Open sections first; among them those that are named, in their order, then the preset's. */
export function byOrder(named: readonly string[]): (a: Section, b: Section) => number {
  const order = [...new Set([...named, ...ORDER])]
  const place = ({ title }: Section) => order.indexOf(title)
  return (a, b) => Number(a.folded) - Number(b.folded) || place(a) - place(b)
}
