import type { FreezeEnd, FreezePage } from "../model/page.ts"
import { type Markdown, page, versionText } from "./check-parts.ts"
import { escapeMarkdown } from "./escape-markdown.ts"
import { showInstant } from "./instant.ts"

/** One line beside the check's name on the pull request: until when, or why not. */
export function freezeTitle({ base, state }: FreezePage): string {
  switch (state.is) {
    case "frozen":
      return `${base} is frozen until ${end(state.until)}`
    case "let in":
      return `${base} is frozen; this may go in, since ${state.because}`
    case "lifted":
      return `No longer frozen: ${state.because}`
  }
}

/** @param shown how a component's name is written where the sentence goes */
function end({ version, component, planned }: FreezeEnd, shown = (name: string): string => name): string {
  const of = component === undefined ? "" : `${shown(component)} `
  const what = version === null ? `the ${of}release of the plan is out` : `${of}${versionText(version)} is out`
  return planned === undefined ? what : `${what} (planned for ${showInstant(planned)})`
}

/** Since when, until when, and how a fix gets in. */
export function freezeSummary({ base, plan, since, state, number }: FreezePage): Markdown {
  const began = `**${escapeMarkdown(base)} is frozen** since ${showInstant(since)}, by “timeline.code_freeze” in ${escapeMarkdown(plan)}`
  switch (state.is) {
    case "frozen":
      return page([
        `${began}, until ${end(state.until, escapeMarkdown)}. Then this check turns green by itself.`,
        `A fix gets in with the label \`hotfix\`, or as a feature of the plan: one whose \`issue\` is #${number}, or an issue that this pull request closes.`,
        BEHIND,
      ])
    case "let in":
      return page([
        `${began}, until ${end(state.until, escapeMarkdown)}. This pull request may go in: ${escapeMarkdown(state.because)}.`,
        BEHIND,
      ])
    case "lifted":
      return `The code freeze that began on ${showInstant(since)} does not hold this pull request up any more: ${escapeMarkdown(state.because)}.`
  }
}

const BEHIND =
  "*What is merged now lands behind the frozen candidate and is drafted for the next release. To ship it with this one, move the freeze in the plan and press Re-cut on the release's own check: its approvals are given anew.*"
