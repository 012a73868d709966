import { isatty } from "node:tty"
import { run } from "./dispatch.ts"

// The entry of the command: loading this file runs it. What can be loaded without running is dispatch.ts.
const { NO_COLOR, TERM } = process.env

// A reader such as `head` that has seen enough is no error.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit(0)
  throw error
})

// `exitCode`, not `exit()`: a pipe may still have to be written to.
process.exitCode = await run(process.argv.slice(2), {
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
  colours: isatty(1) && (NO_COLOR ?? "") === "" && TERM !== "dumb",
  directory: process.cwd(),
  now: new Date(),
})
