import { existsSync } from "node:fs"
import { parseArgs } from "node:util"
import { type Environment, readEnvironment, type Settings, type SettingsWithoutApp } from "../config/environment.ts"
import { toPeerError } from "../peers/errors.ts"
import { createGitHub, type GitHubApp } from "../peers/github.ts"
import { type Installation, listInstallations } from "../peers/installations.ts"
import { openStore } from "../store/open.ts"
import { StoreError } from "../store/store-error.ts"
import { type Command, type ExitCode, type Terminal, WrongUsage } from "./command.ts"
import { examineAccount } from "./examine-account.ts"
import { examineApp, examineInstallations, readManifest } from "./examine-app.ts"
import { examineRepository } from "./examine-repository.ts"
import type { Finding } from "./finding.ts"
import { probotOf } from "./probot-of.ts"
import { findingLines } from "./show-findings.ts"

export const doctor: Command = {
  help: `slipway doctor: look at everything that Slipway rests on, and say what to do about what is wrong.

Usage: slipway doctor [--json] [OWNER/REPO]

The environment, the database, the GitHub App (its permissions and events against app.yml, and what each installation
has accepted), Slack (the token's scopes, and the channel), and, where there are such, the mail server (whether it takes the
sign-in) and the metrics server. Nothing is posted, sent or changed, but for a database that is there already: it is
opened as a start would open it, and brought up to date.

With OWNER/REPO, that repository instead. Every way round Slipway in it: whether a setting at GitHub closes it, and which
one. What cannot be seen with the App's permissions is said to be unseen, and not taken for closed. And whom its
configuration wants to be told: whether each channel is there and the bot in it, and who cannot be mentioned. And what a
rollback needs: whether the label of \`incident\` is there, and each Deployment of a \`kubernetes\` way back can be read.

  --json              print {"ok", "findings": [{"about", "is", "says", "todo"}]};
                      of a repository {"ok", "ways": [{"id", "name", "is", "says", "closes"}], "findings"}

Exit codes: 0 all is well; 1 there is a problem, or a way round stands open; 2 wrong usage.
`,

  async run(args, terminal) {
    const options = { json: { type: "boolean", default: false } } as const
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true })
    const [repository, ...more] = positionals
    if (more.length > 0) throw new WrongUsage(`it takes one repository at most, not ${positionals.join(" ")}`)
    if (repository !== undefined) return await examineRepository(repository, process.env, terminal, values.json)
    return await examineAll(process.env, terminal, values.json)
  },
}

/** @returns 0 when nothing is wrong, else 1 */
export async function examineAll(env: Environment, terminal: Terminal, asJson: boolean): Promise<ExitCode> {
  const findings = await findAll(env)
  const ok = findings.every(({ is }) => is !== "problem")
  terminal.out(asJson ? `${JSON.stringify({ ok, findings }, null, 2)}\n` : show(findings, terminal))
  return ok ? 0 : 1
}

async function findAll(env: Environment): Promise<Finding[]> {
  const read = readEnvironment(env)
  if (!read.ok) return [...read.problems.map(mistake), ...(read.rest ? await findWithoutApp(read.rest) : [])]
  const { settings } = read
  const [database, github] = await Promise.all([examineDatabase(settings), examineGitHub(settings)])
  const peers = await examinePeers(settings, github.served)
  const environment: Finding = { about: "environment", is: "ok", says: "everything that is needed is set" }
  return [environment, database, ...github.findings, ...peers]
}

const mistake = (says: string): Finding => ({
  about: "environment",
  is: "problem",
  says,
  todo: "Then run doctor again.",
})

/** Without the App's credentials nobody knows who owns it, nor where it is installed; the rest can be looked at. */
async function findWithoutApp(settings: SettingsWithoutApp): Promise<Finding[]> {
  const owners = settings.allowedAccounts ? [] : [OWNER]
  const [database, peers] = await Promise.all([examineDatabase(settings), examinePeers(settings, owners)])
  const skipped: Finding = { about: "GitHub", is: "note", says: "not looked at: that takes the App's credentials" }
  return [database, skipped, ...peers]
}

const OWNER = "the app's owner"

async function examinePeers(settings: SettingsWithoutApp, served: readonly string[]): Promise<Finding[]> {
  const accounts = [...new Set([...(settings.allowedAccounts ?? []), ...served].map((login) => login.toLowerCase()))]
  const found = await Promise.all(accounts.map((account) => examineAccount(account, settings)))
  return found.flat()
}

async function examineDatabase({ database }: SettingsWithoutApp): Promise<Finding> {
  const about = "database" as const
  if (database.is === "embedded" && !existsSync(database.dataDir))
    return { about, is: "note", says: `embedded; the first start makes it in ${database.dataDir}` }
  try {
    const store = await openStore(
      database.is === "server" ? { databaseUrl: database.url, dataDir: "" } : { dataDir: database.dataDir },
    )
    await store.ping().finally(() => store.close())
    const where = database.is === "server" ? "the server of DATABASE_URL" : `embedded, in ${database.dataDir}`
    return { about, is: "ok", says: `${where}: it answers and is up to date` }
  } catch (error) {
    if (error instanceof StoreError && error.problem === "in-use")
      return { about, is: "ok", says: "embedded, and in use: a Slipway is running" }
    const says = error instanceof Error ? error.message : String(error)
    return { about, is: "problem", says, todo: "See docs/operating.md, The database." }
  }
}

interface OnGitHub {
  readonly findings: readonly Finding[]
  /** Accounts in which the App is installed and served. */
  readonly served: readonly string[]
}

async function examineGitHub(settings: Settings): Promise<OnGitHub> {
  const { githubApiUrl, allowedAccounts } = settings
  const probot = probotOf(settings)
  try {
    const known = await createGitHub(probot).app()
    return compared(await readManifest(), known, await listInstallations(probot), allowedAccounts ?? [])
  } catch (error) {
    const { is, message } = toPeerError(error)
    const todo =
      is === "unauthorized" || is === "gone"
        ? "APP_ID and key must be those of one App: compare the App ID on its page, or generate a new key there."
        : `Check that this machine reaches ${githubApiUrl} (GITHUB_API_URL).`
    return { findings: [{ about: "GitHub", is: "problem", says: message, todo }], served: [] }
  }
}

function compared(
  manifest: Awaited<ReturnType<typeof readManifest>>,
  app: GitHubApp,
  installations: readonly Installation[],
  allowed: readonly string[],
): OnGitHub {
  const logins = [app.owner.toLowerCase(), ...allowed]
  const serves = (account: string): boolean => logins.includes(account.toLowerCase())
  return {
    findings: [...examineApp(manifest, app), ...examineInstallations(manifest, installations, serves)],
    served: installations.map(({ account }) => account).filter(serves),
  }
}

function show(findings: readonly Finding[], terminal: Terminal): string {
  const problems = findings.filter(({ is }) => is === "problem").length
  const sum =
    problems === 0 ? "All is well." : problems === 1 ? "There is 1 problem." : `There are ${problems} problems.`
  return `${findingLines(findings, terminal).join("\n")}\n\n${sum}\n`
}
