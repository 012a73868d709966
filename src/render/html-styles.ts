/** One look for light and dark; colours have names, so that each is chosen once. */
export const STYLES = `
:root { color-scheme: light dark;
  --page: light-dark(#f6f7f9, #0d1117); --card: light-dark(#ffffff, #151b23); --ink: light-dark(#1c2128, #e6edf3);
  --quiet: light-dark(#59636e, #9198a1); --line: light-dark(#d5dae0, #313943); --soft: light-dark(#f0f2f5, #1d242d);
  --link: light-dark(#0757ba, #6cb0ff); --good: light-dark(#1a7f37, #3fb950); --bad: light-dark(#c62828, #ff7b72);
  --wait: light-dark(#8a5a00, #d9a520); --accent: light-dark(#3d4fc4, #98a6ff); }
* { box-sizing: border-box; }
html { scroll-behavior: smooth; }
body { margin: 0; background: var(--page); color: var(--ink); font: 15px/1.55 system-ui, -apple-system, "Segoe UI", "Noto Sans", sans-serif; }
main, .top { max-width: 960px; margin: 0 auto; padding: 0 20px; }
.top { padding-top: 48px; }
.top h1 { margin: 0 0 8px; font-size: 32px; line-height: 1.2; letter-spacing: -0.02em; text-wrap: balance; }
.top p { margin: 0; color: var(--quiet); font-size: 17px; max-width: 65ch; text-wrap: pretty; }
nav { display: flex; flex-wrap: wrap; gap: 8px; margin-top: 20px; }
nav a { padding: 5px 12px; border: 1px solid var(--line); border-radius: 99px; background: var(--card); color: var(--ink); text-decoration: none; font-size: 13px; }
nav a:hover { border-color: var(--accent); }
section { padding: 36px 0 4px; scroll-margin-top: 0; }
section > h2 { margin: 0; font-size: 21px; letter-spacing: -0.01em; }
.says { margin: 4px 0 14px; color: var(--quiet); max-width: 75ch; }
:where(a[href]) { color: var(--link); }
.moment { margin: 22px 0 8px; font-size: 15px; scroll-margin-top: 12px; } :target { scroll-margin-top: 12px; }
.story { list-style: none; padding: 10px 18px; } .story li { display: grid; grid-template-columns: 52px minmax(0, 1fr); gap: 10px; padding: 5px 0; overflow-wrap: anywhere; }
.story li.part { display: block; padding-top: 14px; }
.story .quiet { text-align: right; font-variant-numeric: tabular-nums; }
.quiet { color: var(--quiet); font-weight: 400; }
.mail { display: block; width: 100%; height: 320px; border: 0; background: #fff; }
.card { background: var(--card); border: 1px solid var(--line); border-radius: 10px; overflow: hidden; margin-bottom: 16px; }
.bar { display: flex; justify-content: space-between; align-items: center; gap: 12px; flex-wrap: wrap; padding: 12px 18px; border-bottom: 1px solid var(--line); background: var(--soft); }
.pill { display: inline-block; padding: 2px 10px; border: 1px solid var(--line); border-radius: 99px; font-size: 12px; font-weight: 600; white-space: nowrap; background: var(--card); }
.check { border-left-width: 4px; }
.is-success { border-left-color: var(--good); } .is-failure { border-left-color: var(--bad); }
.is-action-required { border-left-color: var(--wait); } .is-neutral { border-left-color: var(--quiet); }
.is-success .bar .pill { color: var(--good); } .is-failure .bar .pill { color: var(--bad); } .is-action-required .bar .pill { color: var(--wait); }
.buttons { display: flex; flex-wrap: wrap; gap: 10px; padding: 12px 18px; border-bottom: 1px solid var(--line); }
.button { display: grid; gap: 1px; padding: 6px 14px; border: 1px solid var(--line); border-radius: 7px; background: var(--soft); font-size: 13px; }
.button small { color: var(--quiet); font-size: 12px; }
.markdown { padding: 18px; overflow-wrap: anywhere; }
.markdown > :first-child { margin-top: 0; } .markdown > :last-child { margin-bottom: 0; }
.markdown .title { margin: 0 0 14px; font-size: 20px; border: 0; padding: 0; }
.markdown h1, .markdown h2 { font-size: 17px; margin: 24px 0 10px; padding-bottom: 6px; border-bottom: 1px solid var(--line); }
.markdown h3 { font-size: 15px; margin: 20px 0 8px; } .markdown h4 { font-size: 14px; margin: 16px 0 6px; }
.markdown p { margin: 0 0 12px; } .markdown ul, .markdown ol { margin: 0 0 12px; padding-left: 24px; } .markdown li { margin: 3px 0; }
.scroll { overflow-x: auto; margin: 0 0 14px; }
table { border-collapse: collapse; width: 100%; font-size: 14px; overflow-wrap: normal; }
th, td { text-align: left; vertical-align: top; padding: 7px 12px; border: 1px solid var(--line); }
th { background: var(--soft); font-weight: 600; white-space: nowrap; } td:nth-child(2) { white-space: nowrap; }
code { font: 0.88em ui-monospace, "SF Mono", Menlo, Consolas, monospace; background: var(--soft); padding: 0.15em 0.4em; border-radius: 5px; }
pre { background: var(--soft); border-radius: 8px; padding: 12px; overflow-x: auto; } pre code { padding: 0; background: none; }
del { color: var(--quiet); }
summary { cursor: pointer; font-weight: 600; color: var(--link); } details { margin: 0 0 12px; } details[open] > summary { margin-bottom: 10px; }
details.text { border-top: 1px solid var(--line); padding-top: 12px; margin-top: 18px; }
blockquote { margin: 0 0 12px; padding: 0 14px; border-left: 3px solid var(--line); color: var(--quiet); }
.alert { margin: 0 0 14px; padding: 8px 14px; border-left: 4px solid var(--accent); background: var(--soft); border-radius: 0 6px 6px 0; } .alert p { margin: 2px 0 0; }
.alert-caution { border-left-color: var(--bad); } .alert-caution > b { color: var(--bad); } .alert-warning { border-left-color: var(--wait); }
.annotation { border: 1px solid var(--line); border-left: 3px solid var(--bad); border-radius: 6px; padding: 8px 12px; margin: 0 0 8px; } .annotation p { margin: 4px 0 0; }
.comment { border-top: 1px solid var(--line); padding: 12px 18px; overflow-wrap: anywhere; } .comment > :last-child { margin-bottom: 0; }
.message { display: grid; grid-template-columns: 36px minmax(0, 1fr); gap: 10px; padding: 14px 18px; overflow-wrap: anywhere; }
.avatar { width: 36px; height: 36px; border-radius: 8px; background: linear-gradient(160deg, var(--accent), var(--good)); }
.who { margin: 0 0 2px; } .app { font-size: 10px; font-weight: 700; padding: 1px 4px; border-radius: 3px; background: var(--soft); color: var(--quiet); vertical-align: 1px; }
.said h3 { margin: 6px 0; font-size: 18px; } .said p { margin: 4px 0; } .said hr, .markdown hr { border: 0; border-top: 1px solid var(--line); }
.context { color: var(--quiet); font-size: 13px; }
.fields { display: grid; grid-template-columns: repeat(auto-fit, minmax(300px, 1fr)); gap: 6px 24px; margin: 8px 0; }
.actions { display: flex; flex-wrap: wrap; gap: 8px; margin: 10px 0 4px; }
.slack-button { padding: 5px 12px; border: 1px solid var(--line); border-radius: 6px; font-weight: 600; font-size: 13px; color: var(--ink); text-decoration: none; background: var(--card); }
.slack-button.primary { background: #00754f; border-color: #00754f; color: #fff; } .slack-button.danger { background: #c4144f; border-color: #c4144f; color: #fff; }
.replies { border-top: 1px solid var(--line); padding: 6px 0 8px 28px; } .replies .message { padding: 8px 18px; }
.line { margin: 4px 18px; font-size: 13px; }
@media (max-width: 600px) { .replies { padding-left: 0; } .markdown, .bar, .buttons, .message { padding-left: 14px; padding-right: 14px; } }
@media (prefers-reduced-motion: reduce) { html { scroll-behavior: auto; } }
`
