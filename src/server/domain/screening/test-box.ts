import type { App } from '#server/app.ts'
import type { Account } from '#server/domain/accounts/index.ts'
import { demandStaff } from '#server/domain/cases/index.ts'
import { evaluate } from './evaluate.ts'
import { gather } from './gather.ts'
import type { Outcome, Subject } from './rule.ts'
import type { Reason } from './types.ts'

export type TestedText = { outcome: Outcome; fired: { id: string; key: string | null; version: number; name: string; state: 'count' | 'on'; outcome: Outcome; acted: boolean; reasons: Reason[] }[]; /** the text in pieces, marked where a listed word was found */ pieces: { text: string; found: boolean }[]; trust: number; milliseconds: number }

/** What the rules would make of a text, from a newcomer or from the moderator themselves. Nothing is stored or counted. */
export async function testText(app: App, moderator: Account, given: { text: string; language: string | null; newcomer: boolean; subject?: Subject }): Promise<TestedText> {
  demandStaff(moderator)
  const text = given.text.slice(0, 10_000)
  const start = performance.now()
  const { signals, kit } = await gather(app, { subject: given.subject ?? 'post', accountId: moderator.id, text, language: given.language, audience: 'public', mentions: (text.match(/(?<![\p{L}\p{N}])@[\p{L}\p{N}_]+/gu) ?? []).length, mediaIds: [], postId: null })
  const asked = given.newcomer ? { ...signals, age: 0, approved: 0, trust: 0, upheld: 0, pace: 0, repeats: 0, branch: 0 } : signals
  const verdict = evaluate(kit.rules, asked)
  const milliseconds = performance.now() - start
  return {
    outcome: verdict.outcome, trust: asked.trust, milliseconds, pieces: pieces(text, signals.words),
    fired: verdict.fired.map(({ rule, acted, reasons }) => ({ id: rule.id, key: rule.key, version: rule.version, name: rule.name, state: rule.state === 'on' ? 'on' : 'count', outcome: rule.definition.outcome, acted, reasons })),
  }
}

function pieces(text: string, found: { from: number; to: number }[]): { text: string; found: boolean }[] {
  const parts: { text: string; found: boolean }[] = []
  let at = 0
  for (const { from, to } of found.toSorted((a, b) => a.from - b.from)) {
    if (from < at) continue
    if (from > at) parts.push({ text: text.slice(at, from), found: false })
    parts.push({ text: text.slice(from, to), found: true })
    at = to
  }
  if (at < text.length) parts.push({ text: text.slice(at), found: false })
  return parts
}
