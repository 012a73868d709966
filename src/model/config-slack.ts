import { z } from "zod"
import { duration, listOf, matching, oneOrMore, text } from "./field.ts"
import { SEVERITIES, THREAD_EVENTS } from "./thread-event.ts"

/** Each is one more message to keep true at every change of a release. */
const RULES_MOST = 20

const channel = z
  .string({ error: "must be a channel such as `#releases`, in quotes since `#` begins a comment" })
  .regex(
    /^(?:#[^\s#@,]{1,80}|[CG][A-Z0-9]{7,20})$/u,
    "must be a channel such as `#releases`, or its ID such as `C024BE91L`",
  )

/** Which of GitHub's people and teams is which of Slack's: people begin with `U` or `W`, groups with `S`. */
const mention = z.record(
  matching(
    /^[A-Za-z0-9][A-Za-z0-9_.-]*(?:\/[A-Za-z0-9_.-]+)?$/,
    "must be a GitHub login such as `lea`, or a team such as `acme/sre`",
  ),
  matching(/^[UWS][A-Z0-9]{5,20}$/, "must be a Slack member ID such as `U012ABCDEF`"),
)

const names = oneOrMore(text, "must be a name, or a list of names")

/** What else than the releases' own channel is told, and of what. */
const route = z.strictObject({
  to: channel.describe("The channel that is told as well"),
  component: names.exactOptional().describe("Only releases of these components"),
  environment: names.exactOptional().describe("Only what happens in these environments"),
  event: oneOrMore(z.enum(THREAD_EVENTS), "must be a kind of event, or a list of them")
    .exactOptional()
    .describe("Only events of these kinds"),
  severity: z.enum(SEVERITIES).exactOptional().describe("Only what is at least this bad"),
})

/** Where releases are told of, and who is who. */
export const slack = z
  .strictObject({
    channel: channel.exactOptional(),
    channels: listOf(route)
      .max(RULES_MOST, `must be at most ${RULES_MOST} rules`)
      .exactOptional()
      .describe("Channels that are told beside it, each of what its rule names"),
    mention: mention.default({}),
    remind: duration.exactOptional().describe("How often approvers are asked again, three times at most"),
  })
  .prefault({})
