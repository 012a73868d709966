import { createHmac, randomUUID } from "node:crypto"

/** A webhook that GitHub sent, or tried to send. */
export type Delivery = {
  /** The GUID of `X-GitHub-Delivery`; a redelivery carries the same one. */
  id: string
  event: string
  action: string | undefined
  payload: Record<string, unknown>
  /** HTTP status of the last answer; `failed` where none came; `dropped` by the filter; `unsent` without an address. */
  status: number | "pending" | "failed" | "dropped" | "unsent"
  /** How often it was posted. */
  attempts: number
}

/** One time that a webhook was posted, as GitHub lists it for the App. */
export type Attempt = {
  id: number
  guid: string
  at: Date
  /** What came of it. A webhook that was lost on the way is one to which nobody connected. */
  status: number
  isRepeated: boolean
  seconds: number
  of: Delivery
}

/** What GitHub shows where no answer came. */
const NOT_REACHED = 502

/** GitHub gives up on an answer after 10 seconds. */
const PATIENCE_MS = 10_000

/**
 * Sends webhooks one after another, without anybody waiting for them. Nothing is repeated unless it is asked for:
 * GitHub does not retry a failed delivery by itself.
 */
export class Deliveries {
  readonly all: Delivery[] = []
  /** In the order in which they ended. */
  readonly attempts: Attempt[] = []
  #url: string | undefined
  #queue: Delivery[] = []
  #paused = false
  #filter: ((delivery: Delivery) => boolean) | undefined
  #pump: Promise<void> | undefined
  readonly #secret: string
  readonly #appId: number
  readonly #now: () => Date

  constructor(secret: string, appId: number, now: () => Date) {
    this.#secret = secret
    this.#appId = appId
    this.#now = now
  }

  /** Where webhooks go from now on; undefined: nowhere. */
  setUrl(url: string | undefined): void {
    this.#url = url
  }

  /** Of the deliveries that begin from now on, only those that `filter` lets through are sent. */
  setFilter(filter: ((delivery: Delivery) => boolean) | undefined): void {
    this.#filter = filter
  }

  /** Records a webhook and sends it when its turn comes. */
  deliver(event: string, payload: Record<string, unknown>): Delivery {
    const action = typeof payload.action === "string" ? payload.action : undefined
    const delivery: Delivery = { id: randomUUID(), event, action, payload, status: "pending", attempts: 0 }
    this.all.push(delivery)
    if (this.#url === undefined) delivery.status = "unsent"
    else this.#send(delivery)
    return delivery
  }

  /** Sends the webhook of an attempt once more, when its turn comes. @returns false if there is no such attempt */
  attemptAgain(id: number): boolean {
    const of = this.attempts.find((attempt) => attempt.id === id)?.of
    if (of) this.#send(of)
    return of !== undefined
  }

  #send(delivery: Delivery): void {
    if (this.#url !== undefined && (!this.#filter || this.#filter(delivery))) {
      this.#enqueue(delivery)
      return
    }
    // Who got it before has not lost it.
    if (typeof delivery.status !== "number" || delivery.status >= 300) delivery.status = "dropped"
    this.#record(delivery, NOT_REACHED, this.#now())
  }

  #record(of: Delivery, status: number, at: Date): void {
    const isRepeated = this.attempts.some((attempt) => attempt.of === of)
    const seconds = Math.max(0, (this.#now().getTime() - at.getTime()) / 1000)
    this.attempts.push({ id: 7_000_001 + this.attempts.length, guid: of.id, at, status, isRepeated, seconds, of })
  }

  /** Holds back what has not been posted yet, until `resume`. */
  pause(): void {
    this.#paused = true
  }

  /** Goes on; `reorder` may shuffle, repeat or leave out what was held back. */
  resume(reorder: (held: Delivery[]) => Delivery[] = (held) => held): void {
    this.#paused = false
    this.#queue = reorder(this.#queue)
    this.#run()
  }

  /** Resolves when nothing is waiting or under way; what a pause holds back does not count. */
  async settled(): Promise<void> {
    while (this.#pump) await this.#pump
  }

  /** Posts a delivery once more, with the same id. Resolves with its new status. */
  async redeliver(id: string): Promise<Delivery["status"]> {
    const delivery = this.all.find((candidate) => candidate.id === id)
    if (!delivery) throw new Error(`GitHub made no delivery ${id}`)
    await this.post(delivery)
    return delivery.status
  }

  /** Posts once more, in order, what failed or was answered with an error. */
  async redeliverFailed(): Promise<void> {
    for (const delivery of this.all) {
      const { status } = delivery
      if (status === "failed" || (typeof status === "number" && status >= 300)) await this.post(delivery)
    }
  }

  /** Posts a delivery now, whatever waits. `secret` and `headers` are for hostile tests. */
  async post(delivery: Delivery, hostile: { secret?: string; headers?: Record<string, string> } = {}): Promise<void> {
    if (this.#url === undefined) throw new Error("GitHub has no address to send webhooks to; call setWebhookUrl")
    const body = JSON.stringify(delivery.payload)
    const hmac = createHmac("sha256", hostile.secret ?? this.#secret).update(body)
    delivery.attempts++
    const at = this.#now()
    try {
      const response = await fetch(this.#url, {
        method: "POST",
        body,
        headers: {
          "content-type": "application/json",
          "user-agent": "GitHub-Hookshot/slipway",
          "x-github-delivery": delivery.id,
          "x-github-event": delivery.event,
          "x-github-hook-id": "1",
          "x-github-hook-installation-target-id": String(this.#appId),
          "x-github-hook-installation-target-type": "integration",
          "x-hub-signature-256": `sha256=${hmac.digest("hex")}`,
          ...hostile.headers,
        },
        signal: AbortSignal.timeout(PATIENCE_MS),
      })
      await response.arrayBuffer()
      delivery.status = response.status
    } catch {
      // Refused, cut off or too slow: GitHub shows these as failed too.
      delivery.status = "failed"
    }
    this.#record(delivery, typeof delivery.status === "number" ? delivery.status : NOT_REACHED, at)
  }

  #enqueue(delivery: Delivery): void {
    this.#queue.push(delivery)
    this.#run()
  }

  #run(): void {
    if (this.#pump || this.#paused) return
    this.#pump = this.#drain().finally(() => {
      this.#pump = undefined
      if (this.#queue.length > 0) this.#run()
    })
  }

  async #drain(): Promise<void> {
    while (!this.#paused) {
      const next = this.#queue.shift()
      if (!next) return
      await this.post(next)
    }
  }
}
