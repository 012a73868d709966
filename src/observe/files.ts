import { extendsIn, problemOfExtends, readConfig, readExtendingConfig } from "../config/read-config.ts"
import { readGitHubNotes } from "../config/read-github-notes.ts"
import { readHolidays } from "../config/read-holidays.ts"
import { readPlan } from "../config/read-plan.ts"
import type { PlacedAudience } from "../model/communication.ts"
import type { Config } from "../model/config.ts"
import type { GitHubNotes } from "../model/github-notes.ts"
import { holidayFilesIn, withHolidays } from "../model/holiday-files.ts"
import type { Plan } from "../model/plan.ts"
import type { Problem } from "../model/problem.ts"
import { type Seen, seenHash } from "../model/seen.ts"
import { CONFIG_PATH, GITHUB_NOTES_PATH, OTHER_PLAN_PATH } from "../model/written-paths.ts"
import type { Organisations } from "./organisation.ts"
import type { Read, Reader } from "./reader.ts"
import { read, unknown, whyUnknown } from "./reader.ts"

/**
 * `.github/slipway.yml` at a commit, together with the organisation's file that it extends: its `blob` names both. Where
 * that one cannot be read, what holds here is not known.
 */
export async function readConfigFile(
  reader: Reader,
  sha: string,
  organisations: Organisations,
): Promise<Read<Seen<Config>>> {
  const content = await readContent(reader, CONFIG_PATH, sha)
  const text = content.is === "read" && content.value.is === "text" ? content.value.text : undefined
  const named = text === undefined ? undefined : extendsIn(text)
  if (text === undefined || named === undefined)
    return withHolidayFiles(reader, sha, parsedOf(content, CONFIG_PATH, asValue(readConfig)))
  const above = await organisations.read(named)
  if (above.is === "unknown") return above
  if (above.is === "invalid") {
    const problems = [problemOfExtends(text, CONFIG_PATH, above.because)]
    return parsedOf(content, CONFIG_PATH, () => ({ ok: false, problems }))
  }
  const seen = parsedOf(
    content,
    CONFIG_PATH,
    asValue((it, path) => readExtendingConfig(it, path, above.file)),
  )
  return seen.is === "unknown" || seen.value.is === "absent"
    ? seen
    : withHolidayFiles(reader, sha, read({ ...seen.value, blob: `${seen.value.blob}+${above.blob}` }))
}

/**
 * The configuration together with the holidays of the .ics files that it names, at the same commit: one request a file.
 * What stands there is part of the gates, and a mistake there is a mistake of the configuration.
 */
async function withHolidayFiles(reader: Reader, sha: string, config: Read<Seen<Config>>): Promise<Read<Seen<Config>>> {
  if (config.is === "unknown" || config.value.is !== "valid") return config
  const { path, blob, value } = config.value
  const files = [...new Set(holidayFilesIn(value).map(({ file }) => file))]
  const dates = new Map<string, readonly string[]>()
  const blobs = [blob]
  for (const file of files) {
    const seen = await readParsed(reader, file, sha, (text) => {
      const parsed = readHolidays(text, file)
      return parsed.ok ? { ok: true, value: parsed.dates } : parsed
    })
    if (seen.is === "unknown") return seen
    if (seen.value.is !== "valid") {
      const problems = seen.value.is === "absent" ? [whole(file, NO_HOLIDAYS)] : seen.value.problems
      return read({ is: "invalid", path, blob: [...blobs, seenHash(seen.value)].join("+"), problems })
    }
    blobs.push(seen.value.blob)
    dates.set(file, seen.value.value)
  }
  return read({ is: "valid", path, blob: blobs.join("+"), value: withHolidays(value, dates) })
}

const NO_HOLIDAYS = "`window.holidays` names this file, and it is not there"

const asValue =
  (parse: typeof readConfig) =>
  (text: string): Parsed<Config> => {
    const parsed = parse(text, CONFIG_PATH)
    return parsed.ok ? { ok: true, value: parsed.config } : parsed
  }

/** `.github/release.yml` at a commit. */
export const readGitHubNotesFile = (reader: Reader, sha: string): Promise<Read<Seen<GitHubNotes>>> =>
  readParsed(reader, GITHUB_NOTES_PATH, sha, (text) => readGitHubNotes(text, GITHUB_NOTES_PATH))

