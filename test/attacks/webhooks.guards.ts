import type { Guard } from "./guard.ts"

/** What is believed of a webhook. */
export const webhookGuards: readonly Guard[] = [
  {
    tag: "signature",
    file: "src/web/webhook.ts",
    takenOut: [["if (signed < 0)", "if (signed < -1)"]],
    stories: ["test/web/webhook.test.ts", "once it is done, the old one counts no more"],
  },
  {
    tag: "webhook-of-another-app",
    file: "src/web/webhook.ts",
    takenOut: [["head.app !== undefined && head.app !== appId", "head.app !== undefined && false"]],
    stories: ["test/web/webhook.test.ts", "is refused, and stores nothing"],
  },
]
