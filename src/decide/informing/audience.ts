import { isSlackChannel } from "../../model/audiences.ts"
import type { PlacedAudience, PlannedMessage } from "../../model/communication.ts"
import type { Config } from "../../model/config.ts"
import { isMailAddress } from "../../model/mail-address.ts"
import { nearest } from "../../model/nearest.ts"
import { own } from "../../model/own.ts"
import type { Problem } from "../../model/problem.ts"
import type { State } from "../../model/state.ts"

/** Where a message goes; or why it can go nowhere. */
export type Places = { readonly to: readonly string[] } | { readonly because: string }

/** Channels for Slack, addresses for e-mail: those that the entry itself names, or those of its audience. */
export function placesOf({ announcements }: State, config: Config, { by, audience }: PlannedMessage): Places {
  const off =
    by === "slack"
      ? announcements.is === "off" && announcements.because
      : announcements.mail !== "on" && "no mail server is set (SMTP_URL)"
  return off ? { because: off } : named(config, { by, audience })
}

/** Audiences of a plan that the configuration does not know, each where it stands. */
export const unknownAudiences = (config: Config, placed: readonly PlacedAudience[]): readonly Problem[] =>
  placed.flatMap((one) => {
    const places = one.by === "blog" ? undefined : named(config, one)
    return places && "because" in places ? [{ ...one.at, message: `${places.because}: nobody is told` }] : []
  })

/** Channels for Slack, addresses for e-mail. */
function named({ audiences = {} }: Config, { by, audience }: Pick<PlannedMessage, "by" | "audience">): Places {
  const [is, what] = by === "slack" ? [isSlackChannel, "channel"] : [isMailAddress, "address"]
  if (is(audience)) return { to: [audience] }
  const known = own(audiences, audience)
  const to = (known ?? []).filter(is)
  if (to.length > 0) return { to }
  if (known) return { because: `audiences of slipway.yml name no ${what} for “${audience}”` }
  const near = nearest(audience, Object.keys(audiences))
  const meant = near === undefined ? "" : ` (did you mean “${near}”?)`
  return { because: `“${audience}” is no ${what}, and not among the audiences of slipway.yml${meant}` }
}
