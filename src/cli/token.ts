import { parseArgs } from "node:util"
import type { Db } from "../store/open.ts"
import {
  createReportToken,
  type Reach,
  type ReportToken,
  reportTokens,
  revokeReportToken,
} from "../store/report-tokens.ts"
import { repositoryStates } from "../store/repository-states.ts"
import { withDatabase } from "./audit/trail.ts"
import { type Command, type ExitCode, ProblemFound, type Terminal, WrongUsage } from "./command.ts"
import { paint, plain } from "./paint.ts"
import { isAccountOrRepository } from "./repository-name.ts"

const DAY_MS = 24 * 60 * 60_000
const DAYS_MOST = 3650

export const token: Command = {
  help: `slipway token: tokens by which systems outside of GitHub report what they deployed.

Usage: slipway token create OWNER/REPO --name NAME [--environment NAME]... [--drill] [--days N]
       slipway token create OWNER --name NAME [--environment NAME]... [--drill] [--days N]
       slipway token list [--json]
       slipway token revoke ID

A token tells what was deployed, by \`slipway deployed\` or POST /api/deployed, and can do nothing else: no gate is passed by
it. With --drill it may ask for drills, too, where the configuration declares them. It is printed once; the database keeps a hash. To rotate one, create another, put that in its place, and revoke the
first. The database is that of DATABASE_URL, or the embedded one in SLIPWAY_DATA_DIR, also beside a Slipway that runs on it.

  --name NAME         who reports, such as argo: pages, thread and audit show it
  --environment NAME  it may report of this environment alone; can be given more than once
  --drill             it may ask for drills (\`slipway drill\`), in the same environments
  --days N            it ends by itself after so many days, at most ${DAYS_MOST}
  --json              a JSON document: one object a token, without the tokens themselves

Exit codes: 0 it went well; 1 the database cannot be used, or it does not know the repository or the token; 2 wrong usage.
`,

  async run(args, terminal) {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        name: { type: "string" },
        environment: { type: "string", multiple: true, default: [] },
        drill: { type: "boolean", default: false },
        days: { type: "string" },
        json: { type: "boolean", default: false },
      },
    })
    const [doing, what, ...rest] = positionals
    if (rest.length > 0) throw new WrongUsage(`it takes two arguments, not ${positionals.join(" ")}`)
    switch (doing) {
      case "create":
        return await create(what, asked(values, terminal), terminal)
      case "list":
        if (what !== undefined) throw new WrongUsage("list takes nothing beside it")
        return await list(values.json, terminal)
      case "revoke":
        return await revoke(what, terminal)
      default:
        throw new WrongUsage("it takes create, list or revoke")
    }
  },
}

interface Asked {
  readonly name: string
  readonly environments: readonly string[]
  readonly drills: boolean
  readonly expiresAt?: Date
}

function asked(
  {
    name,
    environment,
    drill: drills,
    days,
  }: {
    readonly name?: string
    readonly environment: readonly string[]
    readonly drill: boolean
    readonly days?: string
  },
  { now }: Terminal,
): Asked {
  if (name === undefined || !/^[A-Za-z0-9][A-Za-z0-9._ -]{0,49}$/.test(name))
    throw new WrongUsage("--name takes up to 50 letters, digits, dots, spaces, dashes and underscores, such as argo")
  if (environment.some((one) => one.trim() === "" || one.length > 255))
    throw new WrongUsage("--environment takes the name of an environment")
  if (days === undefined) return { name, environments: environment, drills }
  if (!/^\d{1,4}$/.test(days) || Number(days) < 1 || Number(days) > DAYS_MOST)
    throw new WrongUsage(`--days takes a whole number from 1 to ${DAYS_MOST}, not ${days}`)
  return { name, environments: environment, drills, expiresAt: new Date(now.getTime() + Number(days) * DAY_MS) }
}

