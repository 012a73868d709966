import { hostname, userInfo } from "node:os"
import { parseArgs } from "node:util"
import { isTriedAgain } from "../decide/tried-again.ts"
import type { Json } from "../model/json.ts"
import { ended } from "../process/ended.ts"
import { dropStuck, type Mended, type Mending, retryStuck } from "../store/mend-outbox.ts"
import { listStuck } from "../store/outbox.ts"
import { withDatabase } from "./audit/trail.ts"
import { type Command, type ExitCode, ProblemFound, type Terminal, WrongUsage } from "./command.ts"
import { showOutbox } from "./show-outbox.ts"

const SHOWN_MOST = 200
const REASON_MOST = 500

export const outbox: Command = {
  help: `slipway outbox: what was decided and is not done yet, and what was given up.

Usage: slipway outbox list [OWNER | OWNER/REPO]... [--refused] [--json]
       slipway outbox retry ID [--by NAME]
       slipway outbox drop ID --reason TEXT [--by NAME]

list shows effects that wait or are being tried, and dead letters: effects that were given up after every attempt, and
deliveries on which every run failed. retry has one tried again: what waits at once; what was given up by a new look at its
repository, which writes pages anew, says what was not said, and repeats no deployment and no publication. A dead
delivery is decided on once more. drop takes one out for good: it is not done. Both are records of the audit trail, in
the name given. The database is that of DATABASE_URL, or the embedded one in SLIPWAY_DATA_DIR, beside a Slipway that runs
on it, which goes on within seconds.

  --refused           with what a peer refused, of the last 30 days
  --by NAME           who does this; the name of this system's user unless given
  --reason TEXT       why it is dropped, in at most ${REASON_MOST} characters
  --json              a JSON document: {"stuck": […], "more": N}, the oldest ${SHOWN_MOST}

Exit codes: 0 it went well; 1 the database cannot be used, or there is nothing of that ID to be done; 2 wrong usage.
`,

  async run(args, terminal) {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        refused: { type: "boolean", default: false },
        by: { type: "string" },
        reason: { type: "string" },
        json: { type: "boolean", default: false },
      },
    })
    const [doing, ...rest] = positionals
    if (doing === "list") return await list(rest, values, terminal)
    if (doing !== "retry" && doing !== "drop") throw new WrongUsage("it takes list, retry or drop")
    const [id, ...more] = rest
    if (id === undefined || more.length > 0 || !/^[de]\d{1,18}$/.test(id))
      throw new WrongUsage(`${doing} takes one ID, such as e17, which \`slipway outbox list\` shows`)
    const mending = { id, by: nameOf(values.by), now: terminal.now, from: `${user()}@${hostname()}` }
    if (doing === "drop") return await drop(mending, values.reason, terminal)
    if (values.reason !== undefined) throw new WrongUsage("--reason belongs to drop")
    return await retry(mending, terminal)
  },
}

interface Listed {
  readonly refused: boolean
  readonly json: boolean
}

async function list(names: readonly string[], { refused, json }: Listed, terminal: Terminal): Promise<ExitCode> {
  for (const name of names)
    if (!/^[\w.-]{1,100}(?:\/[\w.-]{1,100})?$/.test(name))
      throw new WrongUsage(`it takes accounts and repositories, such as acme or acme/shop, not ${name}`)
  const listed = await withDatabase(process.env, "read", ({ db }) =>
    listStuck(db, { names, refused, most: SHOWN_MOST }),
  )
  terminal.out(json ? `${JSON.stringify(listed, null, 2)}\n` : showOutbox(listed, terminal))
  return 0
}

function user(): string {
  try {
    return userInfo().username
  } catch {
    return `uid ${process.getuid?.() ?? "unknown"}` // a container's user may have no name
  }
}

function nameOf(by: string | undefined): string {
  const name = (by ?? user()).trim()
  if (!/^[\p{L}\p{N}][\p{L}\p{N} .@_-]{0,99}$/u.test(name))
    throw new WrongUsage("--by takes a name of up to 100 letters, digits, spaces, dots, dashes, @ and underscores")
  return name
}

async function retry(mending: Mending, terminal: Terminal): Promise<ExitCode> {
  const look: Json = { kind: "look", because: `${mending.by} asked for it by slipway outbox` }
  const mended = await withDatabase(process.env, "write", ({ db }) => retryStuck(db, mending, { isTriedAgain, look }))
  return say(mended, mending, terminal)
}

async function drop(mending: Mending, reason: string | undefined, terminal: Terminal): Promise<ExitCode> {
  const because = (reason ?? "").trim()
  if (because === "" || because.length > REASON_MOST)
    throw new WrongUsage(`drop takes --reason TEXT, in at most ${REASON_MOST} characters: the audit trail keeps it`)
  const mended = await withDatabase(process.env, "write", ({ db }) =>
    dropStuck(db, { ...mending, because }, (effect, outcome) => ({ ...ended(effect, outcome, mending.now) }) as Json),
  )
  return say(mended, mending, terminal)
}

function say(mended: Mended, { id, by }: Mending, terminal: Terminal): ExitCode {
  if (mended.is !== "mended") throw new ProblemFound(problem(mended, id))
  terminal.out(`${id} ${DONE[mended.how]}. The audit trail has it in the name of ${by}.\n`)
  return 0
}

const DONE: { readonly [how in Extract<Mended, { is: "mended" }>["how"]]: string } = {
  "at once": "is tried at once",
  "looked at again": "is given to its repository anew, which is looked at again within seconds",
  "newer was written": "is off the list: what came after it was written already, or waits by itself",
  dropped: "is dropped, and will not be done",
  "dropped in doubt":
    "is dropped, and will not be tried again. It was begun before, and nobody heard what came of it: look whether it was done all the same",
}

function problem(mended: Exclude<Mended, { is: "mended" }>, id: string): string {
  switch (mended.is) {
    case "missing":
      return `there is no ${id} that waits or was given up: \`slipway outbox list\` shows those that there are`
    case "busy":
      return `${id} is being tried at this moment: look again in a few seconds`
    case "uninstalled":
      return `the App was taken away from its repository: ${id} can only be dropped`
    case "over":
      return `${id} is over: it is ${mended.status}`
    case "redecided":
      return `${id} (${mended.kind}) is not done as it was decided then: Slipway went on from its end. Press the button on the release's or the environment's check run again, where it is still wanted; \`slipway outbox drop ${id}\` takes it off the list`
  }
}
