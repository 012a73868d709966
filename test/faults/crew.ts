import { createServer, type Server } from "node:http"
import type { AddressInfo } from "node:net"
import { setTimeout as delay } from "node:timers/promises"
import { MortalApp, type MortalOptions } from "./app.ts"
import { randomFrom } from "./kills.ts"

/** Less than GitHub's: what hangs is given to another, who is asked again. */
const BALANCER_MS = 3_000

/** Several processes of Slipway on one database, behind what gives each webhook to the next of them that is there. */
export class Crew {
  readonly members: readonly MortalApp[]
  readonly #balancer: Server
  #turn = 0

  constructor(size: number, options: MortalOptions) {
    this.members = Array.from({ length: size }, () => new MortalApp({ ...options, onUp: async () => undefined }))
    this.#balancer = createServer(async (request, response) => {
      const chunks: Buffer[] = []
      for await (const chunk of request) chunks.push(chunk as Buffer)
      const up = this.members.flatMap(({ url }) => (url === undefined ? [] : [url]))
      const url = up[this.#turn++ % up.length]
      const headers = Object.entries(request.headers).flatMap(([name, value]): [string, string][] =>
        typeof value === "string" && !/^(?:host|connection|content-length|transfer-encoding)$/.test(name)
          ? [[name, value]]
          : [],
      )
      const signal = AbortSignal.timeout(BALANCER_MS)
      const answer = url
        ? await fetch(`${url}${request.url}`, { method: "POST", headers, body: Buffer.concat(chunks), signal }).catch(
            () => undefined,
          )
        : undefined
      response.writeHead(answer?.status ?? 502).end()
    })
    this.#balancer.listen(0, "127.0.0.1", () =>
      options.onUp(`http://127.0.0.1:${(this.#balancer.address() as AddressInfo).port}`),
    )
  }

  /** Of one that is awake. */
  get url(): string | undefined {
    return this.members.find(({ url }) => url !== undefined)?.url
  }

  get isDead(): boolean {
    return this.members.every(({ isDead }) => isDead)
  }

  get lives(): number {
    return this.members.reduce((sum, { lives }) => sum + lives, 0)
  }

  get accident(): string | undefined {
    return this.members.find(({ accident }) => accident !== undefined)?.accident
  }

  lastWords(): string {
    return this.members.map((member) => member.lastWords()).join("\n--\n")
  }

  start(): void {
    for (const member of this.members) member.start()
  }

  async kill(): Promise<void> {
    await Promise.all(this.members.map((member) => member.kill()))
  }

  async close(): Promise<void> {
    for (const member of this.members) member.resume()
    await Promise.all(this.members.map((member) => member.close()))
    this.#balancer.closeAllConnections()
    await new Promise((closed) => this.#balancer.close(closed))
  }
}

/** Long enough for some work between two strokes. */
const LONGEST_PEACE_MS = 2_500

/**
 * Kills one, or stops one until `sleepMs` are over, which are longer than its lease, by turns; at instants and of members that
 * `seed` draws, `times` times or until `done`.
 */
export async function harass(
  { members }: Crew,
  { seed, times, sleepMs }: { seed: number; times: number; sleepMs: number },
  done: AbortSignal,
): Promise<{ kills: number; pauses: number }> {
  const draw = randomFrom(seed)
  const wait = async (ms: number): Promise<void> => await delay(ms, undefined, { signal: done }).catch(() => undefined)
  const struck = { kills: 0, pauses: 0 }
  while (struck.kills + struck.pauses < times && !done.aborted) {
    await wait(draw() * LONGEST_PEACE_MS)
    const victim = members[Math.floor(draw() * members.length)]
    if (victim?.url === undefined) continue
    if (struck.kills <= struck.pauses) {
      await victim.kill()
      struck.kills++
      continue
    }
    victim.pause()
    struck.pauses++
    await wait(sleepMs)
    victim.resume()
  }
  return struck
}
