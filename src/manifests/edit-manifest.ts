import { parse } from "semver"
import { quote } from "../model/quote.ts"
import { locate } from "./locate.ts"
import { lineOf, pathOf } from "./located.ts"
import type { Beside, Manifest, Span } from "./manifest.ts"
import { notPython } from "./python.ts"

export type Edit =
  | { readonly is: "edited"; readonly text: string; readonly from: string }
  | { readonly is: "unchanged" }
  | { readonly is: "refused"; readonly because: string }

/**
 * The same file with another version in it: nothing but the version's own characters changes, so that formatting,
 * comments, quoting, line endings, a byte order mark and the end of the file stay as they are.
 *
 * @param text the whole file
 * @param version as SemVer 2.0.0 has it, without a `v`
 * @param beside the other manifests of the same release: they say which entries of a lock file are the release's own.
 * Without them those of its own folder's package are
 * @returns `from`: the version that stood there (the first, where there are several places); `unchanged` when it says
 * this version already; a reason with `file:line` when it cannot be edited. Never throws, and never adds a version to a
 * file that has none
 */
export function editManifest(manifest: Manifest, text: string, version: string, beside: readonly Beside[] = []): Edit {
  if (!isVersion(version)) return { is: "refused", because: `${quote(version)} is no version of SemVer 2.0.0` }
  const located = locate(manifest, text, beside)
  if (located.is === "missing") return { is: "refused", because: located.because }
  const { spans, writes } = located
  const strange = writes === "PEP 440" ? notPython(version) : undefined
  if (strange !== undefined) return { is: "refused", because: `${pathOf(manifest.path)}: ${strange}` }
  if (spans.every((span) => at(text, span) === version)) return { is: "unchanged" }
  return { is: "edited", text: replace(text, spans, version), from: at(text, spans[0]) }
}

export type Said =
  | { readonly is: "version"; readonly version: string }
  | { readonly is: "none"; readonly because: string }

/**
 * The version that a file says.
 * @param beside as for `editManifest`
 * @returns `none` with the reason, with `file:line`, where it says none, or says two that differ; never throws
 */
export function versionIn(manifest: Manifest, text: string, beside: readonly Beside[] = []): Said {
  const located = locate(manifest, text, beside)
  if (located.is === "missing") return { is: "none", because: located.because }
  const [first, ...rest] = located.spans
  const version = at(text, first)
  const other = rest.find((span) => at(text, span) !== version)
  if (!other) return { is: "version", version }
  const says = (span: Span) => `line ${lineOf(text, span.start)} says ${quote(at(text, span))}`
  return { is: "none", because: `${pathOf(manifest.path)}: ${says(first)}, but ${says(other)}` }
}

const at = (text: string, { start, end }: Span): string => text.slice(start, end)

/** `semver` reads `v1.0.0` and ` 1.0.0` too; a manifest must not get that. */
const isVersion = (version: string): boolean => /^\d[0-9A-Za-z.+-]{0,255}$/.test(version) && parse(version) !== null

function replace(text: string, spans: readonly Span[], version: string): string {
  const pieces: string[] = []
  let done = 0
  for (const { start, end } of spans.toSorted((a, b) => a.start - b.start)) {
    pieces.push(text.slice(done, start), version)
    done = end
  }
  return [...pieces, text.slice(done)].join("")
}
