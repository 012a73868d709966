/** Sends signed webhooks and measures when they are answered; a process of its own, started by ack.ts. */
import { Agent } from "node:http"
import { setTimeout as delay } from "node:timers/promises"
import { post, quantile, signed } from "./post-webhook.ts"

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
  const webhooks = payloads.map((body) => signed("check_run", body, secret))
  const times: number[] = []
  let sent = 0
  let refused = 0
  const one = async (): Promise<void> => {
    const webhook = webhooks[sent++ % webhooks.length]
    if (!webhook) throw new Error("there is nothing to send")
    const begun = performance.now()
    const { status } = await post(url, agent, webhook)
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
  return { perSecond: (times.length / took) * 1_000, p50: quantile(times, 0.5), p99: quantile(times, 0.99), refused }
}
