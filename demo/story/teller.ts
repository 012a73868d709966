import { setTimeout as delay } from "node:timers/promises"

/** Prints the story, a line a step, and waits for what each step has to bring. */
export interface Teller {
  /** One step: does something, waits until it holds, prints what happened and where to see it. */
  step<S extends Seen>(says: string, play: () => Promise<S>): Promise<S>
  readonly steps: readonly Told[]
  /** Seconds since the start. */
  elapsed(): number
}

export interface Seen {
  readonly what: string
  /** Its address while the demo runs. */
  readonly url?: string
  /** Where on the page it stands afterwards. */
  readonly anchor?: string
}

export interface Told extends Seen {
  readonly says: string
  /** Seconds since the start. */
  readonly at: number
}

const FRAMES = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"]

/** @param where what stands behind the arrow of a step; its address unless told otherwise, undefined: no arrow */
export function createTeller(
  out: { write(text: string): unknown; isTTY?: boolean },
  colour: boolean,
  where: (seen: Seen) => string | undefined = ({ url }) => url,
): Teller {
  const begun = performance.now()
  const elapsed = () => (performance.now() - begun) / 1_000
  const paint = (code: number, text: string) => (colour ? `\u001b[${code}m${text}\u001b[0m` : text)
  const steps: Told[] = []
  return {
    steps,
    elapsed,
    async step(says, play) {
      const spinner = spin(out, () => `  ${says} …`, elapsed)
      try {
        const seen = await play()
        spinner()
        const time = `${elapsed().toFixed(1).padStart(5)} s`
        out.write(`${paint(32, "✓")} ${paint(2, time)}  ${says}: ${seen.what}\n`)
        const place = where(seen)
        if (place) out.write(`${" ".repeat(11)}${paint(36, `→ ${place}`)}\n`)
        steps.push({ ...seen, says, at: elapsed() })
        return seen
      } catch (error) {
        spinner()
        out.write(`${paint(31, "✗")} ${elapsed().toFixed(1).padStart(5)} s  ${says}\n`)
        throw error
      }
    },
  }
}

/** Shows that something goes on; nothing where nobody looks. Returns how to end it. */
function spin(
  out: { write(text: string): unknown; isTTY?: boolean },
  line: () => string,
  elapsed: () => number,
): () => void {
  if (!out.isTTY) return () => undefined
  let frame = 0
  const timer = setInterval(() => {
    frame++
    out.write(`\r\u001b[2K${FRAMES[frame % FRAMES.length]} ${elapsed().toFixed(1).padStart(5)} s${line()}`)
  }, 80)
  return () => {
    clearInterval(timer)
    out.write("\r\u001b[2K")
  }
}

const PATIENCE_MS = 15_000
const LOOK_EVERY_MS = 25

/** Waits until something is there. @throws after 15 s, with what was expected and what is there instead */
export async function until<T>(
  expected: string,
  look: () => Promise<T | undefined> | T | undefined,
  instead: () => unknown,
): Promise<T> {
  const end = performance.now() + PATIENCE_MS
  while (performance.now() < end) {
    const found = await look()
    if (found !== undefined) return found
    await delay(LOOK_EVERY_MS)
  }
  throw new StepFailed(
    `Expected ${expected}, but after ${PATIENCE_MS / 1_000} s there is:\n${JSON.stringify(instead(), null, 2)}`,
  )
}

/** A step did not hold. */
export class StepFailed extends Error {
  override readonly name = "StepFailed"
}
