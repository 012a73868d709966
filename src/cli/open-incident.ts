import { type Config, DEFAULT_CONFIG } from "../model/config.ts"
import { entryRulesIn } from "../model/entry-rules.ts"
import { isSameEnvironment } from "../model/protection.ts"
import type { Repository } from "../model/repository.ts"
import { readConfigFile } from "../observe/files.ts"
import { createFindings } from "../observe/findings.ts"
import { createOrganisations } from "../observe/organisation.ts"
import { createReader } from "../observe/reader.ts"
import { type PeerError, PeerUnavailable, toPeerError } from "../peers/errors.ts"
import { personOctokit } from "../peers/github-person.ts"
import { repositoryOf } from "../peers/repository-of.ts"
import type { IncidentRequest } from "../render/incident-request.ts"
import { ProblemFound } from "./command.ts"

/** Where the issue is opened, and by whose token. */
export interface IncidentPlace {
  readonly owner: string
  readonly repo: string
  readonly token: string
  /** GitHub's API root. */
  readonly baseUrl: string
}

export interface OpenedIncident {
  readonly repository: string
  readonly number: number
  readonly url: string
  readonly label: string
  /** How many have to ask. */
  readonly people: 1 | 2
}

const REQUEST_TIMEOUT_MS = 15_000
const LONGEST_MS = 60_000

/**
 * Opens an issue that asks for a rollback, once it is known that it would be heard.
 * https://docs.github.com/en/rest/issues/issues#create-an-issue
 *
 * @throws ProblemFound with what is in the way, and what to do; no token is in it
 */
export async function openIncident(
  place: IncidentPlace,
  asked: IncidentRequest,
  issue: { readonly title: string; readonly body: string },
): Promise<OpenedIncident> {
  const { owner, repo, token, baseUrl } = place
  const octokit = personOctokit({ token, baseUrl, requestTimeoutMs: REQUEST_TIMEOUT_MS })
  try {
    const repository = await findRepository(octokit, owner, repo)
    const config = await configOf(octokit, repository)
    const label = labelIn(config, repository)
    const people = peopleAsked(config, asked)
    const { data } = await octokit.rest.issues.create({ owner, repo: repository.name, ...issue, labels: [label] })
    const { number, html_url: url } = data
    // "Labels are silently dropped otherwise."
    const isLabelled = data.labels.some((it) => nameOf(it).toLowerCase() === label.toLowerCase())
    if (!isLabelled)
      throw new ProblemFound(
        `nothing is asked for: GitHub opened #${number} without the label “${label}”, since you may not label issues of ${owner}/${repo}. Somebody who may can put it on: ${url}`,
      )
    return { repository: `${repository.owner}/${repository.name}`, number, url, label, people }
  } catch (error) {
    if (error instanceof ProblemFound) throw error
    throw new ProblemFound(whyNot(error, place), { cause: error })
  }
}

const nameOf = (label: string | { readonly name?: string | undefined }): string =>
  typeof label === "string" ? label : (label.name ?? "")

/** A person reads it, not the App. */
const NO_INSTALLATION = "0"

async function findRepository(
  octokit: ReturnType<typeof personOctokit>,
  owner: string,
  repo: string,
): Promise<Repository> {
  const { data } = await octokit.rest.repos.get({ owner, repo })
  const mayLabel = data.permissions && (data.permissions.push || data.permissions.triage === true)
  if (mayLabel === false)
    throw new ProblemFound(
      `you may not label issues of ${owner}/${repo}, and so ask for nothing there: somebody with write permission has to`,
    )
  if (!data.has_issues)
    throw new ProblemFound(`${owner}/${repo} has no issues (its settings): press Roll back on the environment's check`)
  return { ...repositoryOf(data, NO_INSTALLATION), url: data.html_url }
}

/** As the App reads it: the default branch's, with what it extends. */
async function configOf(github: ReturnType<typeof personOctokit>, repository: Repository): Promise<Config> {
  const abort = AbortSignal.timeout(LONGEST_MS)
  const reader = createReader(github, repository, abort)
  const organisations = createOrganisations({ github, reader, abort, findings: createFindings(), state: undefined })
  const file = await readConfigFile(reader, repository.defaultBranch, organisations)
  if (file.is === "unknown") throw new ProblemFound(`your token cannot read its configuration: ${file.because}`)
  if (file.value.is === "invalid") {
    const [first] = file.value.problems
    throw new ProblemFound(`${first?.file}:${first?.line}:${first?.column}: ${first?.message}`)
  }
  return file.value.is === "valid" ? file.value.value : DEFAULT_CONFIG
}

function labelIn({ incident }: Config, { owner, name, defaultBranch }: Repository): string {
  if (incident) return incident.label
  throw new ProblemFound(
    `.github/slipway.yml of ${owner}/${name} names no label of incidents: add \`incident: { label: incident }\` on ${defaultBranch}, or press Roll back on the environment's check`,
  )
}

/** What would be asked back is told at once, as far as the configuration says it. */
function peopleAsked(config: Config, { environment, component }: IncidentRequest): 1 | 2 {
  const environments = Object.keys(config.environments)
  if (environments.length > 0 && !environments.some((one) => isSameEnvironment(one, environment)))
    throw new ProblemFound(
      `slipway.yml names no environment ${environment}: it has ${environments.join(", ")}. For another one open the issue by hand.`,
    )
  const components = Object.keys(config.components)
  if (component === undefined && components.length > 1)
    throw new ProblemFound(`there are several components: say which by --component (${components.join(", ")})`)
  if (component !== undefined && !config.workspaces && !components.includes(component))
    throw new ProblemFound(`slipway.yml names no component ${component}: it has ${components.join(", ") || "none"}`)
  const { rollback } = entryRulesIn(config, environment)
  return !Array.isArray(rollback) && rollback.required === 2 ? 2 : 1
}

function whyNot(cause: unknown, { owner, repo }: IncidentPlace): string {
  const error: PeerError =
    cause instanceof PeerUnavailable ? { is: "unreachable", message: cause.message } : toPeerError(cause)
  switch (error.is) {
    case "gone":
      return `there is no repository ${owner}/${repo} that your token can see`
    case "unauthorized":
      return `GitHub does not accept your token: ${error.message}`
    case "forbidden":
      return `your token may not open issues in ${owner}/${repo} (“Issues”: write): ${error.message}`
    case "unreachable":
      return `GitHub cannot be reached, and it is not known whether it was asked for: look at the issues of ${owner}/${repo}, or press Roll back (${error.message})`
    default:
      return `it could not be asked for: ${error.message}`
  }
}
