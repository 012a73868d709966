/** Where a command writes to. Results go to `out`, everything for people's eyes only to `err`. */
export interface Terminal {
  out(text: string): void
  err(text: string): void
  /** Whether `out` shows colours. */
  readonly colours: boolean
  readonly directory: string
  readonly now: Date
}

/** 0: it went well. 1: a problem was found. 2: the command was called wrongly. */
export type ExitCode = 0 | 1 | 2

/** The command was called wrongly: told with a pointer to the help, without a stack. */
export class WrongUsage extends Error {}

/** Something that the command looks at is not as it has to be: told as it is, without a stack. */
export class ProblemFound extends Error {}

export interface Command {
  /** What `--help` prints. */
  readonly help: string
  run(args: readonly string[], terminal: Terminal): Promise<ExitCode>
}
