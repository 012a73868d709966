import type { AftermathReply } from "../model/reply-aftermath.ts"
import { at, code, line, type Renderers } from "./reply-parts.ts"
import { escapeSlack } from "./slack-text.ts"

export const AFTERMATH_REPLIES: Renderers<AftermathReply> = {
  mended: (reply) =>
    line(
      `🩹 *Mended*: ${code(reply.version)} was rolled back, and ${code(reply.by)} is out; ${escapeSlack(reply.because, 300)}`,
      [at(reply.at)],
    ),
}
