import { readConfig } from "../config/read-config.ts"
import { type Config, DEFAULT_CONFIG } from "../model/config.ts"
import { CONFIG_PATH, GITHUB_NOTES_PATH } from "../model/written-paths.ts"
import { ProblemFound } from "./command.ts"
import { showProblems } from "./problems.ts"
import { type Clone, type FileAt, type FilesAt, readAt } from "./read-clone.ts"
import { readGivenFile } from "./read-given-file.ts"

/** What a repository says of its releases. */
export interface Written {
  readonly config: Config
  /** `.github/release.yml`, where nothing is said to Slipway itself. */
  readonly githubNotes?: FileAt
}

/** As it is at a commit; null: there is none yet. */
export async function writtenIn(files: FilesAt | null): Promise<Written> {
  const file = files && (await files.first([CONFIG_PATH, GITHUB_NOTES_PATH]))
  if (!file) return { config: DEFAULT_CONFIG }
  return file.path === CONFIG_PATH
    ? { config: configOf(file.text, CONFIG_PATH) }
    : { config: DEFAULT_CONFIG, githubNotes: file }
}

/**
 * The configuration as it is at a commit; the defaults where it has none, or where there is no commit yet.
 * @param shown how the file is called where it is not valid
 */
export async function configAt(clone: Clone, commit: string | null, shown = CONFIG_PATH): Promise<Config> {
  if (commit === null) return DEFAULT_CONFIG
  const text = await readAt(clone, commit, CONFIG_PATH)
  return text === null ? DEFAULT_CONFIG : configOf(text, shown)
}

/** A configuration that was named on the command line. */
export async function configFile(path: string, cwd: string): Promise<Config> {
  return configOf(await readGivenFile(cwd, path, `--config ${path}`), path)
}

/** What a clone cannot tell: the organisation's file is in another repository. */
export const unseenAbove = ({ extends: name }: Config): readonly string[] =>
  name === undefined
    ? []
    : [`${CONFIG_PATH} extends ${name}, which is not read here: what slipway.yml says there is missing`]

function configOf(text: string, path: string): Config {
  const read = readConfig(text, path)
  if (read.ok) return read.config
  throw new ProblemFound(`${path} is not valid\n${showProblems(read.problems)}`)
}
