"""The style of the index page: light and dark, wide and narrow."""

from __future__ import annotations

STYLE = """
:root { color-scheme: light dark; --line: #d5d9e0; --soft: #f3f5f8; --text: #1b2430; --dim: #56606e;
  --accent: #0b5cad; --good: #1c7a3d; --bad: #b3261e; --page: #ffffff; }
@media (prefers-color-scheme: dark) { :root { --line: #39414d; --soft: #1d232c; --text: #e6eaf0; --dim: #a3adba;
  --accent: #79b8ff; --good: #6fd08c; --bad: #ff8f87; --page: #12161c; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--text); font: 16px/1.5 system-ui, sans-serif; }
header, main { max-width: 68rem; margin: 0 auto; padding: 0 1rem; }
header { padding-top: 1.5rem; border-bottom: 1px solid var(--line); }
h1 { margin: 0; font-size: 1.6rem; overflow-wrap: anywhere; }
h2 { font-size: 1.2rem; margin: 1.75rem 0 .75rem; }
h3 { font-size: 1rem; margin: 0; overflow-wrap: anywhere; }
h4 { font-size: .85rem; margin: .75rem 0 .25rem; color: var(--dim); }
header p, small, article p, time, .call p { color: var(--dim); }
header p { margin: .25rem 0 1rem; }
a, summary { color: var(--accent); }
code, pre, textarea, input { font-family: ui-monospace, monospace; font-size: .875rem; }
code { overflow-wrap: anywhere; }
pre { background: var(--soft); border: 1px solid var(--line); border-radius: 6px; padding: .6rem .75rem; margin: 0;
  overflow-x: auto; white-space: pre-wrap; overflow-wrap: anywhere; }
pre.error { border-color: var(--bad); }
article, .call { border: 1px solid var(--line); border-radius: 8px; padding: .75rem 1rem; margin: 0 0 .75rem; }
article p { margin: .25rem 0; }
.kind { font-weight: normal; }
.problems ul { list-style: none; margin: 0; padding: 0; }
.problems li { margin-bottom: .5rem; }
.problems pre { border-color: var(--bad); }
summary { cursor: pointer; padding: .25rem 0; overflow-wrap: anywhere; }
.call summary { color: var(--text); }
.call summary span, .call summary time { margin-right: .6rem; }
.succeeded { color: var(--good); font-weight: 600; }
.failed { color: var(--bad); font-weight: 600; }
.running { color: var(--accent); font-weight: 600; }
form { display: grid; gap: .75rem; padding: .5rem 0; }
label { display: grid; gap: .25rem; align-content: start; font-size: .9rem; color: var(--dim); }
input, textarea, select { width: 100%; padding: .5rem; border: 1px solid var(--line); border-radius: 6px;
  background: var(--page); color: var(--text); }
select { width: auto; justify-self: start; font-size: .9rem; }
button { justify-self: start; padding: .5rem 1rem; font: inherit; border: 1px solid var(--accent); border-radius: 6px;
  background: var(--accent); color: var(--page); cursor: pointer; overflow-wrap: anywhere; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
@media (min-width: 60rem) { form { grid-template-columns: 1fr 1fr; } form button { grid-column: 1 / -1; } }
"""
