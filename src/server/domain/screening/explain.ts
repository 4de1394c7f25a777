import type { Reason, Verdict } from './types.ts'

const measured: Record<string, (value: string) => string> = {
  age: (value) => `account is ${value} hours old`, approved: (value) => `${value} posts that stand`, trust: (value) => `trust level ${value}`, links: (value) => `${value} links`, mentions: (value) => `${value} people named`, media: (value) => `${value} files`,
  pace: (value) => `${value} posts in ten minutes`, repeats: (value) => `said nearly the same ${value} times today`, duplicates: (value) => `nearly the same from ${value} other accounts today`, upheld: (value) => `${value} decisions in half a year`,
  branch: (value) => `${value} suspended accounts by the same invitation`, language: (value) => `language ${value}`, test: () => 'the test sentence',
}

/** A reason as a sentence for the record; pages say it in the reader's language from the same data. */
function say(reason: Reason): string {
  if (reason.signal === 'words') return `“${reason.part}” matches “${reason.value}” of ${reason.list}`
  if (reason.signal === 'linked') return `link to ${reason.host}, listed as ${reason.value} in ${reason.list}${reason.how === 'redirect' ? ' (where it leads)' : reason.how === 'lookalike' ? ' (looks like it)' : ''}`
  if (reason.signal === 'hash') return `media on ${reason.list}${reason.distance === null || reason.distance === undefined ? '' : ` at distance ${reason.distance}`}`
  if (reason.signal === 'trick') return `link that hides where it leads: ${reason.host}`
  if (reason.signal === 'score') return `${reason.how} ${reason.value}`
  return measured[reason.signal]?.(String(reason.value)) ?? reason.signal
}

/** 'held by rule “Newcomer repeats a link”: account is 3 hours old; 1 links' */
export function explain(verdict: Verdict): string {
  const acted = verdict.fired.find((one) => one.acted)
  if (!acted) return ''
  const done = { publish: 'let through', flag: 'flagged', limit: 'shown to followers alone', hold: 'held', refuse: 'refused', quarantine: 'quarantined' }[verdict.outcome]
  return `${done} by rule “${acted.rule.name}”: ${acted.reasons.map(say).join('; ')}`.slice(0, 1000)
}
