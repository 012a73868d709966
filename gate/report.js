// @ts-check
import { appendFileSync } from "node:fs"

/**
 * Says how it ended: a line in the log, an annotation where it failed, the job's summary, the output.
 * https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
 *
 * @param {{ readonly [name: string]: string | undefined }} env
 * @param {{ passed: boolean, what: string, because: string, url?: string }} said `what`: check and commit, in one line
 */
export function report(env, { passed, what, because, url }) {
  const line = plain(`${what}: ${because}`)
  console.log(passed ? line : `::error title=Slipway gate::${line.replaceAll("%", "%25")}`)
  const link = url !== undefined && /^https?:\/\/[^\s()<>]+$/.test(url) ? ` ([check run](${url}))` : ""
  append(
    env.GITHUB_STEP_SUMMARY,
    `### ${passed ? "✅ Slipway gate passed" : "❌ Slipway gate did not pass"}\n\n${markdown(line)}${link}\n`,
  )
  if (passed && link !== "") append(env.GITHUB_OUTPUT, `check-run=${url}\n`)
}

/** One line that is no workflow command, whatever a title of a check run says. */
export const plain = (/** @type {string} */ text) => text.replaceAll(/\s+/g, " ").replace(/^::/, ": :")

const markdown = (/** @type {string} */ text) =>
  text
    .replaceAll(/[\\`*_{}[\]()#|!~]/g, "\\$&")
    .replaceAll("<", "&lt;")
    .replaceAll("@", "&#64;")

/** A summary that cannot be written takes no decision back. */
function append(/** @type {string | undefined} */ file, /** @type {string} */ text) {
  if (!file) return
  try {
    appendFileSync(file, text)
  } catch (error) {
    console.log(`the job's summary could not be written: ${error instanceof Error ? error.message : error}`)
  }
}
