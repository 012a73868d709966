/** One attempt of GitHub to deliver a webhook of the App, as GitHub remembers it. */
export interface HookDelivery {
  /** Of this attempt. */
  readonly id: string
  /** Of the webhook, on each of its attempts: `X-GitHub-Delivery`. */
  readonly guid: string
  /** The repository that it is about, by its numeric id. */
  readonly repository?: string
  readonly at: Date
  /** It came, and was taken or refused for what it is: there is no use in having it again. */
  readonly arrived: boolean
  /** Nothing that can be read at GitHub later says the same: a press, a job that waits. */
  readonly onlyWord: boolean
}

export interface HookDeliveryPage {
  /** Newest first. */
  readonly deliveries: readonly HookDelivery[]
  /** Where those before them are found; absent: there are none. */
  readonly older?: string
}
