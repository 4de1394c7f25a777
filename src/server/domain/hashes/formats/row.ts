import { opinions, signals } from '../types.ts'
import type { Opinion, SignalType } from '../types.ts'
import type { Refusal } from '../values.ts'

/** One listed value as a file or another machine says it; `value` isn't checked yet. */
export type ListedRow = {
  signal: SignalType
  value: string
  quality?: number | null
  tags?: string[]
  opinion?: Opinion | null
  confidence?: number | null
  severity?: number | null
  sourceId?: string | null
  firstSeen?: Date | null
  expiresAt?: Date | null
  /** not listed any more; with an empty value, everything that had this `sourceId` */
  withdrawn?: boolean
}
/** What one line (or one record) says, or why it is left out. */
export type Parsed = { line: number; row: ListedRow } | { line: number; reason: Refusal }

const otherNames: Record<string, SignalType> = { photo_md5: 'md5', image_md5: 'md5', tmk_pdqf: 'tmk', 'tmk-pdqf': 'tmk', 'video-md5': 'video_md5', videomd5: 'video_md5', imagepdq: 'pdq', videotmk: 'tmk', vpdq_video: 'vpdq', sha_256: 'sha256', 'sha-256': 'sha256', 'sha-1': 'sha1' }
/** The kind that is called so, in any of the usual spellings. */
export function signalNamed(name: string): SignalType | undefined {
  const small = name.trim().toLowerCase()
  return signals.find((one) => one === small) ?? otherNames[small]
}

const exchangeOpinions: Record<string, Opinion> = { positive_class: 'positive', true_positive: 'positive', negative_class: 'negative', false_positive: 'negative', investigation_seed: 'seed', worth_investigating: 'seed' }
/** An opinion by our names or those of the exchanges; undefined for other words, null for none. */
export function opinionNamed(name: string): Opinion | null | undefined {
  const small = name.trim().toLowerCase()
  return small === '' ? null : opinions.find((one) => one === small) ?? exchangeOpinions[small]
}

const severities = ['none', 'low', 'medium', 'high', 'severe']
/** 0 … 4, as a number or a word; undefined for anything else, null for none. */
export function severityNamed(text: string): number | null | undefined {
  const small = text.trim().toLowerCase()
  if (small === '') return null
  const at = /^[0-4]$/.test(small) ? Number(small) : severities.indexOf(small)
  return at < 0 ? undefined : at
}

/** A time as ISO 8601 or seconds since 1970; undefined for anything else, null for none. */
export function timeOf(text: string): Date | null | undefined {
  const clean = text.trim()
  if (clean === '') return null
  const date = new Date(/^\d{9,11}([.]\d+)?$/.test(clean) ? Number(clean) * 1000 : clean)
  return Number.isNaN(date.getTime()) ? undefined : date
}

/** A number between two others; undefined for anything else, null for none. */
export function numberOf(text: string, least: number, most: number): number | null | undefined {
  const clean = text.trim()
  if (clean === '') return null
  const number = Number(clean)
  return Number.isFinite(number) && number >= least && number <= most ? number : undefined
}

const mostTags = 20
/** Short, different and few. */
export const tagsOf = (tags: string[]): string[] => [...new Set(tags.map((tag) => tag.trim().slice(0, 80)).filter(Boolean))].slice(0, mostTags)

/** What is there, as text; null for nothing. */
export const textOr = (value: string | number | null | undefined): string | null => value === null || value === undefined ? null : String(value)
