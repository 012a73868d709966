import { setTimeout as delay } from "node:timers/promises"

/** One step: does something, waits until it holds, prints what happened and where to see it. */
export type Step = <S extends Seen>(says: string, play: () => Promise<S>) => Promise<S>

/** Prints the story, a line a step, and waits for what each step has to bring. */
export interface Teller {
  readonly step: Step
  /** Plays another part of the story at the same time, which is told when it is waited for. */
  meanwhile<T>(heading: string, play: (step: Step) => Promise<T>): () => Promise<T>
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
  /** The part of the story that begins with it. */
  readonly begins?: string
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
  const tell = (told: Told) => {
    out.write(`${paint(32, "✓")} ${paint(2, `${seconds(told.at)} s`)}  ${told.says}: ${told.what}\n`)
    const place = where(told)
    if (place) out.write(`${" ".repeat(11)}${paint(36, `→ ${place}`)}\n`)
    steps.push(told)
  }
  const tellFailure = (says: string) => out.write(`${paint(31, "✗")} ${seconds(elapsed())} s  ${says}\n`)
  return {
    steps,
    elapsed,
    async step(says, play) {
      const spinner = spin(out, () => `  ${says} …`, elapsed)
      try {
        const seen = await play()
        spinner()
        tell({ ...seen, says, at: elapsed() })
        return seen
      } catch (error) {
        spinner()
        tellFailure(says)
        throw error
      }
    },
    meanwhile(heading, play) {
      const kept: Told[] = []
      let last = ""
      const playing = play(async (says, playStep) => {
        last = says
        const seen = await playStep()
        kept.push({ ...seen, says, at: elapsed(), ...(kept.length === 0 ? { begins: heading } : {}) })
        return seen
      })
      // It is heard of when it is waited for.
      playing.catch(() => undefined)
      return async () => {
        out.write(`\n${paint(1, heading)}\n\n`)
        const spinner = spin(out, () => `  ${last} …`, elapsed)
        const ended = await playing.then(
          (value) => ({ value }),
          (error: unknown) => ({ error }),
        )
        spinner()
        for (const told of kept) tell(told)
        if ("value" in ended) return ended.value
        tellFailure(last)
        throw ended.error
      }
    },
  }
}

const seconds = (elapsed: number): string => elapsed.toFixed(1).padStart(5)

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
    out.write(`\r\u001b[2K${FRAMES[frame % FRAMES.length]} ${seconds(elapsed())} s${line()}`)
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
