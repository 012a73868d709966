import { parseArgs } from "node:util"
import { decide } from "../decide/decide.ts"
import type { Effect } from "../model/effect.ts"
import type { Announcements, Unknown } from "../model/facts.ts"
import type { Neighbour } from "../model/joint.ts"
import type { Repository } from "../model/repository.ts"
import type { State } from "../model/state.ts"
import { createObserve } from "../observe/observe.ts"
import { PeerUnavailable, toPeerError } from "../peers/errors.ts"
import type { GitHubClient } from "../peers/github.ts"
import { readingOctokit } from "../peers/github-reading.ts"
import { repositoryOf } from "../peers/repository-of.ts"
import { type Command, ProblemFound, WrongUsage } from "./command.ts"
import { gitHubApi } from "./repository-meant.ts"
import { showDryRun } from "./show-dry-run.ts"

export const dryRun: Command = {
  help: `slipway dry-run: what Slipway would do in a repository that it sees for the first time, and do none of it.

Usage: slipway dry-run OWNER/REPO [--json]

Reads the repository at GitHub and prints the effects that would be applied: the draft release with its notes, the
check with every gate, the announcement. Nothing is written: every request that could is refused before it leaves.

  --json              print {"repository", "unknown": [{"what", "because"}], "effects": [{"kind", "target", "content"}]}

Environment: GITHUB_TOKEN, of a person or an App who may read the repository (who may not push sees no drafts);
GITHUB_API_URL, for GitHub Enterprise Server; APP_ID, if Slipway runs there: its own checks are then left out;
SLACK_CHANNEL, where slipway.yml names none.

Exit codes: 0 also where something could not be read, which is listed; 1 the repository cannot be read; 2 wrong usage.
`,

  async run(args, terminal) {
    const options = { json: { type: "boolean", default: false } } as const
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true })
    const [owner, name, ...rest] = positionals.length === 1 ? (positionals[0]?.split("/") ?? []) : []
    if (!owner || !name || rest.length > 0) throw new WrongUsage("it takes one repository: OWNER/REPO")
    const rehearsal = await rehearse(owner, name, process.env, terminal.now)
    terminal.out(values.json ? `${JSON.stringify(contract(rehearsal), null, 2)}\n` : showDryRun(rehearsal, terminal))
    return 0
  },
}

/** What a first look came to. */
export interface Rehearsal {
  readonly repo: Repository
  readonly state: State
  readonly effects: readonly Effect[]
  readonly unknown: readonly Unknown[]
}

/** The contract for scripts: these keys and no others. */
const contract = ({ repo, effects, unknown }: Rehearsal) => ({
  repository: `${repo.owner}/${repo.name}`,
  unknown,
  effects: effects.map(({ kind, target, content }) => ({ kind, target, content })),
})

const REQUEST_TIMEOUT_MS = 30_000

async function rehearse(owner: string, name: string, env: NodeJS.ProcessEnv, now: Date): Promise<Rehearsal> {
  const token = env.GITHUB_TOKEN
  if (!token)
    throw new ProblemFound(
      "GITHUB_TOKEN is not set: make a fine-grained token with read access to contents, checks, commit statuses, " +
        "issues, pull requests and metadata (github.com/settings/personal-access-tokens), and set it",
    )
  const baseUrl = gitHubApi(env)
  const octokit = readingOctokit({ token, baseUrl, requestTimeoutMs: REQUEST_TIMEOUT_MS })
  try {
    const repo = await findRepository(octokit, owner, name)
    return await decideOnce(octokit, repo, env, now)
  } catch (error) {
    if (error instanceof PeerUnavailable) throw new ProblemFound(`GitHub cannot be read now: ${later(error)}`)
    throw error
  }
}

const later = ({ message, afterSeconds }: PeerUnavailable): string =>
  afterSeconds === undefined ? message : `${message}; try again in ${afterSeconds} s`

/** What other repositories show of themselves is in the database of the App that runs. */
const UNSEEN: Neighbour = { is: "unseen", because: "a rehearsal does not see other repositories" }

async function decideOnce(
  octokit: GitHubClient,
  repo: Repository,
  env: NodeJS.ProcessEnv,
  now: Date,
): Promise<Rehearsal> {
  const announcements: Announcements = { is: "on", channel: env.SLACK_CHANNEL || null }
  const observe = createObserve({
    github: { for: async () => octokit },
    appId: env.APP_ID ?? "",
    neighbours: async (_, names) => Object.fromEntries(names.map((name) => [name, UNSEEN])),
    announcements: () => announcements,
  })
  const signals = [{ kind: "look", because: "a rehearsal" }] as const
  const handles = {}
  const abort = new AbortController().signal
  const facts = await observe({ repo, state: undefined, signals, handles, now, abort })
  const { state, effects } = decide({ repo, state: undefined, facts, signals, handles, now })
  return { repo, state, effects, unknown: facts.unknown }
}

/** https://docs.github.com/en/rest/repos/repos#get-a-repository; the names as GitHub writes them. */
async function findRepository(octokit: GitHubClient, owner: string, name: string): Promise<Repository> {
  try {
    const { data } = await octokit.rest.repos.get({ owner, repo: name })
    return { ...repositoryOf(data, "0"), url: data.html_url }
  } catch (error) {
    const refused = toPeerError(error)
    if (refused.is === "gone")
      throw new ProblemFound(`there is no repository ${owner}/${name} that this GITHUB_TOKEN can see`)
    if (refused.is === "unauthorized")
      throw new ProblemFound(`GitHub does not accept this GITHUB_TOKEN: ${refused.message}`)
    throw new ProblemFound(`${owner}/${name} cannot be read: ${refused.message}`)
  }
}
