// @ts-check
/**
 * The gate action: blocks a job until Slipway's check run for an environment is green on the job's commit.
 *
 * It fails closed: only a completed run of the right App, name and commit with the conclusion `success` passes. A time
 * that is over, a run that failed, one that another App made, no run at all, an answer that is no answer, inputs that
 * are wrong: each ends the job with exit code 1 and the reason. Nothing turns it off.
 */
import { readInputs } from "./inputs.js"
import { pause, readRuns } from "./read-runs.js"
import { plain, report } from "./report.js"
import { judge } from "./verdict.js"

/** Pauses grow by half each time, to eight times the first one. */
const GROWTH = 1.5
const WIDEST = 8

/**
 * @param {import("./inputs.js").Asked} asked
 * @returns {Promise<import("./verdict.js").Verdict>} never `waits`
 */
async function waitForVerdict(asked) {
  const end = performance.now() + asked.timeout
  let interval = asked.interval
  let said = ""
  for (;;) {
    const look = await readRuns(asked)
    if (look.is === "refused") return { is: "failed", because: look.because }
    const verdict = look.is === "read" ? judge(look.runs, asked) : waits(look.because)
    if (verdict.is !== "waits") return verdict
    if (verdict.because !== said) console.log(plain(`waiting: ${verdict.because}`))
    said = verdict.because
    const left = end - performance.now()
    const asksFor = (look.is === "again" && look.after) || 0
    if (left <= 0 || asksFor > left) return tooLate(asked, verdict, look.is === "read")
    await pause(Math.min(Math.max(interval, asksFor), left))
    interval = Math.min(interval * GROWTH, asked.interval * WIDEST)
  }
}

/**
 * @param {string} because
 * @returns {import("./verdict.js").Verdict}
 */
const waits = (because) => ({ is: "waits", because })

/**
 * The time is over. Whoever made a run of that name, and is not the App, is named.
 * @param {import("./inputs.js").Asked} asked
 * @param {import("./verdict.js").Verdict} last
 * @param {boolean} answers whether GitHub answers: it is asked once more only then
 * @returns {Promise<import("./verdict.js").Verdict>}
 */
async function tooLate(asked, last, answers) {
  const all = answers && last.url === undefined ? await readRuns(asked, true) : undefined
  const then = all?.is === "read" ? judge(all.runs, asked) : last
  if (then.is === "passed") return then
  const minutes = Math.round((asked.timeout / 60_000) * 100) / 100
  const end = { is: /** @type {const} */ ("failed"), because: `not passed within ${minutes} min: ${then.because}` }
  return last.url === undefined ? end : { ...end, url: last.url }
}

const inputs = readInputs(process.env)
if ("problems" in inputs) {
  report(process.env, { passed: false, what: "inputs", because: inputs.problems.join("; ") })
  process.exitCode = 1
} else {
  const { asked } = inputs
  const verdict = await waitForVerdict(asked)
  const what = `${asked.checkName} on ${asked.sha.slice(0, 7)}`
  report(process.env, { ...verdict, passed: verdict.is === "passed", what })
  process.exitCode = verdict.is === "passed" ? 0 : 1
}
