/** Sends signed webhooks and measures when they are answered; a process of its own, started by ack.ts. */
import { createHmac, randomUUID } from "node:crypto"
import { Agent, request } from "node:http"
import { setTimeout as delay } from "node:timers/promises"

export interface Load {
  readonly url: string
  readonly secret: string
  /** Sent in turn. */
  readonly payloads: readonly string[]
  readonly seconds: number
  /** `steady` sends whether or not the ones before are answered; `flood` as fast as they are. */
  readonly pace:
    | { readonly is: "steady"; readonly perSecond: number }
    | { readonly is: "flood"; readonly atOnce: number }
}

export interface Measured {
  readonly perSecond: number
  /** In milliseconds, from the first byte sent to the last received. */
  readonly p50: number
  readonly p99: number
  /** Answered with anything but a success, or not at all. */
  readonly refused: number
}

const agent = new Agent({ keepAlive: true })

process.once("message", async (load: Load) => {
  process.send?.(await measure(load))
  agent.destroy()
  process.disconnect()
})

async function measure({ url, secret, payloads, seconds, pace }: Load): Promise<Measured> {
  const signed = payloads.map((body) => ({
    body,
    signature: `sha256=${createHmac("sha256", secret).update(body).digest("hex")}`,
  }))
  const times: number[] = []
  let sent = 0
  let refused = 0
  const one = async (): Promise<void> => {
    const webhook = signed[sent++ % signed.length]
    if (!webhook) throw new Error("there is nothing to send")
    const begun = performance.now()
    const status = await post(url, webhook)
    times.push(performance.now() - begun)
    if (status < 200 || status > 299) refused++
  }
  const begun = performance.now()
  const end = begun + seconds * 1_000
  if (pace.is === "flood") {
    const lane = async (): Promise<void> => {
      while (performance.now() < end) await one()
    }
    await Promise.all(Array.from({ length: pace.atOnce }, lane))
  } else {
    const underWay: Promise<void>[] = []
    for (let i = 0; i < seconds * pace.perSecond; i++) {
      const wait = begun + (i * 1_000) / pace.perSecond - performance.now()
      if (wait > 0) await delay(wait)
      underWay.push(one())
    }
    await Promise.all(underWay)
  }
  const took = performance.now() - begun
  times.sort((a, b) => a - b)
  const at = (share: number): number =>
    times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? Number.NaN
  return { perSecond: (times.length / took) * 1_000, p50: at(0.5), p99: at(0.99), refused }
}

/** @returns the status; 0: the connection was lost */
const post = (url: string, { body, signature }: { body: string; signature: string }): Promise<number> =>
  new Promise((resolve) => {
    const lost = () => resolve(0)
    const headers = {
      "content-type": "application/json",
      "content-length": Buffer.byteLength(body),
      "x-github-event": "check_run",
      "x-github-delivery": randomUUID(),
      "x-hub-signature-256": signature,
    }
    const sending = request(url, { method: "POST", agent, headers }, (response) => {
      response.resume()
      response.once("end", () => resolve(response.statusCode ?? 0))
      response.once("error", lost)
    })
    sending.once("error", lost)
    sending.end(body)
  })
