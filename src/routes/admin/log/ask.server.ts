import type { LogAsk } from '#server/domain/moderation/index.ts'

/** What of the record an address asks for. Garbage is left out. */
export function logAskOf(url: URL): LogAsk {
  const word = (name: string, good: RegExp) => { const value = url.searchParams.get(name)?.trim() ?? ''; return good.test(value) ? value : '' }
  const person = /^@?[\p{L}\p{N}_.-]{1,60}$/u
  return { act: word('act', /^[a-z][\w.]{0,60}$/i), by: word('by', person), about: word('about', person), caseId: word('case', /^\d{1,19}$/), from: word('from', /^\d{4}-\d{2}-\d{2}$/), to: word('to', /^\d{4}-\d{2}-\d{2}$/) }
}
