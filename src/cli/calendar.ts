import { parseArgs } from "node:util"
import { calendarOf } from "../decide/calendar.ts"
import type { CalendarEntry, Span } from "../model/calendar.ts"
import { renderIcs } from "../render/ics.ts"
import { repositoryStates } from "../store/repository-states.ts"
import { feedPath } from "../web/calendar-feed.ts"
import { withDatabase } from "./audit/trail.ts"
import { type Command, ProblemFound, WrongUsage } from "./command.ts"
import { isAccount, isAccountOrRepository } from "./repository-name.ts"
import { showCalendar } from "./show-calendar.ts"

const DAY_MS = 24 * 60 * 60_000
const DAYS = 30
const DAYS_MOST = 366

export const calendar: Command = {
  help: `slipway calendar: freezes, trains, planned releases and deployments, and windows, across repositories.

Usage: slipway calendar [OWNER | OWNER/REPO]... [--days N] [--windows] [--json | --ics]
       slipway calendar --feed OWNER

It says what Slipway knows of the repositories that it is installed in, all of them unless some are named, and asks
GitHub nothing. The database is that of DATABASE_URL, or the embedded one in SLIPWAY_DATA_DIR, also beside a Slipway that
runs on it. Two releases that are planned for one environment at the same time are marked.

  --days N            from now on for so many days, ${DAYS} unless told, at most ${DAYS_MOST}
  --windows           also when environments may be entered; always with --json and --ics
  --json              a JSON document: one object an entry
  --ics               an iCalendar file (RFC 5545)
  --feed OWNER        the path below Slipway's address at which calendars subscribe to an account's releases; it needs
                      WEBHOOK_SECRET, and whoever has it can read them

Exit codes: 0 it went well; 1 the database cannot be read, or a named repository is not in it; 2 wrong usage.
`,

  async run(args, terminal) {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        days: { type: "string", default: String(DAYS) },
        windows: { type: "boolean", default: false },
        json: { type: "boolean", default: false },
        ics: { type: "boolean", default: false },
        feed: { type: "string" },
      },
    })
    const { days, windows, json, ics, feed } = values
    if (feed !== undefined) {
      if (positionals.length > 0) throw new WrongUsage("--feed takes one account, and nothing beside it")
      terminal.out(`${feedOf(feed)}\n`)
      return 0
    }
    if (json && ics) throw new WrongUsage("--json and --ics are two ways of showing it: take one")
    if (!/^\d{1,3}$/.test(days) || Number(days) < 1 || Number(days) > DAYS_MOST)
      throw new WrongUsage(`--days takes a whole number from 1 to ${DAYS_MOST}, not ${days}`)
    for (const name of positionals)
      if (!isAccountOrRepository(name))
        throw new WrongUsage(`it takes accounts and repositories, such as acme or acme/shop, not ${name}`)
    const { now } = terminal
    const span = { from: now.toISOString(), until: new Date(now.getTime() + Number(days) * DAY_MS).toISOString() }
    const all = await collect(positionals, span)
    const entries = windows || json || ics ? all : all.filter(({ kind }) => kind !== "window")
    if (json) terminal.out(`${JSON.stringify({ ...span, entries }, null, 2)}\n`)
    else terminal.out(ics ? renderIcs("Releases", entries, now) : showCalendar(entries, span, terminal))
    return 0
  },
}

async function collect(names: readonly string[], span: Span): Promise<readonly CalendarEntry[]> {
  return await withDatabase(process.env, "read", async ({ db }) => {
    const entries: CalendarEntry[] = []
    const missing = new Set(names.map((name) => name.toLowerCase()))
    for await (const { repo, state } of repositoryStates(db, names)) {
      missing.delete(repo.owner.toLowerCase())
      missing.delete(`${repo.owner}/${repo.name}`.toLowerCase())
      entries.push(...calendarOf(repo, state, span))
    }
    const [first] = missing
    if (first !== undefined) throw new ProblemFound(`nothing is known of ${first}: is Slipway installed there?`)
    return entries.toSorted((a, b) => (a.from < b.from ? -1 : a.from > b.from ? 1 : 0))
  })
}

function feedOf(owner: string): string {
  const { WEBHOOK_SECRET: secret } = process.env
  if (!secret) throw new ProblemFound("WEBHOOK_SECRET is not set: the feed's address is derived from it")
  if (!isAccount(owner)) throw new WrongUsage(`--feed takes an account, such as acme, not ${owner}`)
  return feedPath(secret, owner)
}
