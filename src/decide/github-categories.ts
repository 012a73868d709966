import type { Change } from "../model/change.ts"
import type { GitHubNotes } from "../model/github-notes.ts"
import type { Section } from "./notes-sections.ts"

/** Where GitHub's own arrangement puts a change. */
export type Category = { readonly is: "in"; readonly section: Section } | { readonly is: "excluded" }

/** As GitHub names what no category takes. */
const REST: Section = { title: "Other Changes", folded: false }

/**
 * The category of a change: the first that has one of its labels (`*`: any) and does not exclude it. GitHub arranges
 * pull requests alone; commits without one stand with the rest, so that nothing is missing.
 */
export function categoryOf({ pull }: Change, { exclude, categories }: GitHubNotes): Category {
  if (!pull) return { is: "in", section: REST }
  if (isExcluded(pull, exclude)) return { is: "excluded" }
  const category = categories.find((one) => has(pull.labels, one.labels) && !isExcluded(pull, one.exclude))
  return { is: "in", section: category ? { title: category.title, folded: false } : REST }
}

type Pull = NonNullable<Change["pull"]>

const isExcluded = ({ labels, author }: Pull, exclude: GitHubNotes["exclude"]): boolean =>
  has(labels, exclude.labels) || exclude.authors.some((name) => sameAuthor(name, author.login))

const has = (labels: readonly string[], wanted: readonly string[]): boolean =>
  wanted.some((label) => label === "*" || labels.some((one) => one.toLowerCase() === label.toLowerCase()))

/** An App is named with or without its `[bot]`. */
const sameAuthor = (name: string, login: string): boolean =>
  name.toLowerCase() === login.toLowerCase() || `${name}[bot]`.toLowerCase() === login.toLowerCase()
