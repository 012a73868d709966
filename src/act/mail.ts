import type { Mail } from "../model/bulletin.ts"
import { hashOf } from "../model/hash.ts"
import { isMailAddress } from "../model/mail-address.ts"
import type { Repository } from "../model/repository.ts"
import { renderMail } from "../render/mail.ts"
import { type Family, type OnMail, refused } from "./context.ts"

/**
 * One e-mail to one address. SMTP can neither be asked what it took before nor told a key: where an earlier attempt may
 * have happened it is sent once more, as the same message to the byte of its headers, so that a client or an archive that
 * goes by Message-ID shows one (docs/decisions/0039-*).
 */
export const mail: Family<"mail", OnMail> = async ({ content }, { smtp, from, repo, signal }) => {
  const { to, event, at } = content
  if (!isMailAddress(to)) return refused("invalid", `${masked(to)} is no address that e-mails can be sent to.`)
  const first = idOf(repo, content, "announced", from.address)
  const letter = {
    id: event === "announced" ? first : idOf(repo, content, event, from.address),
    follows: event === "announced" ? [] : [first],
    from,
    to,
    ...renderMail(content),
    date: new Date(at),
  }
  const answer = await smtp.send(letter, signal)
  switch (answer.is) {
    case "taken":
      return { is: "done" }
    case "later":
      return { is: "retry", because: shown(answer.because, to), ...(answer.certain ? { notDone: true } : {}) }
    case "refused":
      // What the settings of the process are to blame for may be mended, and is tried again then.
      return refused(answer.what === "sender" ? "forbidden" : "invalid", `${masked(to)}: ${shown(answer.because, to)}`)
  }
}

/** RFC 5322 section 3.6.4: unique for ever, and the same for every attempt. All receivers of one e-mail get the same. */
function idOf(repo: Repository, { release }: Mail, event: string, sender: string): string {
  const thread = hashOf([repo.url ?? null, repo.id, release]).slice(0, 24)
  return `<slipway.${thread}.${event.replaceAll(/[^a-z0-9-]/g, "-")}@${sender.slice(sender.lastIndexOf("@") + 1)}>`
}

/** A page may be read by more people than the plan: enough of the address to find it there. */
function masked(address: string): string {
  const at = address.lastIndexOf("@")
  return at < 1 ? "…" : `${address.slice(0, Math.min(2, at - 1))}…${address.slice(at)}`
}

const shown = (because: string, to: string): string => because.replaceAll(to, masked(to))
