import { acts } from './types.ts'
import type { Act } from './types.ts'

/** How hard an act is on somebody: content and accounts compared only among themselves. */
const ladders: Act[][] = [
  ['label', 'mark_sensitive', 'lock_thread', 'hide_links', 'adults_only', 'limit_post', 'hide_media', 'remove_post'],
  ['warn', 'cool_down', 'stop_replies', 'stop_links', 'stop_media', 'limit', 'suspend'],
  ['remove_cover', 'remove_avatar', 'clear_profile'],
]

/** What could take the place of a decision that went too far: milder on the same ladder, or a warning; for a suspension also a shorter one. */
export function milderActs(act: Act): Act[] {
  const ladder = ladders.find((one) => one.includes(act))
  if (!ladder) return []
  const milder = new Set<Act>([...ladder.slice(0, ladder.indexOf(act)), ...act === 'warn' ? [] : ['warn' as const], ...act === 'suspend' || act === 'limit' ? [act] : []])
  return acts.filter((one) => milder.has(one))
}
