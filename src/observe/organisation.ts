import { type OrganisationFile, readOrganisation } from "../config/read-organisation.ts"
import { ORGANISATION_PATH, type Organisation, organisationKey, type Stop } from "../model/organisation.ts"
import { own } from "../model/own.ts"
import type { Problem } from "../model/problem.ts"
import type { State } from "../model/state.ts"
import type { GitHubClient } from "../peers/github.ts"
import { readContent } from "./files.ts"
import type { Findings } from "./findings.ts"
import { createReader, type Reader } from "./reader.ts"

/** An organisation's file as a configuration that extends it meets it. */
export type OrganisationRead =
  | { readonly is: "read"; readonly blob: string; readonly file: OrganisationFile }
  /** Nothing of it counts: it has mistakes, or it is not where the repository's account keeps its own. */
  | { readonly is: "invalid"; readonly because: string }
  | { readonly is: "unknown"; readonly because: string }

/** The organisations' files that one run meets: each is read once, whatever number of branches extend it. */
export interface Organisations {
  /** @param name `owner/repo`, as a configuration's `extends` has it */
  read(name: string): Promise<OrganisationRead>
}

export interface OrganisationsInput {
  readonly github: GitHubClient
  readonly reader: Reader
  readonly abort: AbortSignal
  readonly findings: Findings
  readonly state: State | undefined
}

/**
 * Reads organisations' files with the installation's own token, and tells the findings what they stop. A file that cannot
 * be read is never one that says nothing: GitHub answers 404 for what is missing and for what we may not see alike.
 */
export function createOrganisations(input: OrganisationsInput): Organisations {
  const reads = new Map<string, Promise<OrganisationRead>>()
  return {
    read(name) {
      const key = organisationKey(name)
      const known = reads.get(key)
      if (known) return known
      const reading = readOne(input, name)
      reads.set(key, reading)
      return reading
    },
  }
}

async function readOne(input: OrganisationsInput, name: string): Promise<OrganisationRead> {
  const { github, reader, abort, findings, state } = input
  const [owner = "", repository = ""] = name.split("/")
  // guard: organisation-of-another-account
  if (owner.toLowerCase() !== reader.repo.owner.toLowerCase()) {
    const because = `\`extends\` must name a repository of ${reader.repo.owner}: the files of other accounts are not read`
    return unread(findings, name, { is: "invalid", because })
  }
  const there = createReader(github, { ...reader.repo, owner, name: repository }, abort)
  const content = await readContent(there, ORGANISATION_PATH)
  if (content.is === "unknown") return unread(findings, name, content)
  const file = content.value
  if (file.is === "absent") return unread(findings, name, { is: "unknown", because: missing(name) })
  const answered = file.is === "text" ? ownerIn(file.url) : owner
  if (answered?.toLowerCase() !== owner.toLowerCase())
    return unread(findings, name, {
      is: "invalid",
      because: `${name} went to another account, whose files are not read`,
    })
  const parsed = file.is === "text" ? readOrganisation(file.text, `${name}: ${ORGANISATION_PATH}`) : file
  if ("is" in parsed) return unread(findings, name, { is: "invalid", because: `${name}: ${parsed.because}` })
  if (!parsed.ok) return unread(findings, name, { is: "invalid", because: firstOf(parsed.problems) })
  const { stop } = parsed.value
  const known = own(state?.organisations, organisationKey(name))
  const stopped = stop ? { stop: await withWho(there, stop, known) } : {}
  findings.take("organisations", organisationKey(name), {
    is: "read",
    value: { is: "read", blob: file.blob, ...stopped },
  })
  return { is: "read", blob: file.blob, file: parsed.value }
}

/** GitHub answers for a repository that was transferred by redirecting to where it is now. */
const ownerIn = (url = ""): string | undefined => /\/repos\/([^/]+)\//.exec(url)?.[1]

function unread<Result extends OrganisationRead & { readonly because: string }>(
  findings: Findings,
  name: string,
  result: Result,
): Result {
  const value: Organisation = { is: "unread", because: result.because }
  findings.take("organisations", organisationKey(name), { is: "read", value })
  return result
}

const missing = (name: string): string =>
  `\`${ORGANISATION_PATH}\` of ${name} cannot be read: GitHub knows no such file there, or the App may not see it; ` +
  "add the repository to the App's installation and re-run this check, or take `extends` out"

function firstOf(problems: readonly Problem[]): string {
  const [first, ...more] = problems
  const others = more.length === 0 ? "" : ` (and ${more.length} more)`
  return `${first?.file}:${first?.line}:${first?.column}: ${first?.message}${others}`
}

/**
 * Who changed the file last, and when: asked where a stop is new, and kept for as long as it says the same. Where GitHub does
 * not tell, the stop stands all the same.
 * https://docs.github.com/en/rest/commits/commits#list-commits
 */
async function withWho(
  reader: Reader,
  stop: Pick<Stop, "because" | "except">,
  known: Organisation | undefined,
): Promise<Stop> {
  const before = known?.is === "read" ? known.stop : undefined
  if (before?.set && before.because === stop.because && before.except.join() === stop.except.join())
    return { ...stop, set: before.set }
  const answer = await reader.ask((at) =>
    reader.rest.repos.listCommits({ ...at, path: ORGANISATION_PATH, per_page: 1 }),
  )
  const commit = answer.is === "answer" ? answer.data[0] : undefined
  const by = commit?.author?.login ?? commit?.commit.author?.name
  const at = commit?.commit.committer?.date
  return commit && by !== undefined && at !== undefined ? { ...stop, set: { by, at, sha: commit.sha } } : stop
}
