import { Readable } from "node:stream"
import type { Mailbox } from "../model/mail-address.ts"
import { type SmtpAnswer, smtpFailure } from "./smtp-errors.ts"
import { called, type Speaking, speak } from "./smtp-session.ts"

/** One e-mail to one receiver. Header injection is refused below: nothing here becomes a header as it is. */
export interface Letter {
  /** With its angle brackets; the same for every attempt. */
  readonly id: string
  /** The letters that it follows, the first one of the thread first. */
  readonly follows: readonly string[]
  readonly from: Mailbox
  readonly to: string
  readonly subject: string
  readonly text: string
  readonly html: string
  readonly date: Date
}

/** Hands one letter to the server, over a connection of its own. Never throws. */
export async function converse(letter: Letter, speaking: Speaking): Promise<SmtpAnswer> {
  try {
    const source = await sourceOf(letter)
    const message = new Watched(source)
    const envelope = { from: letter.from.address, to: [letter.to], size: source.length }
    const said = await speak(speaking, {
      say: (connection) => called((done) => connection.send(envelope, message, done)),
      isDoubtful: () => message.isBegun,
    })
    return said.is === "said" ? { is: "taken" } : said
  } catch (error) {
    return smtpFailure(error, speaking.server, false)
  }
}

/** The letter as it goes over the wire: the same for every attempt, but for the boundaries between its parts. */
async function sourceOf({ id, follows, from, to, subject, text, html, date }: Letter): Promise<Buffer> {
  const { default: MailComposer } = await import("nodemailer/lib/mail-composer")
  const composed = new MailComposer({
    messageId: id,
    ...(follows.length > 0 ? { inReplyTo: follows.at(-1) ?? "", references: [...follows] } : {}),
    from: { name: from.name, address: from.address },
    to: { name: "", address: to },
    subject,
    text,
    html,
    date,
    // RFC 3834: nobody's absence note is an answer to it.
    headers: { "Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All" },
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  return await composed.compile().build()
}

/** The letter's bytes, and whether any of them were asked for: the server has said that it wants them. */
class Watched extends Readable {
  isBegun = false
  #left: Buffer | null

  constructor(source: Buffer) {
    super()
    this.#left = source
  }

  override _read(): void {
    this.isBegun = true
    const all = this.#left
    this.#left = null
    if (all) this.push(all)
    this.push(null)
  }
}
