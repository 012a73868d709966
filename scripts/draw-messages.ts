/**
 * Draws every Slack message that Slipway writes, from its real blocks, on one page: `node scripts/draw-messages.ts [FILE]`
 * (default `messages.html`). `--long` draws them as long as they get. Open it light and dark, narrow and wide.
 */
import { writeFile } from "node:fs/promises"
import { parseArgs } from "node:util"
import { drawMessages } from "../demo/messages/draw.ts"
import { USUAL } from "../demo/messages/words.ts"

const LONG = "Quarterly reconciliation of invoices and refunds across all regions, including those that closed. "

const { values, positionals } = parseArgs({ options: { long: { type: "boolean" } }, allowPositionals: true })
const words = values.long
  ? { ...USUAL, text: LONG.repeat(20), name: LONG.repeat(3), environment: LONG, many: 500 }
  : USUAL
await writeFile(positionals[0] ?? "messages.html", drawMessages(words))
