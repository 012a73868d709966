import { escapeHtml, markdownHtml } from "./html-text.ts"
import { type CheckView, conclusionOf, type IssueView, type ReleaseView } from "./views.ts"
import { count, shortSha } from "./words.ts"

/** A check run as GitHub's page shows it: conclusion, title, buttons, summary, text, annotations. */
export function checkHtml(it: CheckView): string {
  const [symbol, word] = conclusionOf(it.conclusion, "▫️")
  return `<article class="card check is-${slug(it.conclusion)}">
<header class="bar">
<div><b>${escapeHtml(it.name)}</b> <span class="quiet">on <code>${escapeHtml(shortSha(it.sha))}</code></span></div>
<span class="pill"><span aria-hidden="true">${symbol}</span> ${escapeHtml(word)}</span>
</header>
${buttons(it)}
<div class="markdown">
<h2 class="title">${escapeHtml(it.title)}</h2>
${markdownHtml(it.summary)}
${it.text ? `<details class="text"><summary>Details</summary>${markdownHtml(it.text)}</details>` : ""}
${annotations(it)}
</div>
</article>`
}

const slug = (word: string): string => word.toLowerCase().replace(/[^a-z]+/g, "-")

/** Drawn, not working: a page that is kept has nobody to send a click to. */
const buttons = ({ buttons: all }: CheckView): string =>
  all.length === 0
    ? ""
    : `<div class="buttons">${all
        .map(
          (b) => `<span class="button"><b>${escapeHtml(b.label)}</b><small>${escapeHtml(b.description)}</small></span>`,
        )
        .join("")}</div>`

const annotations = ({ annotations: all = [] }: CheckView): string =>
  all.length === 0
    ? ""
    : `<h3>${count(all.length, "annotation")}</h3>${all
        .map(
          (a) =>
            `<div class="annotation"><code>${escapeHtml(a.path)}#L${a.start_line}</code><p>${escapeHtml(a.message)}</p></div>`,
        )
        .join("")}`

export const releaseHtml = (it: ReleaseView): string => `<article class="card">
<header class="bar"><div><b>${escapeHtml(it.name)}</b> <span class="quiet"><code>${escapeHtml(it.tag)}</code></span></div><span class="pill">${it.is}</span></header>
<div class="markdown">${markdownHtml(it.body)}</div>
</article>`

/** An issue or a pull request: its description, the files that it changes, what was said on it. */
export const issueHtml = (it: IssueView): string => `<article class="card">
<header class="bar"><div><b>${escapeHtml(it.title)}</b> <span class="quiet">#${it.number}</span></div><span>${it.labels
  .map((label) => `<span class="pill">${escapeHtml(label)}</span>`)
  .join(" ")}</span></header>
<div class="markdown">${it.body.trim() === "" ? NO_BODY : markdownHtml(it.body)}${(it.files ?? []).map(file).join("")}</div>
${(it.comments ?? []).map(comment).join("\n")}
</article>`

const NO_BODY = '<p class="quiet">No description.</p>'

const file = ({ path, text }: NonNullable<IssueView["files"]>[number]): string =>
  `<details class="text"><summary><code>${escapeHtml(path)}</code></summary><pre><code>${escapeHtml(text)}</code></pre></details>`

const comment = ({ by, body }: NonNullable<IssueView["comments"]>[number]): string =>
  `<div class="comment"><p class="who"><b>${escapeHtml(by)}</b> <span class="quiet">commented</span></p>${markdownHtml(body)}</div>`
