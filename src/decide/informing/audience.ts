import { isSlackChannel } from "../../model/audiences.ts"
import type { PlannedMessage } from "../../model/communication.ts"
import type { Config } from "../../model/config.ts"
import { isMailAddress } from "../../model/mail-address.ts"
import { own } from "../../model/own.ts"
import type { State } from "../../model/state.ts"

/** Where a message goes; or why it can go nowhere. */
export type Places = { readonly to: readonly string[] } | { readonly because: string }

/** Channels for Slack, addresses for e-mail: those that the entry itself names, or those of its audience. */
export function placesOf({ announcements }: State, config: Config, { by, audience }: PlannedMessage): Places {
  const [is, what, off] =
    by === "slack"
      ? [isSlackChannel, "channel", announcements.is === "off" ? announcements.because : undefined]
      : [isMailAddress, "address", announcements.mail === "on" ? undefined : "no mail server is set (SMTP_URL)"]
  if (off !== undefined) return { because: off }
  if (is(audience)) return { to: [audience] }
  const named = own(config.audiences ?? {}, audience)
  const to = (named ?? []).filter(is)
  if (to.length > 0) return { to }
  return {
    because: named
      ? `audiences of slipway.yml name no ${what} for “${audience}”`
      : `“${audience}” is no ${what}, and not among the audiences of slipway.yml`,
  }
}
