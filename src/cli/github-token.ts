import { execFile } from "node:child_process"
import { promisify } from "node:util"
import { ProblemFound } from "./command.ts"

const WITHIN_MS = 10_000

/**
 * The token that a person's requests to GitHub carry: GITHUB_TOKEN, else that of GitHub's own command, where somebody is
 * logged in to it. https://cli.github.com/manual/gh_auth_token
 *
 * @param host of GitHub's pages: `github.com`
 * @throws ProblemFound where there is none; what `gh` prints is never part of it
 */
export async function githubToken(env: NodeJS.ProcessEnv, host: string): Promise<string> {
  const given = env.GITHUB_TOKEN?.trim()
  if (given) return given
  const token = await fromGh(env, host)
  if (token) return token
  throw new ProblemFound(
    `GITHUB_TOKEN is not set, and \`gh auth token\` gives none for ${host}: log in by \`gh auth login\`, or set a token of your own that may write issues`,
  )
}

async function fromGh(env: NodeJS.ProcessEnv, host: string): Promise<string> {
  try {
    const asked = { env, timeout: WITHIN_MS, windowsHide: true }
    const { stdout } = await promisify(execFile)("gh", ["auth", "token", "--hostname", host], asked)
    return stdout.trim()
  } catch {
    // There is no `gh`, or nobody is logged in to it.
    return ""
  }
}
