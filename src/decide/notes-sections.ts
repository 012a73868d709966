import { DEFAULT_COMMIT_TYPES } from "conventional-changelog-conventionalcommits"

/** Where a kind of change stands in the notes. */
export interface Section {
  readonly title: string
  readonly folded: boolean
}

export const OTHER: Section = { title: "Other Changes", folded: true }

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

const ORDER: readonly string[] = [...new Set([...SECTIONS.values()].map((section) => section.title)), OTHER.title]

/** Open sections first, then the preset's order. */
export const bySection = (a: Section, b: Section): number =>
  Number(a.folded) - Number(b.folded) || ORDER.indexOf(a.title) - ORDER.indexOf(b.title)
