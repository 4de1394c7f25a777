import type { AccountId } from '#server/domain/accounts/index.ts'
import type { Category } from '#server/domain/cases/index.ts'
import type { HashAction, ListCategory } from '#server/domain/hashes/index.ts'
import type { MediaId } from '#server/domain/media/index.ts'
import type { Audience, PostId } from '#server/domain/posts/index.ts'
import type { Id } from '#server/platform/ids/index.ts'
import type { Trick } from './links.ts'
import type { Outcome, RuleDefinition, Subject } from './rule.ts'

export type RuleId = Id<'screening rule'>
export type WordListId = Id<'screening list'>
export type RuleState = 'off' | 'count' | 'on'
export type Rule = { id: RuleId; key: string | null; position: number; name: string; note: string; state: RuleState; version: number; definition: RuleDefinition }

/** What is looked at. `text`: everything people would read, its parts in lines. */
export type Look = {
  subject: Subject
  accountId: AccountId
  text: string
  /** what others wrote that is shown with it: the titles of the pages it links to. Only words are looked for in it. */
  also?: string
  language: string | null
  audience: Audience | null
  mentions: number
  mediaIds: MediaId[]
  postId: PostId | null
}

/** A thing on a list of links, found in a link or in what it leads to. */
export type LinkFind = { listId: string; list: string; action: 'block' | 'warn' | 'allow'; value: string; host: string; how: 'domain' | 'url' | 'lookalike' | 'redirect' }
export type WordFind = { listId: string; list: string; value: string; from: number; to: number; part: string }
export type HashFind = { matchId: string; mediaId: string; list: string; category: ListCategory; action: HashAction; distance: number | null; severity: number }

/** Everything that rules ask about. */
export type Signals = {
  subject: Subject
  /** of the account, in hours */
  age: number
  /** posts that stand */
  approved: number
  /** 0 new … 4 leads here */
  trust: number
  /** posts in the last ten minutes */
  pace: number
  /** own posts of the last day that say nearly the same */
  repeats: number
  /** other accounts that said nearly the same within a day */
  duplicates: number
  /** decisions against the account in half a year that still stand */
  upheld: number
  /** suspended accounts that came by the same invitation */
  branch: number
  links: number
  mentions: number
  media: number
  language: string | null
  words: WordFind[]
  linked: LinkFind[]
  hashes: HashFind[]
  tricks: { trick: Trick; host: string }[]
  scores: Record<string, number>
  test: boolean
}

/** Why a rule answered, in data: pages say it in words. */
export type Reason = { signal: string; value: number | string; than?: number; list?: string; host?: string; how?: string; part?: string; from?: number; to?: number; distance?: number | null }
/** `acted`: this rule's outcome counted; others only count, or a stronger one won. */
export type Fired = { rule: Rule; reasons: Reason[]; acted: boolean }
export type Verdict = { outcome: Outcome; category: Category; rule: Rule | null; fired: Fired[] }
