import { readConfig } from "../../../src/config/read-config.ts"
import type { Config } from "../../../src/model/config.ts"
import { call } from "../call.ts"
import { LocalClone } from "../local-clone.ts"

/** What `slipway init` makes of files: the text, and the configuration that Slipway reads from it. */
export async function written(
  files: { readonly [path: string]: string },
  branches: readonly string[] = [],
  tags: readonly string[] = [],
) {
  const clone = new LocalClone()
  for (const [path, text] of Object.entries(files)) clone.write(path, text)
  for (const branch of branches) clone.git("branch", branch)
  for (const tag of tags) clone.git("tag", tag)
  const { code, out, err } = await call(clone.directory, "init", "--print")
  if (code !== 0) throw new Error(`exit code ${code}: ${err}`)
  const read = readConfig(out, ".github/slipway.yml")
  if (!read.ok) throw new Error(read.problems.map(({ line, message }) => `${line}: ${message}`).join("\n"))
  const config: Config = read.config
  return { text: out, config, lost: lostIn(out) }
}

/** The list at the end of the file, one entry a setting. */
function lostIn(text: string): readonly string[] {
  const [, list = ""] = text.split("# Not carried over:\n")
  return list
    .replaceAll("\n#   ", " ")
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => line.replace(/^# - /, ""))
}
