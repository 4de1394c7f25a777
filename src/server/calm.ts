import { createHash } from 'node:crypto'
import { loadCatalogue } from '#i18n/load.ts'
import { directionOf, isLocale, localeFor } from '#i18n/locales.ts'
import { translator } from '#i18n/translate.ts'

export type CalmReason = 'busy' | 'databaseAway' | 'diskFull'
export type CalmAsk = { method: string; headers: Record<string, string | string[] | undefined>; /** `error` is the code, as the door of files has it */ byCode?: boolean }
export type CalmAnswer = { status: number; headers: Record<string, string>; body: string }

const statusOf: Record<CalmReason, number> = { busy: 503, databaseAway: 503, diskFull: 507 }
export const isCalmReason = (code: unknown): code is CalmReason => typeof code === 'string' && code in statusOf

/**
 * What is said when nothing can be done just now: in the reader's language, in the form that whoever asked can read (a page, what
 * one of our forms understands, JSON), made without the database and without the page program. `seconds`: when to try again.
 */
export async function calmAnswer(reason: CalmReason, { method, headers, byCode = false }: CalmAsk, seconds: number): Promise<CalmAnswer> {
  const status = statusOf[reason]
  const common = { 'retry-after': String(seconds), 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' }
  const cookies = String(headers['cookie'] ?? '')
  const chosen = /(?:^|;\s*)hearth_locale=([a-z]+)/.exec(cookies)?.[1]
  const locale = isLocale(chosen) ? chosen : localeFor(String(headers['accept-language'] ?? ''))
  const { t, maybe } = translator(locale, await loadCatalogue(locale))
  const sentence = maybe(`error.${reason}`)
  if (headers['x-sveltekit-action'] === 'true') {
    // As SvelteKit's forms read a refusal: what was typed stays where it is.
    const data = JSON.stringify([{ code: 1, params: 2, problems: 3, values: 4 }, reason, {}, [], {}])
    return { status, headers: { ...common, 'content-type': 'application/json' }, body: JSON.stringify({ type: 'failure', status, data }) }
  }
  if (!String(headers['accept'] ?? '').includes('text/html')) {
    return { status, headers: { ...common, 'content-type': 'application/json; charset=utf-8' }, body: JSON.stringify({ error: byCode ? reason : sentence, message: sentence, code: reason, params: {}, problems: [] }) }
  }
  const theme = /(?:^|;\s*)hearth_theme=(dark|light)/.exec(cookies)?.[1] ?? 'system'
  const writing = method !== 'GET' && method !== 'HEAD'
  const body = `<!doctype html>
<html lang="${locale}" dir="${directionOf(locale)}" data-theme="${theme}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover">
<meta name="color-scheme" content="light dark"><meta name="robots" content="noindex">${writing ? '' : `<meta http-equiv="refresh" content="${Math.max(seconds, 3)}">`}<title>${t(`calm.${reason}`)}</title><style>${style}</style></head>
<body><main><span class="mark">${flame}</span><h1>${t(`calm.${reason}`)}</h1><p>${sentence}</p>${writing ? `<p>${t('calm.kept')}</p>` : `<p class="small">${t('calm.byItself')}</p><a href="">${t('calm.again')}</a>`}</main></body></html>
`
  return { status, headers: { ...common, 'content-type': 'text/html; charset=utf-8', 'content-security-policy': policy }, body }
}

const flame = '<svg viewBox="0 0 64 64" width="44" height="44" aria-hidden="true"><path d="M32 12c3 9-9 13-9 24 0 3 1 5 3 7-1-6 3-8 5-12 1 5 7 7 7 13 2-2 4-5 4-9 0-10-8-13-10-23Z" fill="currentColor"/><path d="M16 50h32" stroke="currentColor" stroke-width="5" stroke-linecap="round"/></svg>'
// The values of src/ui/design/tokens.css: this page asks for no other file.
const dark = '--paper:#151210;--ink:#f4eee8;--ink-2:#c4b9af;--accent:#dd7e5c;--on-accent:#1d1611;color-scheme:dark'
const style = `:root{--paper:#f8f5f1;--ink:#221c18;--ink-2:#5d534b;--accent:#c2410c;--on-accent:#fff;color-scheme:light}
@media (prefers-color-scheme:dark){:root:not([data-theme=light]){${dark}}}:root[data-theme=dark]{${dark}}
*{box-sizing:border-box}html{background:var(--paper);color:var(--ink);font:1rem/1.5 'Figtree Variable','Vazirmatn Variable',system-ui,-apple-system,'Segoe UI','Noto Sans',sans-serif}
body{margin:0}main{min-block-size:100dvh;display:grid;align-content:center;justify-items:center;gap:12px;padding:48px 16px;text-align:center}
.mark{display:grid;place-items:center;inline-size:76px;block-size:76px;border-radius:26px;background:var(--accent);color:var(--on-accent)}
h1{margin:8px 0 0;font-size:1.75rem;line-height:1.2;letter-spacing:-.015em;text-wrap:balance}:lang(ar) h1{letter-spacing:0}
p{margin:0;max-inline-size:38rem;color:var(--ink-2)}.small{font-size:.875rem}
a{display:inline-flex;align-items:center;min-block-size:44px;margin-block-start:8px;padding:8px 22px;border-radius:999px;background:var(--accent);color:var(--on-accent);font-weight:650;text-decoration:none}
a:focus-visible{outline:3px solid var(--accent);outline-offset:2px}`
const policy = `default-src 'none'; style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`
