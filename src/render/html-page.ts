import { STYLES } from "./html-styles.ts"
import { escapeHtml } from "./html-text.ts"

export interface PageSection {
  /** Its anchor: letters, digits and hyphens. */
  readonly id: string
  readonly heading: string
  /** One sentence of what is to be seen. */
  readonly says: string
  /** Made by this room's functions, which escape. */
  readonly html: string
}

/** A page that stands alone: no script, no font, no picture from elsewhere; light and dark as the reader has it. */
export const pageHtml = (title: string, intro: string, sections: readonly PageSection[]): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${escapeHtml(title)}</title>
<style>${STYLES}</style>
</head>
<body>
<header class="top"><h1>${escapeHtml(title)}</h1><p>${escapeHtml(intro)}</p>
<nav>${sections.map((s) => `<a href="#${escapeHtml(s.id)}">${escapeHtml(s.heading)}</a>`).join("")}</nav></header>
<main>
${sections.map(section).join("\n")}
</main>
</body>
</html>
`

const section = ({ id, heading, says, html }: PageSection): string => `<section id="${escapeHtml(id)}">
<h2>${escapeHtml(heading)}</h2><p class="says">${escapeHtml(says)}</p>
${html}
</section>`
