import { chmodSync, mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { findBinaries } from "../../src/store/binaries.ts"
import { stopCluster } from "../../src/store/cluster.ts"
import { placeCluster } from "../../src/store/placement.ts"
import { startProcess } from "../main/process.ts"

export interface MortalOptions {
  readonly env: { readonly [name: string]: string }
  /** Awaited after a death, before the next life. */
  readonly mayStart: () => Promise<void>
  /** Told where it listens, once a life. */
  readonly onUp: (url: string) => Promise<void>
}

/** Slipway as a process that dies by kill -9 and starts again on the same data, as often as it takes. */
export class MortalApp {
  readonly #options: MortalOptions
  readonly #dataDir = mkdtempSync(join(tmpdir(), "slipway-faults-"))
  #process: ReturnType<typeof startProcess> | undefined
  #url: string | undefined
  #living: Promise<void> | undefined
  #isClosing = false
  #isPaused = false
  #lives = 0
  #accident: string | undefined

  constructor(options: MortalOptions) {
    this.#options = options
    // As the default `./data` of a clone usually is: as root, Postgres runs as somebody else, and must get in.
    chmodSync(this.#dataDir, 0o755)
  }

  /** Where this life listens; undefined: it is dead, asleep or not up yet. */
  get url(): string | undefined {
    return this.#isPaused ? undefined : this.#url
  }

  /** Killed, and its next life has not begun; or not born yet. */
  get isDead(): boolean {
    return this.#process === undefined
  }

  /** Begun so far. */
  get lives(): number {
    return this.#lives
  }

  /** How it ended when nobody killed it; undefined: it did not. */
  get accident(): string | undefined {
    return this.#accident
  }

  /** The last lines of this life's log. */
  lastWords(): string {
    return this.#process?.log().split("\n").slice(-10).join("\n") ?? ""
  }

  /** Lives, and after each death again, until `close`. */
  start(): void {
    this.#living = this.#live()
  }

  /** Resolves when the process is gone; nothing happens to one that is gone already. */
  async kill(): Promise<void> {
    const victim = this.#process
    if (!victim) return
    this.#process = undefined
    this.#url = undefined
    this.#isPaused = false
    victim.kill("SIGKILL")
    await victim.ended
  }

  /** Stops it where it is, until `resume`. */
  pause(): void {
    this.#isPaused = true
    this.#process?.kill("SIGSTOP")
  }

  resume(): void {
    this.#isPaused = false
    this.#process?.kill("SIGCONT")
  }

  /** Ends it and the database that outlives it, and takes their files away. */
  async close(): Promise<void> {
    this.#isClosing = true
    await this.kill()
    await this.#living
    const place = await placeCluster(this.#dataDir)
    await stopCluster(place, await findBinaries(process.getuid?.() === 0))
    for (const folder of [this.#dataDir, place.cluster, place.sockets]) rmSync(folder, { recursive: true, force: true })
  }

  async #live(): Promise<void> {
    while (!this.#isClosing) {
      const life = startProcess({ ...this.#options.env, SLIPWAY_DATA_DIR: this.#dataDir })
      this.#process = life
      this.#lives++
      const url = await life.url.catch(() => undefined)
      if (url !== undefined && this.#process === life) {
        this.#url = url
        await this.#options.onUp(url)
      }
      const { code, err } = await life.ended
      if (this.#process === life) {
        this.#accident = `Slipway ended by itself with ${code}:\n${err}\n${this.lastWords()}`
        return
      }
      if (!this.#isClosing) await this.#options.mayStart()
    }
  }
}
