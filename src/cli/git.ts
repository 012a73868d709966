import { spawn } from "node:child_process"
import { ProblemFound } from "./command.ts"

export interface GitAnswer {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

/** Runs git in a folder and gives what it says, whatever its exit code. Throws where there is no git at all. */
export function tryGit(directory: string, args: readonly string[]): Promise<GitAnswer> {
  // Messages in English, since some are looked at; no lock files, since a clone may be somebody else's.
  const env = { ...process.env, LC_ALL: "C", GIT_OPTIONAL_LOCKS: "0", GIT_TERMINAL_PROMPT: "0" }
  return new Promise((resolve, reject) => {
    const child = spawn("git", ["-C", directory, ...args], { env, stdio: ["ignore", "pipe", "pipe"] })
    const stdout: Buffer[] = []
    const stderr: Buffer[] = []
    child.stdout.on("data", (chunk: Buffer) => stdout.push(chunk))
    child.stderr.on("data", (chunk: Buffer) => stderr.push(chunk))
    child.on("error", (error) =>
      reject(new ProblemFound("git cannot be started: install git 2.24 or newer", { cause: error })),
    )
    child.on("close", (code) =>
      resolve({
        code: code ?? 1,
        stdout: Buffer.concat(stdout).toString(),
        stderr: Buffer.concat(stderr).toString().trim(),
      }),
    )
  })
}

/** Runs git and gives its output; anything but success is a problem that names what git said. */
export async function git(directory: string, args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await tryGit(directory, args)
  if (code === 0) return stdout
  throw new ProblemFound(
    `\`git ${args.slice(0, 2).join(" ")}\` failed in ${directory}: ${stderr || `exit code ${code}`}`,
  )
}
