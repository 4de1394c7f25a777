import type { App } from '#server/app.ts'
import { matchesOf } from '#server/domain/hashes/index.ts'
import { kitOf } from './kit.ts'
import type { Kit } from './kit.ts'
import { alike, fromBytes, linkBand, signatureOf } from './likeness.ts'
import type { Signature } from './likeness.ts'
import { linksIn, readLink, domainsOf } from './links.ts'
import type { Link } from './links.ts'
import { selectChains, selectFacts, selectNear } from './queries-facts.ts'
import { trustLevel } from '#server/domain/trust/index.ts'
import type { LinkFind, Look, Signals, WordFind } from './types.ts'

/** The sentence that shows that screening works: made up, harmless, in no language. */
export const testSentence = 'XHEARTH*C4JDBQADN1*SCREENING-TEST*NOTHING-IS-WRONG'

const hour = 3_600_000
const nearPerBand = 25

export type Gathered = { signals: Signals; kit: Kit; signature: Signature | null; /** by which the text is found again */ bands: number[]; links: Link[] }

/** Everything that rules may ask about what is looked at. Three look-ups in the database at most, each bounded; never another machine. */
export async function gather(app: App, look: Look, scores: Record<string, number> = {}): Promise<Gathered> {
  const now = app.now().getTime()
  const on = app.database.queries
  const links = linksIn(look.text)
  const ofText = look.subject === 'post' || look.subject === 'edit'
  const signature = ofText ? signatureOf(look.text) : null
  const bands = ofText ? [...signature?.bands ?? [], ...links.slice(0, 8).map((link) => linkBand(link.url))] : []
  const [facts, near, chains, matches, trust] = await Promise.all([
    selectFacts(on, look.accountId, { sinceId: idAt(now - hour / 6), halfYearAgo: new Date(now - 183 * 24 * hour) }),
    bands.length ? selectNear(on, bands, new Date(now - 24 * hour), look.postId, nearPerBand) : [],
    links.length ? selectChains(on, links.map((link) => link.url)) : new Map<string, string[]>(),
    look.mediaIds.length ? matchesOf(app, look.mediaIds) : new Map<string, never>(),
    trustLevel(app, look.accountId),
  ])
  const kit = await kitOf(app, facts?.version)
  const same = near.map((one) => ({ ...one, alike: signature !== null && one.signature.length > 0 && alike(fromBytes(one.signature), signature.numbers) }))
  const age = facts ? Math.max(0, now - facts.created_at.getTime()) / hour : 0
  const approved = facts?.posts_count ?? 0
  const upheld = facts?.upheld ?? 0
  return {
    kit, signature, bands, links,
    signals: {
      ...textSignals(kit, look, links, chains), subject: look.subject, age, approved, upheld, branch: facts?.branch ?? 0, pace: facts?.pace ?? 0,
      trust,
      repeats: same.filter((one) => one.account_id === look.accountId && (one.alike || one.by_link)).length,
      // Many share the same news: only the same words count.
      duplicates: new Set(same.filter((one) => one.alike).map((one) => one.account_id).filter((id) => id !== look.accountId)).size,
      hashes: [...matches.values()].flat().map((one) => ({ matchId: one.id, mediaId: one.mediaId, list: one.list.name, category: one.list.category, action: one.action, distance: one.distance, severity: one.severity })),
      scores,
    },
  }
}

/** What the text alone says. Touches nothing. */
export function textSignals(kit: Kit, look: Pick<Look, 'subject' | 'text' | 'also' | 'language' | 'mentions' | 'mediaIds'>, links: Link[], chains: ReadonlyMap<string, string[]> = new Map()) {
  // What is said between few is looked at only where the owner wishes so.
  const readsWords = look.subject !== 'message' || kit.settings.messageWords
  const texts = readsWords && kit.words.size ? [look.text, look.also ?? ''].filter(Boolean) : []
  return {
    links: links.length, mentions: look.mentions, media: look.mediaIds.length, language: look.language,
    words: texts.flatMap((text) => kit.words.find(text, look.language).map(({ entry, from, to }): WordFind => ({ listId: entry.listId, list: kit.listNames.get(entry.listId) ?? '', value: entry.value, from, to, part: text.slice(Math.max(0, from - 20), to + 20) }))),
    linked: links.flatMap((link) => listedFor(kit, link, chains.get(link.url) ?? [])),
    tricks: links.flatMap((link) => link.tricks.map((trick) => ({ trick, host: link.host }))),
    test: look.text.includes(testSentence),
  }
}

/** What lists say about a link: by its address, else its domain or one above, else by what it imitates; and about where it leads. */
function listedFor(kit: Kit, link: Link, chain: string[]): LinkFind[] {
  const own = listedAs(kit, link) ?? (link.reads === link.host ? null : listedAs(kit, { url: link.reads, host: link.reads })?.map((one) => ({ ...one, how: 'lookalike' as const })) ?? null)
  const behind = chain.flatMap((address) => {
    const next = readLink(address)
    return next && next.url !== link.url ? listedAs(kit, next)?.map((one) => ({ ...one, how: 'redirect' as const })) ?? [] : []
  })
  return [...own ?? [], ...behind]
}

/** The narrowest entry answers: an allowed page of a blocked site is allowed. */
function listedAs(kit: Kit, link: Pick<Link, 'url' | 'host'>): LinkFind[] | null {
  const byUrl = kit.urls.get(link.url)
  if (byUrl) return byUrl.map((one) => ({ ...one, host: link.host, how: 'url' }))
  for (const domain of domainsOf(link.host)) {
    const found = kit.domains.get(domain)
    if (found) return found.map((one) => ({ ...one, host: link.host, how: 'domain' }))
  }
  return null
}

/** The smallest id of a moment (src/server/platform/ids). */
export const idAt = (ms: number): string => (BigInt(Math.floor(Math.max(0, ms))) << 16n).toString()
