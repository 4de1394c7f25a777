import type { Audience, QuotePolicy } from './types.ts'

/** May somebody quote this post, at once ('yes') or when its author agrees ('ask')? What is for followers only its author may quote, what is for named people nobody. */
export function mayQuote(audience: Audience, policy: QuotePolicy, mine: boolean, followsAuthor: boolean): 'yes' | 'ask' | 'no' {
  if (audience === 'mentioned') return 'no'
  if (mine) return 'yes'
  if (audience === 'followers') return 'no'
  switch (policy) {
    case 'public': return 'yes'
    case 'followers': return followsAuthor ? 'yes' : 'no'
    case 'ask': return 'ask'
    case 'nobody': return 'no'
  }
}
