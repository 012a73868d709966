import { type Command, type ExitCode, ProblemFound, type Terminal, WrongUsage } from "./command.ts"

/** A command is loaded when it is called: `slipway next` never pays for the server. */
const COMMANDS: { readonly [name: string]: { readonly summary: string; readonly load: () => Promise<Command> } } = {
  next: {
    summary: "the next version of a local git clone, and which changes ask for it",
    load: async () => (await import("./next.ts")).next,
  },
  notes: {
    summary: "the release notes of what is not released yet, as Markdown",
    load: async () => (await import("./notes.ts")).notes,
  },
  replay: {
    summary: "what Slipway would have released in the past, beside what was released",
    load: async () => (await import("./replay.ts")).replay,
  },
  init: {
    summary: "write .github/slipway.yml from what another release tool is configured to do",
    load: async () => (await import("./init.ts")).init,
  },
  plan: {
    summary: "check a release plan: its mistakes by line, its gates as far as a file can tell",
    load: async () => (await import("./plan.ts")).plan,
  },
  "dry-run": {
    summary: "what Slipway would do in a repository at GitHub; it does none of it",
    load: async () => (await import("./dry-run.ts")).dryRun,
  },
  start: {
    summary: "run Slipway as a GitHub App; settings are in the environment",
    load: async () => (await import("./start.ts")).start,
  },
  demo: {
    summary: "the whole way from merged pull request to rollback, on this machine",
    load: async () => (await import("./demo.ts")).demo,
  },
  status: {
    summary: "where releases are, components by environments; drift, locks, and what was verified",
    load: async () => (await import("./status.ts")).status,
  },
  good: {
    summary: "the last known good release of an environment",
    load: async () => (await import("./good.ts")).good,
  },
  rollback: {
    summary: "ask for an environment to be rolled back, in your own name",
    load: async () => (await import("./rollback.ts")).rollback,
  },
  deployed: {
    summary: "tell a running Slipway what a system outside of GitHub deployed",
    load: async () => (await import("./deployed.ts")).deployed,
  },
  drill: {
    summary: "practise the way back of an environment: roll it back and come again, measured",
    load: async () => (await import("./drill.ts")).drill,
  },
  token: {
    summary: "tokens by which such systems report: create, list, revoke",
    load: async () => (await import("./token.ts")).token,
  },
  calendar: {
    summary: "freezes, trains, planned releases and windows across repositories, also as an .ics file",
    load: async () => (await import("./calendar.ts")).calendar,
  },
  audit: {
    summary: "the whole story of a release, from its evidence; verify finds what was changed in the audit trail",
    load: async () => (await import("./audit.ts")).audit,
  },
  outbox: {
    summary: "what waits to be done and what was given up: list, retry, drop with a reason",
    load: async () => (await import("./outbox.ts")).outbox,
  },
  backup: {
    summary: "everything that Slipway knows, as it is at one instant, in one file",
    load: async () => (await import("./backup.ts")).backup,
  },
  restore: {
    summary: "put a backup into a new database",
    load: async () => (await import("./restore.ts")).restore,
  },
  doctor: {
    summary: "look at everything that a running Slipway rests on, and say what to do about what is wrong",
    load: async () => (await import("./doctor.ts")).doctor,
  },
}

const HELP = `slipway: from merged pull request to verified in production.

Usage: slipway COMMAND [OPTIONS]

${Object.entries(COMMANDS)
  .map(([name, { summary }]) => `  ${name.padEnd(10)}${summary}`)
  .join("\n")}

  slipway COMMAND --help shows the options of a command.

Exit codes: 0 it went well; 1 a problem was found (an invalid plan or configuration, a clone that cannot be read);
2 the command was called wrongly.
`

/** Runs the command line. Never throws for what a user can mend: that is a message and an exit code. */
export async function run(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const [name, ...rest] = args
  if (name === undefined || name === "--help" || name === "-h" || name === "help") {
    terminal.out(HELP)
    return name === undefined ? 2 : 0
  }
  const entry = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined
  if (!entry) {
    terminal.err(`slipway: there is no command \`${name}\`; there are ${Object.keys(COMMANDS).join(", ")}\n`)
    return 2
  }
  const command = await entry.load()
  if (rest.includes("--help") || rest.includes("-h")) {
    terminal.out(command.help)
    return 0
  }
  return command.run(rest, terminal).catch((error: unknown) => complain(error, name, terminal))
}

function complain(error: unknown, name: string, terminal: Terminal): ExitCode {
  if (error instanceof ProblemFound) {
    terminal.err(`slipway ${name}: ${error.message}\n`)
    return 1
  }
  // node:util's parseArgs throws these for options that it does not know.
  const isArgument = error instanceof TypeError && "code" in error && String(error.code).startsWith("ERR_PARSE_ARGS")
  if (!isArgument && !(error instanceof WrongUsage)) throw error
  terminal.err(`slipway ${name}: ${error.message}\nTry \`slipway ${name} --help\`.\n`)
  return 2
}
