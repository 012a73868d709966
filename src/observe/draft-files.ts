import type { Assets } from "../model/asset.ts"
import { othersFiles } from "../model/notes-file.ts"
import type { Handle } from "../model/outcome.ts"
import { own } from "../model/own.ts"
import { draftTarget } from "../model/target.ts"
import { readAssets } from "./assets.ts"
import type { Findings } from "./findings.ts"
import type { Needs } from "./needs.ts"
import type { ObserveInput } from "./observe-input.ts"
import { type Reader, read, unknown } from "./reader.ts"

/** A draft that is not written yet has no files; it is read when something is heard of its commit. */
export async function readDraftFiles(
  { state, handles }: ObserveInput,
  reader: Reader,
  findings: Findings,
  needed: Needs,
): Promise<void> {
  await Promise.all(
    needed.assets.map(async (id) => {
      const handle = handles[draftTarget(id)]
      const draft = handle?.id ?? state?.releases.find((release) => release.id === id)?.foundDraft
      const reading = draft ? await readAssets(reader, draft, own(state?.assets, id)) : unknown("there is no draft yet")
      findings.take("assets", id, reading.is === "read" ? read(withoutOurs(handle, reading.value)) : reading)
    }),
  )
}

/** The notes that Slipway itself puts there are nothing that the configuration asks for. */
const withoutOurs = (draft: Handle | undefined, assets: Assets): Assets => ({
  ...assets,
  items: othersFiles(draft, assets.items),
})
