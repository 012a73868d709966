/** A mailbox, with the name that is shown for it; empty: none. */
export interface Mailbox {
  readonly name: string
  readonly address: string
}

/**
 * What a browser takes for an e-mail address: no comment, no quoted part, nothing that a server could read as two
 * addresses or as a command. https://html.spec.whatwg.org/multipage/input.html#valid-e-mail-address
 */
const ADDRESS =
  /^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?)+$/

/** RFC 5321 section 4.5.3.1.3: 256 octets with the brackets around it. */
const LONGEST = 254

export const isMailAddress = (text: string): boolean => text.length <= LONGEST && ADDRESS.test(text)

/** `releases@acme.example`, or `Slipway <releases@acme.example>`; undefined: it is neither. */
export function mailboxOf(text: string): Mailbox | undefined {
  if (text.length > 2 * LONGEST) return undefined
  const written = text.trim()
  if (isMailAddress(written)) return { name: "", address: written }
  const open = written.indexOf("<")
  if (open < 0 || !written.endsWith(">")) return undefined
  const name = written
    .slice(0, open)
    .trim()
    .replace(/^"(.*)"$/, "$1")
  const address = written.slice(open + 1, -1)
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused
  return isMailAddress(address) && !/[\u0000-\u001f\u007f"<>]/.test(name) ? { name, address } : undefined
}
