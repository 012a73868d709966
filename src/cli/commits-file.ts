import { text as readStream } from "node:stream/consumers"
import { z } from "zod"
import type { Change } from "../model/change.ts"
import { WrongUsage } from "./command.ts"
import { readGivenFile } from "./read-given-file.ts"

const commits = z.array(
  z.looseObject({
    sha: z.string().min(1),
    subject: z.string(),
    body: z.string().nullish(),
    date: z.string().optional(),
  }),
)

/**
 * Reads `[{sha, subject, body}]`, newest first as `git log` prints it. Each commit is a change of its own: such a file
 * knows no pull requests. Gives the changes oldest first.
 */
export async function readCommitsFile(file: string, cwd: string): Promise<readonly Change[]> {
  const name = file === "-" ? "standard input" : file
  const parsed = commits.safeParse(parse(await textOf(file, cwd), name))
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    const place = issue
      ? issue.path.map((part) => (typeof part === "number" ? `[${part}]` : `.${String(part)}`)).join("")
      : ""
    throw new WrongUsage(`${name}${place}: ${issue?.message}; it has to be a JSON array of {"sha", "subject", "body"}`)
  }
  return parsed.data.toReversed().map(({ sha, subject, body, date = "" }) => ({
    id: sha,
    sha,
    commits: [{ sha, message: body ? `${subject}\n\n${body}` : subject, authorName: "", at: date, landing: sha }],
  }))
}

const textOf = (file: string, cwd: string): Promise<string> =>
  file === "-" ? readStream(process.stdin) : readGivenFile(cwd, file, `--commits ${file}`)

function parse(text: string, file: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new WrongUsage(`${file} is no JSON: ${error instanceof Error ? error.message : String(error)}`)
  }
}