/** The plan at a commit: at the configured path, else at the other one. */
export async function readPlanFile(
  reader: Reader,
  path: string,
  sha: string,
  placed?: (audiences: readonly PlacedAudience[]) => void,
): Promise<Read<Seen<Plan>>> {
  const first = await readPlanAt(reader, path, sha, placed)
  const absent = first.is === "read" && first.value.is === "absent"
  return absent && path !== OTHER_PLAN_PATH ? readPlanAt(reader, OTHER_PLAN_PATH, sha, placed) : first
}

/**
 * A plan at a commit, as it stands at a path.
 * @param placed hears where it names whom it tells
 */
export const readPlanAt = (
  reader: Reader,
  path: string,
  sha: string,
  placed?: (audiences: readonly PlacedAudience[]) => void,
): Promise<Read<Seen<Plan>>> =>
  readParsed(reader, path, sha, (text) => {
    const parsed = readPlan(text, path)
    if (!parsed.ok) return parsed
    placed?.(parsed.audiences())
    return { ok: true, value: parsed.plan }
  })

/** Whether a file exists at a commit. */
export async function readExistence(reader: Reader, path: string, sha: string): Promise<Read<boolean>> {
  const content = await readContent(reader, path, sha)
  return content.is === "unknown" ? content : read(content.value.is === "text" || content.value.is === "large")
}

type Parsed<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly problems: readonly Problem[] }

async function readParsed<T>(
  reader: Reader,
  path: string,
  sha: string,
  parse: (text: string) => Parsed<T>,
): Promise<Read<Seen<T>>> {
  return parsedOf(await readContent(reader, path, sha), path, parse)
}

function parsedOf<T>(content: Read<Content>, path: string, parse: (text: string) => Parsed<T>): Read<Seen<T>> {
  if (content.is === "unknown") return content
  const file = content.value
  if (file.is === "absent") return read({ is: "absent" })
  const parsed = file.is === "text" ? parse(file.text) : { ok: false as const, problems: [whole(path, file.because)] }
  if (parsed.ok) return read({ is: "valid", path, blob: file.blob, value: parsed.value })
  return read({ is: "invalid", path, blob: file.blob, problems: parsed.problems })
}

const whole = (file: string, message: string): Problem => ({ file, line: 1, column: 1, endLine: 1, path: "", message })

/** What stands at a path. */
export type Content =
  | { readonly is: "absent" }
  | { readonly is: "text"; readonly blob: string; readonly text: string; readonly url?: string }
  | { readonly is: "large" | "strange"; readonly blob: string; readonly because: string }

/**
 * https://docs.github.com/en/rest/repos/contents#get-repository-content: above 1 MB there is no content; a directory is
 * an array; a symbolic link to a file of the repository comes as that file, any other as `symlink`.
 *
 * @param sha absent: at the head of the default branch
 */
export async function readContent(reader: Reader, path: string, sha?: string): Promise<Read<Content>> {
  // guard: files-of-the-branch, guard: files-of-a-fork
  const ref = sha === undefined ? {} : { ref: sha }
  const answer = await reader.ask((at) => reader.rest.repos.getContent({ ...at, path, ...ref }))
  if (answer.is === "refused") {
    if (answer.error.is === "gone" || answer.error.is === "empty") return read({ is: "absent" })
    return unknown(`\`${path}\` could not be read: ${whyUnknown(answer.error)}`)
  }
  const { data } = answer
  if (Array.isArray(data)) return read({ is: "strange", blob: "directory", because: "this is a directory, not a file" })
  if (data.type !== "file")
    return read({ is: "strange", blob: data.sha, because: `this is a ${data.type}, not a file` })
  if (!("encoding" in data) || data.encoding !== "base64")
    return read({ is: "large", blob: data.sha, because: "the file is larger than 1 MB; nothing in it was read" })
  const content = decode(data.sha, data.content)
  return read(content.is === "text" ? { ...content, url: data.url } : content)
}

function decode(blob: string, base64: string): Content {
  try {
    return { is: "text", blob, text: new TextDecoder("utf-8", { fatal: true }).decode(Buffer.from(base64, "base64")) }
  } catch {
    return { is: "strange", blob, because: "the file is not text in UTF-8; save it as UTF-8" }
  }
}