async function create(of: string | undefined, asked: Asked, terminal: Terminal): Promise<ExitCode> {
  if (of === undefined || !isAccountOrRepository(of))
    throw new WrongUsage("create takes a repository or an account, such as acme/shop or acme")
  const made = await withDatabase(process.env, "write", async ({ db }) =>
    createReportToken(db, { ...asked, reach: await reachOf(db, of) }, terminal.now),
  )
  terminal.err(`It is shown now and never again. Its id is ${made.id}.\n`)
  terminal.out(`${made.token}\n`)
  return 0
}

/** @throws ProblemFound where nothing is known by that name */
async function reachOf(db: Db, of: string): Promise<Reach> {
  const keys: string[] = []
  const installations = new Set<string>()
  for await (const { repo } of repositoryStates(db, [of])) {
    keys.push(repo.id)
    installations.add(repo.installation)
  }
  const [key] = keys
  const [installation] = installations
  if (key === undefined || installation === undefined)
    throw new ProblemFound(`nothing is known of ${of}: is Slipway installed there?`)
  if (of.includes("/")) {
    if (keys.length > 1) throw new ProblemFound(`two repositories were known as ${of}: rename one of them`)
    return { is: "repository", key }
  }
  if (installations.size > 1) throw new ProblemFound(`${of} has two installations of the App: name a repository`)
  return { is: "installation", installation }
}

async function list(json: boolean, terminal: Terminal): Promise<ExitCode> {
  const { tokens, names } = await withDatabase(process.env, "read", async ({ db }) => {
    const names = new Map<string, string>()
    for await (const { repo } of repositoryStates(db, [])) {
      names.set(repo.id, `${repo.owner}/${repo.name}`)
      names.set(`installation ${repo.installation}`, repo.owner)
    }
    return { tokens: await reportTokens(db), names }
  })
  const of = tokens.map(({ reach }) => {
    const key = reach.is === "repository" ? reach.key : `installation ${reach.installation}`
    return names.get(key) ?? key
  })
  if (json)
    terminal.out(
      `${JSON.stringify(
        tokens.map(({ reach: _, ...one }, at) => ({ of: of[at], ...one })),
        null,
        2,
      )}\n`,
    )
  else if (tokens.length === 0) terminal.out("There is no token.\n")
  else for (const [at, one] of tokens.entries()) terminal.out(`${line(one, of[at] ?? "", terminal)}\n`)
  return 0
}

function line(one: ReportToken, of: string, terminal: Terminal): string {
  const { id, name, environments, drills, madeAt, expiresAt, usedAt, revokedAt } = one
  const isOver = revokedAt !== undefined || (expiresAt !== undefined && expiresAt <= terminal.now)
  const says = [
    of,
    environments.length === 0 ? "all environments" : environments.join(", "),
    ...(drills ? ["may ask for drills"] : []),
    `made ${day(madeAt)}`,
    usedAt ? `used ${day(usedAt)}` : "never used",
    ...(expiresAt ? [`${isOver ? "ended" : "ends"} ${day(expiresAt)}`] : []),
    ...(revokedAt ? [`revoked ${day(revokedAt)}`] : []),
  ].join(" · ")
  return `${paint(terminal, isOver ? "dim" : "bold", id)}  ${plain(name)}  ${paint(terminal, "dim", plain(says))}`
}

const day = (at: Date): string => at.toISOString().slice(0, 10)

async function revoke(id: string | undefined, terminal: Terminal): Promise<ExitCode> {
  if (id === undefined || !/^[0-9a-f]{12}$/.test(id))
    throw new WrongUsage("revoke takes the id of a token: 12 digits and letters, which `slipway token list` shows")
  const isDone = await withDatabase(process.env, "write", ({ db }) => revokeReportToken(db, id, terminal.now))
  if (!isDone) throw new ProblemFound(`there is no token ${id} that counts`)
  terminal.out(`${id} is revoked: nobody gets in by it any more.\n`)
  return 0
}
