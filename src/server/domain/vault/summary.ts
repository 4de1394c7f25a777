import type { App } from '#server/app.ts'
import type { VaultRow } from './queries.ts'
import type { VaultFacts } from './types.ts'

type Shown = { id?: unknown; audience?: unknown; text?: unknown; warning?: unknown; created_at?: unknown; edited_at?: unknown; deleted_at?: unknown; state?: unknown; address?: unknown; mentions?: unknown; edits?: unknown; media?: unknown }
export type Summary = { account(facts: Record<string, unknown> | null): void; post(post: Shown): void; html(all: { facts: VaultFacts; missing: string[]; parts: { path: string; bytes: number; sha256: string; mime: string }[] }): string }

/** Posts that the page shows; all of them are in the package's files. */
const most = 5000
const safe = (value: unknown) => String(value instanceof Date ? value.toISOString() : value ?? '').replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`)
const list = (value: unknown): Record<string, unknown>[] => Array.isArray(value) ? value.filter((one) => typeof one === 'object' && one !== null) as Record<string, unknown>[] : []

/**
 * The package as a page that anybody can read in a browser without Hearth: one file, no scripts, nothing fetched. Pictures are named,
 * not shown: whoever opens it decides themselves what to look at.
 */
export function summaryOf(app: App, item: VaultRow): Summary {
  let account: Record<string, unknown> | null = null
  const posts: string[] = []
  let more = 0
  return {
    account(facts) { account = facts },
    post(post) {
      if (posts.length >= most) { more++; return }
      const edits = list(post.edits).map((edit) => `<li><time>${safe(edit['createdAt'] ?? edit['at'])}</time><blockquote dir="auto">${safe(edit['text'])}</blockquote></li>`).join('')
      const media = list(post.media).map((one) => `<li><code>media/${safe(one['id'])}/</code> ${safe(one['kind'])} <span dir="auto">${safe(one['description'])}</span></li>`).join('')
      const facts = [['Audience', post.audience], ['State', post.state], ['Address', post.address ? app.config.publicUrl + String(post.address) : ''], ['To', Array.isArray(post.mentions) ? post.mentions.join(', ') : ''], ['Edited', post.edited_at], ['Deleted', post.deleted_at]].filter(([, value]) => value)
      posts.push(`<article><h3>${safe(post.id)} · <time>${safe(post.created_at)}</time></h3><p class="facts">${facts.map(([name, value]) => `${name}: <span dir="auto">${safe(value)}</span>`).join(' · ')}</p>${post.warning ? `<p dir="auto"><b>${safe(post.warning)}</b></p>` : ''}<blockquote dir="auto">${safe(post.text)}</blockquote>${media ? `<ul>${media}</ul>` : ''}${edits ? `<details open><summary>Earlier versions</summary><ol>${edits}</ol></details>` : ''}</article>`)
    },
    html({ facts, missing, parts }) {
      const head = [['Community', app.config.publicUrl], ['Package', item.id], ['Category', item.category], ['Case', item.case_id], ['Order', item.order_id], ['Made', app.now().toISOString()], ['Posts', facts.posts ?? 0], ['Earlier versions', facts.edits ?? 0], ['Files', facts.files ?? 0]]
      const person = account ? Object.entries(account).map(([name, value]) => `<tr><th scope="row">${safe(name)}</th><td dir="auto">${safe(typeof value === 'object' && value !== null && !(value instanceof Date) ? JSON.stringify(value) : value)}</td></tr>`).join('') : ''
      return `<!doctype html><html lang="en"><meta charset="utf-8"><meta http-equiv="content-security-policy" content="default-src 'none'; style-src 'unsafe-inline'"><meta name="viewport" content="width=device-width"><title>Evidence ${safe(item.id)}</title>
<style>body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}table{border-collapse:collapse;width:100%}td,th{border:1px solid #999;padding:.3rem .5rem;text-align:start;vertical-align:top;overflow-wrap:anywhere}blockquote{white-space:pre-wrap;border-inline-start:3px solid #999;margin-inline:0;padding-inline-start:1rem;overflow-wrap:anywhere}article{border-block-start:1px solid #999;break-inside:avoid}.facts{color:#444;font-size:.9em}code{font-size:.85em;overflow-wrap:anywhere}</style>
<h1>Evidence package</h1><p>Made by Hearth from its own tables and files. <code>manifest.json</code> lists the SHA-256 of every part; this page shows words only, no pictures. Who reported is not in it.</p>
<table>${head.filter(([, value]) => value !== null).map(([name, value]) => `<tr><th scope="row">${safe(name)}</th><td>${safe(value)}</td></tr>`).join('')}</table>
${person ? `<h2>Account</h2><table>${person}</table>` : ''}
${missing.length ? `<h2>Missing</h2><p>These files were known and not there any more:</p><ul>${missing.map((one) => `<li><code>${safe(one)}</code></li>`).join('')}</ul>` : ''}
<h2>Posts</h2>${posts.join('\n') || '<p>None.</p>'}${more ? `<p>${more} more are in posts.jsonl.</p>` : ''}
<h2>Parts</h2><table><tr><th>Part</th><th>Bytes</th><th>SHA-256</th></tr>${parts.map((part) => `<tr><td><code>${safe(part.path)}</code></td><td>${part.bytes}</td><td><code>${safe(part.sha256)}</code></td></tr>`).join('')}</table></html>
`
    },
  }
}
