import { spawn } from "node:child_process"
import { ProblemFound } from "./command.ts"

export interface GitAnswer {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

/** Runs git in a folder and gives what it says, whatever its exit code. Throws where there is no git at all. */
export async function tryGit(directory: string, args: readonly string[]): Promise<GitAnswer> {
  const stdout: Buffer[] = []
  const { code, stderr } = await streamGit(directory, args, (chunk) => stdout.push(chunk))
  return { code, stdout: Buffer.concat(stdout).toString(), stderr }
}

/**
 * Runs git and hands over its output as it comes: a whole history may be longer than a string can be.
 * @param input what git reads from its standard input
 */
export function streamGit(
  directory: string,
  args: readonly string[],
  take: (chunk: Buffer) => void,
  input = "",
): Promise<Omit<GitAnswer, "stdout">> {
  // Messages in English, since some are looked at; no lock files, since a clone may be somebody else's.
  const env = { ...process.env, LC_ALL: "C", GIT_OPTIONAL_LOCKS: "0", GIT_TERMINAL_PROMPT: "0", GIT_FLUSH: "0" }
  return new Promise((resolve, reject) => {
    const child = spawn("git", ["-C", directory, ...args], { env, stdio: ["pipe", "pipe", "pipe"] })
    const stderr: Buffer[] = []
    child.stdout.on("data", take)
    child.stderr.on("data", (chunk: Buffer) => stderr.push(chunk))
    // It may end without reading all of its input; its exit code says why.
    child.stdin.on("error", () => undefined)
    child.stdin.end(input)
    child.on("error", (error) =>
      reject(new ProblemFound("git cannot be started: install git 2.24 or newer", { cause: error })),
    )
    child.on("close", (code) => resolve({ code: code ?? 1, stderr: Buffer.concat(stderr).toString().trim() }))
  })
}

/** Runs git and gives its output; anything but success is a problem that names what git said. */
export async function git(directory: string, args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await tryGit(directory, args)
  if (code === 0) return stdout
  throw gitFailed(directory, args, code, stderr)
}

export const gitFailed = (directory: string, args: readonly string[], code: number, stderr: string): ProblemFound =>
  new ProblemFound(`\`git ${args.slice(0, 2).join(" ")}\` failed in ${directory}: ${stderr || `exit code ${code}`}`)
