import type { PostView } from '#server/domain/posts/index.ts'
import { rowsOf, shapeOf } from '#ui/media/rows.ts'

const wide = 400
const tallest = 560

/** About how tall (px) a post stands on a phone, until it was drawn once: what is out of sight keeps its place, and hardly anything moves. Rather too tall than too small. */
export function tallOf(post: PostView): number {
  if (post.warning || post.filtered.length) return 240
  const lines = Math.min(16, Math.ceil(post.text.length / 38) + post.text.split('\n').length - 1)
  const pictures = rowsOf(post.media.filter((one) => one.kind === 'image' || one.kind === 'animation'))
    .reduce((sum, row, _, rows) => sum + (rows.length === 1 && row.length === 1 ? Math.min(tallest, wide / shapeOf(row[0]!, 0.5, 3)) : wide / row.reduce((all, one) => all + shapeOf(one), 0)), 0)
  const films = post.media.filter((one) => one.kind === 'video').reduce((sum, one) => sum + Math.min(tallest, wide / shapeOf(one, 0.5, 3)), 0)
  const sounds = post.media.filter((one) => one.kind === 'audio').length * 200
  const rest = (post.poll ? 90 + post.poll.options.length * 52 : 0) + (post.quote ? 240 : post.card ? 200 : 0) + (post.boostOf ? 34 : 0) + (post.replyTo ? 28 : 0)
  return Math.round(150 + lines * 27 + pictures + films + sounds + rest)
}
