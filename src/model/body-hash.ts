import { hashOf } from "./hash.ts"

/**
 * SHA-256 of a release's body, by which the `release.edited` event of our own write is known. GitHub may store CRLF
 * for LF and drop whitespace at the end, so both are evened out first.
 */
export const bodyHash = (body: string): string => hashOf(body.replaceAll("\r\n", "\n").trimEnd())
