import type { Envelope } from "../model/decision.ts"
import type { Repository } from "../model/repository.ts"
import type { SlackFound, SlackMetadata } from "../peers/slack.ts"

const EVENT = "slipway_message"

/** Unseen by people; by it a message of an earlier attempt is found. A channel may serve several repositories. */
export const metadataOf = (repo: Repository, effect: Envelope): SlackMetadata => ({
  event_type: EVENT,
  event_payload: { key: effect.key, target: effect.target, repository: repo.id },
})

/** The `ts` of the message on this target: a thread's first message may be looked for under a later key. */
export const sentBefore = (messages: readonly SlackFound[], repo: Repository, effect: Envelope): string | undefined =>
  messages.find(({ metadata }) => {
    const { target, repository } = metadata?.event_payload ?? {}
    return metadata?.event_type === EVENT && target === effect.target && repository === repo.id
  })?.ts
