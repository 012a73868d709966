import { createMembers } from "../act/members.ts"
import { type Environment, readEnvironment, type Settings } from "../config/environment.ts"
import { waysRound } from "../decide/ways-round.ts"
import { componentsOf } from "../model/component.ts"
import { type Config, DEFAULT_CONFIG } from "../model/config.ts"
import type { Repository } from "../model/repository.ts"
import type { Way } from "../model/settings.ts"
import { readConfigFile } from "../observe/files.ts"
import { createFindings } from "../observe/findings.ts"
import { createOrganisations } from "../observe/organisation.ts"
import { readProtection } from "../observe/protection.ts"
import { createReader } from "../observe/reader.ts"
import { PeerUnavailable, toPeerError } from "../peers/errors.ts"
import { createGitHub, type GitHub } from "../peers/github.ts"
import { findRepository } from "../peers/installations.ts"
import { type ExitCode, ProblemFound, type Terminal, WrongUsage } from "./command.ts"
import { slackOptions } from "./examine-account.ts"
import { examineRollback } from "./examine-rollback.ts"
import { examineTold } from "./examine-told.ts"
import type { Finding } from "./finding.ts"
import { probotOf } from "./probot-of.ts"
import { repositoryNamed } from "./repository-name.ts"
import { showWays } from "./show-ways.ts"

/** A repository as it was looked at. */
export interface Examined {
  readonly repository: string
  readonly ways: readonly Way[]
  /** Whether those whom it wants to be told can be, and what a rollback needs is there. */
  readonly findings: readonly Finding[]
  /** What could not be taken into account. */
  readonly notes: readonly string[]
}

/**
 * Lists every way round Slipway in a repository, as the App sees its settings, and what its configuration cannot reach.
 * @param name `OWNER/REPO`
 * @returns 0 when no way stands open and nothing is wrong, else 1
 * @throws WrongUsage for what is no repository's name; ProblemFound when it cannot be looked at
 */
export async function examineRepository(
  name: string,
  env: Environment,
  terminal: Terminal,
  asJson: boolean,
): Promise<ExitCode> {
  const named = repositoryNamed(name)
  if (!named) throw new WrongUsage(`it takes a repository such as acme/shop, not ${name}`)
  const read = readEnvironment(env)
  if (!read.ok) throw new ProblemFound(`${read.problems.join("\n")}\n“slipway doctor” says more.`)
  const examined = await look(read.settings, named.owner, named.repo)
  const ok = examined.ways.every(({ is }) => is !== "open") && examined.findings.every(({ is }) => is !== "problem")
  terminal.out(asJson ? `${JSON.stringify({ ok, ...examined }, null, 2)}\n` : showWays(examined, terminal))
  return ok ? 0 : 1
}

async function look(settings: Settings, owner: string, repo: string): Promise<Examined> {
  const probot = probotOf(settings)
  try {
    const repository = await findRepository(probot, owner, repo)
    const everywhere = createGitHub(probot)
    const github = await everywhere.for(repository)
    const abort = AbortSignal.timeout(LONGEST_MS)
    const reader = createReader(github, repository, abort)
    const organisations = createOrganisations({ github, reader, abort, findings: createFindings(), state: undefined })
    const file = await readConfigFile(reader, repository.defaultBranch, organisations)
    const known = file.is === "read" && file.value.is === "valid" ? file.value.value : undefined
    const config = known ?? DEFAULT_CONFIG
    const environments = Object.keys(config.environments)
    const protection = await readProtection(reader, { environments, appId: settings.app.id })
    const tags = [...new Set(componentsOf(config).map(({ tag }) => tag))]
    const findings = await peopleAndPeers(config, { settings, github: everywhere, repository, abort })
    return {
      repository: `${repository.owner}/${repository.name}`,
      ways: waysRound(protection, { defaultBranch: repository.defaultBranch, tags }),
      findings,
      notes: notesOn(config, repository, file.is === "unknown" ? file.because : file.value.is),
    }
  } catch (error) {
    throw new ProblemFound(whyNot(error, owner, repo), { cause: error })
  }
}

/** A look is some twenty requests at most. */
const LONGEST_MS = 60_000

interface Looking {
  readonly settings: Settings
  readonly github: GitHub
  readonly repository: Repository
  readonly abort: AbortSignal
}

/** An account's Slack, mail server and secrets are used for that account alone, and only where it is served. */
async function peopleAndPeers(
  config: Config,
  { settings, github, repository, abort }: Looking,
): Promise<readonly Finding[]> {
  const { owner: account } = repository
  const served = [(await github.app()).owner.toLowerCase(), ...(settings.allowedAccounts ?? [])]
  if (!served.includes(account.toLowerCase()))
    return [{ about: "GitHub", is: "note", says: `${account} is not served (ALLOWED_ACCOUNTS): nobody is told` }]
  const own = settings.accounts(account)
  const { requestTimeoutMs } = settings
  const find = createMembers({ github, now: () => new Date(), requestTimeoutMs })
  const told = await examineTold(config, {
    account,
    settings: own,
    options: slackOptions(settings),
    member: (login, slack) => find(repository, login, slack, abort),
  })
  const client = await github.for(repository)
  const back = await examineRollback(config, { github: client, repository, account: own, requestTimeoutMs, abort })
  return [...told, ...back]
}

function notesOn(config: Config, { defaultBranch }: Repository, file: string): readonly string[] {
  const isRead = file === "valid" || file === "absent"
  return [
    ...(isRead ? [] : [`.github/slipway.yml of ${defaultBranch} cannot be used (${file}); the defaults were assumed.`]),
    ...(isRead && Object.keys(config.environments).length === 0
      ? ["The configuration names no environment: none was looked at."]
      : []),
    ...(config.workspaces ? ["Tags of packages that only the workspace names were not looked at."] : []),
  ]
}

function whyNot(cause: unknown, owner: string, repo: string): string {
  const error =
    cause instanceof PeerUnavailable ? ({ is: "unreachable", message: cause.message } as const) : toPeerError(cause)
  if (error.is === "gone")
    return `The App does not reach ${owner}/${repo}: is the name right, and is the App installed there? (${error.message})`
  if (error.is === "unauthorized")
    return `GitHub does not accept the App's credentials: “slipway doctor” says more. (${error.message})`
  return `${owner}/${repo} could not be looked at: ${error.message}`
}
