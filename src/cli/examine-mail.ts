import type { Account } from "../config/accounts.ts"
import { createNameLookup } from "../peers/name-lookup.ts"
import { greet } from "../peers/smtp-greeting.ts"
import type { Finding } from "./finding.ts"

type MailAccount = Pick<Account, "smtpUrl" | "mailFrom"> & { readonly account: string }

/** Whether an account's mail server takes our connection and our sign-in. Nothing is sent; without one nothing is said. */
export async function examineMail(
  { account, smtpUrl, mailFrom }: MailAccount,
  requestTimeoutMs: number,
): Promise<Finding[]> {
  if (smtpUrl === undefined) return []
  const answer = await greet(smtpUrl, { requestTimeoutMs, find: createNameLookup().asMachine })
  if (answer.is !== "greeted")
    return [{ about: "e-mail", is: "problem", says: `for ${account}: ${answer.because}`, todo: TODO[answer.is] }]
  const { server, isSecure, signedIn } = answer
  const says =
    `for ${account}: ${server} ${signedIn ? "takes the sign-in" : "answers, without a sign-in"}, ` +
    `${isSecure ? "over TLS" : "in the clear, since it offers no STARTTLS"}; e-mails come from ${mailFrom}`
  return [{ about: "e-mail", is: isSecure ? "ok" : "note", says }]
}

const TODO = {
  refused:
    "Mend SMTP_URL, or smtpUrl in the accounts file: smtp:// begins in the clear (port 587), smtps:// with TLS (465).",
  later: "Check host and port of SMTP_URL, or of smtpUrl in the accounts file, and that this machine reaches them.",
} as const
