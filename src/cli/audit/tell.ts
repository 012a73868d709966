import type { AuditRecord } from "../../model/audit-chain.ts"
import { type Audited, auditedRepositories } from "../../store/audit.ts"
import { type ExitCode, ProblemFound, type Terminal } from "../command.ts"
import { storyAsLines, storyAsMarkdown, storyAsText } from "./print-story.ts"
import { type Named, releasesNamed, type Story, storyOf } from "./story.ts"
import { type Followed, follow, type Opened, type Trusted } from "./trail.ts"
import { says } from "./verify.ts"

export interface TellOptions {
  readonly repository: string
  /** A version or a tag. */
  readonly name: string
  readonly keys: readonly string[]
  readonly as: "text" | "lines" | "markdown"
}

/** @returns 1 where evidence is missing */
export async function tell({ db, key }: Opened, options: TellOptions, terminal: Terminal): Promise<ExitCode> {
  const trusted = new Set([...options.keys, ...(key ? [key.publicKey] : [])])
  const { of, name } = await findRelease({ db, key }, options, trusted)
  const records: AuditRecord[] = []
  const followed = await follow(db, of, trusted, [], (record) => {
    if (record.entry.release === name.release) records.push(record)
  })
  const story = storyOf({ repository: of.name, name }, records, faults(followed))
  terminal.out(shown(story, options.as, terminal))
  return story.missing.length === 0 ? 0 : 1
}

async function findRelease(
  { db }: Opened,
  { repository, name }: TellOptions,
  trusted: Trusted,
): Promise<{ readonly of: Audited; readonly name: Named }> {
  const repositories = await auditedRepositories(db, repository)
  if (repositories.length === 0) throw new ProblemFound(`the database knows no repository ${repository}`)
  const all: { readonly of: Audited; readonly name: Named }[] = []
  for (const of of repositories) {
    const named = releasesNamed(name)
    await follow(db, of, trusted, [], named.see)
    all.push(...named.found().map((found) => ({ of, name: found })))
  }
  const exact = all.filter(({ name: { tag } }) => tag === name)
  const [one, ...others] = exact.length > 0 ? exact.slice(-1) : all
  if (!one) throw new ProblemFound(`the audit trail of ${repository} says nothing of a release ${name}`)
  if (others.length > 0) {
    const tags = all.map(({ name: { tag } }) => tag).join(", ")
    throw new ProblemFound(`there are several releases ${name} in ${repository}: say which by its tag (${tags})`)
  }
  return one
}

const faults = ({ of, breaks, cut }: Followed): readonly string[] =>
  breaks.length + cut.length === 0
    ? []
    : [`a whole audit trail of ${of.name}: ${[...cut, ...breaks.map(says)][0]} (\`slipway audit verify ${of.name}\`)`]

function shown(story: Story, as: TellOptions["as"], terminal: Terminal): string {
  switch (as) {
    case "text":
      return storyAsText(story, terminal)
    case "lines":
      return storyAsLines(story)
    case "markdown":
      return storyAsMarkdown(story)
  }
}
