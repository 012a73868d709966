import { type Edit, editManifest } from "../../src/manifests/edit-manifest.ts"
import type { Beside, Manifest } from "../../src/manifests/manifest.ts"

/** The text with its one version between `«` and `»`, and the file as it stood: `version = "«1.2.3»"`. */
export interface Marked {
  readonly text: string
  /** The text with another version at every mark. */
  readonly with: (version: string) => string
  readonly version: string
}

export function marked(text: string): Marked {
  const [, version = ""] = /«([^»]*)»/.exec(text) ?? []
  return { text: text.replaceAll(/[«»]/g, ""), with: (next) => text.replaceAll(/«[^»]*»/g, () => next), version }
}

/** Edits, or throws the reason: for tests of what works. */
export function edited(manifest: Manifest, text: string, version: string, beside: readonly Beside[] = []): string {
  const edit: Edit = editManifest(manifest, text, version, beside)
  if (edit.is === "refused") throw new Error(edit.because)
  return edit.is === "edited" ? edit.text : text
}
